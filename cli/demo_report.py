"""What the demo tells at its end: every stage, clock and letter, as JSON or as a table to read."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, select

from domain.clock import CLOCK_SHOWN_AS
from domain.ladder import EFFECT_SHOWN_AS
from domain.number import CaseKind
from domain.rule import ClockKind
from tasks.service import Service
from tasks.store.codec import load_case
from tasks.store.engine import reading
from tasks.store.schema import cases, journal, ledger, letters
from tasks.view import stage_shown

_STATUTORY: Final = (ClockKind.NOTICE, ClockKind.OBJECTION_ANSWER)


def as_json(service: Service, *, passes: int, seconds: float) -> dict[str, Any]:
    """Requests with their objections and disputes nested; lone objections; totals."""
    with reading(service.engine) as connection:
        rows = connection.execute(select(cases).order_by(cases.c.id)).all()
        told = {row.id: _case(connection, row) for row in rows}
        fired = connection.execute(select(ledger.c.effect)).scalars().all()
        sent = connection.execute(select(letters.c.state, letters.c.kind)).all()
    roots = {row.id: told[row.id] for row in rows if row.root_id == row.id}
    for row in rows:
        if row.root_id != row.id:
            nested = roots[row.root_id].setdefault(f"{row.kind}s", [])
            nested.append(told[row.id])
    kinds = Counter(row.kind for row in rows)
    requests = [roots[row.id] for row in rows if row.id in roots and row.kind == CaseKind.REQUEST]
    alone = [roots[row.id] for row in rows if row.id in roots and row.kind != CaseKind.REQUEST]
    totals = {
        "requests": kinds[CaseKind.REQUEST],
        "objections": kinds[CaseKind.OBJECTION],
        "disputes": kinds[CaseKind.DISPUTE],
        "open": sum(row.stage != "closed" for row in rows),
        "letters": len(sent),
        "letters_not_delivered": sum(row.state not in ("sent", "kept") for row in sent),
        "rungs": len(fired),
        "effects": dict(sorted(Counter(fired).items())),
        "prefect_runs": passes,
        "seconds": round(seconds, 1),
    }
    return {"requests": requests, "objections": alone, "totals": totals}


def summary(told: dict[str, Any], console: Console, keep: Path | None) -> None:
    """The same to read: one row per case, then the totals."""
    table = Table(title="Musim permohonan di sekitar Lebaran 2026")
    for heading, wrap in (
        ("Nomor", False),
        ("Perjalanan", True),
        ("Batas", False),
        ("Dipenuhi", False),
        ("Surat", False),
    ):
        table.add_column(heading, no_wrap=not wrap)
    for request in (*told["requests"], *told["objections"]):
        for case in (request, *request.get("objections", []), *request.get("disputes", [])):
            duty = next((c for c in case["clocks"] if c["kind"] in _STATUTORY), None)
            path = " → ".join(stage["shown_as"] for stage in case["stages"])
            met = (duty or {}).get("met_at") or "–"
            table.add_row(
                case["number"], path, (duty or {}).get("due", "–"), met[:10], str(len(case["letters"]))
            )
    console.print(table)
    totals = told["totals"]
    console.print(
        f"{totals['requests']} permohonan, {totals['objections']} keberatan, {totals['disputes']} sengketa; "
        f"{totals['letters']} surat, {totals['rungs']} pengingat dan tindakan otomatis "
        f"({', '.join(f'{count} {EFFECT_SHOWN_AS[name]}' for name, count in totals['effects'].items())}); "
        f"{totals['prefect_runs']} kali run Prefect; {totals['seconds']} detik."
    )
    if keep is not None:
        console.print(
            f"Disimpan di {keep}: ppid.sqlite, secret.key, mail/. Periksa: PPID_HOME={keep} ppid verify"
        )


def _case(connection: Connection, row: Any) -> dict[str, Any]:
    case = load_case(row.kind, row.state)
    entries = connection.execute(
        select(journal.c.stage_before, journal.c.stage_after, journal.c.at)
        .where(journal.c.case_id == row.id)
        .order_by(journal.c.seq)
    ).all()
    stages = [
        {"stage": entry.stage_after, "at": entry.at, "shown_as": _shown(case, entry.stage_after)}
        for entry in entries
        if entry.stage_before != entry.stage_after
    ]
    clocks = [
        {
            "kind": str(clock.kind),
            "key": clock.key,
            "shown_as": CLOCK_SHOWN_AS[clock.kind],
            "start": clock.start_on.isoformat(),
            "due": clock.due_on.isoformat(),
            "first_due": clock.first_due_on.isoformat(),
            "met_at": clock.met_at.isoformat() if clock.met_at else None,
        }
        for clock in case.clocks
    ]
    sent = connection.execute(select(letters).where(letters.c.case_id == row.id).order_by(letters.c.id)).all()
    told = [
        {
            "key": letter.key,
            "kind": letter.kind,
            "to": json.loads(letter.recipients),
            "opd": letter.opd,
            "at": letter.sent_at.isoformat() if letter.sent_at else None,
        }
        for letter in sent
    ]
    return {
        "number": row.number,
        "kind": row.kind,
        "subject": row.subject,
        "stages": stages,
        "clocks": clocks,
        "letters": told,
    }


def _shown(case: Any, stage: str) -> str:
    return stage_shown(replace(case, stage=type(case.stage)(stage)))
