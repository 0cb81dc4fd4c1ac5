"""The sweep: it alone decides that a clock has passed a rung. It costs what is due, never what is open.

Safe to run twice, by two processes, or days late: a lease keeps it single, the ledger keeps each rung
single, each case is decided again on fresh facts, and one bad case never stops the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Connection, Row, Select, and_, bindparam, func, insert, select, tuple_

from domain import slip
from domain.act import WIB
from domain.arrow import Decision, Happened
from domain.clock import Clock, latest
from domain.errors import DomainError
from domain.ladder import Effect, Rung
from domain.letter import Letter
from domain.office import SYSTEM
from domain.rule import ClockKind
from domain.rulebook import Rulebook
from tasks import digest, leases
from tasks.acts import Acts, Performed
from tasks.registers import expiry
from tasks.store import casefile
from tasks.store.engine import reading
from tasks.store.family import Family, Filed
from tasks.store.page import writing_page
from tasks.store.schema import cases, clocks, journal, ledger
from tasks.store.writer import few_ahead

log = structlog.get_logger()

#: Rungs fire from this hour on working days.
OPENS: Final = time(8, 0)
LEASE: Final = "sweep"
LEASE_SECONDS: Final = 120.0
FINISHED: Final = "sweep.finished"
_CHUNK: Final = 500
#: Clocks fired in one job: their families are locked and read together.
_TOGETHER: Final = 50
#: Jobs with the writer at one time.
_AHEAD: Final = 2

_DUE: Final = (
    select(
        *(clocks.c.case_id, clocks.c.kind, clocks.c.key, clocks.c.next_rung_on),
        *(cases.c.number, cases.c.root_id),
    )
    .join(cases, cases.c.id == clocks.c.case_id)
    .where(clocks.c.next_rung_on <= bindparam("today"))
    .order_by(clocks.c.next_rung_on, clocks.c.case_id, clocks.c.kind, clocks.c.key)
    .limit(_CHUNK)
)
_PLACE: Final = tuple_(clocks.c.next_rung_on, clocks.c.case_id, clocks.c.kind, clocks.c.key)
_INSERT_LEDGER: Final = insert(ledger)

Due = tuple[int, str, str]
_Rows = Sequence[Row[Any]]


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did.

    Attributes:
        fired: rungs fired.
        failed: numbers of cases whose rungs could not be fired; tried again by the next sweep.
        rested: no working hour, or another sweeper was at it; nothing was looked at.
    """

    fired: int = 0
    letters: int = 0
    failed: tuple[str, ...] = ()
    rested: bool = False


@dataclass(frozen=True, slots=True)
class _Fired:
    """One clock's turn."""

    number: str
    rungs: int
    letters: int


def is_open(now: datetime, book: Rulebook) -> bool:
    """Whether rungs fire at that instant: a working day, from 08.00 WIB."""
    here = now.astimezone(WIB)
    return here.time() >= OPENS and book.is_office_day(here.date())


def run(acts: Acts, now: datetime, *, holder: str | None = None, number: str = "") -> Swept:
    """Fire every rung that is due and not in the ledger.

    Args:
        now: the instant to judge by; aware.
        number: only this case's family (the backstop of its run).

    Raises:
        StoreUnavailable: the database gave no answer.
    """
    book = acts.policy()
    if not is_open(now, book):
        return Swept(rested=True)
    who = holder or leases.holder_name()
    if not leases.take(acts.engine, LEASE, who, now, LEASE_SECONDS):
        return Swept(rested=True)
    try:
        swept = _sweep(acts, now, book, number)
        if not number:
            expiry.run(acts, now, book)
        acts.writer.submit(lambda c: _finish(c, now, swept)).result()
    finally:
        leases.give_back(acts.engine, LEASE, who)
    if swept.fired or swept.failed:
        log.info("sweep.finished", fired=swept.fired, letters=swept.letters, failed=len(swept.failed))
    return swept


def last_finished(acts: Acts) -> datetime | None:
    """When a sweep last finished; None if none ever did."""
    with reading(acts.engine) as connection:
        found = leases.marked(connection, FINISHED)
    return found[1] if found else None


def is_overdue(acts: Acts, now: datetime, after: timedelta = timedelta(minutes=30)) -> bool:
    """Whether, in working hours, no sweep has finished for that long: then the core runs one itself."""
    if not is_open(now, acts.policy()):
        return False
    finished = last_finished(acts)
    if finished is None:
        return True
    opened = datetime.combine(now.astimezone(WIB).date(), OPENS, WIB)
    return now - max(finished, opened) > after or (finished < opened and now - opened > after)


