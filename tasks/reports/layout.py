"""A report as a value: sections of text and tables, the same for paper, workbook and JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

Value: TypeAlias = float | int | str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table.

    Attributes:
        figure: the name `--explain` takes; empty for what no case stands behind.
        more: further cells.
    """

    label: str
    value: Value
    figure: str = ""
    more: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table, with a chart of its values where that helps to see them.

    Attributes:
        headings: of all columns but the first.
        chart: draw the values as bars.
        note: how the figures are counted.
    """

    title: str
    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    chart: bool = False
    note: str = ""

    @property
    def told(self) -> str:
        """The chart in words, for those who do not see it."""
        pairs = "; ".join(f"{line.label} {_plain(line.value)}" for line in self.lines)
        return f"Diagram batang. {self.title}: {pairs}."


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter; *brief* ones stand in the summary too."""

    title: str
    law: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    brief: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A report ready to be written.

    Attributes:
        missing: what somebody still has to write in `config/report.yaml`.
    """

    title: str
    period: str
    office: str
    sample: bool
    made_on: str
    sections: tuple[Section, ...]
    missing: tuple[str, ...] = field(default=())


def _plain(value: Value) -> str:
    if value is None:
        return "tidak ada"
    return f"{value:g}".replace(".", ",") if isinstance(value, float) else str(value)
