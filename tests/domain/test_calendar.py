"""Working days: properties of the counting against an independent count, on calendars made up here."""

import pickle
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import (
    Calendar,
    Counting,
    DateOutOfReach,
    DayKind,
    DayOff,
    DecreedYear,
    Treatment,
    add_working_days,
    is_provisional,
    is_working_day,
    next_working_day,
    shift_working_days,
    trace,
    why_off,
    working_days_between,
)

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
NEAR = st.dates(date(2024, 1, 1), date(2026, 12, 31))
KINDS = st.sampled_from([kind for kind in DayKind if kind is not DayKind.JOINT_LEAVE])
FROM_RECEIPT = Counting(receipt_day=Treatment.COUNTED)
STRICT = Counting(joint_leave=Treatment.COUNTED)


def a_day_off(on, kind=DayKind.NATIONAL, **facts):
    return DayOff(on, kind, facts.pop("name", "Libur"), facts.pop("instrument", "SKB uji"), **facts)


def a_calendar(*days, through=date(2026, 12, 31)):
    return Calendar(tuple(days), through)


CALENDARS = st.lists(st.builds(a_day_off, NEAR, KINDS), max_size=60).map(lambda days: a_calendar(*days))


@given(start=NEAR, n=st.integers(0, 120), calendar=CALENDARS)
def test_a_period_ends_where_an_independent_count_ends(start, n, calendar):
    holidays = [day.on for day in calendar.days]
    roll = "backward" if n else "forward"

    independent = np.busday_offset(start, n, roll=roll, holidays=holidays).item()

    assert add_working_days(start, n, calendar) == independent


@given(day=NEAR, n=st.integers(-120, -1), calendar=CALENDARS)
def test_a_shift_back_ends_where_an_independent_count_ends(day, n, calendar):
    holidays = [off.on for off in calendar.days]

    assert (
        shift_working_days(day, n, calendar) == np.busday_offset(day, n, "forward", holidays=holidays).item()
    )


@given(start=NEAR, end=NEAR, calendar=CALENDARS)
def test_days_between_are_counted_as_an_independent_count_does(start, end, calendar):
    first, last, sign = (start, end, 1) if start <= end else (end, start, -1)
    holidays = [day.on for day in calendar.days]
    day = timedelta(days=1)

    independent = np.busday_count(first + day, last + day, holidays=holidays)

    assert working_days_between(start, end, calendar) == sign * independent


@given(start=DAYS, n=st.integers(1, 60), calendar=CALENDARS, receipt_day=st.sampled_from(Treatment))
def test_a_period_holds_exactly_its_working_days(start, n, calendar, receipt_day):
    counting = Counting(receipt_day=receipt_day)

    end = add_working_days(start, n, calendar, counting)

    assert is_working_day(end, calendar)
    assert working_days_between(start, end, calendar, counting) == n


@given(start=NEAR, n=st.integers(1, 40), calendar=CALENDARS, receipt_day=st.sampled_from(Treatment))
def test_a_trace_lists_every_day_once_and_numbers_the_counted_ones_in_order(start, n, calendar, receipt_day):
    found = trace(start, n, calendar, Counting(receipt_day=receipt_day))

    assert [day.on for day in found.days] == [
        start + timedelta(days=step) for step in range((found.due - start).days + 1)
    ]
    assert [day.number for day in found.days if day.number] == list(range(1, n + 1))
    assert found.days[-1].on == found.due


def test_a_receipt_day_that_counts_is_day_one_only_when_it_is_a_working_day():
    friday, saturday = date(2026, 3, 13), date(2026, 3, 14)

    assert add_working_days(friday, 3, a_calendar(), FROM_RECEIPT) == date(2026, 3, 17)
    assert add_working_days(saturday, 3, a_calendar(), FROM_RECEIPT) == date(2026, 3, 18)
    assert trace(saturday, 3, a_calendar(), FROM_RECEIPT).days[0].number == 0


def test_zero_working_days_stay_on_a_working_day_and_else_go_to_the_next():
    friday, saturday, monday = date(2026, 3, 13), date(2026, 3, 14), date(2026, 3, 16)

    assert add_working_days(friday, 0, a_calendar()) == friday
    assert add_working_days(saturday, 0, a_calendar()) == next_working_day(saturday, a_calendar()) == monday


