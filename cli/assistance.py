"""`ppid assistance`: what another public body asks for; a number, OPDs and an answer, but no deadline."""

from __future__ import annotations

import json as jsonlib
from datetime import date
from typing import Annotated, Final

from cyclopts import Parameter

from cli import casebook
from cli.opening import opened
from cli.options import As, By, Json, commands_below
from cli.request import act, as_day, show
from cli.words import permitted, role_named
from domain.assistance_arrows import AssistanceFiling
from domain.identity import Identity
from domain.number import CaseKind
from domain.office import Role

app = commands_below("assistance", "Bantuan kedinasan antarbadan publik.")
app.command(show)
app.command(act)
TAKE_IN: Final = frozenset({Role.DESK, Role.COORDINATOR})


@app.command
def file(
    *,
    body: str,
    subject: str,
    contact: str,
    email: str = "",
    phone: str = "",
    address: str = "",
    received: str = "",
    by: By = "desk",
    as_: As = "",
    json: Json = False,
) -> int:
    """Daftarkan permintaan bantuan dari badan publik lain (--body) dengan nama kontaknya (--contact)."""
    with opened() as service:
        received_on: date = as_day("--received", received) or service.clock.today()
        filing = AssistanceFiling(asking_body=body, received_on=received_on, subject=subject)
        person = Identity(name=contact, email=email, phone=phone, address=address)
        actor = permitted("Daftarkan", role_named(by), as_, TAKE_IN)
        done = service.acts.register_assistance(filing, person, actor).result()
        casebook.tell(service, done, as_json=json)
    return 0


@app.command(name="list")
def list_(
    *,
    stage: str = "",
    year: int | None = None,
    opd: str = "",
    open_only: Annotated[bool, Parameter(name="--open", negative=())] = False,
    json: Json = False,
) -> int:
    """Daftar bantuan kedinasan, terlama di atas."""
    wanted = casebook.Wanted(
        kind=str(CaseKind.ASSISTANCE), stage=stage, year=year, opd=opd, open_only=open_only
    )
    with opened(writes=False) as service:
        rows = casebook.listed(service, wanted)
        if json:
            print(jsonlib.dumps(rows, ensure_ascii=False, indent=1))
        else:
            casebook.print_list(rows)
    return 0
