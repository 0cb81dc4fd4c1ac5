"""Deadlines against the law: the city may be stricter on itself and kinder to the applicant only."""

from datetime import date
from pathlib import Path

import pytest

from config.loader import load_policy
from domain.law import LIMITS, Bound
from domain.rule import ClockKind

DEADLINES = "deadlines.yaml"
OTHER_FIELD = {"working_day": "working_days", "calendar_day": "calendar_days"}


def entry(name: str, length: str, extra: str = "") -> str:
    """A later rule appended to the file; it binds cases received from 2027 on."""
    return (
        f"rules:\n  - name: {name}\n    {length}\n    counts_from: kejadian\n"
        f"    effective_from: 2027-01-01\n    law: Percobaan\n{extra}"
    )


@pytest.mark.parametrize("name", LIMITS)
def test_no_period_may_cross_what_the_law_fixes(faults_after, name: str) -> None:
    limit = LIMITS[name]
    beyond = limit.length + 1 if limit.bound is Bound.CEILING else limit.length - 1
    faults = faults_after(DEADLINES, "rules:\n", entry(name, f"{OTHER_FIELD[limit.unit]}: {beyond}"))

    found = [fault for fault in faults if "paling" in fault.message and fault.law == limit.law]
    assert next(fault.field for fault in found) == f"rules[0].{OTHER_FIELD[limit.unit]}"


@pytest.mark.parametrize("name", LIMITS)
def test_a_period_may_be_stricter_on_the_city_and_kinder_to_the_applicant(faults_after, name: str) -> None:
    limit = LIMITS[name]
    kinder = limit.length - 1 if limit.bound is Bound.CEILING else limit.length + 5
    kinder = min(kinder, 1) if name == ClockKind.COMPLETENESS else kinder

    assert not faults_after(DEADLINES, "rules:\n", entry(name, f"{OTHER_FIELD[limit.unit]}: {kinder}"))


def test_months_cannot_hide_a_longer_duty(faults_after) -> None:
    (fault,) = faults_after(DEADLINES, "rules:\n", entry("notice", "months: 1"))

    assert fault.field == "rules[0].months"
    assert fault.law == "UU 14/2008 Pasal 22 ayat (7)"


def test_calendar_days_may_not_shorten_an_applicants_window(faults_after) -> None:
    (fault,) = faults_after(DEADLINES, "rules:\n", entry("objection_window", "calendar_days: 30"))

    assert "hari kerja" in fault.message


@pytest.mark.parametrize("setting", ["joint_leave: counted", "receipt_day: counted"])
def test_counting_more_days_may_not_shorten_an_applicants_window(faults_after, setting: str) -> None:
    extra = f"    {setting}\n    basis: percobaan\n"
    (fault,) = faults_after(DEADLINES, "rules:\n", entry("correction", "working_days: 3", extra))

    assert fault.field == f"rules[0].{setting.partition(':')[0]}"
    assert fault.law


def test_the_earlier_of_two_dates_may_not_shorten_an_applicants_window(faults_after) -> None:
    extra = "    also_calendar_days: 3\n"
    (fault,) = faults_after(DEADLINES, "rules:\n", entry("dispute_window", "working_days: 14", extra))

    assert fault.field == "rules[0].also_calendar_days"


def test_counting_otherwise_than_usual_needs_a_basis(faults_after) -> None:
    extra = "    joint_leave: counted\n"
    (fault,) = faults_after(DEADLINES, "rules:\n", entry("notice", "working_days: 10", extra))

    assert fault.field == "rules[0].basis"


def test_the_steps_of_the_city_may_not_sum_beyond_the_aim(faults_after) -> None:
    (fault,) = faults_after(
        DEADLINES, "name: drafting\n    working_days: 2", "name: drafting\n    working_days: 3"
    )

    assert "berjumlah 10" in fault.message
    assert fault.law == "UU 14/2008 Pasal 22 ayat (7)"


def test_a_later_step_is_summed_with_those_still_in_force(faults_after) -> None:
    (fault,) = faults_after(DEADLINES, "rules:\n", entry("review", "working_days: 4"))

    assert "sejak 2027-01-01" in fault.message


def test_a_budget_in_calendar_days_cannot_be_summed(faults_after) -> None:
    (fault,) = faults_after(DEADLINES, "rules:\n", entry("review", "calendar_days: 3"))

    assert fault.field == "rules[0].calendar_days"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("    law: UU 14/2008 Pasal 22 ayat (7)\n", "", "rules[7].law"),
        ("    law: UU 14/2008 Pasal 22 ayat (7)\n", "    law: ''\n", "rules[7].law"),
        ("    working_days: 10\n", "    working_days: -1\n", "rules[7].working_days"),
        ("    working_days: 10\n", "    working_days: 10.5\n", "rules[7].working_days"),
        ("    working_days: 10\n", "    working_days: '10'\n", "rules[7].working_days"),
        ("    working_days: 10\n", "    working_days: true\n", "rules[7].working_days"),
        ("    working_days: 10\n", "    working_days: 10\n    hours: 3\n", "rules[7]"),
        ("    working_days: 10\n", "    working_dayz: 10\n", "rules[7].working_dayz"),
        ("    working_days: 10\n", "    hours: 72\n", "rules[7].hours"),
        ("    working_days: 10\n", "    working_days: 10\n    direction: before\n", "rules[7].direction"),
        ("name: notice", "name: notis", "rules[7].name"),
        ("counts_from: pemohon menerima", "counts_from: 12 # ", "rules[5].counts_from"),
        ("effective_from: 2021-06-30", "effective_from: 2010-04-30", "rules[6].effective_from"),
        ("effective_from: 2021-06-30", "effective_from: 30 Juni 2021", "rules[6].effective_from"),
        ("effective_from: 2021-06-30", "effective_from: 0", "rules[6].effective_from"),
    ],
)
def test_a_malformed_rule_is_named_by_its_field(faults_after, old: str, new: str, field: str) -> None:
    faults = faults_after(DEADLINES, old, new)

    assert field in [fault.field for fault in faults]
    assert all(fault.line > 1 for fault in faults)


def test_a_fault_names_the_line_a_person_must_mend(faults_after, policy_folder: Path) -> None:
    (fault,) = faults_after(
        DEADLINES,
        "    working_days: 10\n    counts_from: permohonan",
        "    working_days: 12\n    counts_from: permohonan",
    )
    line = (policy_folder / DEADLINES).read_text(encoding="utf-8").splitlines()[fault.line - 1]

    assert line.strip() == "working_days: 12"


def test_a_clock_without_any_rule_is_named(faults_after) -> None:
    faults = faults_after(DEADLINES, "name: compliance", "name: fulfilment")

    assert any("«compliance» belum ada" in fault.message for fault in faults)


def test_an_unknown_field_beside_the_rules_is_a_fault(faults_after) -> None:
    (fault,) = faults_after(DEADLINES, "rules:\n", "versi: 3\nrules:\n")

    assert fault.field == "versi"


def test_a_case_keeps_the_rule_of_the_day_it_was_received(policy_folder: Path) -> None:
    path = policy_folder / DEADLINES
    text = path.read_text(encoding="utf-8").replace("rules:\n", entry("notice", "working_days: 8") + "\n", 1)
    path.write_text(text, encoding="utf-8")
    rulebook = load_policy(policy_folder).rulebook

    assert rulebook.rule(ClockKind.NOTICE, on=date(2026, 12, 31)).length == 10
    assert rulebook.rule(ClockKind.NOTICE, on=date(2027, 1, 1)).length == 8
