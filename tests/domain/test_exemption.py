"""When an exemption asks for a decision, and when it ends by itself (PP 61/2010 Pasal 11)."""

from datetime import date, timedelta

import pytest

from domain.calendar import shift_working_days
from domain.exemption import ExpiryStep, due_step, next_step_on, step_day

from .builders import BOOK

UNTIL = date(2026, 12, 15)
TASK = shift_working_days(UNTIL, -60, BOOK.calendar)
LAST = shift_working_days(UNTIL, -30, BOOK.calendar)


def test_the_task_opens_60_working_days_before_and_is_to_be_done_by_30():
    assert step_day(ExpiryStep.TASK, UNTIL, BOOK) == TASK
    assert step_day(ExpiryStep.LAST, UNTIL, BOOK) == LAST


def test_it_ends_at_the_end_of_its_last_day():
    assert step_day(ExpiryStep.LAPSE, UNTIL, BOOK) == UNTIL + timedelta(days=1)
    assert due_step(UNTIL, UNTIL, BOOK) is ExpiryStep.LAST


@pytest.mark.parametrize(
    ("today", "step", "following"),
    [
        (TASK - timedelta(days=1), None, TASK),
        (TASK, ExpiryStep.TASK, LAST),
        (LAST, ExpiryStep.LAST, UNTIL + timedelta(days=1)),
        (UNTIL + timedelta(days=1), ExpiryStep.LAPSE, None),
        (UNTIL + timedelta(days=400), ExpiryStep.LAPSE, None),
    ],
)
def test_the_furthest_step_that_has_come_due_is_taken(today, step, following):
    assert due_step(UNTIL, today, BOOK) is step
    assert next_step_on(UNTIL, today, BOOK) == following


def test_an_exemption_without_an_end_asks_for_nothing():
    assert next_step_on(None, UNTIL, BOOK) is None
