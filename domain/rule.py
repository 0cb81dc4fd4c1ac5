"""A deadline as data: how long, in which unit, from which event, by which article, from which day on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.calendar import DEFAULT_COUNTING, Counting
from domain.errors import NoRuleInForce


class ClockKind(StrEnum):
    """What a clock waits for. The value is the rule's name in `config/deadlines.yaml`."""

    COMPLETENESS = "completeness"
    CORRECTION = "correction"
    FORWARD = "forward"
    OPD_ANSWER = "opd_answer"
    REVIEW = "review"
    DRAFTING = "drafting"
    NOTICE = "notice"
    OBJECTION_WINDOW = "objection_window"
    HANDOVER = "handover"
    FULFILMENT = "fulfilment"
    OBJECTION_ANSWER = "objection_answer"
    DISPUTE_WINDOW = "dispute_window"
    KI_COMPLETION = "ki_completion"
    KI_START = "ki_start"
    HEARING = "hearing"
    MEDIATION = "mediation"
    CONCLUSIONS = "conclusions"
    KI_PROCESS = "ki_process"
    DECISION_COPY = "decision_copy"
    APPEAL = "appeal"
    CASSATION = "cassation"
    COMPLIANCE = "compliance"


class Unit(StrEnum):
    """In what a period is counted."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"
    HOUR = "hour"


class Direction(StrEnum):
    """Whether the period runs after the event it counts from, or must end before it."""

    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Rule:
    """One period, in force from a day on.

    Attributes:
        name: a `ClockKind` value, or one of the periods that stretch a clock
            (`extension`, `presumed_receipt`, `mediation_extension`).
        counts_from: the event in words, for the trace and the letters.
        law: the article, or the city's decision, it rests on.
        basis: why joint leave and the receipt day are counted as they are.
        also_calendar_days: a second period in calendar days; the earlier date governs (Q-3).
    """

    name: str
    length: int
    unit: Unit
    counts_from: str
    effective_from: date
    law: str
    direction: Direction = Direction.AFTER
    counting: Counting = DEFAULT_COUNTING
    basis: str = ""
    also_calendar_days: int | None = None

    @property
    def id(self) -> str:
        """Name and first day in force, as kept on a clock: `notice@2010-04-30`."""
        return f"{self.name}@{self.effective_from.isoformat()}"


def rule_in_force(rules: Iterable[Rule], name: str, *, on: date) -> Rule:
    """The rule of that name which binds a case received on that day.

    Raises:
        NoRuleInForce: the configuration knows none for the day.
    """
    known = [rule for rule in rules if rule.name == name and rule.effective_from <= on]
    if not known:
        raise NoRuleInForce(name, on)
    return max(known, key=lambda rule: rule.effective_from)