def _sweep(acts: Acts, now: datetime, book: Rulebook, number: str) -> Swept:
    today = now.astimezone(WIB).date()
    seen: set[Due] = set()
    fired = letters = 0
    failed: list[str] = []
    for chunk in _chunks(acts, today, number, seen):
        with reading(acts.engine) as connection:
            listed = digest.listed(connection, {row.key for row in chunk if row.key}, now)
        firing = _Firing(acts, now, book, listed)
        groups = (chunk[start : start + _TOGETHER] for start in range(0, len(chunk), _TOGETHER))
        for group, turn in few_ahead(((group, firing.submit(group)) for group in groups), _AHEAD):
            for row, done in _outcomes(firing, group, turn):
                if isinstance(done, Exception):
                    failed.append(row.number)
                    what = {"number": row.number, "clock": row.kind, "error": type(done).__name__}
                    log.error("sweep.case_failed", **what)
                    continue
                fired += done.rungs
                letters += done.letters
    return Swept(fired, letters, tuple(dict.fromkeys(failed)))


def _chunks(acts: Acts, today: date, number: str, seen: set[Due]) -> Iterator[list[Row[Any]]]:
    """Due clocks, a chunk at a time, each clock once per sweep.

    It reads on from the last one seen, so clocks that cannot be fired never hide those behind them; and
    once more from the front, for clocks an effect has just started with a day already past.
    """
    query = _DUE
    if number:
        root = select(cases.c.root_id).where(cases.c.number == number).scalar_subquery()
        query = query.where(clocks.c.case_id.in_(select(cases.c.id).where(cases.c.root_id == root)))
    found = True
    while found:
        found = False
        for rows in _pages(acts, query, today):
            fresh = [row for row in rows if _due(row) not in seen]
            if fresh:
                found = True
                seen.update(_due(row) for row in fresh)
                yield fresh


def _pages(acts: Acts, query: Select[Any], today: date) -> Iterator[_Rows]:
    after: tuple[Any, ...] | None = None
    while True:
        further = query if after is None else query.where(after < _PLACE)
        with reading(acts.engine) as connection:
            rows = connection.execute(further, {"today": today}).all()
        if not rows:
            return
        last = rows[-1]
        after = (last.next_rung_on, last.case_id, last.kind, last.key)
        yield rows


def _due(row: Row[Any]) -> Due:
    return row.case_id, row.kind, row.key


def _outcomes(
    firing: _Firing, group: Sequence[Row[Any]], turn: Future[list[_Fired]]
) -> Iterator[tuple[Row[Any], _Fired | Exception]]:
    """What became of each; where one of the group failed, each is tried once more by itself.

    One bad case never stops the rest; it is named and tried again by the next sweep.
    """
    try:
        yield from zip(group, turn.result(), strict=True)
        return
    except Exception as error:  # noqa: BLE001 told for each row below
        if len(group) == 1:
            yield group[0], error
            return
    alone = [(row, firing.submit([row])) for row in group]
    for row, one in alone:
        yield from _outcomes(firing, [row], one)


@dataclass(frozen=True, slots=True)
class _Firing:
    """Fires clocks by the rules and digests of one sweep."""

    acts: Acts
    now: datetime
    book: Rulebook
    listed: Mapping[str, frozenset[str]]

    def submit(self, rows: Sequence[Row[Any]]) -> Future[list[_Fired]]:
        """All of them in one job, or none."""
        return self.acts.writer.submit(lambda connection: self._together(connection, rows))

    def _together(self, connection: Connection, rows: Sequence[Row[Any]]) -> list[_Fired]:
        casefile.lock_families(connection, (row.root_id for row in rows))
        return [self._fire(connection, row) for row in rows]

    def _fire(self, connection: Connection, row: Row[Any]) -> _Fired:
        """One clock, decided on fresh facts: effects in order, letters merged, ledger rows, all together."""
        family = casefile.load_family_of_root(connection, row.root_id, lock=True)
        filed = family.file(row.number)
        clock = latest(filed.case.clocks, ClockKind(row.kind), row.key)
        rungs = slip.due_rungs(clock, self.book, self.now.astimezone(WIB).date()) if clock else ()
        if clock is None or not rungs:
            _put_right(connection, filed, clock, self.book)
            return _Fired(row.number, 0, 0)
        turn = _Turn(self.acts, connection, family, row.number, clock, self.book, self.now)
        turn.listed = self.listed.get(clock.key)
        for rung in rungs:
            turn.take(rung)
        return turn.close(rungs)


