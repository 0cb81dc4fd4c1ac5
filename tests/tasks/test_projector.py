"""When a run wakes by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from tasks.projector import end_of_next_day


def a_family(*due_days):
    clocks = tuple(SimpleNamespace(due_on=day, is_running=True) for day in due_days)
    return SimpleNamespace(cases=(SimpleNamespace(clocks=clocks),))


NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def test_a_run_wakes_at_the_end_of_its_due_day_in_jakarta():
    assert end_of_next_day(a_family(date(2026, 11, 24)), NOW) == datetime(2026, 11, 24, 17, tzinfo=UTC)


def test_an_overdue_run_is_never_scheduled_in_the_past():
    assert end_of_next_day(a_family(date(2026, 11, 20)), NOW) is None


def test_an_overdue_run_wakes_for_its_next_date_that_lies_ahead():
    woken = end_of_next_day(a_family(date(2026, 11, 20), date(2026, 12, 8)), NOW)

    assert woken is not None and woken - NOW > timedelta(days=14)
