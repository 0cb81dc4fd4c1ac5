"""Re-dating the open cases by a changed policy: first a look at all, then the writing, hundreds to a commit.

What is kept between the two are the ids of cases, so memory hardly grows with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select

from domain.arrow import Happened
from domain.clock import Clocks
from domain.office import SYSTEM
from domain.redating import Move, Redating, moved_clocks
from domain.rulebook import Rulebook
from tasks.acts import Acts, Performed
from tasks.service import Service
from tasks.store import casefile
from tasks.store.codec import Case, load_case
from tasks.store.engine import reading
from tasks.store.family import Filed
from tasks.store.schema import cases, clocks
from tasks.store.writer import few_ahead

_CHUNK: Final = 500
#: Cases written in one job: their families are locked and read together.
_TOGETHER: Final = 250
#: Jobs with the writer at one time.
_AHEAD: Final = 4
#: Kinds of clocks whose moves are remembered.
_REMEMBERED: Final = 20_000
_OPEN: Final = (
    select(cases.c.id, cases.c.root_id, cases.c.number, cases.c.kind, cases.c.state)
    .where(cases.c.stage != "closed", cases.c.id > bindparam("after"))
    .order_by(cases.c.id)
    .limit(_CHUNK)
)
_PLANNED: Final = select(clocks.c.case_id, clocks.c.kind, clocks.c.key, clocks.c.next_rung_on).where(
    clocks.c.case_id.in_(bindparam("ids", expanding=True)), clocks.c.running
)
_THESE: Final = select(cases.c.id, cases.c.kind, cases.c.state).where(
    cases.c.id.in_(bindparam("ids", expanding=True))
)


@dataclass(slots=True)
class Survey:
    """What a changed policy does to the open cases.

    Attributes:
        moving: root id and number of each case with a clock that moves.
        planning: ids of cases with a clock that stays and whose next rung falls on another day.
        shorter: the first running date that comes earlier, of *shorter_count*.
    """

    moving: list[tuple[int, str]] = field(default_factory=list)
    planning: list[int] = field(default_factory=list)
    shorter: Move | None = None
    shorter_count: int = 0

    def add(self, row: Row[Any], found: tuple[Move, ...]) -> None:
        """Count the moves of one case."""
        if found:
            self.moving.append((row.root_id, row.number))
        for move in found:
            if move.is_shorter:
                self.shorter = self.shorter or replace(move, number=row.number)
                self.shorter_count += 1


def open_cases(service: Service) -> Iterator[Case]:
    """The cases that are not closed, in the order they were filed."""
    for rows in _open_rows(service):
        yield from (load_case(row.kind, row.state) for row in rows)


def survey(service: Service, judge: Redating, book: Rulebook) -> Survey:
    """Look at every open case; writes nothing."""
    seen = Survey()
    for rows in _open_rows(service):
        planned = _planned(service, [row.id for row in rows])
        for row in rows:
            case = load_case(row.kind, row.state)
            found = judge.unnumbered(case)
            seen.add(row, found)
            moving = {(move.kind, move.key) for move in found}
            stays = [c for c in case.clocks if c.is_running and (c.kind, c.key) not in moving]
            if any(planned.get((row.id, c.kind, c.key)) != book.next_rung_on(c) for c in stays):
                seen.planning.append(row.id)
    return seen


def move(
    service: Service, moving: Sequence[tuple[int, str]], judge: Redating, book: Rulebook, decision: str
) -> None:
    """Write the moves of those cases, each with an entry in its journal.

    Args:
        decision: the name of what allows a date to come earlier.
    """
    turn = _Moving(service.acts, judge, book, decision, service.clock.now(), service.clock.today())
    _in_jobs(service.acts, moving, turn.job)


def plan(service: Service, ids: Sequence[int], book: Rulebook) -> None:
    """Bring the next rung of every running clock of those cases in line."""

    def job(some: Sequence[int]) -> Callable[[Connection], Performed]:
        def planning(connection: Connection) -> Performed:
            for row in connection.execute(_THESE, {"ids": list(some)}).all():
                running = tuple(clock for clock in load_case(row.kind, row.state).clocks if clock.is_running)
                casefile.put_clocks(connection, row.id, running, book)
            return Performed("", "", "", 0, 0)

        return planning

    _in_jobs(service.acts, ids, job)


@dataclass(frozen=True, slots=True)
class _Moving:
    """The moving of cases by one policy at one instant."""

    acts: Acts
    judge: Redating
    book: Rulebook
    decision: str
    now: datetime
    today: date
    #: Clocks that are alike move alike: after a decree tens of thousands of cases share a few hundred.
    known: dict[object, tuple[Clocks, dict[str, Any]]] = field(default_factory=dict)

    def job(self, some: Sequence[tuple[int, str]]) -> Callable[[Connection], Performed]:
        """What the writer does for those cases."""

        def moving(connection: Connection) -> Performed:
            casefile.lock_families(connection, (root for root, _ in some))
            for root, number in some:
                family = casefile.load_family_of_root(connection, root, lock=True)
                self._move(connection, family.file(number))
            return Performed("", "redate", "", 0, 0)

        return moving

    def _move(self, connection: Connection, filed: Filed) -> None:
        found = self.judge.unnumbered(filed.case)
        if not found:  # somebody acted in between
            return
        moved, facts = self._moved(filed.case.clocks, found)
        changed = replace(filed.case, clocks=moved, version=filed.case.version + 1)
        stage = str(filed.case.stage)
        event = Happened(filed.number, "redate", stage, stage, SYSTEM, self.now, facts)
        self.acts.note_event(connection, filed, event, changed, self.book)

    def _moved(self, clocks: Clocks, found: tuple[Move, ...]) -> tuple[Clocks, dict[str, Any]]:
        """Those clocks as moved, and what the journal says of it."""
        alike = (clocks, found)
        told = self.known.get(alike)
        if told is None:
            if len(self.known) >= _REMEMBERED:
                self.known.clear()
            facts = {"decision": self.decision, "moves": [_told(one) for one in found]}
            told = moved_clocks(clocks, found, self.book, self.today), facts
            self.known[alike] = told
        return told


def _told(move: Move) -> dict[str, Any]:
    return {
        "clock": str(move.kind),
        "key": move.key,
        "old": move.old_due_on.isoformat(),
        "new": move.new_due_on.isoformat(),
        "because": list(move.because),
    }


def _open_rows(service: Service) -> Iterator[Sequence[Row[Any]]]:
    after = 0
    while True:
        with reading(service.engine) as connection:
            rows = connection.execute(_OPEN, {"after": after}).all()
        if not rows:
            return
        yield rows
        after = rows[-1].id


def _planned(service: Service, ids: list[int]) -> dict[tuple[int, str, str], date | None]:
    with reading(service.engine) as connection:
        rows = connection.execute(_PLANNED, {"ids": ids}).all()
    return {(row.case_id, row.kind, row.key): row.next_rung_on for row in rows}


def _in_jobs(acts: Acts, some: Sequence[Any], job: Callable[[Sequence[Any]], Any]) -> None:
    parts = (some[start : start + _TOGETHER] for start in range(0, len(some), _TOGETHER))
    for one in few_ahead((acts.writer.submit(job(part)) for part in parts), _AHEAD):
        one.result()
