"""The one extension of the statutory date, and what moves with it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.act import Act
from domain.errors import Refused
from domain.letter import LetterKind
from domain.redating import moves
from domain.request import Stage
from domain.rule import ClockKind
from tests.domain.builders import (
    BOOK,
    EXTENDED_LAST_DAY,
    EXTENSION,
    HEALTH,
    LAST_DAY,
    PPID,
    RECEIVED,
    a_request,
    clock_of,
    decide,
    on,
    take,
    two_opds,
)


def test_the_extension_adds_seven_working_days_and_keeps_the_first_date():
    notice = clock_of(take(a_request(), "extend", PPID, date(2026, 3, 13), **EXTENSION), "notice")

    assert (notice.due_on, notice.first_due_on) == (EXTENDED_LAST_DAY, LAST_DAY)
    assert notice.is_extended and notice.version == 2


def test_the_extension_counts_from_the_first_last_day_whenever_it_is_given():
    early = take(a_request(), "extend", PPID, date(2026, 3, 3), **EXTENSION)
    late = take(a_request(), "extend", PPID, date(2026, 3, 18), **EXTENSION)

    assert clock_of(early, "notice").due_on == clock_of(late, "notice").due_on == EXTENDED_LAST_DAY


def test_there_is_no_second_extension():
    request = take(a_request(), "extend", PPID, date(2026, 3, 13), **EXTENSION)

    with pytest.raises(Refused, match=r"Pasal 22 ayat \(8\)"):
        take(request, "extend", PPID, date(2026, 3, 16), **EXTENSION)


@pytest.mark.parametrize("left_out", ["extension", "note"])
def test_an_extension_needs_one_of_two_grounds_and_a_reason_in_writing(left_out):
    fields = {name: value for name, value in EXTENSION.items() if name != left_out}

    with pytest.raises(Refused) as refusal:
        take(a_request(), "extend", PPID, date(2026, 3, 13), **fields)

    assert refusal.value.field == left_out


def extending(request, day=date(2026, 3, 5)):
    return decide(request, Act(action="extend", by=PPID, at=on(day), **EXTENSION))


def test_the_extension_gives_each_opd_that_still_owes_an_answer_the_same_days():
    request = extending(two_opds()).case

    for key in ("kesehatan", "jalan"):
        clock = clock_of(request, "opd_answer", key)
        assert (clock.due_on, clock.first_due_on) == (date(2026, 3, 17), date(2026, 3, 6))


def test_an_opds_extended_date_leaves_the_later_steps_their_days():
    request = take(two_opds(), "give_time", PPID, date(2026, 3, 5), opds=("jalan",), days=1)
    request = extending(request).case

    room = BOOK.cap_for(ClockKind.OPD_ANSWER, request.clocks, received_on=RECEIVED)
    assert clock_of(request, "opd_answer", "jalan").due_on == room == date(2026, 3, 25)


@given(day=st.dates(date(2026, 3, 3), date(2026, 4, 30)))
def test_an_extension_never_shortens_a_step(day):
    before = two_opds()

    for clock in extending(before, day).case.clocks:
        assert clock.due_on >= clock_of(before, clock.kind, clock.key).due_on


def test_each_opd_is_told_its_new_date_and_the_record_shows_it():
    decision = extending(two_opds())
    told = [letter for letter in decision.letters if letter.kind is LetterKind.OPD_TIME_GIVEN]

    assert [(t.opd, t.facts["opd_due_before"], t.facts["opd_due"]) for t in told] == [
        ("kesehatan", "2026-03-06", "2026-03-17"),
        ("jalan", "2026-03-06", "2026-03-17"),
    ]
    assert {"clock": "opd_answer", "key": "jalan", "from": "2026-03-06", "to": "2026-03-17"} in (
        decision.event.facts["redated"]
    )


def test_an_opd_that_has_answered_or_was_relieved_hears_nothing_of_the_extension():
    request = take(two_opds(), "answer", HEALTH, date(2026, 3, 5))
    request = take(request, "take_over", PPID, date(2026, 3, 5), opds=("jalan",))

    assert [letter.kind for letter in extending(request).letters] == [LetterKind.EXTENSION]


def test_the_extension_moves_the_review_that_runs():
    request = extending(a_request(Stage.LEGAL_REVIEW)).case

    assert clock_of(request, "review").due_on == date(2026, 3, 26)


def test_a_step_the_extension_moved_keeps_its_date_when_rules_are_applied():
    request = extending(a_request(Stage.LEGAL_REVIEW)).case

    assert moves(request, BOOK) == ()


@pytest.mark.parametrize(("day", "late"), [(date(2026, 3, 16), False), (date(2026, 3, 17), True)])
def test_an_extension_told_after_the_first_last_day_says_so_to_the_applicant(day, late):
    told = next(one for one in extending(a_request(), day).letters if one.kind is LetterKind.EXTENSION)

    assert told.facts["late"] is late
