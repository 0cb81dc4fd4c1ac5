"""A register as a value: its columns as the annex lists them, and its rows one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias

#: What a cell may hold; None is an empty cell.
Cell: TypeAlias = str | int | date | None


class Format(StrEnum):
    """How a column is written and set."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MONEY = "money"
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        no: its number in the annex, as printed under the heading; empty where the annex has none.
        group: the heading above several columns; empty where it stands alone.
        width: in characters.
        personal: tells who the applicant is; left out of the public copy.
        on_screen: shown by `ppid register show`.
    """

    key: str
    heading: str
    width: int
    format: Format = Format.TEXT
    no: str = ""
    group: str = ""
    personal: bool = False
    on_screen: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """What is the same for every copy of one register.

    Attributes:
        key: what people type, and the stem of the file name.
        law: the article and annex it rests on.
    """

    key: str
    title: str
    law: str
    columns: tuple[Column, ...]

    @property
    def has_identity(self) -> bool:
        """Whether a full copy differs from the public one."""
        return any(column.personal for column in self.columns)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One copy of a register, ready to be written.

    Attributes:
        notes: what the copy is: filters, public or full, when and by whom made.
        rows: read once; never all in memory.
    """

    layout: Layout
    columns: tuple[Column, ...]
    office: str
    notes: tuple[str, ...]
    rows: Iterable[tuple[Cell, ...]]
    sample: bool = False


PUBLIC_NOTE: Final = "Salinan publik: tanpa identitas Pemohon (UU 27/2022; UU 14/2008 Pasal 17 huruf h)."
FULL_NOTE: Final = (
    "Salinan lengkap dengan data pribadi Pemohon: hanya untuk keperluan dinas, jangan disebarkan."
)


def columns_of(layout: Layout, *, full: bool) -> tuple[Column, ...]:
    """The columns of a full copy, or of one without identity."""
    return tuple(column for column in layout.columns if full or not column.personal)


def stands_upright(column: Column) -> bool:
    """Whether the heading is turned, because the box under it is narrower than its words."""
    return column.format is Format.TICK and len(column.heading) > column.width


def picked(columns: tuple[Column, ...], rows: Iterable[dict[str, Cell]]) -> Iterator[tuple[Cell, ...]]:
    """The rows in the order of the columns; what no column asks for is dropped."""
    keys = tuple(column.key for column in columns)
    for row in rows:
        yield tuple(row.get(key) for key in keys)
