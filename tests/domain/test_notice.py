"""The written notice: one for all items, met when sent, open again when it comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.act import Act
from domain.errors import Refused
from domain.item import Outcome
from domain.office import SYSTEM
from domain.request import Stage
from domain.rule import ClockKind
from tests.domain.builders import APPLICANT, DESK, PPID, a_request, clock_of, decide, on, take


def test_the_notice_needs_every_item_answered():
    request = replace(a_request(Stage.FORWARDED), stage=Stage.DRAFTING)

    with pytest.raises(Refused, match="butir 1 belum dijawab"):
        take(request, "send_notice", PPID, date(2026, 3, 9))


def test_the_notice_needs_every_exemption_approved():
    request = a_request(Stage.DRAFTING)
    withheld = tuple(replace(item, outcome=Outcome.EXEMPT) for item in request.items)

    with pytest.raises(Refused, match="belum disetujui"):
        take(replace(request, items=withheld), "send_notice", PPID, date(2026, 3, 9))


def test_the_statutory_clock_is_met_when_the_notice_is_sent_not_when_it_is_signed():
    signed = take(a_request(Stage.DRAFTING), "send_notice", PPID, date(2026, 3, 9))
    sent = take(signed, "record_sent", SYSTEM, date(2026, 3, 10))

    assert clock_of(signed, "notice").is_running
    assert clock_of(sent, "notice").met_at == on(date(2026, 3, 10))


def test_one_notice_tells_all_items_and_its_key_does_not_depend_on_its_form():
    request = a_request(Stage.DRAFTING)
    letter = decide(request, Act(action="send_notice", by=PPID, at=on(date(2026, 3, 9)))).letters[0]

    assert letter.key == "001-PPID-TS-2026:notice" and letter.meets is ClockKind.NOTICE
    assert len(letter.facts["items"]) == 2


def test_a_second_report_that_the_notice_was_sent_changes_no_clock():
    request = a_request(Stage.ANSWERED)
    again = take(request, "record_sent", DESK, date(2026, 3, 20))

    assert again.clocks == request.clocks


def test_the_objection_window_runs_from_the_presumed_receipt_until_proof_redates_it():
    request = a_request(Stage.ANSWERED)
    proven = take(request, "record_receipt", APPLICANT, date(2026, 3, 17))

    assert clock_of(request, "objection_window").due_on == date(2026, 5, 4)
    assert clock_of(proven, "objection_window").due_on == date(2026, 5, 7)


def test_a_bounced_notice_opens_the_duty_again_and_sending_anew_meets_it():
    bounced = take(
        a_request(Stage.ANSWERED), "record_bounce", SYSTEM, date(2026, 3, 10), other="001-PPID-TS-2026:notice"
    )
    again = take(bounced, "record_sent", DESK, date(2026, 3, 12))

    assert clock_of(bounced, "notice").is_running
    assert not clock_of(again, "notice").is_running


def test_a_bounce_of_another_letter_leaves_the_notice_sent():
    request = take(
        a_request(Stage.ANSWERED), "record_bounce", SYSTEM, date(2026, 3, 10), other="001-PPID-TS-2026:bundle"
    )

    assert not clock_of(request, "notice").is_running


def test_a_document_that_answers_several_items_is_sent_once():
    request = take(a_request(Stage.DRAFTING), "send_notice", PPID, date(2026, 3, 9))
    request = take(request, "record_sent", SYSTEM, date(2026, 3, 9))
    [bundle] = decide(request, Act(action="send_bundle", by=SYSTEM, at=on(date(2026, 3, 9)))).letters

    assert bundle.documents == ("d1",)
