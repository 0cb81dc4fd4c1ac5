"""`ppid request`: file, list, show and act."""

from __future__ import annotations

import json as jsonlib
import sys
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter
from rich.console import Console

from cli import casebook
from cli.opening import opened
from cli.words import action_named, role_named
from config.filings import read_filing, read_objection
from domain.act import Act, ExtensionGround, ObjectionReason
from domain.dispute_arrows import DisputeFiling
from domain.errors import Refused
from domain.identity import Channel
from domain.item import Ground, Outcome
from domain.number import from_files
from domain.objection import Objection
from domain.objection_arrows import ObjectionFiling
from domain.office import Actor, Role
from tasks import cases
from tasks.acts import Performed
from tasks.documents import read_attachment
from tasks.service import Service

app = App(name="request", help="Permohonan, keberatan, dan sengketa.", result_action="return_value")
Json = Annotated[bool, Parameter(name="--json", negative=(), help="Keluaran JSON untuk mesin.")]


@app.command
def file(source: str, /, *, by: str = "desk", json: Json = False) -> int:
    """Daftarkan permohonan dari berkas YAML atau JSON; `-` membaca masukan baku."""
    with opened() as service, _source(source) as path:
        filing = read_filing(path, service.clock.today())
        done = service.acts.register(filing, Actor(role_named(by))).result()
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
    """Daftar berkas, tanggal terdekat di atas."""
    with opened() as service:
        rows = casebook.listed(service, stage=stage, year=year, opd=opd, open_only=open_only)
        if json:
            print(jsonlib.dumps(rows, ensure_ascii=False, indent=1))
        else:
            Console(soft_wrap=True).print(casebook.as_table(rows))
    return 0


@app.command
def show(
    number: str,
    /,
    *,
    identity: Annotated[bool, Parameter(negative=())] = False,
    by: str = "coordinator",
    as_: Annotated[str, Parameter(name="--as")] = "",
    json: Json = False,
) -> int:
    """Tunjukkan satu berkas: butir, tenggat, surat, riwayat. --identity membuka identitas dan tercatat."""
    with opened() as service:
        told = casebook.shown(service, from_files(number))
        if identity:
            actor = Actor(role_named(by), as_)
            told["identity"] = casebook.read_identity(service, from_files(number), actor)
        if json:
            print(jsonlib.dumps(told, ensure_ascii=False, indent=1))
        else:
            casebook.print_case(told, Console(soft_wrap=True))
    return 0


@app.command
def act(
    number: str,
    action: str,
    /,
    *,
    by: str,
    as_: Annotated[str, Parameter(name="--as")] = "",
    opd: tuple[str, ...] = (),
    item: tuple[int, ...] = (),
    note: str = "",
    attach: tuple[Path, ...] = (),
    on: str = "",
    outcome: str = "",
    ground: str = "",
    basis: str = "",
    until: str = "",
    permanent: Annotated[bool, Parameter(negative=())] = False,
    holder: str = "",
    days: int | None = None,
    amount: int | None = None,
    extension_ground: str = "",
    reason: tuple[str, ...] = (),
    granted: Annotated[bool, Parameter(negative=())] = False,
    rejected: Annotated[bool, Parameter(negative=())] = False,
    other: str = "",
    set_: Annotated[tuple[str, ...], Parameter(name="--set")] = (),
    channel: str = "",
    version: int | None = None,
    json: Json = False,
) -> int:
    """Lakukan tindakan, misalnya: act 001/PPID-TS/2026 forward --by coordinator --opd Dikbud."""
    role = role_named(by)
    actor = Actor(role, as_, opd[0] if role is Role.OPD and opd else "")
    known = {
        "on": _day("--on", on),
        "opds": () if role is Role.OPD else opd,
        "items": item,
        "note": note,
        "outcome": _one_of(Outcome, "--outcome", outcome),
        "ground": _one_of(
            Ground, "--ground", ground if ground.startswith("17") or not ground else f"17{ground}"
        ),
        "basis": basis,
        "until": _day("--until", until),
        "permanent": permanent,
        "holder": holder,
        "days": days,
        "amount_idr": amount,
        "extension": _one_of(ExtensionGround, "--extension-ground", extension_ground),
        "reasons": tuple(r for word in reason if (r := _one_of(ObjectionReason, "--reason", word.lower()))),
        "granted": _granted(granted, rejected),
        "other": other,
        "changes": _changes(set_),
        "expect_version": version,
    }
    with opened() as service:
        done = _do(service, from_files(number), action_named(action), actor, known, attach, channel)
        casebook.tell(service, done, as_json=json)
    return 0


@app.command(name="object")
def object_(source: str, /, *, json: Json = False) -> int:
    """Daftarkan keberatan tanpa permohonan (alasan b) dari berkas YAML."""
    with opened() as service, _source(source) as path:
        filing, identity = read_objection(path, service.clock.today())
        done = service.acts.file_objection(filing, Actor(Role.DESK), identity=identity).result()
        casebook.tell(service, done, as_json=json)
    return 0


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
        filing = ObjectionFiling(
            reasons=known["reasons"],
            received_on=known["on"] or today,
            channel=_one_of(Channel, "--channel", channel) or Channel.WALK_IN,
        )
        return service.acts.file_objection(filing, actor, request=number).result()
    if action == "register_dispute":
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
    return service.acts.perform_with(number, act, files, service.documents).result()


def _day(field: str, text: str) -> date | None:
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
        return kind(text)
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


class _source:  # noqa: N801 used like a function
    """A file, or standard input kept in a file for as long as it is read."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._made: Path | None = None

    def __enter__(self) -> Path:
        if self._source != "-":
            return Path(self._source)
        with tempfile.NamedTemporaryFile("wb", suffix=".yaml", prefix="masukan-", delete=False) as file:
            file.write(sys.stdin.buffer.read(2_000_000))
        self._made = Path(file.name)
        return self._made

    def __exit__(self, *exc_info: object) -> None:
        if self._made is not None:
            with suppress(FileNotFoundError):
                self._made.unlink()
