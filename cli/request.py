"""`ppid request`: file, list, show and act."""

from __future__ import annotations

import json as jsonlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

from cyclopts import Parameter

from cli import casebook, options
from cli.opening import opened
from cli.options import As, By, Json, commands_below
from cli.refusals import by_option, in_words
from cli.words import TAKE_IN, action_named, permitted, role_named
from config.faults import ConfigFaults
from config.filings import read_filing, read_objection
from config.yamlfile import MAX_BYTES
from domain.act import Act, ExtensionGround, ObjectionReason, Ruling
from domain.dispute_arrows import DisputeFiling
from domain.errors import Refused, RoleNotPermitted, UnknownAction, WrongStage
from domain.identity import Channel
from domain.item import Ground, Outcome
from domain.number import from_files
from domain.objection import Objection
from domain.objection_arrows import ObjectionFiling
from domain.office import ROLE_SHOWN_AS, Actor, Role
from tasks import cases
from tasks.acts import Performed
from tasks.documents import read_attachment
from tasks.service import Service

app = commands_below("request", "Permohonan, keberatan, dan sengketa.")
Source = Annotated[str, Parameter(allow_leading_hyphen=True, help="Berkas, atau - untuk masukan baku.")]


#: Who may see who the applicant is; OPDs answer without it.
MAY_READ: Final = frozenset({Role.DESK, Role.COORDINATOR, Role.ATASAN})


@app.command
def file(
    source: Source,
    /,
    *,
    by: By = "desk",
    as_: As = "",
    json: Json = False,
) -> int:
    """Daftarkan permohonan dari berkas YAML atau JSON; `-` membaca masukan baku."""
    with opened() as service, _source(source) as path:
        filing = read_filing(path, service.clock.today())
        done = service.acts.register(filing, _filer(role_named(by), as_)).result()
        casebook.tell(service, done, as_json=json)
    return 0


@app.command(name="list")
def list_(
    *,
    kind: str = "",
    stage: str = "",
    year: int | None = None,
    opd: str = "",
    open_only: Annotated[bool, Parameter(name="--open", negative=())] = False,
    json: Json = False,
) -> int:
    """Daftar berkas, tanggal terdekat di atas."""
    wanted = casebook.Wanted(kind=kind, stage=stage, year=year, opd=opd, open_only=open_only)
    with opened(writes=False) as service:
        rows = casebook.listed(service, wanted)
        if json:
            print(jsonlib.dumps(rows, ensure_ascii=False, indent=1))
        else:
            casebook.print_list(rows)
    return 0


@app.command
def show(
    number: str,
    /,
    *,
    identity: Annotated[bool, Parameter(negative=())] = False,
    by: By = "coordinator",
    as_: As = "",
    json: Json = False,
) -> int:
    """Tunjukkan satu berkas: butir, tenggat, surat, riwayat. --identity membuka identitas dan tercatat."""
    with opened(writes=False) as service:
        told = casebook.shown(service, from_files(number))
        if identity:
            actor = reader_of(role_named(by), as_)
            told["identity"] = casebook.read_identity(service, from_files(number), actor)
        if json:
            print(jsonlib.dumps(told, ensure_ascii=False, indent=1))
        else:
            casebook.print_case(told)
    return 0


@app.command
def act(
    number: options.Number,
    action: options.Action,
    /,
    *,
    by: By,
    as_: As = "",
    opd: options.Opds = (),
    item: options.Items = (),
    note: options.Note = "",
    attach: options.Attach = (),
    on: options.On = "",
    outcome: options.Outcome = "",
    ground: options.Ground = "",
    basis: options.Basis = "",
    until: options.Until = "",
    permanent: options.Permanent = False,
    holder: options.Holder = "",
    days: options.Days = None,
    amount: options.Amount = None,
    extension_ground: options.ExtensionOf = "",
    reason: options.Reasons = (),
    granted: options.Granted = False,
    rejected: options.Rejected = False,
    ruling: options.RulingOf = "",
    other: options.Other = "",
    set_: options.Changes = (),
    channel: options.Via = "",
    version: options.Version = None,
    json: Json = False,
) -> int:
    """Lakukan tindakan, misalnya: act 001/PPID-TS/2026 forward --by coordinator --opd Dikbud."""
    role = role_named(by)
    actor = Actor(role, as_, opd[0] if role is Role.OPD and opd else "")
    known = {
        "on": as_day("--on", on),
        "opds": () if role is Role.OPD else opd,
        "items": item,
        "note": note,
        "outcome": _one_of(Outcome, "--outcome", outcome),
        "ground": _one_of(
            Ground, "--ground", ground if ground.startswith("17") or not ground else f"17{ground}"
        ),
        "basis": basis,
        "until": as_day("--until", until),
        "permanent": permanent,
        "holder": holder,
        "days": days,
        "amount_idr": amount,
        "extension": _one_of(ExtensionGround, "--extension-ground", extension_ground),
        "reasons": tuple(r for word in reason if (r := _one_of(ObjectionReason, "--reason", word.lower()))),
        "granted": _granted(granted, rejected),
        "ruling": _one_of(Ruling, "--ruling", ruling),
        "other": other,
        "changes": _changes(set_),
        "expect_version": version,
    }
    with opened(writes=False) as service:
        try:
            done = _do(service, from_files(number), action_named(action), actor, known, attach, channel)
        except Refused as refusal:
            raise by_option(refusal) from refusal
        casebook.tell(service, done, as_json=json)
    return 0


