"""The verdict of a consequence test: what the law lets it say."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from domain.item import (
    GROUND_SHOWN_AS,
    OUTCOME_SHOWN_AS,
    Ground,
    Item,
    Outcome,
    Verdict,
    change,
    check_verdict,
)

TODAY = date(2026, 3, 6)


def a_verdict(**fields):
    known = {
        "outcome": Outcome.EXEMPT,
        "reason": "alasan",
        "drafted_by": "laras",
        "ground": Ground.H,
        "basis": "UU 27/2022",
        "until": date(2030, 1, 1),
    }
    return Verdict(**{**known, **fields})


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reason": ""}, "note"),
        ({"ground": None}, "ground"),
        ({"basis": ""}, "basis"),
        ({"until": None}, "until"),
        ({"until": TODAY}, "until"),
        ({"outcome": Outcome.PARTLY, "ground": None}, "ground"),
    ],
)
def test_a_verdict_that_withholds_names_ground_statute_reason_and_duration(fields, field):
    with pytest.raises(Refused) as refusal:
        check_verdict(a_verdict(**fields), today=TODAY)

    assert refusal.value.field == field


def test_a_verdict_that_opens_needs_only_its_reason():
    check_verdict(a_verdict(outcome=Outcome.OPEN, ground=None, basis="", until=None), today=TODAY)


@pytest.mark.parametrize("ground", list(Ground))
def test_only_17g_to_17j_may_be_permanent(ground):
    verdict = a_verdict(ground=ground, until=None, permanent=True)

    if ground in {Ground.G, Ground.H, Ground.I, Ground.J}:
        check_verdict(verdict, today=TODAY)
    else:
        with pytest.raises(Refused) as refusal:
            check_verdict(verdict, today=TODAY)
        assert refusal.value.field == "permanent"


@given(today=st.dates(date(2010, 1, 1), date(2100, 1, 1)))
def test_thirty_years_of_17a_end_on_the_same_day_of_the_year(today):
    year = today.year + 30
    last = (
        date(year, 3, 1) - timedelta(days=1)
        if (today.month, today.day) == (2, 29)
        else today.replace(year=year)
    )

    check_verdict(a_verdict(ground=Ground.A, until=last), today=today)
    with pytest.raises(Refused):
        check_verdict(a_verdict(ground=Ground.A, until=last + timedelta(days=1)), today=today)


def test_other_grounds_have_no_thirty_years():
    check_verdict(a_verdict(ground=Ground.C, until=date(2090, 1, 1)), today=TODAY)


def test_changing_items_leaves_the_others_as_they_were():
    items = (Item(1, "a"), Item(2, "b"))

    changed = change(items, [2], outcome=Outcome.OPEN)
    assert changed[0] is items[0] and changed[1].outcome is Outcome.OPEN


def test_every_ground_and_outcome_has_words_for_people():
    assert set(GROUND_SHOWN_AS) == set(Ground) and set(OUTCOME_SHOWN_AS) == set(Outcome)
