"""Everything the city has decided, as one value: rules, calendar, ladders, office; and what dates follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from domain.calendar import (
    Calendar,
    Trace,
    add_working_days,
    is_provisional,
    is_working_day,
    next_working_day,
    shift_working_days,
    trace,
    working_days_between,
)
from domain.clock import Clock, Clocks, latest
from domain.errors import Refused
from domain.ladder import Ladders, Rung
from domain.law import BUDGET_STEPS
from domain.office import Office
from domain.rule import ClockKind, Direction, Rule, Unit, rule_in_force


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The policy in force, as acts and the sweep read it."""

    rules: tuple[Rule, ...]
    calendar: Calendar
    ladders: Ladders
    office: Office

    def rule(self, name: str, *, on: date) -> Rule:
        """The rule that binds a case received on that day.

        Raises:
            NoRuleInForce: the configuration knows none.
        """
        return rule_in_force(self.rules, name, on=on)

    def due(self, rule: Rule, start_on: date) -> date:
        """The last day of the period that counts from *start_on*; the earlier one where a rule has two."""
        sign = -1 if rule.direction is Direction.BEFORE else 1
        day = _shift(self.calendar, rule, start_on, sign * rule.length)
        if rule.also_calendar_days is not None:
            day = min(day, start_on + timedelta(days=sign * rule.also_calendar_days))
        return day

    def start_clock(
        self, kind: ClockKind, start_on: date, *, received_on: date, key: str = "", cap: date | None = None
    ) -> Clock:
        """A new clock of that kind, by the rule that binds a case received on that day.

        Args:
            cap: no later than this day, but never before *start_on* (internal steps).
        """
        rule = self.rule(kind, on=received_on)
        due_on = self.due(rule, start_on)
        capped = cap is not None and max(cap, start_on) < due_on
        if capped and cap is not None:
            due_on = max(cap, start_on)
        return Clock(
            kind=kind,
            key=key,
            start_on=start_on,
            due_on=due_on,
            first_due_on=due_on,
            rule=rule.id,
            law=rule.law,
            capped=capped,
            provisional=is_provisional(due_on, self.calendar),
        )

    def dated_clock(self, kind: ClockKind, start_on: date, due_on: date, *, law: str, key: str = "") -> Clock:
        """A clock whose day somebody named: a promise, an order, a hearing."""
        return Clock(
            kind=kind,
            key=key,
            start_on=start_on,
            due_on=due_on,
            first_due_on=due_on,
            rule="ditetapkan",
            law=law,
            provisional=is_provisional(due_on, self.calendar),
        )

    def cap_for(self, kind: ClockKind, clocks: Clocks, *, received_on: date) -> date | None:
        """The latest day for an internal step: the statutory date minus the steps after it (DESIGN 11)."""
        statutory = latest(clocks, ClockKind.NOTICE)
        if statutory is None or kind not in BUDGET_STEPS:
            return None
        later = BUDGET_STEPS[BUDGET_STEPS.index(kind) + 1 :]
        days = sum(self.rule(step, on=received_on).length for step in later)
        return shift_working_days(statutory.due_on, -days, self.calendar)

    def presumed_receipt(self, sent_on: date, *, received_on: date) -> date:
        """When a letter counts as received while no proof says so; the later date, for the applicant."""
        return self.due(self.rule("presumed_receipt", on=received_on), sent_on)

    def rung_day(self, due_on: date, offset: int) -> date:
        """The working day on which a rung falls."""
        return _rung_day(self.calendar, due_on, offset)

    def next_rung_on(self, clock: Clock) -> date | None:
        """The day of the clock's next rung that has not fired; None when nothing is left to fire."""
        if not clock.is_running:
            return None
        return _next_rung(self.calendar, self.ladders.of(clock.kind), clock.due_on, clock.fired)

    def rungs_behind(self, clock: Clock, due_on: date, today: date) -> tuple[int, ...]:
        """Of the rungs fired so far, those that stay fired when the clock moves to *due_on*.

        A fired rung fires again only if its new day lies ahead (DESIGN 6).
        """
        return tuple(o for o in clock.fired if self.rung_day(due_on, o) <= today)

    def explain(self, clock: Clock, *, received_on: date) -> Trace | None:
        """Each day from the clock's start to its date, counted or skipped and why.

        None when the day was named by somebody or pulled forward: then there is nothing to count.
        """
        name, _, since = clock.rule.partition("@")
        if not since or clock.capped:
            return None
        rule = self.rule(name, on=received_on)
        if rule.unit is not Unit.WORKING_DAY or rule.direction is Direction.BEFORE:
            return None
        days = rule.length
        if clock.kind is ClockKind.NOTICE and clock.is_extended:
            days += self.rule("extension", on=received_on).length
        return trace(clock.start_on, days, self.calendar, rule.counting)

    def working_days_left(self, due_on: date, today: date) -> int:
        """Working days from today to the date; negative once it has passed."""
        return working_days_between(today, due_on, self.calendar)

    def is_office_day(self, day: date) -> bool:
        """Whether rungs fire and digests leave on that day."""
        return is_working_day(day, self.calendar)


# Every act plans the rungs of its clocks, and most clocks of a day are alike.
@lru_cache(maxsize=4096)
def _next_rung(
    calendar: Calendar, rungs: tuple[Rung, ...], due_on: date, fired: tuple[int, ...]
) -> date | None:
    days = (_rung_day(calendar, due_on, rung.offset) for rung in rungs if rung.offset not in fired)
    return min(days, default=None)


def _rung_day(calendar: Calendar, due_on: date, offset: int) -> date:
    if offset == 0:
        return next_working_day(due_on, calendar)
    return shift_working_days(due_on, offset, calendar)


def _shift(calendar: Calendar, rule: Rule, start_on: date, signed: int) -> date:
    if rule.unit is Unit.WORKING_DAY:
        if signed < 0:
            return shift_working_days(start_on, signed, calendar, rule.counting)
        return add_working_days(start_on, signed, calendar, rule.counting)
    if rule.unit is Unit.CALENDAR_DAY:
        return start_on + timedelta(days=signed)
    if rule.unit is Unit.MONTH:
        return add_months(start_on, signed)
    raise Refused(rule.name, "tenggat dalam jam tidak menghasilkan tanggal")


def add_months(start_on: date, months: int) -> date:
    """The same day so many months on, or the last day of that month where it has no such day."""
    year, month = divmod(start_on.year * 12 + start_on.month - 1 + months, 12)
    for day in range(start_on.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, min(start_on.day, 28))
