"""Registration and completeness: numbered at once, checked, completed or lapsed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import running
from domain.errors import Refused
from domain.letter import LetterKind
from domain.office import SYSTEM
from domain.request import Stage
from domain.rule import ClockKind
from tests.domain.builders import (
    APPLICANT,
    BOOK,
    DESK,
    LAST_DAY,
    RECEIVED,
    a_request,
    an_identity,
    clock_of,
    registering,
    take,
)

WORKING_DAYS = st.integers(0, 200).map(lambda n: BOOK.rung_day(date(2026, 1, 5), n))


def test_the_statutory_clock_counts_from_receipt_and_the_check_from_registration():
    request = registering(date(2026, 3, 4)).case

    assert clock_of(request, "notice").due_on == LAST_DAY
    assert clock_of(request, "completeness").due_on == date(2026, 3, 5)


@given(received=WORKING_DAYS, later=st.integers(0, 30))
def test_registering_later_never_moves_the_statutory_date(received, later):
    request = registering(received + timedelta(days=later), received_on=received).case

    assert clock_of(request, "notice").due_on == BOOK.rung_day(received, 10)


def test_the_receipt_tells_the_last_day_and_goes_to_the_desk_to_print_without_an_address():
    letters = registering(identity=an_identity(email="", phone="0811")).letters
    receipt = next(one for one in letters if one.kind is LetterKind.RECEIPT)

    assert receipt.facts["notice_due"] == "2026-03-16"
    assert receipt.by_hand


def test_missing_papers_are_registered_and_named_and_must_be_mended_before_it_counts_as_complete():
    request = registering(identity=an_identity(nik="12", id_document="")).case

    assert request.number and len(request.faults) == 2
    with pytest.raises(Refused, match="NIK harus 16 angka"):
        take(request, "record_complete", DESK, RECEIVED)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"received_on": date(2026, 3, 3)}, "received_on"),
        ({"subject": "  "}, "subject"),
        ({"items": ("", " ")}, "item"),
        ({"items": ("a",) * 51}, "item"),
    ],
)
def test_a_filing_that_cannot_be_read_names_the_field(fields, field):
    with pytest.raises(Refused) as refusal:
        registering(**fields)

    assert refusal.value.field == field


def test_the_applicant_has_three_working_days_from_the_presumed_receipt_of_the_letter():
    request = a_request(Stage.INCOMPLETE)

    assert clock_of(request, "correction").due_on == date(2026, 3, 11)
    assert clock_of(request, "notice").is_running


def test_proof_of_receipt_moves_the_applicants_three_days_to_the_proven_day():
    request = take(a_request(Stage.INCOMPLETE), "record_receipt", DESK, date(2026, 3, 4))

    assert clock_of(request, "correction").due_on == date(2026, 3, 9)


def test_a_request_lapses_only_after_the_applicants_last_day():
    with pytest.raises(Refused, match="2026-03-11"):
        take(a_request(Stage.INCOMPLETE), "lapse", SYSTEM, date(2026, 3, 11))


def test_a_lapsed_request_has_no_statutory_clock_and_an_open_way_to_object():
    request = a_request(Stage.LAPSED)

    assert running(request.clocks, ClockKind.NOTICE) is None
    assert clock_of(request, "objection_window").is_running


def test_completing_a_lapsed_request_revives_it_with_ten_new_days():
    request = take(a_request(Stage.LAPSED), "complete", APPLICANT, date(2026, 4, 6))

    assert request.stage is Stage.REGISTERED
    assert running(request.clocks, ClockKind.NOTICE).due_on == BOOK.rung_day(date(2026, 4, 6), 10)


def test_completing_in_time_leaves_the_statutory_date_where_it_was():
    request = take(a_request(Stage.INCOMPLETE), "complete", APPLICANT, date(2026, 3, 6))

    assert clock_of(request, "notice").due_on == LAST_DAY
