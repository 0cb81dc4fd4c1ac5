"""What a new decree or a new rule moves, and what it leaves alone."""

from dataclasses import replace
from datetime import date

import pytest

from domain.calendar import DayKind, DayOff
from domain.clock import latest, running
from domain.dispute import DisputeStage
from domain.ladder import Ladders, Recipient, Rung
from domain.objection import ObjectionStage
from domain.redating import moved_clocks, moves
from domain.request import Stage
from domain.rule import ClockKind

from .builders import (
    BOOK,
    DESK,
    EXTENDED_LAST_DAY,
    EXTENSION,
    HEALTH,
    LAST_DAY,
    PPID,
    a_dispute,
    a_request,
    a_rule,
    a_rulebook,
    an_objection,
    clock_of,
    registering,
    take,
)

DECREED = date(2026, 3, 4)


def with_day_off(on, book=BOOK):
    day = DayOff(on, DayKind.JOINT_LEAVE, "Cuti bersama susulan", "SKB susulan", DECREED)
    calendar = book.calendar
    return replace(book, calendar=replace(calendar, days=(*calendar.days, day)))


def without_day_off(on, book=BOOK):
    calendar = book.calendar
    days = tuple(replace(d, revoked_on=DECREED) if d.on == on else d for d in calendar.days)
    return replace(book, calendar=replace(calendar, days=days))


def by_kind(found):
    return {move.kind: move for move in found}


@pytest.mark.parametrize(
    "case",
    [
        *(a_request(stage) for stage in Stage),
        *(an_objection(stage) for stage in ObjectionStage),
        *(a_dispute(stage) for stage in DisputeStage),
    ],
    ids=lambda case: f"{type(case).__name__}-{case.stage}",
)
def test_unchanged_rules_move_nothing(case):
    assert moves(case, BOOK) == ()


def test_a_further_day_off_moves_the_notice_by_one_working_day_and_is_named():
    found = by_kind(moves(registering().case, with_day_off(date(2026, 3, 10))))
    move = found[ClockKind.NOTICE]

    assert (move.old_due_on, move.new_due_on) == (LAST_DAY, date(2026, 3, 17))
    assert move.because == ("2026-03-10 libur: Cuti bersama susulan (SKB susulan)",)
    assert not move.is_shorter


def test_a_revoked_day_off_shortens_a_running_date():
    request = take(registering().case, "extend", PPID, date(2026, 3, 9), **EXTENSION)
    (move,) = [m for m in moves(request, without_day_off(date(2026, 3, 20))) if m.kind is ClockKind.NOTICE]

    assert move.new_due_on < move.old_due_on
    assert move.is_shorter
    assert "2026-03-20 tidak lagi libur" in move.because[0]


def test_an_extended_notice_keeps_its_further_seven_days():
    request = take(registering().case, "extend", PPID, date(2026, 3, 9), **EXTENSION)
    move = by_kind(moves(request, with_day_off(date(2026, 3, 10))))[ClockKind.NOTICE]

    assert move.old_due_on == EXTENDED_LAST_DAY
    assert (move.first_due_on, move.new_due_on) == (date(2026, 3, 17), date(2026, 4, 2))


def test_an_opd_held_back_by_the_statutory_date_moves_with_it():
    request = take(registering().case, "record_complete", DESK, date(2026, 3, 6))
    request = take(request, "forward", PPID, date(2026, 3, 6), opds=("kesehatan",))
    held = clock_of(request, "opd_answer", "kesehatan")
    book = with_day_off(date(2026, 3, 9))
    move = by_kind(moves(request, book))[ClockKind.OPD_ANSWER]

    assert held.capped
    assert move.capped
    assert move.new_due_on > held.due_on


def test_a_day_that_somebody_named_stays():
    request = a_request(Stage.HANDOVER)
    promised = clock_of(request, "handover")

    assert ClockKind.HANDOVER not in by_kind(moves(request, with_day_off(promised.due_on)))


def test_time_given_to_an_opd_stays_as_given():
    request = a_request(Stage.FORWARDED)
    request = take(request, "ask_time", HEALTH, date(2026, 3, 4), days=1, note="arsip")
    request = take(request, "give_time", PPID, date(2026, 3, 4), opds=("kesehatan",), days=1)

    assert ClockKind.OPD_ANSWER not in by_kind(moves(request, with_day_off(date(2026, 3, 5))))


def test_a_new_rule_binds_only_cases_received_from_its_first_day():
    book = a_rulebook(a_rule("notice", 8, effective_from=date(2026, 3, 5)))
    old, new = (
        registering(received_on=date(2026, 3, 2)).case,
        registering(date(2026, 3, 9), received_on=date(2026, 3, 9)).case,
    )

    assert moves(old, book) == ()
    assert by_kind(moves(new, book))[ClockKind.NOTICE].rule == "notice@2026-03-05"


def test_open_cases_are_bound_when_the_city_says_so_and_stay_bound():
    book = a_rulebook(a_rule("notice", 8, effective_from=date(2026, 3, 5)))
    request = registering().case
    found = moves(request, book, True)
    move = by_kind(found)[ClockKind.NOTICE]
    moved = replace(request, clocks=moved_clocks(request.clocks, found, book, date(2026, 3, 5)))

    assert (move.old_due_on, move.new_due_on) == (LAST_DAY, date(2026, 3, 12))
    assert move.because == ("aturan notice@2010-04-30 menjadi notice@2026-03-05 (pasal notice)",)
    assert moves(moved, book) == ()


def test_a_fired_rung_fires_again_only_if_its_new_day_lies_ahead():
    rungs = (Rung(-3, (Recipient.COORDINATOR,)), Rung(0, (Recipient.COORDINATOR,)))
    book = replace(with_day_off(date(2026, 3, 13)), ladders=Ladders({ClockKind.NOTICE: rungs}))
    request = registering().case
    notice = replace(clock_of(request, "notice"), fired=(-3, 0))
    request = replace(request, clocks=(notice, *request.clocks[1:]))
    found = moves(request, book)
    (moved, *_) = moved_clocks(request.clocks, found, book, date(2026, 3, 16))

    assert moved.due_on == date(2026, 3, 17)
    assert moved.fired == (-3,)
    assert moved.version == notice.version + 1


def test_a_decree_for_the_next_year_turns_an_estimate_into_a_date():
    book = replace(BOOK, calendar=replace(BOOK.calendar, decreed_through=date(2026, 3, 10)))
    request = registering(date(2026, 3, 2)).case
    estimate = replace(
        request, clocks=tuple(replace(c, provisional=c.due_on > date(2026, 3, 10)) for c in request.clocks)
    )
    (move,) = moves(estimate, BOOK)
    (_, *_), notice = (
        estimate.clocks,
        latest(moved_clocks(estimate.clocks, (move,), BOOK, LAST_DAY), ClockKind.NOTICE),
    )

    assert moves(estimate, book) == ()
    assert move.keeps_its_day
    assert not notice.provisional
    assert notice.version == 1


def test_an_ended_clock_never_moves():
    request = a_request(Stage.CLOSED)

    assert running(request.clocks, ClockKind.NOTICE) is None
    assert moves(request, with_day_off(date(2026, 3, 4))) == ()
