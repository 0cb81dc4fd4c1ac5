"""A register as a workbook: real dates, frozen headings, ready to print on A4 landscape."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from tasks.registers.harmless import is_formula, printable
from tasks.registers.sheet import Cell, Column, Format, Sheet, stands_upright

FONT: Final = "Arial"
A4: Final = 9
#: Title, notes, group headings, headings, column numbers.
HEADING_ROWS: Final = 5
#: Characters across one sheet of A4; more would print too small to read.
WIDEST: Final = 225
LINE_PT: Final = 12.0
#: No row may be taller.
TALLEST_PT: Final = 400.0
_LINE: Final = Side(style="thin", color="808080")
_BOX: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_SHADE: Final = PatternFill("solid", fgColor="E4E7EB")
_HEAD: Final = Alignment(horizontal="center", vertical="center", wrap_text=True)
_TOP: Final = Alignment(vertical="top", wrap_text=True)
_CENTRE: Final = Alignment(horizontal="center", vertical="top", wrap_text=True)
#: Day names as the annex wants them, in Bahasa Indonesia wherever the sheet is opened.
_FORMATS: Final = {
    Format.DATE: "[$-421]ddd, d mmm yyyy",
    Format.MONEY: '"Rp"#,##0',
    Format.NUMBER: "#,##0",
}


def write(sheet: Sheet, to: Path) -> int:
    """Write the sheet; how many rows it has. Rows stream to the file, however many they are."""
    book = Workbook(write_only=True)
    page = book.create_sheet("Register")
    heading_rows = _set_up(page, sheet)
    for line in _title(page, sheet):
        page.append(line)
    groups, spans = _groups(sheet.columns)
    page.row_dimensions[HEADING_ROWS - 2].height = 38
    page.row_dimensions[HEADING_ROWS - 1].height = 84 if any(map(stands_upright, sheet.columns)) else 26
    page.append([_head(page, text) for text in groups])
    page.append([_heading(page, column) for column in sheet.columns])
    page.append([_head(page, f"({column.no})" if column.no else "") for column in sheet.columns])
    pens = [_Pen(page, column) for column in sheet.columns]
    count = 0
    for row in sheet.rows:
        page.row_dimensions[HEADING_ROWS + count + 1].height = _height(row, sheet.columns)
        page.append([pen.write(cell) for pen, cell in zip(pens, row, strict=True)])
        count += 1
    for first, last in spans:
        page.merged_cells.add(
            f"{get_column_letter(first)}{heading_rows - 2}:{get_column_letter(last)}{heading_rows - 2}"
        )
    page.auto_filter.ref = f"A{heading_rows}:{get_column_letter(len(sheet.columns))}{heading_rows + count}"
    book.properties.title = sheet.layout.title
    book.properties.creator = sheet.office
    book.save(to)
    return count


def text_cell(page: Any, text: str) -> Any:
    """A cell that holds *text* and nothing else, whatever it begins with."""
    clean = printable(text)
    cell = WriteOnlyCell(page, value=clean)
    cell.data_type = "s"  # openpyxl would make a formula of one that begins with =
    cell.quotePrefix = is_formula(text) or is_formula(clean)  # and it stays text when somebody edits it
    return cell


def _set_up(page: Any, sheet: Sheet) -> int:
    """Page, widths and frozen rows; the row of the column numbers, the last of the headings."""
    last = HEADING_ROWS
    page.freeze_panes = f"B{last + 1}"
    page.print_title_rows = f"{last - 2}:{last}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A4
    page.page_setup.fitToWidth = 2 if sum(column.width for column in sheet.columns) > WIDEST else 1
    page.page_setup.fitToHeight = 0
    page.print_title_cols = "A:A"
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top, page.page_margins.bottom = 0.5, 0.8
    page.oddFooter.left.text = sheet.layout.title
    page.oddFooter.right.text = "Halaman &P dari &N"
    for index, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(index)].width = column.width
    return last


def _title(page: Any, sheet: Sheet) -> Iterator[list[Any]]:
    """Two rows, so that little of a screen is frozen: what it is, and what this copy is."""
    mark = " (CONTOH)" if sheet.sample else ""
    title = text_cell(page, f"{sheet.layout.title.upper()}{mark} · {sheet.office}")
    title.font = Font(name=FONT, bold=True, size=13)
    yield [title]
    notes = text_cell(page, " ".join((f"Dasar: {sheet.layout.law}.", *sheet.notes)))
    notes.font = Font(name=FONT, size=9, italic=True)
    yield [notes]


def _groups(columns: tuple[Column, ...]) -> tuple[list[str], list[tuple[int, int]]]:
    """The row of group headings, and which cells of it belong together."""
    told: list[str] = []
    spans: list[tuple[int, int]] = []
    for index, column in enumerate(columns, start=1):
        follows = index > 1 and column.group and columns[index - 2].group == column.group
        told.append("" if follows else column.group)
        if follows:
            spans[-1] = (spans[-1][0], index)
        elif column.group:
            spans.append((index, index))
    return told, [span for span in spans if span[1] > span[0]]


def _head(page: Any, text: str) -> Any:
    cell = text_cell(page, text)
    cell.font = Font(name=FONT, bold=True, size=9)
    cell.fill, cell.border, cell.alignment = _SHADE, _BOX, _HEAD
    return cell


def _height(row: tuple[Cell, ...], columns: tuple[Column, ...]) -> float:
    """Points for the lines its longest cell will take; a streamed sheet cannot measure its own rows."""
    lines = 1
    for cell, column in zip(row, columns, strict=True):
        if isinstance(cell, str):
            wanted = sum(int(len(part) / (column.width * 1.15)) + 1 for part in cell.split("\n"))
            lines = max(lines, wanted)
    return min(lines * LINE_PT + 3, TALLEST_PT)


def _heading(page: Any, column: Column) -> Any:
    cell = _head(page, column.heading)
    if stands_upright(column):
        cell.alignment = Alignment(horizontal="center", vertical="bottom", text_rotation=90, wrap_text=True)
    return cell


class _Pen:
    """Writes the cells of one column: each style is made once, each row changes the value alone.

    A streamed sheet has a cell on disk before the next row is made, so one cell serves them all.
    """

    def __init__(self, page: Any, column: Column) -> None:
        self._text, self._quoted, self._value = (self._styled(page, column) for _ in range(3))
        self._quoted.quotePrefix = True
        if column.format in _FORMATS:
            self._value.number_format = _FORMATS[column.format]

    @staticmethod
    def _styled(page: Any, column: Column) -> Any:
        cell = WriteOnlyCell(page)
        cell.font, cell.border = Font(name=FONT, size=9), _BOX
        cell.alignment = _CENTRE if column.format is Format.TICK else _TOP
        return cell

    def write(self, value: Cell) -> Any:
        """The cell with that value; text is never a formula."""
        if not isinstance(value, str):
            self._value.value = value
            return self._value
        clean = printable(value)
        cell = self._quoted if is_formula(value) or is_formula(clean) else self._text
        cell.value = clean
        cell.data_type = "s"
        return cell
