"""Assistance between public bodies: numbered, answered, and without any statutory clock."""

from datetime import date

import pytest

from domain.act import Act
from domain.assistance import AssistanceStage
from domain.assistance_arrows import AssistanceFiling, register_assistance
from domain.errors import Refused
from domain.ladder import Recipient
from domain.letter import LetterKind
from tests.domain.builders import BOOK, DESK, HEALTH, PPID, RECEIVED, ROADS, an_assistance, decide, on, take

DAY = date(2026, 3, 4)


def deciding(case, action, by, **fields):
    return decide(case, Act(action=action, by=by, at=on(DAY), **fields))


def test_no_clock_runs_for_a_body_that_asks_a_body():
    assert an_assistance(AssistanceStage.FORWARDED).clocks == ()


def test_only_an_opd_that_was_asked_may_answer():
    with pytest.raises(Refused, match="kesehatan"):
        take(an_assistance(AssistanceStage.FORWARDED), "answer", HEALTH, DAY, note="ada")


def test_an_answer_says_something_or_brings_a_document():
    with pytest.raises(Refused) as refusal:
        take(an_assistance(AssistanceStage.FORWARDED), "answer", ROADS, DAY)

    assert refusal.value.field == "note"


def test_further_opds_join_those_asked_before_and_each_gets_one_task():
    decision = deciding(an_assistance(AssistanceStage.FORWARDED), "forward", PPID, opds=("taman",))

    assert decision.case.opds == ("jalan", "taman")
    assert [(told.kind, told.opd) for told in decision.letters] == [(LetterKind.ASSISTANCE_TASK, "taman")]


def test_an_opds_answer_goes_to_the_coordinator_who_alone_answers_the_asking_body():
    decision = deciding(an_assistance(AssistanceStage.FORWARDED), "answer", ROADS, note="peta terlampir")

    assert decision.case.stage is AssistanceStage.FORWARDED
    assert [told.kind for told in decision.letters] == [LetterKind.ASSISTANCE_COLLECTED]


def test_the_answer_carries_the_documents_of_every_opd_and_frees_those_still_asked():
    case = take(an_assistance(AssistanceStage.FORWARDED), "forward", PPID, DAY, opds=("taman",))
    case = take(case, "answer", ROADS, DAY, documents=("d1",))
    answer, freed = deciding(case, "send_answer", PPID, note="lengkap", documents=("d2",)).letters

    assert (answer.kind, answer.documents) == (LetterKind.ASSISTANCE_ANSWER, ("d1", "d2"))
    assert (freed.kind, freed.opd) == (LetterKind.OPD_RELEASED, "taman")


def test_an_empty_answer_is_refused_while_no_opd_gave_anything():
    with pytest.raises(Refused, match="belum ada jawaban OPD"):
        take(an_assistance(AssistanceStage.FORWARDED), "send_answer", PPID, DAY)


def test_an_opd_that_answers_again_replaces_its_answer():
    case = take(an_assistance(AssistanceStage.FORWARDED), "answer", ROADS, DAY, note="satu")
    case = take(case, "answer", ROADS, DAY, note="dua")

    assert [one.text for one in case.contributions] == ["dua"]


def test_the_asking_body_gets_a_receipt_and_the_coordinator_learns_of_it():
    filing = AssistanceFiling(
        asking_body="Badan Contoh", received_on=RECEIVED, subject="data", has_email=False
    )
    fields = {"number": "001/BK/PPID-TS/2026", "person": "p", "by": DESK, "at": on(RECEIVED), "book": BOOK}
    receipt, told = register_assistance(filing, **fields).letters

    assert (receipt.kind, receipt.by_hand) == (LetterKind.ASSISTANCE_RECEIPT, True)
    assert (told.kind, told.to) == (LetterKind.ASSISTANCE_NEW, (Recipient.COORDINATOR,))


def test_only_the_contact_can_be_corrected():
    with pytest.raises(Refused, match="tidak diubah"):
        take(an_assistance(), "correct", DESK, DAY, changes={"subject": "lain"}, note="salah")
