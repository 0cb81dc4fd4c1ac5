"""A register as PDF on A4 landscape; a long one in volumes, so that memory stays bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from tasks.registers.harmless import printable
from tasks.registers.sheet import Cell, Column, Format, Sheet, stands_upright
from tasks.typeset import forget, render
from tasks.words import rupiah

#: Rows of one volume; setting it takes some 300 MB, and more for more.
VOLUME_ROWS: Final = 1000
TEMPLATE: Final = "register.typ"
USUAL_PT: Final = 7.0
#: For copies with so many characters across that A4 cannot hold them otherwise.
SMALL_PT: Final = 5.6
WIDE: Final = 225
#: Words longer than this may break after a mark, so that a number or address stays in its column.
_LONG_WORD: Final = re.compile(r"\S{9,}")
_BREAKS: Final = re.compile(r"(?<=[/@._-])(?=\w)")
_DAYS: Final = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")


def write(
    sheet: Sheet, to: Path, *, templates: Path, at: datetime, legend: str = "", volume_rows: int = VOLUME_ROWS
) -> list[Path]:
    """Write the sheet; the files made, the first of them *to*.

    Raises:
        TemplateBroken: the template cannot be set.
    """
    made: list[Path] = []
    rows = iter(sheet.rows)
    for number, volume in enumerate(_volumes(rows, volume_rows), start=1):
        path = to if number == 1 else to.with_name(f"{to.stem}-{number}{to.suffix}")
        if number > 1:
            forget()
        data = _data(sheet, volume, legend, number)
        path.write_bytes(render(templates / TEMPLATE, data, at=at))
        made.append(path)
    return made


def _volumes(rows: Iterator[tuple[Cell, ...]], size: int) -> Iterator[list[tuple[Cell, ...]]]:
    first = list(islice(rows, size))
    yield first
    while volume := list(islice(rows, size)):
        yield volume


def _data(sheet: Sheet, rows: list[tuple[Cell, ...]], legend: str, volume: int) -> dict[str, Any]:
    notes = list(sheet.notes) + ([f"Jilid {volume}."] if volume > 1 else [])
    return {
        "title": sheet.layout.title,
        "office": sheet.office,
        "law": sheet.layout.law,
        "sample": sheet.sample,
        "notes": notes,
        "legend": legend,
        "count": len(rows),
        "size": SMALL_PT if sum(column.width for column in sheet.columns) > WIDE else USUAL_PT,
        "columns": [
            {
                "heading": column.heading,
                "group": column.group,
                "no": column.no,
                "share": max(column.width, 6),
                "center": column.format is Format.TICK,
                "right": column.format in (Format.NUMBER, Format.MONEY),
                "upright": stands_upright(column),
            }
            for column in sheet.columns
        ],
        "rows": [
            [_cell(cell, column) for cell, column in zip(row, sheet.columns, strict=True)] for row in rows
        ],
    }


def _cell(cell: Cell, column: Column) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{_DAYS[cell.weekday()]}, {cell:%d-%m-%Y}"
    if isinstance(cell, int):
        return rupiah(cell) if column.format is Format.MONEY else str(cell)
    return _LONG_WORD.sub(lambda word: _BREAKS.sub("\u200b", word.group()), printable(cell))
