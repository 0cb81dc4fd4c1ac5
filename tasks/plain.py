"""Makes any text safe to stand on one line: of a header, of a letter, of a log."""

from __future__ import annotations

import re
from typing import Final

# Marks that turn the writing direction or are invisible let one name pass for another.
_INVISIBLE: Final = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_CONTROL_BUT_BREAKS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_BLANKS: Final = re.compile(r"\s+")


def one_line(text: str) -> str:
    """*text* on a single line: no control characters, line breaks or direction marks."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _BLANKS.sub(" ", _CONTROL.sub(" ", _INVISIBLE.sub("", text))).strip()


def several_lines(text: str) -> str:
    """*text* with its paragraphs kept: line ends made alike, at most one empty line between them."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = _CONTROL_BUT_BREAKS.sub(" ", _INVISIBLE.sub("", unified))
    return re.sub(r"\n\s*\n\s*", "\n\n", kept).strip()
