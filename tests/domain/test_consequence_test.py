"""The consequence test: nothing is withheld without verdict and approval."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.act import Act
from domain.errors import Refused
from domain.item import Ground, Outcome
from domain.office import SYSTEM, Actor, Role
from domain.request import Stage
from tests.domain.builders import (
    ATASAN,
    HEALTH,
    LEGAL,
    PPID,
    a_refused_request,
    a_request,
    a_verdict,
    clock_of,
    decide,
    on,
    take,
)


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


def test_reviewers_are_told_which_opd_wants_to_withhold_an_item():
    fields = {"ground": Ground.H, "note": "data pasien"}
    act = Act(action="propose_exemption", by=HEALTH, at=on(date(2026, 3, 5)), **fields)
    [told] = decide(a_request(Stage.FORWARDED), act).letters

    assert told.facts["items"][0]["opd"] == "Dinas Kesehatan"
