"""Whatever somebody writes is shown as written, and never stops a letter."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.glyphs import BOX, settable
from tasks.paper.catalog import Paper
from tasks.paper.samples import SAMPLE_PERSON, sample_sheet

from .papers import a_pdf, text_of


def receipt_for(name: str) -> str:
    return text_of(a_pdf(replace(sample_sheet(Paper.RECEIPT), person=replace(SAMPLE_PERSON, name=name))))


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x")',
        "#let a = 1; #a",
        '*tebal* _miring_ $x^2$ `kode` <label> @rujukan "kutip"',
        '#read("/etc/passwd")',
        "#pagebreak() = Judul",
        "\\u{41} // komentar /* dan */",
        '] #import "_surat.typ": * [',
        "Nama ~ dengan -- tanda ... dan 'petik'",
    ],
)
def test_markup_in_a_name_is_text(name):
    shown = receipt_for(name)

    assert name.replace(" ", "") in shown.replace(" ", "")


def test_what_no_font_has_becomes_a_box_and_control_characters_vanish():
    assert settable("Ibu 中文 😀") == f"Ibu {BOX * 2} {BOX}"
    assert settable("a\x07b\x00c\u202edef") == "a b cdef"
    assert receipt_for("Ibu 中文 😀\x07").count(BOX) == 3


def test_every_character_that_is_let_through_can_be_set():
    letters = "".join(chr(c) for c in range(0x20, 0x2700) if settable(f"a{chr(c)}b") == f"a{chr(c)}b")

    assert len(letters) > 1300
    assert a_pdf(
        replace(sample_sheet(Paper.RECEIPT), facts={**sample_sheet(Paper.RECEIPT).facts, "subject": letters})
    )


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80), st.text(max_size=300))
def test_no_text_stops_a_letter(name, subject):
    sheet = sample_sheet(Paper.OBJECTION_ANSWER)
    facts = {**sheet.facts, "subject": subject, "reasons_text": subject}

    assert a_pdf(replace(sheet, facts=facts, person=replace(SAMPLE_PERSON, name=name)))
