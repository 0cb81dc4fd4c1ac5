"""From `deadlines.yaml` to rules, measured against what the law fixes (`domain/law.py`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from config.models import RULE_NAMES, DeadlinesFile, RuleEntry
from config.source import Entry, Source
from domain.calendar import Counting, Treatment
from domain.law import AIM_WORKING_DAYS, BUDGET_STEPS, LIMITS, Bound, Limit
from domain.rule import ClockKind, Direction, Rule, Unit

UNIT_SHOWN_AS: Final = {
    Unit.WORKING_DAY: "hari kerja",
    Unit.CALENDAR_DAY: "hari kalender",
    Unit.MONTH: "bulan",
    Unit.HOUR: "jam",
}
FIELD_OF: Final = {
    Unit.WORKING_DAY: "working_days",
    Unit.CALENDAR_DAY: "calendar_days",
    Unit.MONTH: "months",
    Unit.HOUR: "hours",
}
#: Periods that end before their event (R-D24.2, R-D57.3); all others run after it.
BEFORE: Final = frozenset({ClockKind.HEARING, ClockKind.CONCLUSIONS})


def rules_from(source: Source) -> tuple[Rule, ...]:
    """The rules of the file that are in order; what is wrong goes to the source's faults."""
    source.without_list(DeadlinesFile, "rules")
    entries = source.entries("rules", RuleEntry)
    _check_each_stands_once(source, entries)
    for entry in entries:
        _check_form(source, entry)
        _check_law(source, entry)
    rules = tuple(_rule(entry.value) for entry in entries)
    _check_all_names(source)
    _check_budget(source, entries)
    return rules


def _rule(entry: RuleEntry) -> Rule:
    length, unit = entry.period
    return Rule(
        name=entry.name,
        length=length,
        unit=unit,
        counts_from=entry.counts_from,
        effective_from=entry.effective_from,
        law=entry.law,
        direction=entry.direction,
        counting=Counting(entry.joint_leave, entry.receipt_day),
        basis=entry.basis,
        also_calendar_days=entry.also_calendar_days,
    )


def _check_each_stands_once(source: Source, entries: Iterable[Entry[RuleEntry]]) -> None:
    first: dict[tuple[str, object], int] = {}
    for entry in entries:
        key = (entry.value.name, entry.value.effective_from)
        if key in first:
            message = f"«{key[0]}» yang berlaku sejak {key[1]} sudah ada di baris {first[key]}"
            source.fault((*entry.at, "effective_from"), message)
        first.setdefault(key, source.line_of(entry.at))


def _check_form(source: Source, entry: Entry[RuleEntry]) -> None:
    rule = entry.value
    expected = Direction.BEFORE if rule.name in BEFORE else Direction.AFTER
    if rule.direction is not expected:
        source.fault((*entry.at, "direction"), f"«{rule.name}» harus dihitung dengan direction: {expected}")
    if rule.period[1] is Unit.HOUR:
        source.fault((*entry.at, "hours"), "tenggat dalam jam tidak menghasilkan tanggal; pakai hari")
    if Treatment.COUNTED in (rule.joint_leave, rule.receipt_day) and not rule.basis:
        source.fault((*entry.at, "basis"), "wajib diisi bila cuti bersama atau hari penerimaan dihitung")


def _check_law(source: Source, entry: Entry[RuleEntry]) -> None:
    limit = LIMITS.get(entry.value.name)
    if limit is None:
        return
    length, unit = entry.value.period
    where = (*entry.at, FIELD_OF[unit])
    if not _is_comparable(unit, limit):
        source.fault(where, f"harus dalam {UNIT_SHOWN_AS[limit.unit]}", limit.law)
    elif limit.bound is Bound.CEILING and length > limit.length:
        source.fault(where, f"kewajiban kota paling lama {_shown(limit)}, tertulis {length}", limit.law)
    elif limit.bound is Bound.FLOOR and length < limit.length:
        source.fault(where, f"hak pemohon paling singkat {_shown(limit)}, tertulis {length}", limit.law)
    if limit.bound is Bound.FLOOR:
        _check_not_shortened(source, entry, limit)


def _is_comparable(unit: Unit, limit: Limit) -> bool:
    # As many calendar days are never longer than working days, so a ceiling stays kept.
    return unit is limit.unit or (limit.bound is Bound.CEILING and unit is Unit.CALENDAR_DAY)


def _check_not_shortened(source: Source, entry: Entry[RuleEntry], limit: Limit) -> None:
    for name in ("joint_leave", "receipt_day"):
        if getattr(entry.value, name) is Treatment.COUNTED:
            source.fault((*entry.at, name), "memendekkan hak pemohon; harus skipped", limit.law)
    if entry.value.also_calendar_days is not None:
        message = "tanggal yang lebih awal tidak boleh dipakai untuk hak pemohon"
        source.fault((*entry.at, "also_calendar_days"), message, limit.law)


def _shown(limit: Limit) -> str:
    return f"{limit.length} {UNIT_SHOWN_AS[limit.unit]}"


def _check_all_names(source: Source) -> None:
    listed = source.data.get("rules")
    given = [one.get("name") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    for name in RULE_NAMES:
        if name not in given:
            limit = LIMITS.get(name)
            source.fault(("rules",), f"tenggat «{name}» belum ada", limit.law if limit else "")


def _check_budget(source: Source, entries: list[Entry[RuleEntry]]) -> None:
    """On every day on which one of the steps changes, their sum keeps to the aim."""
    steps = [entry for entry in entries if entry.value.name in BUDGET_STEPS]
    for entry in steps:
        if entry.value.period[1] is not Unit.WORKING_DAY:
            source.fault(
                (*entry.at, FIELD_OF[entry.value.period[1]]), "anggaran waktu harus dalam hari kerja"
            )
    for day in sorted({entry.value.effective_from for entry in steps}):
        in_force: dict[str, Entry[RuleEntry]] = {}
        for entry in sorted(steps, key=lambda one: one.value.effective_from):
            if entry.value.effective_from <= day:
                in_force[entry.value.name] = entry
        total = sum(entry.value.working_days or 0 for entry in in_force.values())
        if total > AIM_WORKING_DAYS:
            last = max(in_force.values(), key=lambda one: (one.value.effective_from, one.at))
            parts = " + ".join(f"{name} {one.value.working_days}" for name, one in in_force.items())
            message = (
                f"anggaran langkah kota sejak {day} berjumlah {total} ({parts}), "
                f"paling banyak {AIM_WORKING_DAYS} hari kerja"
            )
            source.fault((*last.at, "working_days"), message, LIMITS[ClockKind.NOTICE].law)
