"""Who asks: the form of a NIK, the papers by kind of applicant, and text that may not stand in a name."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from domain.identity import ApplicantKind, checked, nik_fault, papers_missing
from tests.domain.builders import an_identity

BIRTHDAYS = st.dates(date(1925, 1, 1), date(2024, 12, 31))


@given(born=BIRTHDAYS, woman=st.booleans(), serial=st.integers(1, 9999))
def test_every_birthday_gives_a_good_nik_for_men_and_for_women(born, woman, serial):
    day = born.day + (40 if woman else 0)

    assert nik_fault(f"367401{day:02d}{born:%m%y}{serial:04d}") is None


@pytest.mark.parametrize("nik", ["3674012902000001", "3674016902000001", "3674012902960001"])
def test_the_29th_of_february_counts_in_a_leap_year_of_either_century(nik):
    assert nik_fault(nik) is None


@pytest.mark.parametrize(
    ("nik", "why"),
    [
        ("", "16 angka"),
        ("367401550390000", "16 angka"),
        ("36740155039000011", "16 angka"),
        ("367401550390000A", "16 angka"),
        ("٣٦٧٤٠١٥٥٠٣٩٠٠٠٠١", "16 angka"),
        (" 3674015503900001", "16 angka"),
        ("3674015503900001\n", "16 angka"),
        ("0074015503900001", "wilayah"),
        ("3674015503900000", "nomor urut"),
        ("3674010003900001", "lahir"),
        ("3674014003900001", "lahir"),
        ("3674017203900001", "lahir"),
        ("3674013102900001", "lahir"),
        ("3674015513900001", "lahir"),
        ("3674012902990001", "lahir"),
    ],
)
def test_a_malformed_nik_is_told_what_is_wrong_with_it(nik, why):
    assert why in (nik_fault(nik) or "")


@given(text=st.text(max_size=40))
def test_no_text_breaks_the_check_of_a_nik(text):
    assert nik_fault(text) is None or text != "3674015503900001"


def test_a_person_with_all_papers_lacks_nothing():
    assert papers_missing(ApplicantKind.INDIVIDUAL, an_identity()) == ()


def test_a_legal_entity_needs_its_deed_and_no_nik():
    body = an_identity(nik="")

    assert any("SK pengesahan" in one for one in papers_missing(ApplicantKind.LEGAL_ENTITY, body))
    assert papers_missing(ApplicantKind.LEGAL_ENTITY, an_identity(nik="", deed_number="AHU-1")) == ()


def test_a_group_needs_a_power_of_attorney():
    missing = papers_missing(ApplicantKind.GROUP, an_identity())

    assert len(missing) == 1 and "ayat (5)" in missing[0]
    assert papers_missing(ApplicantKind.GROUP, an_identity(power_of_attorney=True)) == ()


def test_a_proxy_needs_a_special_power_of_attorney():
    missing = papers_missing(ApplicantKind.INDIVIDUAL, an_identity(proxy_name="Kuasa Contoh"))

    assert len(missing) == 1 and "ayat (7)" in missing[0]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"nik": ""}, "NIK"),
        ({"id_document": ""}, "KTP"),
        ({"address": ""}, "alamat"),
        ({"email": "", "phone": ""}, "telepon"),
        ({"purpose": ""}, "tujuan"),
    ],
)
def test_each_missing_paper_is_named_with_its_article(fields, words):
    [missing] = papers_missing(ApplicantKind.INDIVIDUAL, an_identity(**fields))

    assert words in missing and "Pasal" in missing


@pytest.mark.parametrize("name", ["Ratna\r\nBcc: x@y.example", "Ratna\nx", "a\x00b", "Ra\u202etna", "\ud800"])
def test_a_name_has_no_line_breaks_control_characters_or_direction_marks(name):
    with pytest.raises(Refused) as refusal:
        checked(an_identity(name=name))

    assert refusal.value.field == "name"


def test_a_name_of_a_megabyte_is_refused_by_its_length():
    with pytest.raises(Refused, match="200 karakter"):
        checked(an_identity(name="a" * 1_000_000))


@pytest.mark.parametrize(
    "email", ["a@b\r\nBcc: c@d.example", "bukan", "a@b@c.example", "<a@b.example>", "a b@c.example", "a@-b"]
)
def test_what_is_no_address_is_refused(email):
    with pytest.raises(Refused) as refusal:
        checked(an_identity(email=email))

    assert refusal.value.field == "email"


@given(name=st.text(min_size=1, max_size=200))
def test_a_name_is_either_refused_or_kept_in_one_line(name):
    try:
        kept = checked(an_identity(name=name)).name
    except Refused as refusal:
        assert refusal.field == "name"
    else:
        assert kept == name.strip() and len(kept.splitlines()) == 1


def test_the_purpose_may_have_several_lines():
    assert checked(an_identity(purpose="satu\ndua")).purpose == "satu\ndua"