class _Turn:
    """The firing of one clock's due rungs inside one savepoint."""

    def __init__(
        self,
        acts: Acts,
        connection: Connection,
        family: Family,
        number: str,
        clock: Clock,
        book: Rulebook,
        now: datetime,
    ) -> None:
        self.acts, self.connection, self.book, self.now = acts, connection, book, now
        self.family, self.number, self.clock = family, number, clock
        self.today = now.astimezone(WIB).date()
        self.listed: frozenset[str] | None = None
        self.owed: list[Letter] = []
        self.outcomes: dict[int, tuple[Effect, str, str]] = {}

    def take(self, rung: Rung) -> None:
        """The rung's effect, and what it tells."""
        told: list[Letter] = []
        outcome = self._effect(rung, told)
        filed = self.family.file(self.number)
        if slip.goes_to_digest(rung, self.book.ladders):
            key = self._digest()
            if key is not None:
                self.outcomes[rung.offset] = (rung.effect, outcome, key)
                return
        covered = {r for letter in told for r in letter.to}
        reminder = slip.reminder(filed.case, self.clock, rung, self.book, self.today, told=covered)
        if reminder is not None:
            told.append(reminder)
        self.owed += told
        self.outcomes[rung.offset] = (rung.effect, outcome, told[-1].key if told else "")

    def _digest(self) -> str | None:
        """The key of the digest that tells this task, left already or not; None where none does."""
        if self.listed is None:
            return digest.owe(self.connection, self.clock.key, self.book, self.now)
        return digest.digest_key(self.clock.key, self.now) if self.number in self.listed else None

    def close(self, rungs: tuple[Rung, ...]) -> _Fired:
        """Mark the rungs fired on the clock, write their ledger rows and the merged letters."""
        letters = slip.merged(self.owed) if len(rungs) > 1 else tuple(self.owed)
        filed = self.family.file(self.number)
        current = latest(filed.case.clocks, self.clock.kind, self.clock.key)
        marked = filed.case
        if current is not None and current.version == self.clock.version:
            done = replace(current, fired=(*current.fired, *(r.offset for r in rungs)))
            marked = replace(filed.case, clocks=tuple(done if c is current else c for c in filed.case.clocks))
        self._write(filed, marked, rungs, letters)
        keys = {letter.key for letter in letters}
        merged_key = letters[-1].key if letters else ""
        page = writing_page(self.connection)
        for offset, (effect, outcome, key) in self.outcomes.items():
            merged = merged_key if key else ""
            row = {
                "case_id": filed.id,
                "clock": str(self.clock.kind),
                "clock_key": self.clock.key,
                "rung": offset,
                "clock_version": self.clock.version,
                "fired_at": self.now,
                "effect": str(effect),
                "outcome": outcome,
                "letter_key": key if key in keys or key.startswith("digest:") else merged,
            }
            page.later(_INSERT_LEDGER, row)
        return _Fired(self.number, len(rungs), len(letters))

    def _effect(self, rung: Rung, told: list[Letter]) -> str:
        filed = self.family.file(self.number)
        act = slip.effect_act(filed.case, self.clock, rung, self.book.ladders, self.now)
        if act is None:
            return ""

        def keep(owed: tuple[Letter, ...]) -> tuple[Letter, ...]:
            told.extend(owed)
            return ()

        # An act is refused as a whole, its follow-ups included: what it wrote before the no is undone.
        page = writing_page(self.connection)
        try:
            with page.all_or_nothing(self.connection):
                self.acts.act_on(self.connection, self.family, self.number, act, self.book, letters=keep)
        except DomainError as refusal:
            told.clear()
            return f"tidak dilakukan: {refusal}"
        self.family = casefile.load_family_of_root(self.connection, filed.root_id)
        return act.action

    def _write(self, filed: Filed, marked: Any, rungs: tuple[Rung, ...], letters: tuple[Letter, ...]) -> None:
        facts = {
            "clock": str(self.clock.kind),
            "key": self.clock.key,
            "due_on": self.clock.due_on.isoformat(),
            "rungs": [rung.offset for rung in rungs],
        }
        stage = str(marked.stage)
        event = Happened(self.number, "rung", stage, stage, SYSTEM, self.now, facts)
        changed = casefile.save_decision(
            self.connection, filed, Decision(marked, event, letters), None, self.book
        )
        self.family = self.family.with_file(changed)


def _put_right(connection: Connection, filed: Filed, clock: Clock | None, book: Rulebook) -> None:
    """Nothing is due after all: bring the clock's row in line, so that it is not listed again."""
    if clock is not None:
        casefile.put_clocks(connection, filed.id, (clock,), book)


def _finish(connection: Connection, now: datetime, swept: Swept) -> Performed:
    leases.mark(connection, FINISHED, str(swept.fired), now)
    return Performed("", "sweep", "", 0, 0)


def pending(acts: Acts, now: datetime, *, known_at: datetime | None = None) -> int:
    """Clocks with a rung due and not fired: 0 after a sweep, or the self-check raises an alarm.

    Args:
        known_at: count only cases nobody has acted on since; those clocks an earlier sweep has seen.
    """
    today = now.astimezone(WIB).date()
    count = select(func.count()).select_from(clocks).where(clocks.c.next_rung_on <= today)
    if known_at is not None:
        last = and_(journal.c.case_id == cases.c.id, journal.c.seq == cases.c.head_seq)
        count = count.join(cases, cases.c.id == clocks.c.case_id).join(journal, last)
        count = count.where(journal.c.at < known_at.astimezone(UTC).isoformat())
    with reading(acts.engine) as connection:
        return int(connection.execute(count).scalar_one())
