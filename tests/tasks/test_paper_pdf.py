"""Letters on paper are archivable and readable aloud, as far as Typst declares it; no validator ran."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from tasks.paper.catalog import Paper
from tasks.paper.check import SAMPLE_AT
from tasks.paper.samples import sample_sheet

from .papers import a_pdf, sample_pdf


def parts(paper):
    reader = PdfReader(io.BytesIO(sample_pdf(paper)))
    return reader, reader.trailer["/Root"]


def fonts_of(reader):
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            for inner in font.get_object().get("/DescendantFonts", [font]):
                yield inner.get_object()["/FontDescriptor"]


@pytest.mark.parametrize("paper", Paper)
def test_a_letter_declares_pdf_a_and_pdf_ua_and_carries_what_they_ask_for(paper):
    reader, root = parts(paper)
    xmp = root["/Metadata"].get_data().decode()

    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert all("/FontFile3" in font or "/FontFile2" in font for font in fonts_of(reader))
    assert "/Encrypt" not in reader.trailer


@pytest.mark.parametrize("paper", Paper)
def test_a_letter_is_tagged_and_says_its_language_and_title(paper):
    reader, root = parts(paper)

    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"].startswith("id")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert sample_sheet(paper).case in reader.metadata.title


def test_the_same_case_template_and_instant_give_the_same_bytes():
    sheet = sample_sheet(Paper.NOTICE)

    assert a_pdf(sheet) == a_pdf(sheet)
    assert a_pdf(sheet, at=SAMPLE_AT + timedelta(seconds=1)) != a_pdf(sheet)
