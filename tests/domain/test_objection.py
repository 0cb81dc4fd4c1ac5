"""Objections: reasons, the thirty days of Atasan PPID, and what follows an answer or its absence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.act import Act, ObjectionReason
from domain.errors import Refused
from domain.ladder import Recipient
from domain.letter import LetterKind
from domain.objection import UNANSWERED, ObjectionStage
from domain.office import SYSTEM
from domain.request import Stage
from tests.domain.builders import (
    APPLICANT,
    ATASAN,
    DESK,
    PPID,
    a_refused_request,
    a_request,
    an_objection,
    clock_of,
    decide,
    filing_an_objection,
    on,
    take,
)

A, B, C, D, E, F, G = ObjectionReason
LAST_DAY = date(2026, 5, 6)


def escalated():
    return take(an_objection(ObjectionStage.WITH_ATASAN), "escalate", SYSTEM, date(2026, 5, 7))


def test_atasan_has_thirty_working_days_from_receipt():
    assert clock_of(an_objection(), "objection_answer").due_on == LAST_DAY


def test_the_applicant_gets_a_receipt_and_atasan_the_task():
    letters = filing_an_objection(a_request(Stage.ANSWERED), date(2026, 3, 16)).letters

    assert {(one.kind, one.to[0]) for one in letters} == {
        (LetterKind.OBJECTION_RECEIPT, Recipient.APPLICANT),
        (LetterKind.OBJECTION_TASK, Recipient.ATASAN),
    }


@pytest.mark.parametrize("reason", [C, G])
def test_no_answer_and_a_late_answer_are_reasons_from_day_eleven_on(reason):
    with pytest.raises(Refused, match="2026-03-16"):
        filing_an_objection(a_request(), date(2026, 3, 16), reason)

    assert filing_an_objection(a_request(), date(2026, 3, 17), reason).case.reasons == (reason,)


def test_the_last_day_ends_at_midnight_in_jakarta_whatever_the_servers_zone():
    last_minute = datetime(2026, 3, 16, 16, 59, tzinfo=UTC)
    in_time = replace(a_request(Stage.ANSWERED), notice_sent_at=last_minute)
    too_late = replace(in_time, notice_sent_at=last_minute + timedelta(minutes=1))

    assert filing_an_objection(too_late, date(2026, 3, 18), C).case.reasons == (C,)
    with pytest.raises(Refused, match="alasan c"):
        filing_an_objection(in_time, date(2026, 3, 18), C)


def test_a_refusal_is_reason_a_and_an_open_answer_is_not():
    assert filing_an_objection(a_refused_request(), date(2026, 3, 16), A).case.reasons == (A,)
    with pytest.raises(Refused, match="alasan a"):
        filing_an_objection(a_request(Stage.ANSWERED), date(2026, 3, 16), A)


@pytest.mark.parametrize("reason", [D, E])
def test_an_answer_that_disappoints_must_have_been_given(reason):
    with pytest.raises(Refused, match="pemberitahuan tertulis"):
        filing_an_objection(a_request(Stage.DRAFTING), date(2026, 3, 9), reason)


def test_a_fee_is_a_reason_once_it_was_told():
    with pytest.raises(Refused, match="biaya"):
        filing_an_objection(a_request(Stage.ANSWERED), date(2026, 3, 16), F)

    assert filing_an_objection(a_request(Stage.HANDOVER), date(2026, 3, 16), F).case.reasons == (F,)


def test_only_reason_b_needs_no_request():
    assert filing_an_objection(None, date(2026, 3, 16), B, subject="Laporan berkala").case.request == ""
    with pytest.raises(Refused, match="alasan b"):
        filing_an_objection(None, date(2026, 3, 16), C, subject="Laporan berkala")


def test_a_lapsed_request_may_be_objected_to():
    assert filing_an_objection(a_request(Stage.LAPSED), date(2026, 3, 16), C, E).case.reasons == (C, E)


def test_a_late_objection_is_registered_and_flagged():
    assert filing_an_objection(a_request(Stage.ANSWERED), date(2026, 5, 5)).case.late
    assert not filing_an_objection(a_request(Stage.ANSWERED), date(2026, 5, 4)).case.late


@pytest.mark.parametrize("received_on", [date(2026, 3, 1), date(2026, 3, 17)])
def test_an_objection_comes_neither_before_its_request_nor_tomorrow(received_on):
    with pytest.raises(Refused) as refusal:
        filing_an_objection(a_request(Stage.ANSWERED), date(2026, 3, 16), received_on=received_on)

    assert refusal.value.field == "received_on"


def test_filing_an_objection_changes_nothing_on_the_request():
    request = a_request(Stage.ANSWERED)

    assert filing_an_objection(request, date(2026, 3, 16)).follow == ()


@pytest.mark.parametrize("fields", [{"note": "tetap"}, {"granted": True}])
def test_an_answer_says_granted_or_not_and_why(fields):
    with pytest.raises(Refused):
        take(an_objection(), "answer", ATASAN, date(2026, 4, 6), **fields)


def test_a_granted_objection_orders_its_request_in_the_same_breath():
    act = Act(action="answer", by=ATASAN, at=on(date(2026, 4, 6)), granted=True, note="berikan")
    decision = decide(an_objection(), act)

    [(number, order)] = decision.follow
    assert (number, order.action, order.until) == ("001/PPID-TS/2026", "order", date(2026, 4, 20))
    fulfilment = decide(a_request(Stage.ANSWERED), order).case
    assert fulfilment.stage is Stage.FULFILMENT
    assert clock_of(fulfilment, "fulfilment").due_on == date(2026, 4, 20)


def test_a_granted_objection_without_a_request_keeps_the_duty_itself():
    objection = filing_an_objection(None, date(2026, 3, 16), B, subject="Laporan").case
    answered = take(objection, "answer", ATASAN, date(2026, 4, 6), granted=True, note="terbitkan")

    assert clock_of(answered, "fulfilment").due_on == date(2026, 4, 20)
    assert clock_of(take(answered, "fulfil", PPID, date(2026, 4, 8)), "fulfilment").met_at


def test_the_thirty_days_are_met_by_sending_and_the_dispute_window_runs_from_receipt():
    objection = an_objection(ObjectionStage.ANSWERED)
    proven = take(objection, "record_receipt", APPLICANT, date(2026, 4, 20))

    assert clock_of(objection, "objection_answer").met_at is not None
    assert clock_of(objection, "dispute_window").due_on == date(2026, 4, 29)
    assert clock_of(proven, "dispute_window").due_on == date(2026, 5, 11)


def test_a_bounced_answer_opens_the_duty_again():
    objection = an_objection(ObjectionStage.ANSWERED)
    bounced = take(
        objection, "record_bounce", SYSTEM, date(2026, 4, 7), other="001-KEB-PPID-TS-2026:objection_answer"
    )

    assert clock_of(bounced, "objection_answer").is_running


def test_escalation_waits_for_the_end_of_the_thirtieth_day():
    with pytest.raises(Refused, match="belum lewat"):
        take(an_objection(), "escalate", SYSTEM, LAST_DAY)


def test_escalation_opens_the_window_counted_from_the_thirtieth_day_and_happens_once():
    objection = escalated()

    assert clock_of(objection, "dispute_window", UNANSWERED).due_on == date(2026, 6, 2)
    with pytest.raises(Refused, match="sudah diteruskan"):
        take(objection, "escalate", SYSTEM, date(2026, 5, 8))


def test_the_notice_to_the_commission_tells_no_identity():
    act = Act(action="escalate", by=SYSTEM, at=on(date(2026, 5, 7)))
    letters = decide(an_objection(), act, family=(a_request(Stage.ANSWERED),)).letters
    [notice] = [one for one in letters if one.kind is LetterKind.COMMISSION_NOTICE]

    assert notice.to == (Recipient.COMMISSION,)
    assert not {"name", "email", "nik", "address", "person"} & set(notice.facts)
    assert len([day for day in notice.facts["trace"] if day["number"]]) == 30


def test_where_atasan_must_agree_the_commission_waits_and_the_applicant_does_not():
    act = Act(action="ask_release", by=SYSTEM, at=on(date(2026, 5, 7)))
    decision = decide(an_objection(), act)
    released = take(decision.case, "release_escalation", ATASAN, date(2026, 5, 8))

    assert LetterKind.COMMISSION_NOTICE not in {one.kind for one in decision.letters}
    assert clock_of(decision.case, "dispute_window", UNANSWERED).due_on == date(2026, 6, 2)
    assert released.escalated_on == date(2026, 5, 8)


def test_a_late_answer_shows_both_windows():
    late = take(escalated(), "answer", ATASAN, date(2026, 5, 11), granted=False, note="tetap")
    sent = take(late, "record_sent", SYSTEM, date(2026, 5, 11))

    keys = {one.key for one in sent.clocks if one.kind == "dispute_window"}
    assert keys == {"", UNANSWERED}


def test_an_objection_closes_after_the_applicants_last_day_in_both_windows():
    objection = an_objection(ObjectionStage.ANSWERED)

    with pytest.raises(Refused, match="2026-04-29"):
        take(objection, "close", SYSTEM, date(2026, 4, 29))
    assert take(objection, "close", SYSTEM, date(2026, 4, 30)).stage is ObjectionStage.CLOSED


def test_an_unanswered_objection_closes_only_when_it_was_escalated_and_the_window_is_past():
    with pytest.raises(Refused, match="belum ditanggapi"):
        take(an_objection(), "close", PPID, date(2026, 6, 3))

    assert take(escalated(), "close", SYSTEM, date(2026, 6, 3)).stage is ObjectionStage.CLOSED


def test_the_last_objection_closed_closes_its_answered_request():
    request, objection = a_request(Stage.ANSWERED), an_objection(ObjectionStage.ANSWERED)
    act = Act(action="close", by=SYSTEM, at=on(date(2026, 5, 5)))

    [(number, follow)] = decide(objection, act, family=(request, objection)).follow
    assert (number, follow.action) == (request.number, "close")


def test_an_open_request_window_keeps_the_request_open():
    request, objection = a_request(Stage.ANSWERED), an_objection(ObjectionStage.ANSWERED)
    act = Act(action="close", by=SYSTEM, at=on(date(2026, 4, 30)))

    assert decide(objection, act, family=(request, objection)).follow == ()


def test_withdrawing_an_objection_stops_its_clocks():
    assert not any(one.is_running for one in an_objection(ObjectionStage.CLOSED).clocks)


def test_withdrawing_the_last_objection_closes_its_answered_request_once_the_window_is_past():
    request, objection = a_request(Stage.ANSWERED), an_objection()
    act = Act(action="withdraw", by=APPLICANT, at=on(date(2026, 5, 5)))

    [(number, follow)] = decide(objection, act, family=(request, objection)).follow

    assert (number, follow.action) == (request.number, "close")


def test_withdrawing_an_objection_leaves_a_request_open_to_which_one_may_still_object():
    request, objection = a_request(Stage.ANSWERED), an_objection()
    act = Act(action="withdraw", by=APPLICANT, at=on(date(2026, 3, 20)))

    assert decide(objection, act, family=(request, objection)).follow == ()


def test_contact_data_are_mended_on_an_objection_only_where_it_has_no_request():
    fields = {"changes": {"email": "baru@pemohon.example"}, "note": "salah ketik"}
    alone = filing_an_objection(None, date(2026, 3, 16), ObjectionReason.B, subject="laporan").case

    assert take(alone, "correct", DESK, date(2026, 3, 17), **fields).version == 2
    with pytest.raises(Refused, match="001/PPID-TS/2026"):
        take(an_objection(), "correct", DESK, date(2026, 3, 17), **fields)
