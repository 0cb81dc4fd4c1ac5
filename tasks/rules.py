"""What a changed policy does to open cases: preview, apply, explain.

The stored clocks are compared with what the folder's rules and calendar give. Applying writes one journal
entry per case; nothing is ever shortened silently.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from config.loader import load_policy
from domain.calendar import Calendar, Counting, Treatment, add_working_days
from domain.clock import CLOCK_SHOWN_AS, Clock
from domain.errors import Refused
from domain.objection import UNANSWERED
from domain.redating import Move, Redating
from domain.request import Request
from domain.rule import ClockKind, Rule
from domain.rulebook import Rulebook
from tasks import cases as reading_cases
from tasks import redate
from tasks.service import Service
from tasks.store.codec import Case


def preview(service: Service, folder: Path, *, open_cases: bool) -> Iterator[Move]:
    """The running clocks that *folder*'s policy dates otherwise, case by case.

    Raises:
        ConfigFaults: the folder cannot stand.
    """
    book = _book(service, folder)
    judge = Redating(book, open_cases, was=_calendar_so_far(service, book))
    for case in redate.open_cases(service):
        yield from judge.moves(case)


def apply(service: Service, folder: Path, *, open_cases: bool, shorten: str) -> int:
    """Re-date the open cases and make *folder* the policy in force; how many cases moved.

    Raises:
        ConfigFaults: the folder cannot stand; nothing is changed.
        Refused: a running date would come earlier and *shorten* names no decision, or the folder
            leaves out a year of the active calendar; nothing is changed.
    """
    book = _book(service, folder)
    _check_years(folder, service.settings.config)
    judge = Redating(book, open_cases, was=_calendar_so_far(service, book))
    survey = redate.survey(service, judge, book)
    if survey.shorter and not shorten.strip():
        first = survey.shorter
        raise Refused(
            "--shorten",
            f"{survey.shorter_count} tenggat berjalan menjadi lebih cepat (misalnya {first.number}: "
            f"{first.old_due_on} → {first.new_due_on}); sebutkan nama keputusannya",
        )
    redate.move(service, survey.moving, judge, book, shorten)
    redate.plan(service, survey.planning, book)
    _install(folder, service.settings.config)
    return len(survey.moving)


def explain(service: Service, number: str) -> list[dict[str, Any]]:
    """Every clock of the case and of those that follow from it, with its trace and its other readings."""
    family = reading_cases.read_family(service, number)
    book = service.policy()
    return [
        _explained(case, clock, book)
        for case in family.cases
        if case.number == number or case.number != family.root.number
        for clock in case.clocks
    ]


def as_dict(move: Move) -> dict[str, Any]:
    """The move as JSON tells it."""
    told = {name: str(value) if isinstance(value, date) else value for name, value in asdict(move).items()}
    told["kind"] = str(move.kind)
    told["shorter"] = move.is_shorter
    return told


def _book(service: Service, folder: Path) -> Rulebook:
    return load_policy(folder, on=service.clock.today()).rulebook


def _calendar_so_far(service: Service, book: Rulebook) -> Calendar | None:
    """The calendar in force, to name the days that differ; None where the folder is the active one."""
    active = service.policy().calendar
    return None if active.version == book.calendar.version else active


def _check_years(folder: Path, active: Path) -> None:
    """A year that only the active folder knows would stay in force unseen."""
    given = {path.name for path in folder.glob("calendar/*.yaml")}
    left = sorted(path.name for path in active.glob("calendar/*.yaml") if path.name not in given)
    if left:
        raise Refused(
            "DIR", f"kalender {', '.join(left)} ada di folder yang berlaku, tetapi tidak di {folder}"
        )


def _install(folder: Path, active: Path) -> None:
    """Copy the folder's YAML over the active one, each file whole or not at all."""
    if folder.resolve() == active.resolve():
        return
    for source in (*folder.glob("*.yaml"), *folder.glob("calendar/*.yaml")):
        target = active / source.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(".yaml.new")
        fresh.write_bytes(source.read_bytes())
        os.replace(fresh, target)  # noqa: PTH105 atomic, and says so


def _explained(case: Case, clock: Clock, book: Rulebook) -> dict[str, Any]:
    told = book.explain(clock, received_on=case.received_on)
    name = clock.rule.partition("@")[0]
    known = next((rule for rule in book.rules if rule.name == name), None)
    return {
        "number": case.number,
        "kind": str(clock.kind),
        "key": clock.key,
        "shown_as": CLOCK_SHOWN_AS[clock.kind],
        "start": clock.start_on.isoformat(),
        "due": clock.due_on.isoformat(),
        "first_due": clock.first_due_on.isoformat(),
        "counts_from": known.counts_from if known else "ditetapkan",
        "rule": clock.rule,
        "law": clock.law,
        "provisional": clock.provisional,
        "capped": clock.capped,
        "trace": [
            {"on": day.on.isoformat(), "number": day.number, "reason": day.reason}
            for day in (told.days if told else ())
        ],
        "other_readings": _other_readings(case, clock, book),
    }


def _other_readings(case: Case, clock: Clock, book: Rulebook) -> list[dict[str, str]]:
    """Where sources disagree, the date by the other reading; shown beside, never instead."""
    readings: list[dict[str, str]] = []
    if clock.kind is ClockKind.NOTICE and isinstance(case, Request) and case.complete_on is not None:
        perki = book.due(book.rule(ClockKind.NOTICE, on=case.received_on), case.complete_on)
        if clock.is_extended:
            perki = book.due(book.rule("extension", on=case.received_on), perki)
        readings.append(
            _reading(perki, "10 hari kerja sejak dinyatakan lengkap (PERKI 1/2021 Pasal 31 ayat (3); Q-1)")
        )
    name, _, since = clock.rule.partition("@")
    if since and not clock.capped:
        rule = book.rule(name, on=case.received_on)
        strict = Counting(Treatment.COUNTED, rule.counting.receipt_day)
        if rule.unit == "working_day" and rule.direction == "after":
            day = add_working_days(clock.start_on, rule.length, book.calendar, strict)
            if day != clock.first_due_on:
                readings.append(_reading(day, "cuti bersama ikut dihitung (Q-8)"))
        if rule.also_calendar_days is not None:
            readings += _both_counts(clock, rule, book)
    if clock.kind is ClockKind.DISPUTE_WINDOW:
        other = next((c for c in case.clocks if c.kind is clock.kind and c.key != clock.key), None)
        if other is not None:
            why = (
                "sejak 30 hari kerja tanpa tanggapan"
                if other.key == UNANSWERED
                else "sejak tanggapan diterima"
            )
            readings.append(_reading(other.due_on, f"{why} (PERKI 1/2013 Pasal 13; Q-14)"))
    return readings


def _both_counts(clock: Clock, rule: Rule, book: Rulebook) -> list[dict[str, str]]:
    """The two last days of a rule with two counts; the earlier one governs."""
    working = book.due(replace(rule, also_calendar_days=None), clock.start_on)
    calendar_days = clock.start_on + timedelta(days=rule.also_calendar_days or 0)
    return [
        _reading(working, f"{rule.length} hari kerja (UU 14/2008 Pasal 48; Q-3: yang lebih awal berlaku)"),
        _reading(calendar_days, f"{rule.also_calendar_days} hari kalender (PERKI 1/2013 Pasal 60; Q-3)"),
    ]


def _reading(day: date, why: str) -> dict[str, str]:
    return {"due": day.isoformat(), "why": why}