@app.command(name="object")
def object_(source: Source, /, *, json: Json = False) -> int:
    """Daftarkan keberatan tanpa permohonan (alasan b) dari berkas YAML."""
    with opened() as service, _source(source) as path:
        filing, identity = read_objection(path, service.clock.today())
        done = service.acts.file_objection(filing, Actor(Role.DESK), identity=identity).result()
        casebook.tell(service, done, as_json=json)
    return 0


def reader_of(role: Role, name: str) -> Actor:
    """Who opens an identity.

    Raises:
        RoleNotPermitted: the role has no business with it.
    """
    return permitted("Baca identitas", role, name, MAY_READ)


def _filer(role: Role, name: str) -> Actor:
    return permitted("Daftarkan", role, name, TAKE_IN)


def _do(
    service: Service,
    number: str,
    action: str,
    actor: Actor,
    known: dict[str, Any],
    attach: tuple[Path, ...],
    channel: str,
) -> Performed:
    today = service.clock.today()
    if action == "object":
        _filer(actor.role, actor.name)
        filing = ObjectionFiling(
            reasons=known["reasons"],
            received_on=known["on"] or today,
            channel=_one_of(Channel, "--channel", channel) or Channel.WALK_IN,
        )
        return service.acts.file_objection(filing, actor, request=number).result()
    if action == "register_dispute":
        if actor.role not in (Role.COORDINATOR, Role.COMMISSION):
            may = tuple(ROLE_SHOWN_AS[one] for one in (Role.COORDINATOR, Role.COMMISSION))
            raise RoleNotPermitted("Catat sengketa", ROLE_SHOWN_AS[actor.role], may)
        case = cases.read(service, number)
        if not isinstance(case, Objection):
            raise Refused("NUMBER", "sengketa dicatat pada nomor keberatan")
        dispute = DisputeFiling(
            objection=case,
            received_on=known["on"] or today,
            ki_number=known["other"],
            reasons=known["reasons"],
        )
        return service.acts.register_dispute(dispute, actor, objection=number).result()
    files = [read_attachment(path) for path in attach]
    act = Act(action=action, by=actor, at=service.clock.now(), **known)
    try:
        return service.acts.perform_with(number, act, files, service.documents).result()
    except (WrongStage, RoleNotPermitted, UnknownAction, Refused) as refusal:
        raise in_words(refusal, cases.read(service, number), actor.role) from refusal


def as_day(field: str, text: str) -> date | None:
    """The day somebody wrote; None where nothing was.

    Raises:
        Refused: it is no date.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(field, f"«{text}» bukan tanggal; tulis seperti 2026-03-02") from None


def _one_of(kind: Any, field: str, text: str) -> Any:
    if not text:
        return None
    try:
        return kind(text.strip().lower().replace("-", "_"))
    except ValueError:
        raise Refused(field, f"«{text}» tidak dikenal; yang ada: {', '.join(kind)}") from None


def _granted(granted: bool, rejected: bool) -> bool | None:
    if granted and rejected:
        raise Refused("--granted", "pilih salah satu: --granted atau --rejected")
    return True if granted else False if rejected else None


def _changes(pairs: tuple[str, ...]) -> dict[str, str]:
    changes: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise Refused("--set", f"«{pair}» harus berbentuk isian=nilai")
        changes[name.strip()] = value
    return changes


@contextmanager
def _source(source: str) -> Iterator[Path]:
    """A file; or standard input, kept in a file of the user's own for as long as it is read."""
    if source != "-":
        yield Path(source)
        return
    descriptor, name = tempfile.mkstemp(prefix="ppid-", suffix=".yaml")
    kept = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(sys.stdin.buffer.read(MAX_BYTES + 1))
        yield kept
    except ConfigFaults as faults:
        raise ConfigFaults([replace(fault, file="-") for fault in faults.faults]) from faults
    finally:
        kept.unlink()
