"""Tables for people: every cell is taken literally, and into a file or pipe no line is broken."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

#: Columns of a table that is not read on a screen; nobody wants it folded there.
_WIDE: Final = 240


def console() -> Console:
    """The console of standard output, wide where it is no terminal."""
    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else _WIDE, highlight=False)


def print_table(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "", whole: Iterable[str] = ()
) -> None:
    """Print the rows under their headings; None becomes a dash.

    Args:
        whole: headings of the columns that are never folded (numbers, dates).
    """
    table = Table(title=title or None, title_justify="left")
    kept = set(whole)
    for heading in headings:
        table.add_column(heading, no_wrap=heading in kept)
    for row in rows:
        table.add_row(*(Text("–" if cell is None else str(cell)) for cell in row))
    console().print(table)
