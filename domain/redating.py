"""Which running dates move when rules or calendar change, to which day, and why.

A changed rule binds cases received from its `effective_from`; a calendar decree re-dates every running
clock that is counted. A day somebody named, an order, a promise, time given to an OPD, stays as named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Protocol

from domain import clock as clocks_of
from domain.calendar import Calendar, DayOff, is_provisional
from domain.clock import COMMISSION_CLOCKS, Clock, Clocks
from domain.law import BUDGET_STEPS
from domain.rule import ClockKind, Rule
from domain.rulebook import Rulebook

#: The period that stretches a clock, once.
EXTENDED_BY: Final = {ClockKind.NOTICE: "extension", ClockKind.MEDIATION: "mediation_extension"}
_EXTENDED: Final = {ClockKind.NOTICE: "extended_on", ClockKind.MEDIATION: "mediation_extended_on"}


class Dated(Protocol):
    """A case, as far as its dates go."""

    @property
    def number(self) -> str: ...
    @property
    def received_on(self) -> date: ...
    @property
    def clocks(self) -> Clocks: ...


@dataclass(frozen=True, slots=True)
class Move:
    """One running clock whose date the policy now gives differently.

    Attributes:
        first_due_on: its day without any extension, by the new policy.
        provisional: whether the new day lies past the last decree.
        because: what moved it: the rule's version, or the decreed days in between.
    """

    number: str
    kind: ClockKind
    key: str
    start_on: date
    old_due_on: date
    new_due_on: date
    first_due_on: date
    old_rule: str
    rule: str
    law: str
    capped: bool
    provisional: bool
    because: tuple[str, ...]

    @property
    def is_shorter(self) -> bool:
        """The city or the applicant loses days; the Commission's own duties are only watched."""
        return self.new_due_on < self.old_due_on and self.kind not in COMMISSION_CLOCKS

    @property
    def keeps_its_day(self) -> bool:
        """Only the estimate became certain, or the reverse, or the rule's name changed."""
        return self.new_due_on == self.old_due_on


#: Kinds of histories a `Redating` remembers; cases of one day and one stage share theirs.
_REMEMBERED: Final = 20_000


class Redating:
    """Finds the moves of case after case by one policy; clocks that are alike are judged once.

    Args:
        open_cases: bind a case by the newest rules, whenever it was received.
        was: the calendar in force so far, to name the days that differ; without it the decrees tell.
    """

    def __init__(self, book: Rulebook, open_cases: bool = False, *, was: Calendar | None = None) -> None:
        self._book, self._open_cases, self._was = book, open_cases, was
        self._known: dict[object, tuple[Move, ...]] = {}

    def moves(self, case: Dated) -> tuple[Move, ...]:
        """The running clocks of *case* that the policy dates otherwise; empty when nothing changes."""
        return tuple(replace(move, number=case.number) for move in self.unnumbered(case))

    def unnumbered(self, case: Dated) -> tuple[Move, ...]:
        """The same moves, under the number of any case with clocks like these."""
        # Whatever `_move` reads of a case: its day, its extensions, what runs, and the notice for the caps.
        told = tuple(c for c in case.clocks if c.is_running or c.kind is ClockKind.NOTICE)
        extended = tuple(getattr(case, fact, None) is not None for fact in _EXTENDED.values())
        alike = (case.received_on, extended, told)
        found = self._known.get(alike)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[alike] = _moves(case, self._book, self._open_cases, self._was)
        return found


def moves(
    case: Dated, book: Rulebook, open_cases: bool = False, *, was: Calendar | None = None
) -> tuple[Move, ...]:
    """What `Redating.moves` finds for a single case."""
    return Redating(book, open_cases, was=was).moves(case)


