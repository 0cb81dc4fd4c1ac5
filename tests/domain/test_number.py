"""Registration numbers and their form in file names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.number import (
    LIVE_SERIES,
    SAMPLE_SERIES,
    CaseKind,
    for_files,
    from_files,
    is_number,
    registration_number,
)

NUMBERS = st.builds(
    registration_number,
    st.sampled_from(CaseKind),
    st.sampled_from([LIVE_SERIES, SAMPLE_SERIES]),
    st.integers(2000, 2099),
    st.integers(1, 99_999),
)


@given(number=NUMBERS)
def test_a_number_survives_the_way_through_file_names(number):
    assert is_number(number)
    assert "/" not in for_files(number)
    assert (
        from_files(for_files(number)) == from_files(for_files(number).lower()) == from_files(number) == number
    )


@given(a=NUMBERS, b=NUMBERS)
def test_two_cases_never_share_a_number(a, b):
    assert (a == b) == (for_files(a) == for_files(b))


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (CaseKind.REQUEST, "001/PPID-TS/2026"),
        (CaseKind.OBJECTION, "001/KEB/PPID-TS/2026"),
        (CaseKind.DISPUTE, "001/SGK/PPID-TS/2026"),
        (CaseKind.ASSISTANCE, "001/BK/PPID-TS/2026"),
    ],
)
def test_each_kind_has_its_mark(kind, number):
    assert registration_number(kind, LIVE_SERIES, 2026, 1) == number


@pytest.mark.parametrize(
    "text", ["", "1/PPID-TS/2026", "001/XX/PPID-TS/2026", "001/PPID-TS/26", "001/PPID-TS/2026\n"]
)
def test_what_is_no_number_is_told_apart(text):
    assert not is_number(text)


@given(text=st.text(max_size=40))
def test_no_text_breaks_the_reading_of_a_number(text):
    assert from_files(text) == text.strip() or is_number(from_files(text))
