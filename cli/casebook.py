"""Cases as commands tell them: lists, one case whole, and what an act has done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Select, select

from cli.table import print_table
from cli.words import WORD_OF, days_left, in_jakarta
from domain import assistance_arrows, dispute_arrows, objection_arrows, request_arrows
from domain.arrow import Arrow, actions_from
from domain.assistance import ASSISTANCE_SHOWN_AS, Assistance
from domain.clock import APPLICANT_CLOCKS, CLOCK_SHOWN_AS, Clock
from domain.dispute import DISPUTE_SHOWN_AS
from domain.item import OUTCOME_SHOWN_AS
from domain.ladder import RECIPIENT_SHOWN_AS
from domain.letter import LETTER_SHOWN_AS
from domain.number import CaseKind
from domain.objection import OBJECTION_SHOWN_AS, Objection
from domain.office import ROLE_SHOWN_AS, Actor, Role
from domain.request import STAGE_SHOWN_AS, TASK_SHOWN_AS, Request
from domain.rule import ClockKind
from tasks import cases as reading_cases
from tasks.acts import Performed
from tasks.clock import date_in_jakarta
from tasks.mailroom import MAIL_SHOWN_AS
from tasks.service import Service
from tasks.store.codec import Case, kind_of
from tasks.store.engine import reading
from tasks.store.schema import cases, documents, journal, letters, mailroom
from tasks.view import action_shown, stage_shown, urgent

ARROWS: Final[Mapping[CaseKind, Mapping[StrEnum, Arrow[Any]]]] = {
    CaseKind.REQUEST: request_arrows.ARROWS,
    CaseKind.OBJECTION: objection_arrows.ARROWS,
    CaseKind.DISPUTE: dispute_arrows.ARROWS,
    CaseKind.ASSISTANCE: assistance_arrows.ARROWS,
}
SHOWN_AS: Final[Mapping[str, Mapping[Any, str]]] = {
    CaseKind.REQUEST: STAGE_SHOWN_AS,
    CaseKind.OBJECTION: OBJECTION_SHOWN_AS,
    CaseKind.DISPUTE: DISPUTE_SHOWN_AS,
    CaseKind.ASSISTANCE: ASSISTANCE_SHOWN_AS,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of the register are wanted; empty means all."""

    kind: str = ""
    stage: str = ""
    year: int | None = None
    opd: str = ""
    open_only: bool = False


LETTER_STATES: Final = {
    "owed": "menunggu",
    "ready": "siap dikirim",
    "sent": "terkirim",
    "kept": "disimpan di sini",
    "undeliverable": "tidak terkirim",
}
IDENTITY_SHOWN_AS: Final = {
    "name": "nama",
    "email": "surel",
    "phone": "telepon",
    "address": "alamat",
    "nik": "NIK",
    "deed_number": "nomor SK pengesahan",
    "id_document": "bukti identitas",
    "occupation": "pekerjaan",
    "proxy_name": "kuasa",
    "power_of_attorney": "surat kuasa khusus",
    "purpose": "tujuan penggunaan",
}
_MASKED: Final = "tersimpan terenkripsi; buka dengan --identity (tercatat di jurnal)"


def tell(service: Service, done: Performed, *, as_json: bool) -> None:
    """What an act did: new stage, next date, letters owed, what is missing."""
    family = reading_cases.read_family(service, done.number)
    case = family.file(done.number).case
    first = urgent(family.cases)
    told: dict[str, Any] = {
        "number": done.number,
        "action": done.action,
        "stage": str(case.stage),
        "stage_shown_as": stage_shown(case),
        "version": case.version,
        "letters": done.letters,
        "next": _next(first),
        "clocks": [_clock(service, clock) for clock in case.clocks],
        "missing": list(case.faults) if isinstance(case, Request) else [],
    }
    if as_json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    print(f"{done.number}: {action_shown(done.action, done.number)}. Tahap: {told['stage_shown_as']}.")
    for clock in told["clocks"]:
        if clock["running"]:
            mark = " (perkiraan)" if clock["provisional"] else ""
            print(f"  {_clock_name(clock)}: paling lambat {clock['due']}{mark}")
    if told["missing"]:
        print("Belum lengkap (tetap terdaftar): " + "; ".join(told["missing"]))
    if done.letters:
        print(f"Surat yang akan dikirim: {done.letters}")