def moved_clocks(clocks: Clocks, moves: Iterable[Move], book: Rulebook, today: date) -> Clocks:
    """The clocks after *moves*; a rung fires again only if its new day lies ahead (DESIGN 6)."""
    by_key = {(move.kind, move.key): move for move in moves}
    changed = []
    for one in clocks:
        move = by_key.get((one.kind, one.key)) if one.is_running else None
        changed.append(_moved(one, move, book, today) if move else one)
    return tuple(changed)


def binding_rule(clock: Clock, book: Rulebook, *, received_on: date, open_cases: bool = False) -> Rule:
    """The rule that dates that clock.

    A rule once laid on a running clock (`apply --open-cases`) stays, although the case came earlier.

    Raises:
        NoRuleInForce: the configuration knows none.
    """
    rules = [rule for rule in book.rules if rule.name == clock.kind]
    bound = [rule for rule in rules if open_cases or rule.id == clock.rule]
    return max([*bound, book.rule(clock.kind, on=received_on)], key=lambda rule: rule.effective_from)


def is_named(clock: Clock) -> bool:
    """Somebody named the day: an order, a promise, a hearing, or more time given to a step."""
    return "@" not in clock.rule or (clock.kind in BUDGET_STEPS and clock.is_extended)


# --- parts --------------------------------------------------------------------------------------


def _moves(case: Dated, book: Rulebook, open_cases: bool, was: Calendar | None) -> tuple[Move, ...]:
    notice = clocks_of.running(case.clocks, ClockKind.NOTICE)
    found = [_move(case, notice, case.clocks, book, open_cases, was)] if notice else []
    statutory = next((move for move in found if move is not None), None)
    clocks = _with_moved(case.clocks, (statutory,)) if statutory else case.clocks
    statutory_moved = statutory is not None and not statutory.keeps_its_day
    for running in case.clocks:
        if running.is_running and running is not notice:
            found.append(_move(case, running, clocks, book, open_cases, was, statutory_moved))
    return tuple(move for move in found if move is not None)


def _move(
    case: Dated,
    clock: Clock,
    clocks: Clocks,
    book: Rulebook,
    open_cases: bool,
    was: Calendar | None,
    statutory_moved: bool = False,
) -> Move | None:
    if is_named(clock):
        certain = is_provisional(clock.due_on, book.calendar)
        return None if certain == clock.provisional else _as_move(case, clock, clock.due_on, certain)
    rule = binding_rule(clock, book, received_on=case.received_on, open_cases=open_cases)
    first = book.due(rule, clock.start_on)
    due_on, capped = _extended(case, clock, first, book), False
    if _is_capped_again(clock, due_on, statutory_moved):
        due_on, capped = _capped(clock, due_on, clocks, book, case.received_on, statutory_moved)
    provisional = is_provisional(due_on, book.calendar)
    if (due_on, provisional, rule.id) == (clock.due_on, clock.provisional, clock.rule):
        return None
    return Move(
        number=case.number,
        kind=clock.kind,
        key=clock.key,
        start_on=clock.start_on,
        old_due_on=clock.due_on,
        new_due_on=due_on,
        first_due_on=due_on if capped else first,
        old_rule=clock.rule,
        rule=rule.id,
        law=rule.law,
        capped=capped,
        provisional=provisional,
        because=_because(clock, rule, due_on, book, was),
    )


def _as_move(case: Dated, clock: Clock, due_on: date, provisional: bool) -> Move:
    return Move(
        number=case.number,
        kind=clock.kind,
        key=clock.key,
        start_on=clock.start_on,
        old_due_on=clock.due_on,
        new_due_on=due_on,
        first_due_on=clock.first_due_on,
        old_rule=clock.rule,
        rule=clock.rule,
        law=clock.law,
        capped=clock.capped,
        provisional=provisional,
        because=(_certainty(provisional),),
    )


def _extended(case: Dated, clock: Clock, first: date, book: Rulebook) -> date:
    """The date with the one extension, when the case had it."""
    fact = _EXTENDED.get(clock.kind)
    if fact is None or getattr(case, fact, None) is None or not clock.is_extended:
        return first
    return book.due(book.rule(EXTENDED_BY[clock.kind], on=case.received_on), first)


