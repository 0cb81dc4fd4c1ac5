"""Cases as commands tell them: lists, one case whole, and what an act has done."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from sqlalchemy import Select, select

from domain.clock import CLOCK_SHOWN_AS
from domain.item import OUTCOME_SHOWN_AS
from domain.office import Actor
from domain.request import Request
from tasks import cases as reading_cases
from tasks.acts import Performed
from tasks.service import Service
from tasks.store.codec import Case
from tasks.store.engine import reading
from tasks.store.schema import cases, journal, letters
from tasks.view import action_shown, stage_shown, urgent

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
            print(f"  {clock['shown_as']}: paling lambat {clock['due']}{mark}")
    if told["missing"]:
        print("Belum lengkap (tetap terdaftar): " + "; ".join(told["missing"]))
    if done.letters:
        print(f"Surat yang dikirim: {done.letters}")


def listed(
    service: Service, *, stage: str, year: int | None, opd: str, open_only: bool
) -> list[dict[str, Any]]:
    """The register's rows that match; soonest date first, then by number."""
    query: Select[Any] = select(cases).order_by(cases.c.next_on.is_(None), cases.c.next_on, cases.c.id)
    if stage:
        query = query.where(cases.c.stage == stage)
    if year is not None:
        query = query.where(cases.c.year == year)
    if opd:
        query = query.where(cases.c.opds.contains(f",{opd},"))
    if open_only:
        query = query.where(cases.c.stage != "closed")
    with reading(service.engine) as connection:
        rows = connection.execute(query.limit(1000)).all()
    return [
        {
            "number": row.number,
            "kind": row.kind,
            "stage": row.stage,
            "received_on": row.received_on.isoformat(),
            "next_on": row.next_on.isoformat() if row.next_on else None,
            "next": row.next_kind,
            "opds": [key for key in row.opds.split(",") if key],
            "subject": row.subject,
        }
        for row in rows
    ]


def as_table(rows: list[dict[str, Any]]) -> Table:
    """The list to read."""
    table = Table()
    for heading in ("Nomor", "Tahap", "Diterima", "Tanggal", "OPD", "Pokok"):
        table.add_column(heading, no_wrap=heading in ("Nomor", "Diterima", "Tanggal"))
    for row in rows:
        opds = ", ".join(row["opds"])
        table.add_row(
            row["number"], row["stage"], row["received_on"], row["next_on"] or "–", opds, row["subject"]
        )
    return table


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
    return {
        "number": number,
        "family": [{"number": c.number, "stage": str(c.stage)} for c in family.cases],
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


def print_case(told: dict[str, Any], console: Console) -> None:
    """One case to read."""
    console.print(f"[bold]{told['number']}[/bold]  {told['stage_shown_as']}  (versi {told['version']})")
    console.print(
        f"{told['subject']}\nDiterima {told['received_on']}. Identitas: {told['identity']}", markup=False
    )
    if told["missing"]:
        console.print("Belum lengkap: " + "; ".join(told["missing"]), markup=False)
    for item in told["items"]:
        answer = f" → {item['outcome_shown_as']}" if item["outcome"] else ""
        console.print(f"  {item['no']}. {item['text']}{answer}", markup=False)
    for part in told["assignments"]:
        console.print(f"  OPD {part['opd']}: {part['state']}, butir {part['items']}", markup=False)
    clocks = Table(title="Tenggat")
    for heading in ("Tenggat", "Mulai", "Hari terakhir", "Keadaan", "Dasar"):
        clocks.add_column(heading)
    for clock in told["clocks"]:
        state = "berjalan" if clock["running"] else "dipenuhi" if clock["met_at"] else "berakhir"
        left = f", sisa {clock['days_left']} hari kerja" if clock["running"] else ""
        due = clock["due"] + (" (perkiraan)" if clock["provisional"] else "")
        clocks.add_row(f"{clock['shown_as']} {clock['key']}", clock["start"], due, state + left, clock["law"])
    console.print(clocks)
    for letter in told["letters"]:
        console.print(
            f"  surat {letter['kind']} → {', '.join(letter['to'])}: {letter['state']}", markup=False
        )
    for entry in told["journal"]:
        console.print(f"  {entry['at'][:16]} {entry['shown_as']} ({entry['role']})", markup=False)


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
    if not isinstance(case, Request):
        return []
    return [{"opd": a.opd, "items": list(a.items), "state": str(a.state)} for a in case.assignments]


def _clock(service: Service, clock: Any) -> dict[str, Any]:
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
        "days_left": left if clock.is_running else None,
        "provisional": clock.provisional,
        "law": clock.law,
    }


def _next(first: Any) -> dict[str, str] | None:
    if first is None:
        return None
    case, clock = first
    return {"number": case.number, "kind": str(clock.kind), "due": clock.due_on.isoformat()}
