"""The yearly report's way to Atasan PPID and the Commission: once in February, reminded until 31 March."""

import json
from datetime import date
from itertools import pairwise

import pytest

from domain.errors import Refused
from domain.office import Actor, Role
from tasks import leases
from tasks.reports import yearly
from tasks.store.engine import reading, writing

from .city import at
from .one_desk import Policy, desk_of

SEKDA = Actor(Role.ATASAN, "sekda")
WRITTEN = """years:
  - year: 2026
    policy: [Kebijakan.]
    facilities: [Ruang layanan.]
    staff: Dua petugas.
    budget_idr: 1000000
    obstacles: [Tidak ada.]
    recommendations: [Lanjutkan.]
"""


@pytest.fixture
def desk(office, tmp_path):
    """A year with one request; the report's text is complete."""
    office.answered()
    desk = desk_of(office)
    folder = tmp_path / "config"
    (folder / "print").mkdir(parents=True)
    for template in (Policy.folder / "print").iterdir():
        (folder / "print" / template.name).write_bytes(template.read_bytes())
    (folder / "report.yaml").write_text(WRITTEN)
    desk.policy.folder = folder
    return desk


def letters(desk, kind):
    return desk.city.letters(kind=kind)


def days_reminded(desk, first, last):
    """Look after the report each day; the days on which a letter was owed."""
    days = []
    day = first
    while day <= last:
        desk.city.go(at(day))
        before = len(letters(desk, "report_approval"))
        yearly.look_after(desk)
        if len(letters(desk, "report_approval")) > before:
            days.append(day)
        day = date.fromordinal(day.toordinal() + 1)
    return days


def test_nothing_happens_before_february_and_on_days_off(desk):
    assert days_reminded(desk, date(2027, 1, 1), date(2027, 1, 31)) == []
    desk.city.go(at(date(2027, 2, 6)))  # a Saturday

    assert yearly.look_after(desk) == "rested"


def test_it_is_put_forward_once_with_its_two_files(desk):
    desk.city.go(at(date(2027, 2, 1)))

    assert yearly.look_after(desk) == "submitted"
    assert yearly.look_after(desk) == "rested"

    (letter,) = letters(desk, "report_approval")
    assert json.loads(letter.recipients) == ["atasan", "coordinator"]
    with reading(desk.engine) as connection:
        names = [desk.documents.get(connection, one).name for one in json.loads(letter.documents)]
    assert names == ["laporan-layanan-2026.pdf", "laporan-layanan-2026-ringkasan.pdf"]


def test_reminders_come_weekly_then_daily_until_31_march_and_once_after(desk):
    days = days_reminded(desk, date(2027, 2, 1), date(2027, 4, 30))

    february = [day for day in days if day.month == 2]
    assert len(february) in (3, 4)
    assert all((b - a).days >= 7 for a, b in pairwise(february))
    late_march = [day for day in days if date(2027, 3, 20) <= day <= date(2027, 3, 31)]
    office_days = [
        date(2027, 3, day) for day in range(20, 32) if desk.city.book.is_office_day(date(2027, 3, day))
    ]
    assert late_march == office_days
    assert [day for day in days if day.month == 4] == [date(2027, 4, 1)]
    with reading(desk.engine) as connection:
        assert leases.marked(connection, yearly.ALARM) is not None


def test_an_approved_report_is_copied_to_the_commission_and_rests(desk):
    desk.city.go(at(date(2027, 2, 1)))
    yearly.look_after(desk)

    stands = yearly.approve(desk, 2026, SEKDA)

    (copy,) = letters(desk, "report_copy")
    assert json.loads(copy.recipients) == ["commission"]
    assert tuple(json.loads(copy.documents)) == stands.documents
    assert days_reminded(desk, date(2027, 2, 2), date(2027, 4, 30)) == []
    with pytest.raises(Refused, match="sudah disahkan"):
        yearly.approve(desk, 2026, SEKDA)
    with pytest.raises(Refused, match="sudah disahkan"):
        yearly.submit(desk, 2026)


def test_an_incomplete_report_is_not_approved(desk):
    (desk.policy.folder / "report.yaml").write_text("years: []\n")
    desk.city.go(at(date(2027, 2, 1)))
    yearly.submit(desk, 2026, Actor(Role.COORDINATOR, "ppid"))

    with pytest.raises(Refused, match="belum lengkap"):
        yearly.approve(desk, 2026, SEKDA)

    (desk.policy.folder / "report.yaml").write_text(WRITTEN)
    yearly.submit(desk, 2026, Actor(Role.COORDINATOR, "ppid"))
    assert yearly.approve(desk, 2026, SEKDA).times == 2


def test_only_atasan_ppid_by_name_approves_and_only_what_was_put_forward(desk):
    desk.city.go(at(date(2027, 2, 1)))
    with pytest.raises(Refused, match="belum diajukan"):
        yearly.approve(desk, 2026, SEKDA)
    yearly.submit(desk, 2026)

    for actor in (Actor(Role.ATASAN), Actor(Role.COORDINATOR, "ppid"), Actor(Role.ATASAN, "hukum")):
        with pytest.raises(Refused):
            yearly.approve(desk, 2026, actor)


def test_a_year_that_is_not_over_is_not_put_forward(desk):
    with pytest.raises(Refused, match="belum berakhir"):
        yearly.submit(desk, 2026)


def test_a_year_without_files_is_not_put_forward_by_itself(office):
    desk = desk_of(office)
    office.go(at(date(2027, 2, 1)))

    assert yearly.look_after(desk) == "nothing to report"
    with writing(office.engine) as connection:
        assert leases.marked(connection, "report.2026") is None
