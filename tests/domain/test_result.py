"""What became of a request, in the words of the registers."""

from dataclasses import replace
from datetime import date

import pytest

from domain.item import Ground, Item, Outcome, Verdict
from domain.request import Stage
from domain.result import Result, result_of

from .builders import on, registering

O = Outcome  # noqa: E741 short in the table below


def a_case(**fields):
    return replace(registering().case, **fields)


@pytest.mark.parametrize(
    ("outcomes", "result"),
    [
        ((O.OPEN,), Result.GRANTED),
        ((O.OPEN, O.ALREADY_PUBLISHED), Result.GRANTED),
        ((O.OPEN, O.EXEMPT), Result.PARTLY),
        ((O.PARTLY,), Result.PARTLY),
        ((O.OPEN, O.NOT_HELD), Result.PARTLY),
        ((O.EXEMPT,), Result.REFUSED),
        ((O.EXEMPT, O.NOT_HELD), Result.REFUSED),
        ((O.NOT_HELD, O.NOT_DOCUMENTED), Result.NOT_HELD),
    ],
)
def test_a_notice_is_read_off_its_items(outcomes, result):
    items = tuple(Item(no, "x", outcome=outcome) for no, outcome in enumerate(outcomes, 1))

    assert result_of(a_case(stage=Stage.ANSWERED, items=items, noticed_at=on(date(2026, 3, 9)))) is result


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        ({"stage": Stage.FORWARDED}, Result.PENDING),
        ({"stage": Stage.FORWARDED, "unanswered_on": date(2026, 3, 17)}, Result.PENDING),
        ({"stage": Stage.LAPSED}, Result.LAPSED),
        ({"stage": Stage.CLOSED, "closed_because": "close"}, Result.LAPSED),
        ({"stage": Stage.CLOSED, "closed_because": "withdraw"}, Result.WITHDRAWN),
        (
            {"stage": Stage.CLOSED, "closed_because": "close", "unanswered_on": date(2026, 3, 17)},
            Result.UNANSWERED,
        ),
        ({"stage": Stage.FULFILMENT, "unanswered_on": date(2026, 3, 17)}, Result.UNANSWERED),
    ],
)
def test_without_a_notice_the_stage_tells(fields, result):
    assert result_of(a_case(**fields)) is result


def test_what_is_given_by_order_later_does_not_change_what_the_notice_said():
    verdict = Verdict(Outcome.EXEMPT, "x", "hukum", ground=Ground.H, basis="UU", approved_by="sekda")
    item = Item(1, "x", outcome=Outcome.OPEN, verdict=verdict)
    request = a_case(
        stage=Stage.CLOSED, items=(item,), noticed_at=on(date(2026, 3, 9)), fulfilled_on=date(2026, 4, 1)
    )

    assert result_of(request) is Result.REFUSED
