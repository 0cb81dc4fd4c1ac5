"""A family as its Prefect run shows it: the most urgent date and stage, history and clocks; no persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from domain import assistance_arrows, dispute_arrows, objection_arrows, request_arrows
from domain.act import WIB
from domain.arrow import Arrow
from domain.assistance import ASSISTANCE_SHOWN_AS, Assistance
from domain.clock import APPLICANT_CLOCKS, CLOCK_SHOWN_AS, COMMISSION_CLOCKS, Clock
from domain.dispute import DISPUTE_SHOWN_AS
from domain.number import for_files
from domain.objection import OBJECTION_SHOWN_AS, Objection
from domain.office import ROLE_SHOWN_AS, Role
from domain.request import STAGE_SHOWN_AS, Request
from domain.rulebook import Rulebook
from tasks.runs import RunView
from tasks.store.codec import Case
from tasks.store.family import Family
from tasks.store.schema import journal

_HISTORY: Final = (
    select(
        journal.c.number,
        journal.c.at,
        journal.c.action,
        journal.c.role,
        journal.c.stage_before,
        journal.c.stage_after,
        journal.c.facts,
    )
    .where(journal.c.case_id.in_(bindparam("ids", expanding=True)))
    .order_by(journal.c.id)
)
_ACTIONS: Final[Mapping[str, str]] = {
    "register": "Didaftarkan",
    "file": "Keberatan diajukan",
    "register_dispute": "Sengketa dicatat",
    "rung": "Pengingat",
    "redate": "Tanggal diubah",
    "read_identity": "Identitas dibaca",
    "set_papers": "Surat PDF disusun",
    "mail_assigned": "Surel ditempatkan ke berkas ini",
    "export_register": "Identitas dibaca untuk register",
}
_TABLES: Final[Mapping[str, Mapping[StrEnum, Arrow[Any]]]] = {
    "/KEB/": objection_arrows.ARROWS,
    "/SGK/": dispute_arrows.ARROWS,
    "/BK/": assistance_arrows.ARROWS,
    "": request_arrows.ARROWS,
}
_STAGES: Final[Mapping[str, Mapping[Any, str]]] = {
    "/KEB/": OBJECTION_SHOWN_AS,
    "/SGK/": DISPUTE_SHOWN_AS,
    "/BK/": ASSISTANCE_SHOWN_AS,
    "": STAGE_SHOWN_AS,
}


def stage_shown(case: Case) -> str:
    """The stage as people read it."""
    if isinstance(case, Request):
        return STAGE_SHOWN_AS[case.stage]
    if isinstance(case, Objection):
        return OBJECTION_SHOWN_AS[case.stage]
    if isinstance(case, Assistance):
        return ASSISTANCE_SHOWN_AS[case.stage]
    return DISPUTE_SHOWN_AS[case.stage]


def action_shown(action: str, number: str) -> str:
    """The action as people read it; the number tells whose table it is from."""
    table = next(table for mark, table in _TABLES.items() if mark in number)
    arrow = next((arrow for known, arrow in table.items() if known == action), None)
    return arrow.shown_as if arrow else _ACTIONS.get(action, action)


def urgent(cases: Iterable[Case]) -> tuple[Case, Clock] | None:
    """The case and clock of the family whose date comes first; a duty of the city before a window
    of the applicant or a duty of the Commission on the same day."""
    running = [(case, clock) for case in cases for clock in case.clocks if clock.is_running]
    return min(running, key=lambda pair: (pair[1].due_on, _waits_for_others(pair[1])), default=None)


def view_of(
    connection: Connection, family: Family, book: Rulebook, *, backstop_at: datetime | None = None
) -> RunView:
    """The family as its run shows it.

    Args:
        backstop_at: when the run wakes by itself; None on a virtual clock.
    """
    first = urgent(family.cases)
    leading = first[0] if first else family.root.case
    held = [a.opd for case in family.cases if isinstance(case, Request) for a in case.open_assignments]
    held += [key for case in family.cases if isinstance(case, Assistance) for key in case.waiting_for]
    return RunView(
        number=for_files(family.root.number),
        next_on=first[1].due_on if first else None,
        stage=stage_shown(leading),
        tags=tuple(sorted(set(held))),
        closed=all(case.stage == "closed" for case in family.cases),
        timeline_markdown=timeline(connection, family, book),
        backstop_at=backstop_at,
    )


def timeline(connection: Connection, family: Family, book: Rulebook) -> str:
    """Clocks and history of the family as Markdown."""
    lines = [f"# {family.root.number}", ""]
    for case in family.cases:
        lines += [f"**{case.number}**: {stage_shown(case)}", ""]
    lines += [
        "## Tenggat",
        "",
        "| Berkas | Tenggat | Mulai | Hari terakhir | Keadaan |",
        "|---|---|---|---|---|",
    ]
    for case in family.cases:
        lines += [_clock_row(case, clock) for clock in case.clocks]
    lines += [
        "",
        "## Riwayat",
        "",
        "| Waktu (WIB) | Berkas | Tindakan | Oleh | Tahap |",
        "|---|---|---|---|---|",
    ]
    rows = connection.execute(_HISTORY, {"ids": [f.id for f in family.files]}).all()
    lines += [_history_row(row) for row in rows]
    return "\n".join(lines) + "\n"


def _clock_row(case: Case, clock: Clock) -> str:
    what = CLOCK_SHOWN_AS[clock.kind] + (f" ({clock.key})" if clock.key else "")
    due = clock.due_on.isoformat() + (" (perkiraan)" if clock.provisional else "")
    if clock.is_extended:
        due += f", semula {clock.first_due_on.isoformat()}"
    return f"| {case.number} | {what} | {clock.start_on.isoformat()} | {due} | {_clock_state(clock)} |"


def _clock_state(clock: Clock) -> str:
    if clock.met_at is not None:
        met_on: date = clock.met_at.astimezone(WIB).date()
        return f"dipenuhi {met_on.isoformat()}" + (", terlambat" if met_on > clock.due_on else "")
    return "berakhir" if clock.ended_at is not None else "**berjalan**"


def _history_row(row: Any) -> str:
    at = datetime.fromisoformat(row.at).astimezone(WIB).strftime("%Y-%m-%d %H.%M")
    moved = stages_shown(row.number, row.stage_before, row.stage_after)
    who = ROLE_SHOWN_AS[Role(row.role)]
    return f"| {at} | {row.number} | {action_shown(row.action, row.number)} | {who} | {moved} |"


def stages_shown(number: str, before: str, after: str) -> str:
    """From which stage to which, as people read it; empty where nothing moved."""
    if before in ("", after):
        return ""
    shown = next(shown for mark, shown in _STAGES.items() if mark in number)
    return f"{shown[before]} → {shown[after]}"


def _waits_for_others(clock: Clock) -> bool:
    return clock.kind in APPLICANT_CLOCKS or clock.kind in COMMISSION_CLOCKS
