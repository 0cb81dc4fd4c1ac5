"""Assistance between public bodies: numbered, answered, and without any statutory clock."""

from datetime import date

import pytest

from domain.assistance import AssistanceStage
from domain.errors import Refused
from tests.domain.builders import HEALTH, PPID, ROADS, an_assistance, take


def test_no_clock_runs_for_a_body_that_asks_a_body():
    assert an_assistance(AssistanceStage.FORWARDED).clocks == ()


def test_only_an_opd_that_was_asked_may_answer():
    with pytest.raises(Refused, match="kesehatan"):
        take(an_assistance(AssistanceStage.FORWARDED), "answer", HEALTH, date(2026, 3, 4), note="ada")


def test_an_answer_says_something_or_brings_a_document():
    with pytest.raises(Refused) as refusal:
        take(an_assistance(AssistanceStage.FORWARDED), "answer", ROADS, date(2026, 3, 4))

    assert refusal.value.field == "note"


def test_further_opds_join_those_asked_before():
    case = take(an_assistance(AssistanceStage.FORWARDED), "forward", PPID, date(2026, 3, 4), opds=("taman",))

    assert case.opds == ("jalan", "taman")
