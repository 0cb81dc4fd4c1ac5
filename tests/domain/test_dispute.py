"""Disputes at the Commission: which way they go, their periods, and what a decision sets off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.act import Act, ObjectionReason, Ruling
from domain.dispute import DisputeStage, dossier_may_go
from domain.errors import Refused
from domain.letter import LetterKind
from domain.objection import ObjectionStage
from domain.office import SYSTEM
from domain.request import Stage
from tests.domain.builders import (
    ATASAN,
    BOOK,
    PPID,
    a_dispute,
    a_refused_request,
    a_request,
    an_objection,
    clock_of,
    decide,
    filing_an_objection,
    on,
    registering_a_dispute,
    take,
)

A, B, C, D = list(ObjectionReason)[:4]
JUNE_8 = date(2026, 6, 8)


def decided(ruling=Ruling.GRANTED, family=(), **fields):
    act = Act(action="decide", by=PPID, at=on(JUNE_8), ruling=ruling, note="berikan", **fields)
    return decide(a_dispute(DisputeStage.ADJUDICATION), act, family=family)


def a_family():
    dispute = a_dispute(DisputeStage.DECIDED)
    return a_request(Stage.FULFILMENT), an_objection(ObjectionStage.ANSWERED), dispute


# --- registration -------------------------------------------------------------------------------


def test_the_commission_has_fourteen_days_to_start_and_a_hundred_to_finish():
    dispute = a_dispute()

    assert clock_of(dispute, "ki_start").due_on == date(2026, 5, 11)
    assert clock_of(dispute, "ki_process").due_on == date(2026, 9, 18)


def test_the_hundred_days_count_from_the_start_once_there_is_one():
    dispute = a_dispute(DisputeStage.MEDIATION)

    assert clock_of(dispute, "ki_process").due_on == date(2026, 9, 25)
    assert not clock_of(dispute, "ki_start").is_running


def test_a_late_dispute_is_registered_and_flagged_for_the_hearing():
    assert registering_a_dispute(date(2026, 4, 30)).case.late
    assert not registering_a_dispute(date(2026, 4, 29)).case.late


@pytest.mark.parametrize("received_on", [date(2026, 3, 15), date(2026, 4, 21)])
def test_a_dispute_comes_neither_before_its_objection_nor_tomorrow(received_on):
    with pytest.raises(Refused) as refusal:
        registering_a_dispute(received_on=received_on)

    assert refusal.value.field == "received_on"


def test_the_representative_is_told_at_once():
    letters = registering_a_dispute().letters

    assert [one.kind for one in letters] == [LetterKind.DISPUTE_TASK]
    assert letters[0].facts["ki_number"] == "012/KI-BTN/2026"


def test_completion_at_the_commission_gives_the_applicant_seven_days():
    asked = take(a_dispute(), "ask_completion", PPID, date(2026, 4, 21))
    done = take(asked, "complete", PPID, date(2026, 4, 24))

    assert clock_of(asked, "ki_completion").due_on == date(2026, 4, 30)
    assert not clock_of(done, "ki_completion").is_running


# --- mediation or adjudication ------------------------------------------------------------------


def test_an_exemption_alone_goes_straight_to_adjudication():
    objection = filing_an_objection(a_refused_request(), date(2026, 3, 16), A).case
    dispute = registering_a_dispute(objection=objection).case

    with pytest.raises(Refused, match="Pasal 29"):
        take(dispute, "start_mediation", PPID, date(2026, 4, 27))
    begun = take(dispute, "start_adjudication", PPID, date(2026, 4, 27))
    assert begun.stage is DisputeStage.ADJUDICATION
    assert clock_of(begun, "ki_process").start_on == date(2026, 4, 27)


def test_other_reasons_are_mediated_first():
    with pytest.raises(Refused, match="dimediasi"):
        take(a_dispute(), "start_adjudication", PPID, date(2026, 4, 27))


def test_both_kinds_of_reason_may_go_either_way():
    dispute = registering_a_dispute(reasons=(D, A)).case

    assert take(dispute, "start_mediation", PPID, date(2026, 4, 27)).stage is DisputeStage.MEDIATION
    assert take(dispute, "start_adjudication", PPID, date(2026, 4, 27)).stage is DisputeStage.ADJUDICATION


def test_mediation_lasts_fourteen_days_and_seven_more_once():
    dispute = a_dispute(DisputeStage.MEDIATION)
    longer = take(dispute, "extend_mediation", PPID, date(2026, 5, 18))
    mediation = clock_of(longer, "mediation")

    assert (mediation.first_due_on, mediation.due_on) == (date(2026, 5, 20), date(2026, 6, 3))
    with pytest.raises(Refused, match="satu kali"):
        take(longer, "extend_mediation", PPID, date(2026, 6, 1))


def test_an_agreement_is_final_at_once_and_binds_the_request():
    act = Act(action="agree", by=PPID, at=on(date(2026, 5, 11)), note="beri salinan", until=date(2026, 5, 25))
    decision = decide(a_dispute(DisputeStage.MEDIATION), act)

    assert (decision.case.stage, decision.case.ruling) == (DisputeStage.DECIDED, Ruling.AGREEMENT)
    assert [(number, one.action, one.until) for number, one in decision.follow] == [
        ("001/PPID-TS/2026", "order", date(2026, 5, 25))
    ]
    with pytest.raises(Refused, match="Pasal 39"):
        take(decision.case, "appeal", PPID, date(2026, 5, 12), other="city")
    with pytest.raises(Refused, match="mengikat"):
        take(decision.case, "receive_decision", PPID, date(2026, 5, 12))


def test_an_agreement_may_leave_the_city_nothing_to_do():
    act = Act(action="agree", by=PPID, at=on(date(2026, 5, 11)), note="pemohon menerima", granted=False)
    decision = decide(a_dispute(DisputeStage.MEDIATION), act)

    assert decision.follow == () and not decision.case.is_ordered
    assert take(decision.case, "close", SYSTEM, date(2026, 5, 12)).stage is DisputeStage.CLOSED


# --- hearings -----------------------------------------------------------------------------------


@given(hearing=st.dates(date(2026, 4, 20), date(2026, 12, 20)))
def test_papers_are_due_three_working_days_before_the_hearing(hearing):
    dispute = take(a_dispute(), "set_hearing", PPID, date(2026, 4, 20), until=hearing)

    assert clock_of(dispute, "hearing").due_on == BOOK.rung_day(hearing, -3)
    assert dispute.hearing_on == hearing


def test_a_moved_hearing_moves_its_clock():
    first = take(a_dispute(), "set_hearing", PPID, date(2026, 4, 20), until=date(2026, 5, 11))
    moved = take(first, "set_hearing", PPID, date(2026, 4, 21), until=date(2026, 5, 25))

    assert clock_of(moved, "hearing").due_on == date(2026, 5, 20)
    assert clock_of(moved, "hearing").version == 2


def test_a_written_answer_meets_the_hearings_clock_once():
    dispute = take(a_dispute(), "set_hearing", PPID, date(2026, 4, 20), until=date(2026, 5, 11))
    answered = take(dispute, "submit_answer", ATASAN, date(2026, 4, 30))

    assert not clock_of(answered, "hearing").is_running
    with pytest.raises(Refused, match="sudah diserahkan"):
        take(answered, "submit_answer", PPID, date(2026, 5, 4))


def test_conclusions_are_due_three_working_days_before_the_decision_hearing():
    dispute = a_dispute(DisputeStage.ADJUDICATION)
    with pytest.raises(Refused, match="belum dicatat"):
        take(dispute, "submit_conclusions", PPID, date(2026, 5, 18))

    dated = take(dispute, "set_decision_hearing", PPID, date(2026, 5, 11), until=date(2026, 5, 25))
    assert clock_of(dated, "conclusions").due_on == date(2026, 5, 20)
    assert not clock_of(take(dated, "submit_conclusions", PPID, date(2026, 5, 18)), "conclusions").is_running


def test_a_hearing_is_never_set_for_a_day_gone_by():
    with pytest.raises(Refused) as refusal:
        take(a_dispute(), "set_hearing", PPID, date(2026, 4, 21), until=date(2026, 4, 20))

    assert refusal.value.field == "until"


# --- decisions ----------------------------------------------------------------------------------


def test_the_copy_of_the_decision_is_due_in_three_days():
    assert clock_of(decided().case, "decision_copy").due_on == date(2026, 6, 11)


@pytest.mark.parametrize("ruling", [None, Ruling.AGREEMENT])
def test_a_decision_grants_partly_or_rejects(ruling):
    with pytest.raises(Refused) as refusal:
        decided(ruling)

    assert refusal.value.field == "ruling"


def test_a_granting_decision_orders_the_request_by_its_own_date():
    [(number, order)] = decided(until=date(2026, 6, 30)).follow

    request = decide(a_request(Stage.CLOSED), order).case
    assert (number, request.stage) == (request.number, Stage.FULFILMENT)
    assert clock_of(request, "fulfilment").due_on == date(2026, 6, 30)
    assert "012/KI-BTN/2026" in request.ordered_by


def test_without_a_date_of_its_own_compliance_counts_from_the_last_day_in_court():
    dispute = decided().case

    assert dispute.comply_by == BOOK.rung_day(date(2026, 6, 22), 10)


def test_a_rejecting_decision_orders_nothing():
    decision = decided(Ruling.REJECTED)

    assert decision.follow == () and decision.case.comply_by is None


def test_without_a_request_the_coordinator_is_told_the_order_directly():
    objection = filing_an_objection(None, date(2026, 3, 16), B, subject="Laporan berkala").case
    dispute = registering_a_dispute(objection=objection).case
    dispute = take(dispute, "start_mediation", PPID, date(2026, 4, 27))
    act = Act(action="agree", by=PPID, at=on(date(2026, 5, 11)), note="terbitkan", until=date(2026, 5, 25))

    decision = decide(dispute, act)
    assert decision.follow == ()
    assert [one.kind for one in decision.letters] == [LetterKind.ORDER_TASK]


@given(received=st.dates(JUNE_8, date(2026, 11, 30)))
def test_the_way_to_court_ends_with_the_earlier_of_two_readings(received):
    dispute = take(a_dispute(DisputeStage.DECIDED), "receive_decision", PPID, received)
    appeal = clock_of(dispute, "appeal")

    assert appeal.due_on == min(BOOK.rung_day(received, 14), received + timedelta(days=14))


def test_an_appeal_stops_the_order_until_the_court_has_spoken():
    request, objection, dispute = a_family()
    act = Act(action="appeal", by=PPID, at=on(date(2026, 6, 12)), other="city")
    decision = decide(dispute, act, family=(request, objection, dispute))

    [(number, suspend)] = decision.follow
    stopped = decide(request, suspend).case
    assert number == request.number and stopped.stage is Stage.ANSWERED
    assert not clock_of(stopped, "fulfilment").is_running
    assert not clock_of(decision.case, "compliance").is_running


def test_an_appeal_where_the_order_is_already_done_touches_nothing_else():
    _, objection, dispute = a_family()
    act = Act(action="appeal", by=PPID, at=on(date(2026, 6, 12)), other="applicant")

    assert decide(dispute, act, family=(a_request(Stage.ANSWERED), objection, dispute)).follow == ()


def test_an_appeal_says_whose_it_is():
    with pytest.raises(Refused) as refusal:
        take(a_dispute(DisputeStage.DECIDED), "appeal", PPID, date(2026, 6, 12), other="siapa")

    assert refusal.value.field == "other"


def test_a_late_appeal_is_recorded_and_flagged():
    dispute = take(a_dispute(DisputeStage.DECIDED), "receive_decision", PPID, JUNE_8)

    assert not take(dispute, "appeal", PPID, date(2026, 6, 22), other="city").appeal_late
    assert take(dispute, "appeal", PPID, date(2026, 6, 23), other="city").appeal_late


def test_cassation_is_open_for_fourteen_calendar_days():
    appealed = a_dispute(DisputeStage.APPEALED)
    court = take(
        appealed, "court_decide", PPID, date(2026, 9, 1), ruling=Ruling.REJECTED, note="gugatan dikabulkan"
    )

    assert clock_of(court, "cassation").due_on == date(2026, 9, 15)
    assert court.ruling is Ruling.REJECTED and court.comply_by is None


def test_complying_fulfils_the_request_where_nobody_has_said_so_yet():
    request, objection, dispute = a_family()
    act = Act(action="comply", by=PPID, at=on(date(2026, 6, 15)), documents=("d9",), note="dikirim")
    decision = decide(dispute, act, family=(request, objection, dispute))

    [(number, fulfil)] = decision.follow
    assert number == request.number
    assert decide(request, fulfil).case.stage is Stage.ANSWERED
    assert clock_of(decision.case, "compliance").met_at is not None


# --- the end ------------------------------------------------------------------------------------


def test_a_dispute_stays_open_while_something_is_ordered_or_the_court_is_open():
    dispute = take(a_dispute(DisputeStage.DECIDED), "receive_decision", PPID, JUNE_8)
    with pytest.raises(Refused, match="belum dilaksanakan"):
        take(dispute, "close", PPID, date(2026, 6, 30))

    complied = take(dispute, "comply", PPID, date(2026, 6, 12))
    with pytest.raises(Refused, match="2026-06-22"):
        take(complied, "close", PPID, date(2026, 6, 22))
    assert take(complied, "close", PPID, date(2026, 6, 23)).stage is DisputeStage.CLOSED


def test_a_decision_nobody_has_received_cannot_be_closed():
    with pytest.raises(Refused, match="salinan putusan"):
        take(decided(Ruling.REJECTED).case, "close", PPID, date(2026, 9, 1))


def test_a_closed_dispute_closes_the_objection_that_only_waited_for_it():
    request, objection = a_request(Stage.ANSWERED), an_objection(ObjectionStage.ANSWERED)
    dispute = a_dispute()
    act = Act(action="withdraw", by=PPID, at=on(date(2026, 5, 4)))

    follow = decide(dispute, act, family=(request, objection, dispute)).follow
    assert [(number, one.action) for number, one in follow] == [(objection.number, "close")]


def test_an_objection_whose_window_is_open_stays_open():
    objection, dispute = an_objection(ObjectionStage.ANSWERED), a_dispute()
    act = Act(action="withdraw", by=PPID, at=on(date(2026, 4, 21)))

    assert decide(dispute, act, family=(objection, dispute)).follow == ()


def test_the_dossier_goes_only_when_atasan_let_it_go_and_the_dispute_is_open():
    dispute = a_dispute()
    released = take(dispute, "release_dossier", ATASAN, date(2026, 4, 21))

    assert not dossier_may_go(dispute) and dossier_may_go(released)
    assert not dossier_may_go(take(released, "withdraw", PPID, date(2026, 4, 22)))
    with pytest.raises(Refused, match="sudah dilepas"):
        take(released, "release_dossier", ATASAN, date(2026, 4, 22))


def test_no_dossier_goes_before_the_commission_has_a_number():
    with pytest.raises(Refused) as refusal:
        take(registering_a_dispute(ki_number="").case, "release_dossier", ATASAN, date(2026, 4, 21))

    assert refusal.value.field == "ki_number"


def test_a_dispute_without_a_reason_of_its_own_has_those_of_its_objection():
    assert a_dispute().reasons == (D,)
    assert registering_a_dispute(reasons=(C, C)).case.reasons == (C,)
