"""A token names its case to us and to nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.tokens import BadToken, Tokens

KEY = b"k" * 32
NUMBERS = st.from_regex(r"[0-9]{3}(/(KEB|SGK|BK|CONTOH))?/PPID-TS/20[0-9]{2}", fullmatch=True)


@given(NUMBERS)
def test_a_token_reads_back_to_its_number_even_after_a_relay_changed_its_case(number):
    tokens = Tokens(KEY)

    assert tokens.read(tokens.case_token(number)) == number
    assert tokens.read(tokens.case_token(number).upper()) == number


@given(NUMBERS)
def test_a_reply_address_fits_the_64_characters_of_a_local_part(number):
    address = Tokens(KEY).reply_to("ppid@tangsel.example", number)

    local, _, domain = address.rpartition("@")
    assert domain == "tangsel.example" and local.startswith("ppid+") and len(local) <= 64
    assert local == local.lower()


@given(st.text(max_size=120))
def test_any_other_text_is_a_bad_token(text):
    with pytest.raises(BadToken):
        Tokens(KEY).read(text)


@given(NUMBERS, st.integers(0, 200), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_changed_character_makes_a_token_bad(number, place, other):
    token = Tokens(KEY).case_token(number)
    place %= len(token)
    if token[place] in (other, "-", "."):
        return

    with pytest.raises(BadToken):
        Tokens(KEY).read(token[:place] + other + token[place + 1 :])


def test_a_token_of_another_key_is_bad():
    with pytest.raises(BadToken):
        Tokens(KEY).read(Tokens(b"z" * 32).case_token("001/PPID-TS/2026"))


@pytest.mark.parametrize("number", ["", "001/ppid", "001 PPID", "001/PPID-TS/2026\r\nBcc: x", "a@b"])
def test_what_is_no_registration_number_gets_no_token(number):
    with pytest.raises(ValueError, match="registration number"):
        Tokens(KEY).case_token(number)


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        Tokens(b"short")
