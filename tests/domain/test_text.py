"""Text people give: kept as it is, or refused with the field's name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from domain.text import clean_line, clean_text


@given(text=st.text(max_size=60))
def test_a_line_is_kept_without_its_outer_blanks_or_refused(text):
    try:
        kept = clean_line("x", text, longest=60)
    except Refused as refusal:
        assert refusal.field == "x"
    else:
        assert kept == text.strip()
        assert not any(unicodedata.category(one) in {"Cc", "Zl", "Zp"} for one in kept)


@pytest.mark.parametrize(
    "mark", list("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")
)
def test_no_direction_mark_hides_in_a_line(mark):
    with pytest.raises(Refused, match="arah"):
        clean_line("x", f"a{mark}b", longest=10)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_of_a_text_are_made_alike(ending):
    assert clean_text("x", f"satu{ending}dua") == "satu\ndua"


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\tb", "a\x85b", "a\u2028b", "a\x1bb"])
def test_a_line_has_no_break_of_any_kind(text):
    with pytest.raises(Refused):
        clean_line("x", text, longest=10)


def test_a_length_is_counted_before_anything_else_is_looked_at():
    with pytest.raises(Refused, match="10 karakter, yang diberikan 1000000"):
        clean_line("x", "\n" * 1_000_000, longest=10)


def test_names_of_all_scripts_are_welcome():
    assert clean_line("x", "Siti Nur'aini S.H. 王 Ñandú", longest=50) == "Siti Nur'aini S.H. 王 Ñandú"
