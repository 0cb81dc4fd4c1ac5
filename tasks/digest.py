"""The OPD's morning digest: one letter a day that lists every task it still holds."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import Connection, bindparam, distinct, select

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

_HELD: Final = (
    select(cases.c.number, cases.c.kind, cases.c.state, clocks.c.due_on)
    .join(clocks, clocks.c.case_id == cases.c.id)
    .where(clocks.c.kind == str(ClockKind.OPD_ANSWER), clocks.c.key == bindparam("opd"), clocks.c.running)
    .order_by(clocks.c.due_on, cases.c.id)
)
_SENT: Final = select(letters.c.state).where(letters.c.key == bindparam("key"))
_OPDS: Final = select(distinct(clocks.c.key)).where(
    clocks.c.kind == str(ClockKind.OPD_ANSWER), clocks.c.running
)


def digest_key(opd: str, now: datetime) -> str:
    """The key of that OPD's digest of the day."""
    return f"digest:{opd}:{now.astimezone(WIB).date().isoformat()}"


def owe(connection: Connection, opd: str, book: Rulebook, now: datetime) -> str | None:
    """See that today's digest for the OPD is owed; its key, or None when it has left already."""
    key = digest_key(opd, now)
    state = connection.execute(_SENT, {"key": key}).scalar()
    if state is not None:
        return key if state == "ready" else None
    letter = _letter(connection, opd, key, book, now)
    if letter is None:
        return None
    casefile.owe(connection, None, [letter], now)
    writing_page(connection).flush(connection)  # the next rung of this commit asks whether it stands
    return key


def run(acts: Acts, now: datetime) -> int:
    """Owe a digest to each OPD that holds a task; how many are owed. Repeating it changes nothing."""
    book = acts.policy()
    if not book.ladders.digest or not book.is_office_day(now.astimezone(WIB).date()):
        return 0
    with reading(acts.engine) as connection:
        opds = [row[0] for row in connection.execute(_OPDS).all()]

    def job(connection: Connection) -> Performed:
        count = sum(owe(connection, opd, book, now) is not None for opd in opds)
        return Performed("", "digest", "", 0, count)

    return acts.writer.submit(job).result().letters


def _letter(connection: Connection, opd: str, key: str, book: Rulebook, now: datetime) -> Letter | None:
    today = now.astimezone(WIB).date()
    tasks: list[Fact] = []
    for row in connection.execute(_HELD, {"opd": opd}).all():
        try:
            case = load_case(row.kind, row.state)
        except ValueError:  # one unreadable case must not cost the OPD its whole digest
            log.error("digest.case_unreadable", number=row.number)
            continue
        held = case.assignment(opd) if isinstance(case, Request) else None
        if not isinstance(case, Request) or held is None or held.state is TaskState.TAKEN_OVER:
            continue
        left = book.working_days_left(row.due_on, today)
        tasks.append(
            {
                "number": case.number,
                "subject": case.subject,
                "items_open": sum(1 for item in case.items_of(opd) if not item.is_settled),
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
    }
    return Letter(key=key, kind=LetterKind.OPD_DIGEST, number="", to=(Recipient.OPD,), facts=facts, opd=opd)
