"""How the OPDs answer, worked out by hand, and the letter each head gets once a month."""

from datetime import date

import pytest

from domain.errors import Refused
from domain.office import Role
from tasks.reports import opds

from .city import at, march
from .one_desk import desk_of

MARCH = opds.period_of("2026-03", date(2026, 3, 31))


def league(office, period=MARCH):
    found, tally = opds.standings(office.engine, office.book, period, office.clock.today())
    return {one.opd: one for one in found}, tally


@pytest.fixture
def march_of_four(office):
    """Given 2 March, due 5 March: Dikbud in time and late, DLH silent, Dinkes moved to BKAD in time."""
    first, second = office.forwarded("Dikbud"), office.forwarded("Dikbud")
    silent, moved = office.forwarded("DLH"), office.forwarded("Dinkes")
    office.do(moved, "reroute", Role.COORDINATOR, opds=("Dinkes", "BKAD"), note="salah alamat")
    office.go(march(3))
    office.do(first, "answer", Role.OPD, opd="Dikbud")
    office.go(march(10))
    office.do(second, "answer", Role.OPD, opd="Dikbud")
    office.silent = silent
    return office


def test_in_time_median_open_and_overdue_per_opd(march_of_four):
    """Answered after 1 and 6 working days; the median lies halfway."""
    found, tally = league(march_of_four)

    dikbud = found["Dikbud"]
    assert (dikbud.given, dikbud.answered, dikbud.in_time, dikbud.share) == (2, 2, 1, 50)
    assert dikbud.median == 3.5
    assert (found["DLH"].given, found["DLH"].answered, found["DLH"].share) == (1, 0, 0)
    assert (found["DLH"].open, found["DLH"].overdue) == (1, 1)
    assert tally.explain("DLH.overdue") == [march_of_four.silent]


def test_what_was_moved_elsewhere_in_time_is_nobodys_score(march_of_four):
    found, _ = league(march_of_four)

    assert "Dinkes" not in found
    assert found["BKAD"].given == 1


def test_a_task_that_ended_unanswered_after_its_day_counts_against_the_opd(march_of_four):
    office = march_of_four
    office.do(office.silent, "withdraw", Role.APPLICANT)

    found, tally = league(office)

    assert (found["DLH"].given, found["DLH"].share, found["DLH"].open) == (1, 0, 0)
    assert tally.explain("DLH.judged") == [office.silent]


def test_the_best_comes_first(march_of_four):
    found, _ = opds.standings(march_of_four.engine, march_of_four.book, MARCH, date(2026, 3, 10))

    assert found[0].opd == "Dikbud"


def test_each_head_gets_one_letter_on_the_first_office_day(march_of_four):
    office = march_of_four
    desk = desk_of(office)
    office.go(at(date(2026, 4, 4)))  # a Saturday
    assert opds.owe_monthly_letters(desk) == 0
    office.go(at(date(2026, 4, 6)))

    assert opds.owe_monthly_letters(desk) == 3
    assert opds.owe_monthly_letters(desk) == 0

    letters = office.letters(kind="opd_monthly")
    assert {letter.key for letter in letters} == {
        f"opd_monthly:{k}:2026-03" for k in ("Dikbud", "DLH", "BKAD")
    }
    assert {letter.recipients for letter in letters} == {'["opd_head"]'}


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("", date(2026, 1, 1), date(2026, 12, 31)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_a_period_is_a_year_a_quarter_or_a_month(text, first, last):
    period = opds.period_of(text, date(2026, 5, 1))

    assert (period.first, period.last) == (first, last)


def test_another_period_is_refused():
    with pytest.raises(Refused):
        opds.period_of("2026-Q5", date(2026, 5, 1))
