"""Handover, orders, corrections and the end of a request."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.act import Act
from domain.errors import Refused
from domain.objection import ObjectionStage
from domain.office import SYSTEM
from domain.request import Stage
from tests.domain.builders import (
    APPLICANT,
    DESK,
    PPID,
    RECEIVED,
    a_request,
    an_objection,
    clock_of,
    decide,
    on,
    registering,
    take,
    two_opds,
)

FORWARDED, DRAFTING = date(2026, 3, 3), date(2026, 3, 5)


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


def handing_over(day, family=()):
    act = Act(action="hand_over", by=DESK, at=on(day))
    paid = take(a_request(Stage.HANDOVER), "pay", DESK, date(2026, 3, 11))
    return decide(paid, act, family=(paid, *family))


def test_a_copy_handed_over_after_the_applicants_window_closes_the_request():
    [(number, follow)] = handing_over(date(2026, 5, 20)).follow

    assert (number, follow.action) == ("001/PPID-TS/2026", "close")


def test_a_copy_handed_over_in_time_leaves_the_request_open_to_objections():
    assert handing_over(date(2026, 3, 16)).follow == ()


def test_a_copy_handed_over_while_an_objection_is_open_closes_nothing():
    assert handing_over(date(2026, 5, 20), family=(an_objection(),)).follow == ()
