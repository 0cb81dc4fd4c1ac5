"""The calendar files: the law's vectors, an independent list of holidays, and what a bad file gets."""

from datetime import date
from pathlib import Path

import holidays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import config
from config.calendars import load_calendar
from config.faults import ConfigFaults
from domain.calendar import (
    Counting,
    DayKind,
    Treatment,
    add_working_days,
    is_provisional,
    is_working_day,
    working_days_between,
)

CALENDAR = load_calendar(Path(config.__file__).parent)
STRICT = Counting(joint_leave=Treatment.COUNTED)
PERIODS = (3, 10, 17, 30)

# Received; the ends of 3, 10, 17 and 30 working days; the same with joint leave counted.
VECTORS = [
    (
        "2023-04-10",
        "2023-04-13 2023-05-02 2023-05-11 2023-05-31",
        "2023-04-13 2023-04-24 2023-05-04 2023-05-24",
    ),
    (
        "2024-03-28",
        "2024-04-03 2024-04-22 2024-05-02 2024-05-27",
        "2024-04-03 2024-04-16 2024-04-25 2024-05-16",
    ),
    (
        "2025-03-17",
        "2025-03-20 2025-04-09 2025-04-21 2025-05-09",
        "2025-03-20 2025-04-02 2025-04-11 2025-05-02",
    ),
    (
        "2025-08-04",
        "2025-08-07 2025-08-19 2025-08-28 2025-09-17",
        "2025-08-07 2025-08-18 2025-08-27 2025-09-16",
    ),
    (
        "2026-02-06",
        "2026-02-11 2026-02-24 2026-03-05 2026-03-31",
        "2026-02-11 2026-02-23 2026-03-04 2026-03-24",
    ),
    (
        "2026-03-02",
        "2026-03-05 2026-03-16 2026-04-01 2026-04-21",
        "2026-03-05 2026-03-16 2026-03-26 2026-04-15",
    ),
    (
        "2026-03-19",
        "2026-03-27 2026-04-08 2026-04-17 2026-05-07",
        "2026-03-24 2026-04-02 2026-04-14 2026-05-04",
    ),
    (
        "2026-05-08",
        "2026-05-13 2026-05-26 2026-06-09 2026-06-29",
        "2026-05-13 2026-05-25 2026-06-05 2026-06-25",
    ),
    (
        "2026-12-14",
        "2026-12-17 2026-12-30 2027-01-12 2027-01-29",
        "2026-12-17 2026-12-29 2027-01-11 2027-01-28",
    ),
]


def ends(received, calendar, counting):
    start = date.fromisoformat(received)
    return [add_working_days(start, n, calendar, counting) for n in PERIODS]


@pytest.mark.parametrize(("received", "skipping", "counting"), VECTORS)
def test_the_worked_examples_of_the_law_table_hold(received, skipping, counting):
    assert ends(received, CALENDAR, Counting()) == [date.fromisoformat(day) for day in skipping.split()]
    assert ends(received, CALENDAR, STRICT) == [date.fromisoformat(day) for day in counting.split()]


@pytest.mark.parametrize(
    ("n", "national_only", "with_joint_leave"),
    [
        (10, date(2026, 3, 30), date(2026, 4, 6)),
        (14, date(2026, 4, 6), date(2026, 4, 10)),
        (17, date(2026, 4, 9), date(2026, 4, 15)),
        (30, date(2026, 4, 28), date(2026, 5, 5)),
    ],
)
def test_a_request_of_13_march_2026_waits_out_lebaran(n, national_only, with_joint_leave):
    received = date(2026, 3, 13)

    assert add_working_days(received, n, CALENDAR, STRICT) == national_only
    assert add_working_days(received, n, CALENDAR) == with_joint_leave


def test_the_18th_of_august_2025_moves_a_deadline_only_once_decided():
    received = date(2025, 8, 4)

    assert add_working_days(received, 10, CALENDAR.as_known_on(date(2025, 8, 6))) == date(2025, 8, 18)
    assert add_working_days(received, 10, CALENDAR.as_known_on(date(2025, 8, 7))) == date(2025, 8, 19)


def test_lebaran_2023_is_known_by_its_first_decree_until_the_amendment():
    before, after = (CALENDAR.as_known_on(date(2023, 3, day)) for day in (28, 29))
    april = [date(2023, 4, day) for day in (19, 20, 21, 24, 25, 26)]

    assert [is_working_day(day, before) for day in april] == [True, True, False, False, False, False]
    assert [is_working_day(day, after) for day in april] == [False, False, False, False, False, True]


def test_the_days_around_iduladha_2023_are_off_only_since_june():
    added = [date(2023, 6, 28), date(2023, 6, 30)]

    assert all(is_working_day(day, CALENDAR.as_known_on(date(2023, 6, 15))) for day in added)
    assert not any(is_working_day(day, CALENDAR) for day in added)


@pytest.mark.parametrize(("year", "usual", "strict"), [
    (2023, 239, 250), (2024, 238, 248), (2025, 237, 248), (2026, 240, 248), (2027, 242, 250),
])  # fmt: skip
def test_a_year_has_the_working_days_of_the_law_table(year, usual, strict):
    before, last = date(year - 1, 12, 31), date(year, 12, 31)

    assert working_days_between(before, last, CALENDAR) == usual
    assert working_days_between(before, last, CALENDAR, STRICT) == strict


@pytest.mark.parametrize("year", range(2018, 2028))
def test_the_files_name_the_same_days_as_an_independent_list(year):
    independent = holidays.country_holidays("ID", years=year, categories=("public", "government"))

    ours = {day.on for day in CALENDAR.days if day.on.year == year and day.revoked_on is None}

    assert ours == set(independent)


