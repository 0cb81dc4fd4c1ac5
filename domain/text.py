"""Text people give us: what may stand in a name, a subject or a note."""

from __future__ import annotations

import unicodedata
from typing import Final

from domain.errors import Refused

#: Marks that turn the direction of writing and can make one name look like another.
_DIRECTION: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")


def clean_line(field: str, value: str, *, longest: int, breaks: bool = False) -> str:
    """The text without blanks at its ends.

    Args:
        longest: in characters.
        breaks: whether line breaks and tabs may stand in it.

    Raises:
        Refused: too long, or with control characters, line breaks or direction marks.
    """
    if len(value) > longest:
        raise Refused(field, f"paling panjang {longest} karakter, yang diberikan {len(value)}")
    for character in value:
        if character in _DIRECTION:
            raise Refused(field, "berisi tanda pengubah arah tulisan; ketik ulang tanpa tanda itu")
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") and not (
            breaks and character in "\n\r\t"
        ):
            raise Refused(field, "berisi ganti baris atau karakter kendali yang tidak boleh ada di sini")
    return value.strip()


def clean_text(field: str, value: str, *, longest: int = 10_000) -> str:
    """A text of several lines, with line ends made alike.

    Raises:
        Refused: too long, or with control characters or direction marks.
    """
    return clean_line(field, value, longest=longest, breaks=True).replace("\r\n", "\n").replace("\r", "\n")