def listed(service: Service, wanted: Wanted) -> list[dict[str, Any]]:
    """The register's rows that match; soonest date first, then by number."""
    query: Select[Any] = select(cases).order_by(cases.c.next_on.is_(None), cases.c.next_on, cases.c.id)
    for column, value in (
        (cases.c.kind, wanted.kind),
        (cases.c.stage, wanted.stage),
        (cases.c.year, wanted.year),
    ):
        if value:
            query = query.where(column == value)
    if wanted.opd:
        query = query.where(cases.c.opds.contains(f",{wanted.opd},", autoescape=True))
    if wanted.open_only:
        query = query.where(cases.c.stage != "closed")
    book, today = service.policy(), service.clock.today()
    with reading(service.engine) as connection:
        rows = connection.execute(query).all()
    return [
        {
            "number": row.number,
            "kind": row.kind,
            "stage": row.stage,
            "stage_shown_as": SHOWN_AS[row.kind][row.stage],
            "received_on": row.received_on.isoformat(),
            "next_on": row.next_on.isoformat() if row.next_on else None,
            "next": row.next_kind,
            "days_left": book.working_days_left(row.next_on, today) if row.next_on else None,
            "opds": [key for key in row.opds.split(",") if key],
            "subject": row.subject,
        }
        for row in rows
    ]


def print_list(rows: list[dict[str, Any]]) -> None:
    """The list to read."""
    headings = ("Nomor", "Tahap", "Diterima", "Tanggal", "Sisa", "Tenggat", "OPD", "Pokok")
    told = [
        (
            row["number"],
            row["stage_shown_as"],
            row["received_on"],
            row["next_on"],
            None if row["days_left"] is None else days_left(row["days_left"]),
            CLOCK_SHOWN_AS[ClockKind(row["next"])] if row["next"] else None,
            ", ".join(row["opds"]),
            row["subject"],
        )
        for row in rows
    ]
    print_table(headings, told, whole=("Nomor", "Diterima", "Tanggal", "Sisa"))


def possible_actions(case: Case, role: Role) -> tuple[str, ...]:
    """What that role can do with the case now, each with its Indonesian name; guards apart."""
    found = actions_from(ARROWS[kind_of(case)], case.stage, role)
    named = tuple(named_action(case, name) for name in found)
    if isinstance(case, Request) and role in (Role.APPLICANT, Role.DESK, Role.COORDINATOR):
        return (*named, "keberatan (Ajukan keberatan)")
    if isinstance(case, Objection) and role in (Role.COORDINATOR, Role.COMMISSION):
        return (*named, "sengketa (Catat sengketa)")
    return named


def named_action(case: Case, name: str) -> str:
    """The action as a person types it, with what it is called: ``lengkap (Nyatakan lengkap)``."""
    return f"{WORD_OF.get(name, name)} ({action_shown(name, case.number)})"


def shown(service: Service, number: str) -> dict[str, Any]:
    """One case whole; the identity stays sealed."""
    family = reading_cases.read_family(service, number)
    filed = family.file(number)
    case = filed.case
    with reading(service.engine) as connection:
        sent = connection.execute(
            select(letters).where(letters.c.case_id == filed.id).order_by(letters.c.id)
        ).all()
        entries = connection.execute(
            select(journal).where(journal.c.case_id == filed.id).order_by(journal.c.seq)
        ).all()
        kept = connection.execute(
            select(documents, mailroom.c.kind)
            .outerjoin(mailroom, mailroom.c.document == documents.c.id)
            .where(documents.c.case_id == filed.id)
            .order_by(documents.c.stored_at)
        ).all()
    return {
        "number": number,
        "kind": str(kind_of(case)),
        "family": [
            {"number": c.number, "stage": str(c.stage), "stage_shown_as": stage_shown(c)}
            for c in family.cases
        ],
        "stage": str(case.stage),
        "stage_shown_as": stage_shown(case),
        "version": case.version,
        "subject": case.subject,
        "received_on": case.received_on.isoformat(),
        "identity": _MASKED,
        "missing": list(case.faults) if isinstance(case, Request) else [],
        "items": _items(case),
        "assignments": _assignments(case),
        "clocks": [_clock(service, clock) for clock in case.clocks],
        "letters": [
            {
                "key": row.key,
                "kind": row.kind,
                "to": json.loads(row.recipients),
                "opd": row.opd,
                "state": row.state,
                "at": row.sent_at.isoformat() if row.sent_at else None,
                "error": row.error,
            }
            for row in sent
        ],
        "documents": [
            {
                "id": row.id,
                "name": row.name,
                "size_bytes": row.size_bytes,
                "stored_at": row.stored_at.isoformat(),
                "mail": row.kind,
            }
            for row in kept
        ],
        "journal": [
            {
                "seq": row.seq,
                "at": row.at,
                "action": row.action,
                "shown_as": action_shown(row.action, row.number),
                "role": row.role,
                "actor": row.actor,
                "stage": row.stage_after,
                "facts": json.loads(row.facts),
            }
            for row in entries
        ],
    }


def read_identity(service: Service, number: str, by: Actor) -> dict[str, Any]:
    """The applicant's data; the reading is journalled."""
    return asdict(service.acts.read_identity(number, by).result())


