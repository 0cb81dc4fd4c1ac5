"""A report as PDF, workbook and JSON: one value, three files, the same figures."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from tasks.registers.harmless import is_formula, printable
from tasks.registers.xlsx import A4, FONT
from tasks.reports.layout import Report, Section, Table, Value
from tasks.reports.tally import Tally
from tasks.typeset import render

TEMPLATE: Final = "annual.typ"
_LINE: Final = Side(style="thin", color="808080")
_BOX: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_SHADE: Final = PatternFill("solid", fgColor="E4E7EB")
_WRAP: Final = Alignment(vertical="top", wrap_text=True)


def as_pdf(report: Report, templates: Path, *, at: datetime, summary: bool = False) -> bytes:
    """The report as PDF; its summary holds the brief chapters only.

    Raises:
        TemplateBroken: the template cannot be set.
    """
    sections = [section for section in report.sections if section.brief or not summary]
    data = {
        "title": report.title,
        "period": report.period,
        "office": report.office,
        "sample": report.sample,
        "made_on": report.made_on,
        "summary": summary,
        "missing": list(report.missing),
        "sections": [_section(section) for section in sections],
    }
    return render(templates / TEMPLATE, data, at=at)


def as_json(report: Report, tally: Tally) -> str:
    """Every figure by its name, and the chapters as they are printed."""
    told = {
        "title": report.title,
        "period": report.period,
        "office": report.office,
        "sample": report.sample,
        "made_on": report.made_on,
        "missing": list(report.missing),
        "figures": dict(tally.figures()),
        "sections": [
            {
                "title": section.title,
                "law": section.law,
                "paragraphs": list(section.paragraphs),
                "tables": [
                    {
                        "title": table.title,
                        "headings": list(table.headings),
                        "note": table.note,
                        "rows": [
                            {"label": line.label, "values": [line.value, *line.more], "figure": line.figure}
                            for line in table.lines
                        ],
                    }
                    for table in section.tables
                ],
            }
            for section in report.sections
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def write_workbook(report: Report, to: Path) -> None:
    """One sheet per chapter that has tables, and one with everything written."""
    book = Workbook()
    first = book.active
    first.title = "Naskah"
    _set_up(first, report)
    first.append([report.title, report.period, report.office])
    first["A1"].font = Font(name=FONT, bold=True, size=13)
    for section in report.sections:
        _words(first, section)
    for number, section in enumerate((s for s in report.sections if s.tables), start=1):
        page = book.create_sheet(f"{number} {section.title}"[:31])
        _set_up(page, report)
        for table in section.tables:
            _table(page, table)
    book.properties.title = f"{report.title} {report.period}"
    book.properties.creator = report.office
    book.save(to)


# --- parts --------------------------------------------------------------------------------------


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "law": section.law,
        "paragraphs": [printable(paragraph) for paragraph in section.paragraphs],
        "tables": [
            {
                "title": table.title,
                "headings": list(table.headings),
                "chart": table.chart,
                "note": table.note,
                "told": table.told,
                "lines": [
                    {
                        "label": printable(line.label),
                        "number": line.value if isinstance(line.value, int | float) else 0,
                        "value": _shown(line.value),
                        "cells": [_shown(value) for value in (line.value, *line.more)],
                    }
                    for line in table.lines
                ],
            }
            for table in section.tables
        ],
    }


def _shown(value: Value) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return printable(value)
    return f"{value:,.10g}".replace(",", " ").replace(".", ",").replace(" ", ".")


def _set_up(page: Any, report: Report) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.left.text = f"{report.title} {report.period}"
    page.oddFooter.right.text = "Halaman &P dari &N"
    for column, width in zip("ABCDE", (58, 16, 22, 16, 34), strict=True):
        page.column_dimensions[column].width = width


def _words(page: Any, section: Section) -> None:
    page.append([])
    page.append([section.title])
    page.cell(page.max_row, 1).font = Font(name=FONT, bold=True, size=11)
    for paragraph in section.paragraphs or ("Lihat lembar angka.",):
        row = page.max_row + 1
        page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=5)
        cell = page.cell(row, 1)
        _put(cell, paragraph)
        cell.alignment = _WRAP
        page.row_dimensions[row].height = 14 * (len(paragraph) // 140 + 1)


def _table(page: Any, table: Table) -> None:
    if page.max_row > 1:
        page.append([])
    page.append([table.title])
    page.cell(page.max_row, 1).font = Font(name=FONT, bold=True, size=11)
    page.append(["", *table.headings, "Angka (--explain)"])
    for cell in page[page.max_row]:
        cell.font, cell.fill, cell.border = Font(name=FONT, bold=True, size=9), _SHADE, _BOX
    for line in table.lines:
        row = page.max_row + 1
        for column, value in enumerate((line.label, line.value, *line.more, line.figure), start=1):
            cell = page.cell(row, column)
            _put(cell, value)
            cell.font, cell.border, cell.alignment = Font(name=FONT, size=9), _BOX, _WRAP
    if table.note:
        page.append([table.note])
        page.cell(page.max_row, 1).font = Font(name=FONT, size=9, italic=True)


def _put(cell: Any, value: Value) -> None:
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = printable(value)
    cell.data_type = "s"  # never a formula
    cell.quotePrefix = is_formula(value)
