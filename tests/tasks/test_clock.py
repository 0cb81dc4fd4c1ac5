"""The clock: instants are UTC, dates are Jakarta's."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tasks.clock import (
    WIB,
    ClockSettingUnreadable,
    FixedClock,
    RealClock,
    VirtualClock,
    clock_from_env,
    date_in_jakarta,
)

EVENING = datetime(2026, 3, 13, 16, 59, 59, tzinfo=UTC)


def test_the_date_changes_at_midnight_in_jakarta():
    assert FixedClock(EVENING).today() == date(2026, 3, 13)
    assert date_in_jakarta(EVENING + timedelta(seconds=1)) == date(2026, 3, 14)


def test_an_instant_of_any_zone_is_told_in_utc():
    clock = FixedClock(datetime(2026, 3, 13, 9, 0, tzinfo=WIB))

    assert clock.now() == datetime(2026, 3, 13, 2, 0, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_a_virtual_clock_moves_forward_only():
    clock = VirtualClock(EVENING)
    clock.advance(timedelta(days=1))

    assert clock.now() == EVENING + timedelta(days=1)
    with pytest.raises(ValueError, match="cannot go back"):
        clock.set(EVENING)


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        FixedClock(datetime(2026, 3, 13, 9, 0))  # noqa: DTZ001


def test_the_setting_fixes_the_clock_and_without_it_the_clock_is_real():
    assert isinstance(clock_from_env({}), RealClock)
    assert clock_from_env({"PPID_CLOCK": "2026-03-13T09:00"}).now() == datetime(2026, 3, 13, 2, tzinfo=UTC)
    assert clock_from_env({"PPID_CLOCK": "2026-03-13"}).today() == date(2026, 3, 13)
    with pytest.raises(ClockSettingUnreadable, match="PPID_CLOCK"):
        clock_from_env({"PPID_CLOCK": "besok"})
