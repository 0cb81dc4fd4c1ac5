"""Cells that cannot do anything: no formula reaches a sheet, no control character a file.

A spreadsheet takes a cell that begins with = + - @ for a formula, also after a tab, a line break or the
full-width forms of these; a file of comma-separated values cannot say that it is text, so it is told so
by an apostrophe, the mark spreadsheets themselves use.
"""

from __future__ import annotations

import re
from typing import Final

_STARTS_A_FORMULA: Final = re.compile(r"[\s\u00ad\u200b-\u200f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
#: What XML cannot hold, and direction marks that make text read as something else.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
LONGEST_CELL: Final = 32_000


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula."""
    return text[:1] in ("\t", "\r", "\n") or _STARTS_A_FORMULA.match(text) is not None


def printable(text: str) -> str:
    """The text without what no file may hold, and no longer than a cell may be."""
    clean = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    clean = clean.replace("\r\n", "\n").replace("\r", "\n")
    return clean if len(clean) <= LONGEST_CELL else clean[: LONGEST_CELL - 1] + "…"


def quoted(text: str) -> str:
    """The text as a file of comma-separated values may hold it."""
    clean = printable(text)
    return f"'{clean}" if is_formula(text) or is_formula(clean) else clean
