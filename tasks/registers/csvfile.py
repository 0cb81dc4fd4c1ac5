"""A register as comma-separated values: UTF-8, RFC 4180, days as ISO, formulas neutralised."""

from __future__ import annotations

import csv
from datetime import date
from typing import TextIO

from tasks.registers.harmless import quoted
from tasks.registers.sheet import Cell, Column, Sheet


def write(sheet: Sheet, to: TextIO) -> int:
    """Write the sheet; how many rows it has. Open *to* with ``newline=""``."""
    writer = csv.writer(to, dialect="excel", lineterminator="\r\n")
    writer.writerow([_heading(column) for column in sheet.columns])
    count = 0
    for row in sheet.rows:
        writer.writerow([_cell(cell) for cell in row])
        count += 1
    return count


def _heading(column: Column) -> str:
    return f"{column.group}: {column.heading}" if column.group else column.heading


def _cell(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return quoted(cell) if isinstance(cell, str) else cell
