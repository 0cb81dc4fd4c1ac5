"""Clocks as values: putting, meeting, ending, re-dating and opening again."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.clock import CLOCK_SHOWN_AS, Clock, end, latest, meet, put, redate, reopen, running
from domain.ladder import OWNER_OF, Ladders, Recipient, Rung
from domain.rule import ClockKind
from tests.domain.builders import BOOK, on

START, NOON = date(2026, 3, 2), on(date(2026, 3, 9), 12)
KEYS = st.lists(st.sampled_from(["kesehatan", "jalan", "taman"]), max_size=8)


def a_clock(kind=ClockKind.OPD_ANSWER, **fields):
    known = {"start_on": START, "due_on": date(2026, 3, 5), "first_due_on": date(2026, 3, 5)}
    return Clock(kind=kind, rule="uji@2010-04-30", law="uji", **{**known, **fields})


@given(keys=KEYS)
def test_there_is_one_clock_per_kind_and_key_and_its_version_only_rises(keys):
    clocks = ()
    for key in keys:
        clocks = put(clocks, a_clock(key=key))

    assert {one.key: one.version for one in clocks} == {key: keys.count(key) for key in keys}
    assert len(clocks) == len(set(keys))


def test_meeting_one_key_leaves_the_others_running():
    clocks = meet((a_clock(key="jalan"), a_clock(key="taman")), ClockKind.OPD_ANSWER, NOON, key="jalan")

    assert [one.is_running for one in clocks] == [False, True]


def test_meeting_all_keys_at_once_meets_every_one():
    clocks = meet((a_clock(key="jalan"), a_clock(key="taman")), ClockKind.OPD_ANSWER, NOON, key=None)

    assert not any(one.is_running for one in clocks)


def test_what_was_met_is_not_met_again_or_ended():
    met = meet((a_clock(),), ClockKind.OPD_ANSWER, NOON)

    assert meet(met, ClockKind.OPD_ANSWER, on(date(2026, 3, 10))) == met == end(met, NOON)


def test_ending_without_kinds_stops_all_and_meets_none():
    clocks = end((a_clock(), a_clock(ClockKind.NOTICE)), NOON)

    assert all(one.ended_at == NOON and one.met_at is None for one in clocks)


def test_a_duty_opened_again_runs_under_a_new_version():
    clocks = reopen(meet((a_clock(),), ClockKind.OPD_ANSWER, NOON), ClockKind.OPD_ANSWER)

    assert running(clocks, ClockKind.OPD_ANSWER).version == 2


def test_a_clock_that_was_ended_is_not_opened_again_by_a_bounce():
    ended = end((a_clock(),), NOON)

    assert reopen(ended, ClockKind.OPD_ANSWER) == ended


@given(days=st.integers(1, 60))
def test_a_redated_clock_keeps_its_first_date_for_ever(days):
    moved = redate(a_clock(), BOOK.rung_day(date(2026, 3, 5), days), fired=(), provisional=False)
    again = redate(moved, BOOK.rung_day(moved.due_on, 1), fired=(), provisional=False)

    assert again.first_due_on == date(2026, 3, 5) and again.version == 3 and again.is_extended


def test_a_clock_is_late_from_the_day_after_its_due_day_while_it_runs():
    clock = a_clock()

    assert not clock.is_late(date(2026, 3, 5)) and clock.is_late(date(2026, 3, 6))
    assert not replace(clock, met_at=NOON).is_late(date(2026, 3, 20))


def test_the_latest_clock_is_found_whatever_its_state():
    ended = end((a_clock(),), NOON)

    assert running(ended, ClockKind.OPD_ANSWER) is None
    assert latest(ended, ClockKind.OPD_ANSWER) is ended[0]


@given(fired=st.sets(st.sampled_from([-3, -1, 0, 1])), days=st.integers(0, 20))
def test_after_redating_a_rung_fires_again_only_if_its_new_day_lies_ahead(fired, days):
    book = replace(
        BOOK, ladders=Ladders({ClockKind.NOTICE: tuple(Rung(o, (Recipient.OWNER,)) for o in fired)})
    )
    clock = a_clock(ClockKind.NOTICE, fired=tuple(sorted(fired)))
    today, due_on = date(2026, 3, 6), BOOK.rung_day(date(2026, 3, 5), days)

    kept = book.rungs_behind(clock, due_on, today)

    assert all(BOOK.rung_day(due_on, offset) <= today for offset in kept)
    assert all(BOOK.rung_day(due_on, offset) > today for offset in fired - set(kept))


def test_every_clock_has_words_and_an_owner():
    assert set(CLOCK_SHOWN_AS) == set(OWNER_OF) == set(ClockKind)
