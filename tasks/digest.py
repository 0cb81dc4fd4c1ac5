"""The OPD's morning digest: one letter a day that lists the tasks it still holds.

What is overdue or due by the next working day is listed without exception; of the rest, the soonest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import Connection, and_, bindparam, case, distinct, func, literal_column, select

from domain.act import WIB
from domain.ladder import Recipient
from domain.letter import Fact, Letter, LetterKind
from domain.request import Request, TaskState
from domain.rule import ClockKind
from domain.rulebook import Rulebook
from tasks.acts import Acts, Performed
from tasks.store import casefile
from tasks.store.codec import load_case
from tasks.store.engine import reading
from tasks.store.page import writing_page
from tasks.store.schema import cases, clocks, letters

log = structlog.get_logger()

#: How many tasks a digest lists; more only where more are overdue or due by the next working day.
MOST_LISTED: Final = 50

#: Literals, so that both databases use the index over running OPD clocks only.
_RUNNING: Final = and_(
    clocks.c.kind == literal_column(f"'{ClockKind.OPD_ANSWER}'"),
    clocks.c.running,
    clocks.c.key == bindparam("opd"),
)
_HELD: Final = (
    select(cases.c.number, cases.c.kind, cases.c.state, clocks.c.due_on)
    .join(clocks, clocks.c.case_id == cases.c.id)
    .where(_RUNNING)
    .order_by(clocks.c.due_on, cases.c.id)
    .limit(bindparam("most"))
)
_COUNTED: Final = select(
    func.count(), func.coalesce(func.sum(case((clocks.c.due_on <= bindparam("soon"), 1), else_=0)), 0)
).where(_RUNNING)
_SENT: Final = select(letters.c.state).where(letters.c.key == bindparam("key"))
_LISTED: Final = select(letters.c.key, letters.c.facts).where(
    letters.c.key.in_(bindparam("keys", expanding=True))
)
_OPDS: Final = select(distinct(clocks.c.key)).where(
    clocks.c.kind == literal_column(f"'{ClockKind.OPD_ANSWER}'"), clocks.c.running
)


def digest_key(opd: str, now: datetime) -> str:
    """The key of that OPD's digest of the day."""
    return f"digest:{opd}:{now.astimezone(WIB).date().isoformat()}"


def listed(connection: Connection, opds: Iterable[str], now: datetime) -> dict[str, frozenset[str]]:
    """By OPD, the numbers today's digest lists; nothing for an OPD whose digest is not written yet."""
    by_key = {digest_key(opd, now): opd for opd in opds}
    rows = connection.execute(_LISTED, {"keys": list(by_key)}).all()
    return {
        by_key[row.key]: frozenset(task["number"] for task in json.loads(row.facts).get("tasks", ()))
        for row in rows
    }


def owe(
    connection: Connection, opd: str, book: Rulebook, now: datetime, most_listed: int = MOST_LISTED
) -> str | None:
    """See that today's digest for the OPD is owed; its key, or None when it has left already."""
    key = digest_key(opd, now)
    state = connection.execute(_SENT, {"key": key}).scalar()
    if state is not None:
        return key if state == "ready" else None
    letter = _letter(connection, opd, key, book, now, most_listed)
    if letter is None:
        return None
    casefile.owe(connection, None, [letter], now)
    writing_page(connection).flush(connection)  # the next rung of this commit asks whether it stands
    return key


def run(acts: Acts, now: datetime, *, most_listed: int = MOST_LISTED) -> int:
    """Owe a digest to each OPD that holds a task; how many are owed. Repeating it changes nothing.

    Args:
        most_listed: how many tasks a digest lists that are not urgent.
    """
    book = acts.policy()
    if not book.ladders.digest or not book.is_office_day(now.astimezone(WIB).date()):
        return 0
    with reading(acts.engine) as connection:
        opds = [row[0] for row in connection.execute(_OPDS).all()]

    def job(connection: Connection) -> Performed:
        count = sum(owe(connection, opd, book, now, most_listed) is not None for opd in opds)
        return Performed("", "digest", "", 0, count)

    return acts.writer.submit(job).result().letters


def _letter(
    connection: Connection, opd: str, key: str, book: Rulebook, now: datetime, most_listed: int
) -> Letter | None:
    today = now.astimezone(WIB).date()
    soon = book.rung_day(today, 1)
    held, urgent = connection.execute(_COUNTED, {"opd": opd, "soon": soon}).one()
    most = max(most_listed, urgent)
    tasks: list[Fact] = []
    for row in connection.execute(_HELD, {"opd": opd, "most": most}).all():
        try:
            request = load_case(row.kind, row.state)
        except ValueError:  # one unreadable case must not cost the OPD its whole digest
            log.error("digest.case_unreadable", number=row.number)
            continue
        task = request.assignment(opd) if isinstance(request, Request) else None
        if not isinstance(request, Request) or task is None or task.state is TaskState.TAKEN_OVER:
            continue
        left = book.working_days_left(row.due_on, today)
        tasks.append(
            {
                "number": request.number,
                "subject": request.subject,
                "items_open": sum(1 for item in request.items_of(opd) if not item.is_settled),
                "opd_due": row.due_on.isoformat(),
                "days_left": left,
                "overdue": left < 0,
            }
        )
    if not tasks:
        return None
    known = book.office.opd(opd)
    facts: dict[str, Fact] = {
        "number": "",
        "subject": "",
        "law": "PERKI 1/2021 Pasal 12",
        "opd_name": known.name if known else opd,
        "tasks": tasks,
        "more": max(0, held - most),
    }
    return Letter(key=key, kind=LetterKind.OPD_DIGEST, number="", to=(Recipient.OPD,), facts=facts, opd=opd)
