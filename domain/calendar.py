"""Which days are working days of the city, as decreed, and how a period of them is counted.

Days off come from decrees; the table of working days made from them is kept per calendar, so a date
is found by one search and one index, never by stepping through days.

Law: Perpres 21/2023 Pasal 3 and 6 (R-W1, R-W3); joint decree of three ministers (R-W5); Q-8, Q-9.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile
from typing import Final

from domain.errors import DomainError

FIRST_DAY: Final = date(1980, 1, 1)
LAST_DAY: Final = date(2120, 12, 31)
WEEKEND: Final = {5: "Sabtu", 6: "Minggu"}


class DayKind(StrEnum):
    """Why a weekday is not a working day."""

    NATIONAL = "national"
    JOINT_LEAVE = "joint_leave"
    REGIONAL = "regional"
    ELECTION = "election"
    CLOSURE = "closure"


class Treatment(StrEnum):
    """Whether a kind of day is passed over or counted."""

    SKIPPED = "skipped"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True, order=True)
class DayOff:
    """One day off by one decree; *decided_on* None means known always, *revoked_on* takes it back."""

    on: date
    kind: DayKind
    name: str
    instrument: str
    decided_on: date | None = None
    estimated: bool = False
    revoked_on: date | None = None

    def known_on(self, day: date) -> bool:
        """Whether someone asking on *day* held this for a day off."""
        decided = self.decided_on is None or self.decided_on <= day
        return decided and (self.revoked_on is None or day < self.revoked_on)

    @property
    def reason(self) -> str:
        """Name and decree, for people, in Bahasa Indonesia."""
        return f"{self.name} (perkiraan)" if self.estimated else f"{self.name} ({self.instrument})"


@dataclass(frozen=True, slots=True)
class DecreedYear:
    """A year whose days off are fixed, and since when; None means known always."""

    year: int
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """All days off and the last date they are decreed for; equal when their content is equal.

    A revoked day is kept for the record and is a working day. *years* lets `as_known_on` tell how
    far the decrees reached on an earlier day; without it the reach stays as given.
    """

    days: tuple[DayOff, ...] = field(compare=False)
    decreed_through: date = field(compare=False)
    years: tuple[DecreedYear, ...] = field(default=(), compare=False)
    version: str = field(init=False)
    """A short fingerprint of the content, the same in every process."""

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "days", tuple(sorted(self.days, key=lambda day: (day.on, day.kind, day.name)))
        )
        content = f"{self.decreed_through}\n{self.years}\n" + "\n".join(map(_as_line, self.days))
        object.__setattr__(self, "version", hashlib.sha256(content.encode()).hexdigest()[:12])

    @property
    def decreed_from(self) -> date:
        """The first date the decrees speak about."""
        if self.years:
            return date(self.years[0].year, 1, 1)
        return date(self.days[0].on.year, 1, 1) if self.days else date.min

    def as_known_on(self, day: date | None) -> Calendar:
        """The calendar as it stood at the end of *day*; None gives the one in force now."""
        return self if day is None else _as_known(self, day)


class DateOutOfReach(DomainError):
    """A count leaves the years this calendar can speak about at all."""

    def __init__(self, start: date, working_days: int) -> None:
        super().__init__(start, working_days)
        self.start, self.working_days = start, working_days

    def __str__(self) -> str:
        return (
            f"{self.working_days} hari kerja dari {self.start} tidak dapat dihitung: "
            f"hasilnya di luar tahun {FIRST_DAY.year}-{LAST_DAY.year}."
        )


@dataclass(frozen=True, slots=True)
class Counting:
    """How a rule counts. Default: joint leave is no working day (Q-8), the receipt day is day 0 (Q-9)."""

    joint_leave: Treatment = Treatment.SKIPPED
    receipt_day: Treatment = Treatment.SKIPPED


DEFAULT_COUNTING: Final = Counting()


@dataclass(frozen=True, slots=True)
class TracedDay:
    """One day of a count: its number when counted, 0 for the receipt day, None when skipped."""

    on: date
    number: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Trace:
    """A due date with every day that led to it."""

    start: date
    working_days: int
    due: date
    days: tuple[TracedDay, ...]
    provisional: bool


def is_provisional(day: date, calendar: Calendar) -> bool:
    """Whether *day* lies outside what is decreed, so that a date there is only an estimate."""
    return not calendar.decreed_from <= day <= calendar.decreed_through


def why_off(day: date, calendar: Calendar, counting: Counting = DEFAULT_COUNTING) -> str | None:
    """Why *day* is not a working day, for people, in Bahasa Indonesia; None when it is one."""
    if day.weekday() in WEEKEND:
        return WEEKEND[day.weekday()]
    first = bisect_left(calendar.days, day, key=lambda off: off.on)
    that_day = takewhile(lambda off: off.on == day, calendar.days[first:])
    reasons = (off.reason for off in that_day if _stands(off, counting.joint_leave))
    return "; ".join(reasons) or None


def is_working_day(day: date, calendar: Calendar, counting: Counting = DEFAULT_COUNTING) -> bool:
    """Whether the city works on *day*."""
    return working_days_between(day - timedelta(days=1), day, calendar, Counting(counting.joint_leave)) == 1


def next_working_day(day: date, calendar: Calendar, counting: Counting = DEFAULT_COUNTING) -> date:
    """The first working day on or after *day*."""
    return shift_working_days(day, 0, calendar, counting)


def shift_working_days(day: date, n: int, calendar: Calendar, counting: Counting = DEFAULT_COUNTING) -> date:
    """The *n*-th working day after *day*, or before it when *n* is negative; the receipt day plays no part.

    0 gives *day* itself when it is a working day, else the next one.

    Raises:
        DateOutOfReach: the result lies before 1980 or after 2120.
    """
    working = _working_days(calendar, counting.joint_leave)
    search = bisect_right if n > 0 else bisect_left
    return _at(working, search(working, day.toordinal()) + n - (n > 0), day, n)


def add_working_days(start: date, n: int, calendar: Calendar, counting: Counting = DEFAULT_COUNTING) -> date:
    """The day on which a period of *n* working days from *start* ends.

    *start* is day 0, or day 1 when the receipt day counts and is a working day. 0 and negative
    numbers do as in `shift_working_days`.

    Raises:
        DateOutOfReach: the result lies before 1980 or after 2120.
    """
    if n > 0 and counting.receipt_day is Treatment.COUNTED:
        working = _working_days(calendar, counting.joint_leave)
        return _at(working, bisect_left(working, start.toordinal()) + n - 1, start, n)
    return shift_working_days(start, n, calendar, counting)


def working_days_between(
    start: date, end: date, calendar: Calendar, counting: Counting = DEFAULT_COUNTING
) -> int:
    """How many working days lie after *start*, up to and with *end*; negative when *end* is earlier.

    When the receipt day counts, *start* is among them.
    """
    working = _working_days(calendar, counting.joint_leave)
    search = bisect_left if counting.receipt_day is Treatment.COUNTED else bisect_right
    return bisect_right(working, end.toordinal()) - search(working, start.toordinal())


def trace(start: date, n: int, calendar: Calendar, counting: Counting = DEFAULT_COUNTING) -> Trace:
    """The due date of *n* working days from *start*, with each day between counted or skipped and why.

    For a negative *n* the days run from the due date up to *start*, and none has a number.

    Raises:
        DateOutOfReach: the result lies before 1980 or after 2120.
    """
    due = add_working_days(start, n, calendar, counting)
    first, last = min(start, due), max(start, due)
    days = []
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        days.append(_traced(day, start, n, calendar, counting))
    return Trace(
        start, n, due, tuple(days), is_provisional(first, calendar) or is_provisional(last, calendar)
    )


def _traced(day: date, start: date, n: int, calendar: Calendar, counting: Counting) -> TracedDay:
    off = why_off(day, calendar, counting)
    if day == start and not (off is None and n > 0 and counting.receipt_day is Treatment.COUNTED):
        return TracedDay(day, 0, f"hari ke-0; {off}" if off else "hari ke-0, belum dihitung")
    if off or n <= 0:
        return TracedDay(day, None, off or "hari kerja")
    return TracedDay(day, working_days_between(start, day, calendar, counting), "hari kerja")


@lru_cache(maxsize=32)
def _working_days(calendar: Calendar, joint_leave: Treatment) -> Sequence[int]:
    off = {day.on.toordinal() for day in calendar.days if _stands(day, joint_leave)}
    span = range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1)
    # Ordinal 1 is a Monday, so 6 and 0 are what Saturdays and Sundays leave.
    return [day for day in span if day % 7 not in (6, 0) and day not in off]


@lru_cache(maxsize=256)
def _as_known(calendar: Calendar, day: date) -> Calendar:
    days = tuple(replace(off, revoked_on=None) for off in calendar.days if off.known_on(day))
    years = tuple(one for one in calendar.years if one.decided_on is None or one.decided_on <= day)
    through = calendar.decreed_through
    if calendar.years:
        through = min(through, date(years[-1].year, 12, 31)) if years else date.min
    return Calendar(days, through, years)


def _stands(off: DayOff, joint_leave: Treatment) -> bool:
    if off.revoked_on is not None:
        return False
    return off.kind is not DayKind.JOINT_LEAVE or joint_leave is Treatment.SKIPPED


def _at(working: Sequence[int], index: int, start: date, n: int) -> date:
    if not 0 <= index < len(working) or not FIRST_DAY <= start <= LAST_DAY:
        raise DateOutOfReach(start, n)
    return date.fromordinal(working[index])


def _as_line(off: DayOff) -> str:
    parts = (off.on, off.kind, off.name, off.instrument, off.decided_on, off.estimated, off.revoked_on)
    return "|".join(map(str, parts))
