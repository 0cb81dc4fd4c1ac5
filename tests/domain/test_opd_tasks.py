"""What the OPDs hold, by when, and how their answers come together."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.act import Act, ProposedOpd
from domain.clock import running
from domain.errors import Refused
from domain.item import Ground
from domain.ladder import Recipient
from domain.letter import LetterKind
from domain.office import SYSTEM
from domain.request import Stage, TaskState
from domain.rule import ClockKind
from tests.domain.builders import (
    ATASAN,
    HEALTH,
    LAST_DAY,
    LEGAL,
    PPID,
    RECEIVED,
    ROADS,
    a_request,
    a_verdict,
    clock_of,
    decide,
    on,
    take,
    two_opds,
)

FORWARDED, DRAFTING = date(2026, 3, 3), date(2026, 3, 5)


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


# --- one item with two OPDs ---------------------------------------------------------------------


def shared_item():
    request = take(a_request(), "forward", PPID, FORWARDED, opds=("kesehatan", "jalan"), items=(1,))
    return take(request, "forward", PPID, FORWARDED, opds=("taman",), items=(2,))


def answering(request, by, **fields):
    return decide(request, Act(action="answer", by=by, at=on(DRAFTING), note="ada", **fields))


def test_an_opd_whose_part_another_opd_has_answered_is_told_by_whom():
    [letter] = answering(shared_item(), HEALTH, items=(1,)).letters

    assert (letter.kind, letter.opd, letter.to) == (LetterKind.OPD_RELEASED, "jalan", (Recipient.OPD,))
    assert letter.facts["reason"] == "butir 1 sudah dijawab oleh Dinas Kesehatan"


def test_the_record_names_the_opds_whose_part_another_answer_closed():
    decision = answering(shared_item(), HEALTH, items=(1,))

    assert decision.event.facts["closed_parts"] == ["jalan"]
    assert [a.state for a in decision.case.assignments] == [
        TaskState.DONE, TaskState.RELEASED, TaskState.GIVEN,
    ]  # fmt: skip


def test_a_part_others_answered_ends_its_clock_without_meeting_it():
    request = answering(shared_item(), HEALTH, items=(1,)).case

    assert (
        clock_of(request, "opd_answer", "jalan").ended_at
        and clock_of(request, "opd_answer", "kesehatan").met_at
    )
    assert not clock_of(request, "opd_answer", "jalan").met_at


def test_an_opd_whose_item_the_coordinator_answers_is_told():
    [letter] = answering(two_opds(), PPID, items=(2,)).letters

    assert (letter.opd, letter.facts["reason"]) == ("jalan", "butir 2 sudah dijawab oleh PPID")


def test_an_opd_that_answered_one_of_its_items_has_done_its_part_whoever_answered_the_other():
    request = take(a_request(), "forward", PPID, FORWARDED, opds=("kesehatan",))
    request = take(request, "answer", HEALTH, DRAFTING, items=(1,))

    assert answering(request, PPID, items=(2,)).case.assignments[0].state is TaskState.DONE


# --- while a test is open -----------------------------------------------------------------------


def early_test():
    """Item 1 is under test while the OPD of item 2 still holds its part."""
    fields = {"ground": Ground.H, "note": "data pasien"}
    request = take(two_opds(), "propose_exemption", HEALTH, DRAFTING, **fields)
    return take(request, "open_test", LEGAL, DRAFTING)


def test_an_opd_answers_while_the_test_of_another_item_is_open_and_the_stage_stays():
    request = take(early_test(), "answer", ROADS, date(2026, 3, 6))

    assert request.stage is Stage.LEGAL_REVIEW
    assert clock_of(request, "opd_answer", "jalan").met_at


def test_an_item_under_test_is_not_answered_past_its_verdict():
    with pytest.raises(Refused, match="sedang diuji"):
        take(early_test(), "answer", PPID, date(2026, 3, 6), items=(1,))


def test_a_part_is_taken_over_although_a_test_is_open():
    request = take(early_test(), "take_over", SYSTEM, date(2026, 3, 10), opds=("jalan",))

    assert request.assignment("jalan").state is TaskState.TAKEN_OVER


def test_reviewers_learn_of_a_further_exemption_proposed_during_the_test():
    act = Act(action="propose_exemption", by=ROADS, at=on(DRAFTING), ground=Ground.H, note="alamat warga")
    [letter] = decide(early_test(), act).letters

    assert letter.kind is LetterKind.TEST_OPENED and len(letter.facts["items"]) == 2


def test_after_approval_the_request_waits_for_the_opd_that_still_owes_its_part():
    request = take(early_test(), "record_verdict", LEGAL, date(2026, 3, 6), **a_verdict())
    approved = decide(request, Act(action="approve", by=ATASAN, at=on(date(2026, 3, 9))))

    assert approved.case.stage is Stage.FORWARDED and approved.letters == ()
    assert running(approved.case.clocks, ClockKind.DRAFTING) is None


def test_after_approval_drafting_begins_when_every_opd_has_answered():
    request = take(early_test(), "answer", ROADS, date(2026, 3, 6))
    request = take(request, "record_verdict", LEGAL, date(2026, 3, 6), **a_verdict())
    approved = decide(request, Act(action="approve", by=ATASAN, at=on(date(2026, 3, 9))))

    assert approved.case.stage is Stage.DRAFTING
    assert [letter.kind for letter in approved.letters] == [LetterKind.READY_TO_DRAFT]