def test_joint_leave_counts_only_when_the_rule_says_so():
    leave = date(2026, 3, 18)
    calendar = a_calendar(a_day_off(leave, DayKind.JOINT_LEAVE))

    assert not is_working_day(leave, calendar)
    assert is_working_day(leave, calendar, STRICT)
    assert why_off(leave, calendar, STRICT) is None


def test_a_day_off_says_its_name_and_decree():
    calendar = a_calendar(
        a_day_off(date(2026, 3, 19), name="Hari Suci Nyepi", instrument="SKB 1"),
        a_day_off(date(2026, 3, 20), name="Idulfitri", estimated=True),
    )

    assert why_off(date(2026, 3, 19), calendar) == "Hari Suci Nyepi (SKB 1)"
    assert why_off(date(2026, 3, 20), calendar) == "Idulfitri (perkiraan)"
    assert why_off(date(2026, 3, 21), calendar) == "Sabtu"
    assert why_off(date(2026, 3, 23), calendar) is None


def test_a_decree_is_unknown_until_the_day_it_was_decided():
    calendar = a_calendar(a_day_off(date(2025, 8, 18), decided_on=date(2025, 8, 7)))

    assert is_working_day(date(2025, 8, 18), calendar.as_known_on(date(2025, 8, 6)))
    assert not is_working_day(date(2025, 8, 18), calendar.as_known_on(date(2025, 8, 7)))
    assert not is_working_day(date(2025, 8, 18), calendar.as_known_on(None))


def test_a_revoked_day_is_off_only_for_who_asks_before_the_revocation():
    revoked = a_day_off(date(2023, 4, 26), decided_on=date(2022, 10, 11), revoked_on=date(2023, 3, 29))
    calendar = a_calendar(revoked)

    assert not is_working_day(date(2023, 4, 26), calendar.as_known_on(date(2023, 3, 28)))
    assert is_working_day(date(2023, 4, 26), calendar.as_known_on(date(2023, 3, 29)))
    assert is_working_day(date(2023, 4, 26), calendar)


def test_a_date_outside_the_decrees_is_provisional():
    calendar = a_calendar(a_day_off(date(2018, 1, 1)))

    assert is_provisional(date(2017, 12, 29), calendar)
    assert not is_provisional(date(2018, 1, 1), calendar)
    assert not is_provisional(date(2026, 12, 31), calendar)
    assert is_provisional(date(2027, 1, 1), calendar)
    assert trace(date(2026, 12, 30), 2, calendar).provisional


def test_the_reach_of_the_decrees_shrinks_with_what_was_known():
    years = (DecreedYear(2025, date(2024, 10, 14)), DecreedYear(2026, date(2025, 9, 19)))
    calendar = Calendar((), date(2026, 12, 31), years)

    assert calendar.as_known_on(date(2025, 9, 19)).decreed_through == date(2026, 12, 31)
    assert calendar.as_known_on(date(2025, 9, 18)).decreed_through == date(2025, 12, 31)
    assert is_provisional(date(2025, 6, 2), calendar.as_known_on(date(2024, 1, 1)))


@pytest.mark.parametrize(
    ("start", "n"), [(date(1900, 1, 1), 1), (date(2120, 12, 31), 5), (date(2026, 1, 1), 10**30)]
)
def test_a_count_out_of_reach_is_a_sentence_not_a_crash(start, n):
    with pytest.raises(DateOutOfReach, match="tidak dapat dihitung") as refused:
        add_working_days(start, n, a_calendar())

    assert str(pickle.loads(pickle.dumps(refused.value))) == str(refused.value)  # noqa: S301


def test_a_calendar_is_its_content_whatever_the_order_of_its_days():
    one, other = a_day_off(date(2026, 1, 1)), a_day_off(date(2026, 12, 25))

    assert a_calendar(one, other) == a_calendar(other, one)
    assert a_calendar(one, other).version == a_calendar(other, one).version != a_calendar(one).version