@pytest.mark.parametrize("year", range(2018, 2028))
def test_joint_leave_is_marked_as_such(year):
    independent = holidays.country_holidays("ID", years=year, categories=("government",))

    ours = {
        day.on
        for day in CALENDAR.days
        if day.on.year == year and day.kind is DayKind.JOINT_LEAVE and day.revoked_on is None
    }

    assert ours == set(independent)


@given(start=st.dates(date(2018, 1, 1), date(2027, 6, 30)), n=st.integers(1, 100))
def test_the_calendar_in_force_counts_as_numpy_with_the_independent_list_does(start, n):
    independent = holidays.country_holidays(
        "ID", years=range(2018, 2029), categories=("public", "government")
    )
    # numpy's list ends where ours does, so that both see 2028 as weekdays only.
    days = [day for day in independent if day.year < 2028]

    assert (
        add_working_days(start, n, CALENDAR) == np.busday_offset(start, n, "backward", holidays=days).item()
    )


def test_dates_after_the_last_seen_decree_are_provisional():
    assert CALENDAR.decreed_through == date(2026, 12, 31)
    assert [is_provisional(day, CALENDAR) for day in ends("2026-12-14", CALENDAR, Counting())] == [
        False, False, True, True,
    ]  # fmt: skip


def test_the_next_years_decree_was_unknown_before_it_was_announced():
    assert CALENDAR.as_known_on(date(2025, 9, 18)).decreed_through == date(2025, 12, 31)
    assert CALENDAR.as_known_on(date(2025, 9, 19)).decreed_through == date(2026, 12, 31)


GOOD = """\
year: 2026
decrees:
  - instrument: SKB 1
    decided_on: 2025-09-19
    source: uji
    days:
      - {on: 2026-01-01, kind: national, name: Tahun Baru}
"""


def a_folder(tmp_path, **years):
    (tmp_path / "calendar").mkdir(exist_ok=True)
    for name, text in years.items():
        (tmp_path / "calendar" / f"{name.strip('_')}.yaml").write_text(text)
    return tmp_path


def faults_of(folder):
    with pytest.raises(ConfigFaults) as refused:
        load_calendar(folder)
    return [(Path(fault.file).name, fault.line, fault.field, fault.message) for fault in refused.value.faults]


def test_every_fault_of_every_file_is_listed_with_its_line(tmp_path):
    bad = """\
year: 2027
decrees:
  - instrument: SKB 2
    decided_on: 2026-01-02
    source: uji
    colour: red
    days:
      - {on: 2027-01-01, kind: festive, name: Tahun Baru}
"""
    found = faults_of(a_folder(tmp_path, _2026=GOOD + "  - days: []\n", _2027=bad))

    assert [(file, line, field) for file, line, field, _ in found] == [
        ("2026.yaml", 8, "decrees[1].decided_on"),
        ("2026.yaml", 8, "decrees[1].instrument"),
        ("2026.yaml", 8, "decrees[1].source"),
        ("2027.yaml", 6, "decrees[0].colour"),
        ("2027.yaml", 8, "decrees[0].days[0].kind"),
    ]
    assert found[0][3] == "wajib diisi"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (GOOD.replace("year: 2026", "year: 2025"), 1, "nama berkas 2026.yaml tidak sesuai dengan tahun 2025"),
        (GOOD.replace("2026-01-01", "2025-01-01"), 7, "2025-01-01 bukan di tahun 2026"),
        (GOOD + GOOD.splitlines()[-1] + "\n", 8, "2026-01-01 sudah disebut di baris 7"),
        (GOOD.replace("Baru}", "Baru, estimated: true}"), 7, "hari perkiraan hanya boleh"),
        (GOOD.replace("2026-01-01", "2026-02-30"), 7, "tanggal 2026-02-30 tidak ada"),
        (GOOD.replace("    days:", "    revokes: [2026-05-05]\n    days:"), 6, "2026-05-05 tidak ditetapkan"),
        (GOOD + "year: 2026\n", 8, "kunci ganda, sudah ada di baris 1"),
        (GOOD.replace("SKB 1", "&a SKB 1"), 3, "jangkar dan alias YAML"),
        (GOOD.replace("SKB 1", "!!python/name:os.system x"), 3, "tag YAML"),
        (GOOD + "---\nyear: 2026\n", 8, "hanya satu dokumen"),
        ("year: 2026\ndecrees: []\n", 2, "paling sedikit satu keputusan"),
        ("", 1, "berkas kosong"),
        ("[" * 100_000, 1, "lebih dari 20 tingkat"),
        ("year: [2026\n", 2, "bukan YAML yang sah"),
        ("[" * 100 + "]" * 100, 1, "lebih dari 20 tingkat"),
        ("#" * 1_000_001, 1, "lebih besar dari"),
    ],
)
def test_a_bad_file_is_refused_with_the_line_and_the_reason(tmp_path, text, line, message):
    found = faults_of(a_folder(tmp_path, _2026=text))

    assert any(at == line and message in said for _, at, _, said in found), found


def test_a_bomb_of_aliases_is_refused_before_it_grows(tmp_path):
    bomb = 'a0: &a0 "x"\n' + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))

    assert "jangkar dan alias" in faults_of(a_folder(tmp_path, _2026=bomb))[0][3]


def test_a_folder_without_calendar_files_is_refused(tmp_path):
    assert faults_of(tmp_path)[0][3] == "tidak ada berkas kalender"


def test_a_missing_year_ends_the_reach_of_the_decrees(tmp_path):
    folder = a_folder(tmp_path, _2026=GOOD, _2028=GOOD.replace("2026-", "2028-").replace("2026", "2028"))

    assert load_calendar(folder).decreed_through == date(2026, 12, 31)
