"""Registers as files: nothing in a cell can act, dates are dates, a page can be printed and read."""

import csv
import io
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from domain.act import WIB
from tasks.registers import csvfile, pdf, requests, xlsx
from tasks.registers.harmless import is_formula, quoted
from tasks.registers.sheet import Sheet, columns_of

from .one_desk import Policy

AT = datetime(2026, 3, 2, 9, tzinfo=WIB)
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u200b=1+1",
    "＝1+1",
    '=HYPERLINK("http://contoh.example","klik")',
)
TYPST = '#panic("x") #read("/etc/passwd") $x$ *tebal* <label> @ref [ ] ` // \\'


def sheet_with(*subjects, full=False):
    columns = columns_of(requests.LAYOUT, full=full)
    rows = [
        tuple(
            {"number": "001", "received": date(2026, 3, 2), "asked": text, "cost": 15000}.get(c.key)
            for c in columns
        )
        for text in subjects
    ]
    return Sheet(requests.LAYOUT, columns, "Pemerintah Kota Contoh", ("Keadaan hari ini.",), rows)


def written_xlsx(tmp_path, *subjects):
    path = tmp_path / "register.xlsx"
    xlsx.write(sheet_with(*subjects), path)
    return openpyxl.load_workbook(path).active


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_cell_stays_text_in_a_workbook(tmp_path, text):
    page = written_xlsx(tmp_path, text)

    cell = page.cell(row=xlsx.HEADING_ROWS + 1, column=3)
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cell.value.strip() != ""


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_cell_is_told_to_be_text_in_csv(text):
    to = io.StringIO(newline="")
    csvfile.write(sheet_with(text), to)

    row = list(csv.reader(io.StringIO(to.getvalue(), newline="")))[1]
    assert row[2].startswith("'")


@given(st.text())
def test_no_text_becomes_a_formula_and_harmless_text_is_left_alone(text):
    assert not is_formula(quoted(text))
    if text.isalnum() and text.isascii():
        assert quoted(text) == text


def test_csv_is_rfc_4180():
    to = io.StringIO(newline="")
    csvfile.write(sheet_with('dua "kutip", koma\ndan baris'), to)
    text = to.getvalue()

    assert text.endswith("\r\n")
    assert '"dua ""kutip"", koma\ndan baris"' in text
    assert len(list(csv.reader(io.StringIO(text, newline="")))) == 2


def test_a_workbook_has_real_dates_frozen_headings_and_prints_on_a4_landscape(tmp_path):
    page = written_xlsx(tmp_path, "Anggaran")
    first = xlsx.HEADING_ROWS + 1

    assert page.cell(row=first, column=2).value == datetime(2026, 3, 2)  # noqa: DTZ001 a sheet's day has no zone
    assert "mmm" in page.cell(row=first, column=2).number_format
    assert page.freeze_panes == f"B{first}"
    assert page.print_title_rows == "$3:$5"
    assert (page.page_setup.orientation, int(page.page_setup.paperSize)) == ("landscape", xlsx.A4)
    assert page.page_setup.fitToWidth == 1


def test_a_pdf_holds_what_was_told_to_it_and_takes_nothing_for_markup(tmp_path):
    made = pdf.write(
        sheet_with("Anggaran & belanja", TYPST), tmp_path / "r.pdf", templates=Policy.folder / "print", at=AT
    )
    reader = PdfReader(made[0])
    text = " ".join(page.extract_text() for page in reader.pages)

    assert "Anggaran & belanja" in text
    assert '#panic("x")' in text.replace("\n", " ")
    assert "002" not in text
    assert reader.metadata.title == "Register Permohonan Informasi Publik"
    assert reader.trailer["/Root"]["/Lang"] == "id"
    assert "/StructTreeRoot" in reader.trailer["/Root"]


def test_a_character_no_font_has_does_not_stop_a_register(tmp_path):
    (path,) = pdf.write(
        sheet_with("Data 中文 😀\x07 ʻ\u0531 sekolah"),
        tmp_path / "r.pdf",
        templates=Policy.folder / "print",
        at=AT,
    )

    assert "sekolah" in PdfReader(path).pages[0].extract_text()


def test_a_long_register_is_bound_in_volumes(tmp_path):
    made = pdf.write(
        sheet_with("a", "b", "c"), tmp_path / "r.pdf", templates=Policy.folder / "print", at=AT, volume_rows=2
    )

    assert [path.name for path in made] == ["r.pdf", "r-2.pdf"]
    assert "Jilid 2" in PdfReader(made[1]).pages[0].extract_text()


def test_the_same_register_at_the_same_instant_is_the_same_file(tmp_path):
    folder = Policy.folder / "print"
    one, two = (
        pdf.write(sheet_with("Anggaran"), tmp_path / name, templates=folder, at=AT)[0].read_bytes()
        for name in ("a.pdf", "b.pdf")
    )

    assert one == two
