"""An exemption in force: when its review is due, and when it ends by itself.

Law: UU 14/2008 Pasal 20; PP 61/2010 Pasal 5–11; PERKI 1/2021 Pasal 51–53 (R-20, R-P5, R-P11.2,
R-P11.3, Q-11).
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from domain.rulebook import Rulebook

#: The task to decide opens so many working days before the last day, and is to be done by the second.
OPENS_DAYS: Final = -60
DECIDED_DAYS: Final = -30


class ExpiryStep(StrEnum):
    """What an exemption asks for as its last day comes nearer."""

    TASK = "task"
    LAST = "last"
    LAPSE = "lapse"


def step_day(step: ExpiryStep, until: date, book: Rulebook) -> date:
    """The day on which that step falls; the exemption ends at the end of *until*."""
    if step is ExpiryStep.LAPSE:
        return until + timedelta(days=1)
    return book.rung_day(until, OPENS_DAYS if step is ExpiryStep.TASK else DECIDED_DAYS)


def due_step(until: date, today: date, book: Rulebook) -> ExpiryStep | None:
    """The furthest step that has come due; earlier ones it overtakes."""
    reached = [step for step in ExpiryStep if step_day(step, until, book) <= today]
    return reached[-1] if reached else None


def next_step_on(until: date | None, today: date, book: Rulebook) -> date | None:
    """The day of the next step after today; None for an exemption without an end, or past it."""
    if until is None:
        return None
    ahead = [day for step in ExpiryStep if (day := step_day(step, until, book)) > today]
    return min(ahead, default=None)
