"""The live table of open requests that `ppid up` shows: stage, next date, days left."""

from __future__ import annotations

from typing import Final

from rich.table import Table
from sqlalchemy import select

from cli.words import days_left
from domain.clock import CLOCK_SHOWN_AS
from domain.rule import ClockKind
from tasks.service import Service
from tasks.store import casefile
from tasks.store.engine import reading
from tasks.store.schema import cases
from tasks.view import stage_shown, urgent

_MOST_ROWS: Final = 30
_ROOTS: Final = (
    select(cases.c.id)
    .where(cases.c.root_id == cases.c.id, cases.c.next_on.is_not(None))
    .order_by(cases.c.next_on, cases.c.id)
    .limit(_MOST_ROWS)
)


def open_requests(service: Service) -> Table:
    """Open families, soonest date first; never by colour alone."""
    table = Table(title="Permohonan terbuka (sisa dalam hari kerja)", expand=False)
    for heading in ("Nomor", "Tahap", "Menunggu", "Tanggal", "Sisa", "OPD"):
        table.add_column(heading, no_wrap=heading in ("Nomor", "Tanggal", "Sisa"))
    book, today = service.policy(), service.clock.today()
    with reading(service.engine) as connection:
        roots = [row[0] for row in connection.execute(_ROOTS)]
        families = [casefile.load_family_of_root(connection, root) for root in roots]
    for family in families:
        first = urgent(family.cases)
        if first is None:
            continue
        case, clock = first
        table.add_row(
            family.root.number,
            stage_shown(case),
            CLOCK_SHOWN_AS[ClockKind(clock.kind)],
            clock.due_on.isoformat() + (" (perkiraan)" if clock.provisional else ""),
            days_left(book.working_days_left(clock.due_on, today)),
            ", ".join(a for a in getattr(family.root.case, "opds", ())),
        )
    return table
