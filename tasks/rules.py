"""What a changed policy does to open cases: preview, apply, explain.

The stored clocks are compared with what the folder's rules and calendar give. Applying writes one journal
entry per case; nothing is ever shortened silently.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from config.loader import load_policy
from domain import redating
from domain.arrow import Happened
from domain.calendar import Calendar, Counting, Treatment, add_working_days
from domain.clock import CLOCK_SHOWN_AS, Clock
from domain.errors import Refused
from domain.objection import UNANSWERED
from domain.office import SYSTEM
from domain.redating import Move
from domain.request import Request
from domain.rule import ClockKind, Rule
from domain.rulebook import Rulebook
from tasks import cases as reading_cases
from tasks.acts import Performed
from tasks.service import Service
from tasks.store import casefile
from tasks.store.codec import Case, load_case
from tasks.store.engine import reading
from tasks.store.schema import cases

_CHUNK: Final = 500
_OPEN: Final = (
    select(cases.c.id, cases.c.number, cases.c.kind, cases.c.state)
    .where(cases.c.stage != "closed", cases.c.id > bindparam("after"))
    .order_by(cases.c.id)
    .limit(_CHUNK)
)
_THESE: Final = select(cases.c.id, cases.c.kind, cases.c.state).where(
    cases.c.id.in_(bindparam("ids", expanding=True))
)


def preview(service: Service, folder: Path, *, open_cases: bool) -> Iterator[Move]:
    """The running clocks that *folder*'s policy dates otherwise, case by case.

    Raises:
        ConfigFaults: the folder cannot stand.
    """
    book = _book(service, folder)
    was = _calendar_so_far(service, book)
    for case in _open_cases(service):
        yield from redating.moves(case, book, open_cases, was=was)


def apply(service: Service, folder: Path, *, open_cases: bool, shorten: str) -> int:
    """Re-date the open cases and make *folder* the policy in force; how many cases moved.

    Raises:
        ConfigFaults: the folder cannot stand; nothing is changed.
        Refused: a running date would come earlier and *shorten* names no decision, or the folder
            leaves out a year of the active calendar; nothing is changed.
    """
    book = _book(service, folder)
    _check_years(folder, service.settings.config)
    found = list(preview(service, folder, open_cases=open_cases))
    shorter = [move for move in found if move.is_shorter]
    if shorter and not shorten.strip():
        first = shorter[0]
        raise Refused(
            "--shorten",
            f"{len(shorter)} tenggat berjalan menjadi lebih cepat (misalnya {first.number}: "
            f"{first.old_due_on} → {first.new_due_on}); sebutkan nama keputusannya",
        )
    numbers = list(dict.fromkeys(move.number for move in found))
    for start in range(0, len(numbers), _CHUNK):
        jobs = [
            _redate(service, number, book, open_cases, shorten) for number in numbers[start : start + _CHUNK]
        ]
        for one in [service.acts.writer.submit(job) for job in jobs]:
            one.result()
    _plan_rungs(service, book)
    _install(folder, service.settings.config)
    return len(numbers)


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


def _open_cases(service: Service) -> Iterator[Case]:
    after = 0
    while True:
        with reading(service.engine) as connection:
            rows = connection.execute(_OPEN, {"after": after}).all()
        if not rows:
            return
        for row in rows:
            yield load_case(row.kind, row.state)
        after = rows[-1].id


def _redate(service: Service, number: str, book: Rulebook, open_cases: bool, decision: str) -> Any:
    now, today = service.clock.now(), service.clock.today()

    def job(connection: Connection) -> Performed:
        filed = casefile.load_family(connection, number, lock=True).file(number)
        found = redating.moves(filed.case, book, open_cases, was=_calendar_so_far(service, book))
        if not found:  # somebody acted in between
            return Performed(number, "", "", 0, 0)
        moved = redating.moved_clocks(filed.case.clocks, found, book, today)
        changed = replace(filed.case, clocks=moved, version=filed.case.version + 1)
        stage = str(filed.case.stage)
        facts = {
            "decision": decision,
            "moves": [
                {
                    "clock": str(move.kind),
                    "key": move.key,
                    "old": move.old_due_on.isoformat(),
                    "new": move.new_due_on.isoformat(),
                    "because": list(move.because),
                }
                for move in found
            ],
        }
        event = Happened(number, "redate", stage, stage, SYSTEM, now, facts)
        return service.acts.note_event(connection, filed, event, changed, book)

    return job


def _plan_rungs(service: Service, book: Rulebook) -> None:
    """Bring the next rung of every running clock in line: ladders and days off may have changed, too."""
    after = 0
    while True:
        with reading(service.engine) as connection:
            rows = connection.execute(_OPEN, {"after": after}).all()
        if not rows:
            return
        service.acts.writer.submit(_planning([row.id for row in rows], book)).result()
        after = rows[-1].id


def _planning(ids: list[int], book: Rulebook) -> Callable[[Connection], Performed]:
    def job(connection: Connection) -> Performed:
        for row in connection.execute(_THESE, {"ids": ids}).all():
            running = tuple(clock for clock in load_case(row.kind, row.state).clocks if clock.is_running)
            casefile.put_clocks(connection, row.id, running, book)
        return Performed("", "", "", 0, 0)

    return job


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
