"""Reads everything the agency decided, in one go: refused whole when anything in it may not stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from config.calendars import load_calendar
from config.faults import FaultList
from config.ladders import ladders_from
from config.office import office_from, opds_from
from config.rules import rules_from
from config.source import open_source
from domain.calendar import Calendar
from domain.ladder import Ladders
from domain.office import Office
from domain.rule import Rule
from domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Policy:
    """The agency's files as plain values."""

    rules: tuple[Rule, ...]
    ladders: Ladders
    office: Office
    calendar: Calendar

    @property
    def rulebook(self) -> Rulebook:
        """The same, as acts and the sweep read it."""
        return Rulebook(self.rules, self.calendar, self.ladders, self.office)


def load_policy(directory: Path, *, on: date | None = None) -> Policy:
    """The policy in *directory*: deadlines, ladders, OPDs, people and the calendar.

    Args:
        on: the day on which every role must be held by somebody; None leaves that out.

    Raises:
        ConfigFaults: everything wrong in any of the files, each with file, line, field and article.
    """
    faults = FaultList()
    calendar = None
    with faults.gathering():
        calendar = load_calendar(directory)
    rules, ladders, office = _read(directory, faults, on)
    faults.refuse_if_any()
    if ladders is None or office is None or calendar is None:
        raise AssertionError("a part is missing and no fault says why")
    return Policy(rules, ladders, office, calendar)


def _read(
    directory: Path, faults: FaultList, on: date | None
) -> tuple[tuple[Rule, ...], Ladders | None, Office | None]:
    deadlines = open_source(directory / "deadlines.yaml", faults)
    ladders = open_source(directory / "ladders.yaml", faults)
    opds = open_source(directory / "opd.yaml", faults)
    people = open_source(directory / "people.yaml", faults)
    rules = rules_from(deadlines) if deadlines else ()
    units = opds_from(opds) if opds else ()
    return (
        rules,
        ladders_from(ladders, rules) if ladders else None,
        office_from(people, units, on=on) if people else None,
    )