def print_case(told: dict[str, Any]) -> None:
    """One case to read."""
    print(f"{told['number']}  {told['stage_shown_as']}  (versi {told['version']})")
    print(f"{told['subject']}\nDiterima {told['received_on']}")
    _print_identity(told["identity"])
    for other in told["family"]:
        if other["number"] != told["number"]:
            print(f"  berkas terkait {other['number']}: {other['stage_shown_as']}")
    if told["missing"]:
        print("Belum lengkap: " + "; ".join(told["missing"]))
    for item in told["items"]:
        answer = f" → {item['outcome_shown_as']}" if item["outcome"] else ""
        print(f"  {item['no']}. {item['text']}{answer}")
    for part in told["assignments"]:
        items = f", butir {', '.join(map(str, part['items']))}" if part["items"] else ""
        print(f"  OPD {part['opd']}: {part['state_shown_as']}{items}")
    headings = ("Tenggat", "Mulai", "Hari terakhir", "Keadaan", "Dasar")
    print_table(headings, [_clock_row(clock) for clock in told["clocks"]], whole=("Mulai",))
    for letter in told["letters"]:
        when = f" {in_jakarta(letter['at'])}" if letter["at"] else ""
        to = ", ".join(RECIPIENT_SHOWN_AS[one] for one in letter["to"]) + (
            f" ({letter['opd']})" if letter["opd"] else ""
        )
        state = LETTER_STATES.get(letter["state"], letter["state"])
        print(f"  surat {LETTER_SHOWN_AS[letter['kind']]} → {to}: {state}{when}")
    for kept in told["documents"]:
        mark = f" (surel masuk: {MAIL_SHOWN_AS[kept['mail']]})" if kept["mail"] else ""
        print(f"  dokumen {kept['id'][:8]} {kept['name']}, {kept['size_bytes']} bita{mark}")
    for entry in told["journal"]:
        who = f"{ROLE_SHOWN_AS[entry['role']]} {entry['actor']}".strip()
        print(f"  {entry['seq']}. {in_jakarta(entry['at'])} {entry['shown_as']} ({who})")


def _print_identity(identity: str | dict[str, Any]) -> None:
    if isinstance(identity, str):
        print(f"Identitas: {identity}")
        return
    for name, value in identity.items():
        if value:
            print(f"  {IDENTITY_SHOWN_AS[name]}: {'ada' if value is True else value}")


def _clock_name(clock: dict[str, Any]) -> str:
    return f"{clock['shown_as']} {clock['key']}".strip()


def _clock_row(clock: dict[str, Any]) -> tuple[str, ...]:
    due = clock["due"] + (" (perkiraan)" if clock["provisional"] else "")
    return _clock_name(clock), clock["start"], due, _clock_state(clock), clock["law"]


def _clock_state(clock: dict[str, Any]) -> str:
    if clock["running"]:
        left = clock["days_left"]
        return f"lewat {-left} hari kerja" if left < 0 else f"berjalan, sisa {left} hari kerja"
    return "dipenuhi" if clock["met_at"] else "lewat, tidak dipenuhi" if clock["missed"] else "berakhir"


def _items(case: Case) -> list[dict[str, Any]]:
    if not isinstance(case, Request):
        return []
    return [
        {
            "no": item.no,
            "text": item.text,
            "outcome": str(item.outcome) if item.outcome else None,
            "outcome_shown_as": OUTCOME_SHOWN_AS[item.outcome] if item.outcome else "",
            "note": item.note,
            "holder": item.holder,
            "documents": list(item.documents),
        }
        for item in case.items
    ]


def _assignments(case: Case) -> list[dict[str, Any]]:
    if isinstance(case, Assistance):
        waiting = case.waiting_for
        return [
            {"opd": key, "items": [], "state": "given" if key in waiting else "done"}
            | {"state_shown_as": "menunggu" if key in waiting else "dijawab"}
            for key in case.opds
        ]
    if not isinstance(case, Request):
        return []
    return [
        {
            "opd": a.opd,
            "items": list(a.items),
            "state": str(a.state),
            "state_shown_as": TASK_SHOWN_AS[a.state],
        }
        for a in case.assignments
    ]


def _clock(service: Service, clock: Clock) -> dict[str, Any]:
    left = service.policy().working_days_left(clock.due_on, service.clock.today())
    return {
        "kind": str(clock.kind),
        "key": clock.key,
        "shown_as": CLOCK_SHOWN_AS[clock.kind],
        "start": clock.start_on.isoformat(),
        "due": clock.due_on.isoformat(),
        "first_due": clock.first_due_on.isoformat(),
        "running": clock.is_running,
        "met_at": clock.met_at.isoformat() if clock.met_at else None,
        "missed": _missed(clock),
        "days_left": left if clock.is_running else None,
        "provisional": clock.provisional,
        "law": clock.law,
    }


def _missed(clock: Clock) -> bool:
    """Whether a duty ended undone after its last day; an applicant's window only closes."""
    return (
        clock.ended_at is not None
        and date_in_jakarta(clock.ended_at) > clock.due_on
        and clock.kind not in APPLICANT_CLOCKS
    )


def _next(first: Any) -> dict[str, str] | None:
    if first is None:
        return None
    case, clock = first
    return {"number": case.number, "kind": str(clock.kind), "due": clock.due_on.isoformat()}
