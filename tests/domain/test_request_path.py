"""The path of a request: what each rule of law or of the city means in dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.act import Act, ProposedOpd
from domain.clock import running
from domain.errors import Refused
from domain.item import Ground, Outcome
from domain.letter import LetterKind
from domain.objection import ObjectionStage
from domain.office import SYSTEM, Actor, Role
from domain.request import Stage, TaskState
from domain.rule import ClockKind
from tests.domain.builders import (
    APPLICANT,
    ATASAN,
    BOOK,
    DESK,
    EXTENDED_LAST_DAY,
    EXTENSION,
    HEALTH,
    LAST_DAY,
    LEGAL,
    PPID,
    RECEIVED,
    ROADS,
    a_refused_request,
    a_request,
    a_verdict,
    an_identity,
    an_objection,
    clock_of,
    decide,
    on,
    registering,
    take,
)

FORWARDED, DRAFTING = date(2026, 3, 3), date(2026, 3, 5)
WORKING_DAYS = st.integers(0, 200).map(lambda n: BOOK.rung_day(date(2026, 1, 5), n))


def two_opds():
    request = take(a_request(), "forward", PPID, FORWARDED, opds=("kesehatan",), items=(1,))
    return take(request, "forward", PPID, FORWARDED, opds=("jalan",), items=(2,))


# --- registration and completeness --------------------------------------------------------------


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


# --- extension ----------------------------------------------------------------------------------


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


# --- the OPDs -----------------------------------------------------------------------------------


def test_each_opd_has_a_clock_of_its_own():
    request = two_opds()

    assert clock_of(request, "opd_answer", "kesehatan").due_on == date(2026, 3, 6)
    assert clock_of(request, "opd_answer", "jalan").is_running


def test_an_opds_clock_never_passes_the_statutory_date_less_the_later_steps():
    request = take(a_request(), "forward", PPID, date(2026, 3, 6), opds=("kesehatan",))
    mine = clock_of(request, "opd_answer", "kesehatan")

    assert mine.capped and mine.due_on == date(2026, 3, 9)


def test_a_cap_in_the_past_leaves_the_opd_the_day_itself():
    request = take(a_request(), "forward", PPID, LAST_DAY, opds=("kesehatan",))

    assert clock_of(request, "opd_answer", "kesehatan").due_on == LAST_DAY


@given(day=st.dates(RECEIVED, LAST_DAY))
def test_no_internal_step_ends_after_the_statutory_date(day):
    request = take(a_request(), "forward", PPID, day, opds=("kesehatan",))

    assert clock_of(request, "opd_answer", "kesehatan").due_on <= LAST_DAY


def test_rerouting_never_moves_the_statutory_date():
    request = a_request(Stage.FORWARDED)
    moved = take(request, "reroute", PPID, date(2026, 3, 5), opds=("kesehatan", "taman"))

    assert clock_of(moved, "notice") == clock_of(request, "notice")
    assert moved.assignment("taman").items == (1, 2)
    assert not clock_of(moved, "opd_answer", "kesehatan").is_running


@pytest.mark.parametrize("opds", [(), ("kesehatan",), ("taman", "jalan"), ("kesehatan", "tidak_ada")])
def test_rerouting_names_an_opd_that_holds_the_task_and_one_that_exists(opds):
    with pytest.raises(Refused, match="OPD"):
        take(a_request(Stage.FORWARDED), "reroute", PPID, date(2026, 3, 5), opds=opds)


def test_not_ours_leaves_the_part_open_and_its_clock_running():
    request = take(a_request(Stage.FORWARDED), "not_ours", HEALTH, date(2026, 3, 4), note="milik Dinas lain")

    assert request.assignment("kesehatan").state is TaskState.NOT_OURS
    assert clock_of(request, "opd_answer", "kesehatan").is_running


def test_an_opd_may_only_answer_what_it_was_given():
    with pytest.raises(Refused, match="butir 2"):
        take(two_opds(), "answer", HEALTH, date(2026, 3, 5), items=(2,))


def test_drafting_begins_with_the_last_opds_answer():
    first = take(two_opds(), "answer", HEALTH, date(2026, 3, 4))
    last = take(first, "answer", ROADS, date(2026, 3, 5))

    assert (first.stage, last.stage) == (Stage.FORWARDED, Stage.DRAFTING)
    assert clock_of(last, "drafting").due_on == date(2026, 3, 9)


def test_the_order_in_which_opds_answer_changes_nothing_but_who_was_first():
    def answered(*order):
        request = two_opds()
        for opd in order:
            request = take(request, "answer", opd, date(2026, 3, 5))
        return request

    assert answered(HEALTH, ROADS) == answered(ROADS, HEALTH)


def test_time_given_to_an_opd_stops_at_the_statutory_date_less_the_later_steps():
    asked = take(a_request(Stage.FORWARDED), "ask_time", HEALTH, date(2026, 3, 5), days=5, note="arsip")
    given = take(asked, "give_time", PPID, date(2026, 3, 5), opds=("kesehatan",))

    assert clock_of(given, "opd_answer", "kesehatan").due_on == date(2026, 3, 9)
    with pytest.raises(Refused, match="tidak ada ruang"):
        take(given, "give_time", PPID, date(2026, 3, 6), opds=("kesehatan",), days=1)


def test_a_taken_over_part_is_answered_by_the_coordinator_and_its_clock_is_then_met():
    request = take(a_request(Stage.FORWARDED), "take_over", PPID, date(2026, 3, 9), opds=("kesehatan",))
    answered = take(request, "answer", PPID, date(2026, 3, 10), opds=("kesehatan",))

    assert clock_of(request, "opd_answer", "kesehatan").is_running
    assert clock_of(answered, "opd_answer", "kesehatan").met_at == on(date(2026, 3, 10))


def test_forwarding_without_naming_items_follows_the_proposal():
    proposed = (ProposedOpd("jalan", (2,), "kata «jalan»"),)
    request = take(a_request(), "propose_opds", SYSTEM, RECEIVED, proposed=proposed)

    assert take(request, "forward", PPID, FORWARDED, opds=("jalan",)).assignment("jalan").items == (2,)


# --- the consequence test -----------------------------------------------------------------------


def test_an_opd_cannot_withhold_anything_by_itself():
    with pytest.raises(Refused, match="uji konsekuensi"):
        take(a_request(Stage.FORWARDED), "answer", HEALTH, date(2026, 3, 5), outcome=Outcome.EXEMPT)


def test_a_proposed_exemption_leads_to_the_test_and_is_no_answer_yet():
    request = a_request(Stage.LEGAL_REVIEW)

    assert request.outcomes == frozenset()
    assert clock_of(request, "review").due_on == date(2026, 3, 10)


@pytest.mark.parametrize("ground", [g for g in Ground if g <= "17f"])
def test_17a_to_17f_are_never_permanent(ground):
    verdict = a_verdict(ground=ground, until=None, permanent=True)

    with pytest.raises(Refused, match=r"Pasal 20 ayat \(1\)"):
        take(a_request(Stage.LEGAL_REVIEW), "record_verdict", LEGAL, date(2026, 3, 6), **verdict)


def test_17a_lasts_at_most_thirty_years():
    request, day = a_request(Stage.LEGAL_REVIEW), date(2026, 3, 6)

    take(request, "record_verdict", LEGAL, day, **a_verdict(ground=Ground.A, until=date(2056, 3, 6)))
    with pytest.raises(Refused, match="30 tahun"):
        take(request, "record_verdict", LEGAL, day, **a_verdict(ground=Ground.A, until=date(2056, 3, 7)))


def test_whoever_drafted_a_verdict_may_not_approve_it_even_while_acting_for_atasan():
    request = take(a_request(Stage.LEGAL_REVIEW), "record_verdict", LEGAL, date(2026, 3, 6), **a_verdict())

    with pytest.raises(Refused, match="laras"):
        take(request, "approve", Actor(Role.ATASAN, "laras"), date(2026, 3, 9))


def test_a_verdict_becomes_the_outcome_by_approval_only():
    request = take(a_request(Stage.LEGAL_REVIEW), "record_verdict", LEGAL, date(2026, 3, 6), **a_verdict())
    approved = take(request, "approve", ATASAN, date(2026, 3, 9))

    assert (request.outcomes, approved.outcomes) == (frozenset(), {Outcome.EXEMPT})
    assert approved.stage is Stage.DRAFTING


def test_a_verdict_sent_back_is_gone_and_must_be_written_again():
    request = take(a_request(Stage.LEGAL_REVIEW), "record_verdict", LEGAL, date(2026, 3, 6), **a_verdict())
    back = take(request, "send_back", ATASAN, date(2026, 3, 9), note="dasar kurang")

    with pytest.raises(Refused, match="belum ada hasil"):
        take(back, "approve", ATASAN, date(2026, 3, 9))


def test_an_approved_exemption_changes_by_a_new_test_only():
    request = take(a_request(Stage.LEGAL_REVIEW), "record_verdict", LEGAL, date(2026, 3, 6), **a_verdict())
    request = take(request, "approve", ATASAN, date(2026, 3, 9))

    with pytest.raises(Refused, match="uji baru"):
        take(request, "answer", PPID, date(2026, 3, 10), items=(1,), outcome=Outcome.OPEN)
    again = take(
        request, "propose_exemption", PPID, date(2026, 3, 10), items=(1,), ground=Ground.I, note="memo"
    )
    assert again.stage is Stage.LEGAL_REVIEW and again.needs_test


def test_an_answer_that_replaces_a_proposal_leaves_no_verdict_to_be_applied_later():
    request = take(a_request(Stage.LEGAL_REVIEW), "record_verdict", LEGAL, date(2026, 3, 6), **a_verdict())
    request = take(replace(request, stage=Stage.DRAFTING), "answer", PPID, date(2026, 3, 9), items=(1,))

    assert request.items[0].verdict is None and request.items[0].outcome is Outcome.OPEN


def test_of_a_partly_open_item_only_the_blacked_out_copy_leaves_the_house():
    request = a_request(Stage.FORWARDED)
    request = take(
        request,
        "propose_exemption",
        HEALTH,
        date(2026, 3, 5),
        ground=Ground.H,
        note="ada NIK",
        documents=("asli",),
    )
    verdict = a_verdict(outcome=Outcome.PARTLY, documents=("hitam",))
    request = take(request, "record_verdict", LEGAL, date(2026, 3, 6), **verdict)
    request = take(request, "approve", ATASAN, date(2026, 3, 9))
    request = take(request, "send_notice", PPID, date(2026, 3, 10))
    bundle = decide(request, Act(action="send_bundle", by=SYSTEM, at=on(date(2026, 3, 10)))).letters

    assert {name for letter in bundle for name in letter.documents} == {"hitam"}


def test_an_exempt_document_is_in_no_bundle():
    request = a_refused_request()
    request = replace(request, items=tuple(replace(item, documents=("asli",)) for item in request.items))

    assert decide(request, Act(action="send_bundle", by=SYSTEM, at=on(date(2026, 3, 11)))).letters == ()


# --- the notice ---------------------------------------------------------------------------------


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


# --- no answer in time --------------------------------------------------------------------------


def test_no_answer_is_recorded_from_day_eleven_on_and_not_before():
    with pytest.raises(Refused, match="belum lewat"):
        take(a_request(), "record_unanswered", SYSTEM, LAST_DAY)

    request = take(a_request(), "record_unanswered", SYSTEM, date(2026, 3, 17))
    assert clock_of(request, "objection_window").start_on == date(2026, 3, 17)


def test_no_answer_is_recorded_once():
    request = take(a_request(), "record_unanswered", SYSTEM, date(2026, 3, 17))

    with pytest.raises(Refused, match="2026-03-17"):
        take(request, "record_unanswered", SYSTEM, date(2026, 3, 25))


def test_a_late_answer_stays_possible_and_gives_the_applicant_the_later_window():
    late = take(a_request(Stage.DRAFTING), "record_unanswered", SYSTEM, date(2026, 3, 17))
    signed = take(late, "send_notice", PPID, date(2026, 3, 25))
    sent = take(signed, "record_sent", SYSTEM, date(2026, 3, 25))

    assert clock_of(sent, "objection_window").due_on > clock_of(late, "objection_window").due_on


# --- handover, orders, the end ------------------------------------------------------------------


def test_a_copy_that_costs_is_handed_over_after_payment_only():
    request = a_request(Stage.HANDOVER)

    with pytest.raises(Refused, match=r"Rp50\.000"):
        take(request, "hand_over", DESK, date(2026, 3, 11))
    paid = take(request, "pay", DESK, date(2026, 3, 11))
    assert take(paid, "hand_over", DESK, date(2026, 3, 11)).stage is Stage.ANSWERED


def test_an_order_has_its_own_date_and_is_met_by_fulfilling_it():
    request = take(
        a_request(Stage.CLOSED), "order", SYSTEM, date(2026, 6, 8), other="Putusan", until=date(2026, 6, 30)
    )
    done = take(request, "fulfil", PPID, date(2026, 6, 12))

    assert clock_of(request, "fulfilment").due_on == date(2026, 6, 30)
    assert clock_of(done, "fulfilment").met_at is not None


def test_withdrawing_stops_every_clock():
    request = take(two_opds(), "withdraw", APPLICANT, date(2026, 3, 5))

    assert not any(one.is_running for one in request.clocks)


def test_a_request_stays_open_while_the_applicant_may_still_object():
    with pytest.raises(Refused, match="2026-05-04"):
        take(a_request(Stage.ANSWERED), "close", SYSTEM, date(2026, 5, 4))

    assert take(a_request(Stage.ANSWERED), "close", SYSTEM, date(2026, 5, 5)).stage is Stage.CLOSED


def test_a_request_stays_open_while_an_objection_is_open():
    request, objection = a_request(Stage.ANSWERED), an_objection(ObjectionStage.WITH_ATASAN)

    with pytest.raises(Refused, match="001/KEB"):
        take(request, "close", SYSTEM, date(2026, 6, 2), family=(request, objection))


def test_a_corrected_day_of_receipt_moves_the_statutory_date():
    request = take(
        a_request(), "correct", DESK, date(2026, 3, 4), changes={"received_on": "2026-02-27"}, note="stempel"
    )

    assert (request.received_on, clock_of(request, "notice").due_on) == (
        date(2026, 2, 27),
        date(2026, 3, 13),
    )


@pytest.mark.parametrize("text", ["2026-02-30", "kemarin", "2026-03-09"])
def test_a_corrected_day_is_a_day_and_not_in_the_future(text):
    with pytest.raises(Refused) as refusal:
        take(a_request(), "correct", DESK, date(2026, 3, 4), changes={"received_on": text}, note="stempel")

    assert refusal.value.field == "received_on"


@given(day=st.dates(date(2025, 1, 1), date(2026, 12, 31)))
def test_a_fact_lies_neither_in_the_future_nor_before_the_request(day):
    request = registering().case
    act = Act(action="record_complete", by=DESK, at=on(date(2026, 3, 5)), on=day)

    if RECEIVED <= day <= date(2026, 3, 5):
        assert decide(request, act).case.complete_on == day
    else:
        with pytest.raises(Refused, match="tanggal"):
            decide(request, act)