def _is_capped_again(clock: Clock, due_on: date, statutory_moved: bool) -> bool:
    if clock.kind not in BUDGET_STEPS:
        return False
    # The completeness check starts uncapped at registration, however late that is.
    if clock.kind is ClockKind.COMPLETENESS and not clock.capped:
        return False
    return clock.capped or statutory_moved or due_on != clock.due_on


def _capped(
    clock: Clock, due_on: date, clocks: Clocks, book: Rulebook, received_on: date, statutory_moved: bool
) -> tuple[date, bool]:
    """The internal date, held below the statutory one; an old cap stays unless that one moved."""
    if clock.capped and not statutory_moved:
        return (due_on, False) if due_on < clock.due_on else (clock.due_on, True)
    cap = book.cap_for(clock.kind, clocks, received_on=received_on)
    if cap is None or max(cap, clock.start_on) >= due_on:
        return due_on, False
    return max(cap, clock.start_on), True


def _with_moved(clocks: Clocks, moves: Iterable[Move]) -> Clocks:
    by_key = {(move.kind, move.key): move for move in moves}
    return tuple(
        replace(c, due_on=by_key[c.kind, c.key].new_due_on) if (c.kind, c.key) in by_key else c
        for c in clocks
    )


def _moved(clock: Clock, move: Move, book: Rulebook, today: date) -> Clock:
    fields = {"rule": move.rule, "law": move.law, "capped": move.capped, "first_due_on": move.first_due_on}
    if move.keeps_its_day:
        return replace(clock, provisional=move.provisional, **fields)  # type: ignore[arg-type]
    fired = book.rungs_behind(clock, move.new_due_on, today)
    fresh = clocks_of.redate(clock, move.new_due_on, fired=fired, provisional=move.provisional)
    return replace(fresh, **fields)  # type: ignore[arg-type]


def _because(clock: Clock, rule: Rule, due_on: date, book: Rulebook, was: Calendar | None) -> tuple[str, ...]:
    reasons = []
    if rule.id != clock.rule:
        reasons.append(f"aturan {clock.rule} menjadi {rule.id} ({rule.law})")
    if due_on == clock.due_on:
        return (*reasons, *((_certainty(not clock.provisional),) if not reasons else ()))
    last = max(clock.due_on, due_on)
    reasons += _decreed(clock.start_on, last, book.calendar, was)
    return tuple(reasons) or (f"aturan {rule.id} diubah menjadi {rule.length} ({rule.law})",)


def _decreed(first: date, last: date, calendar: Calendar, was: Calendar | None) -> list[str]:
    """The days between that one calendar holds for off and the other does not."""
    now = _standing(calendar, first, last)
    before = _standing(was, first, last) if was else _before_latest_decree(calendar, first, last)
    added = [f"{on} libur: {now[on].reason}" for on in sorted(now.keys() - before.keys())]
    taken = [f"{on} tidak lagi libur: {before[on].reason}" for on in sorted(before.keys() - now.keys())]
    return [*added, *taken]


def _standing(calendar: Calendar, first: date, last: date) -> dict[date, DayOff]:
    return {
        off.on: off
        for off in calendar.days
        if first <= off.on <= last and off.revoked_on is None and off.on.weekday() < 5
    }


def _before_latest_decree(calendar: Calendar, first: date, last: date) -> dict[date, DayOff]:
    told = [
        day
        for off in calendar.days
        if first <= off.on <= last
        for day in (off.decided_on, off.revoked_on)
        if day is not None
    ]
    if not told:
        return _standing(calendar, first, last)
    return _standing(calendar.as_known_on(max(told) - timedelta(days=1)), first, last)


def _certainty(provisional: bool) -> str:
    if provisional:
        return "hari itu kini di luar keputusan hari libur: menjadi perkiraan"
    return "hari itu kini di dalam keputusan hari libur: tidak lagi perkiraan"
