"""Makes any text settable: a character that no font in the wheel has would stop a PDF/A and its letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from tasks.plain import one_line, several_lines

#: Latin with its extensions, Greek, Cyrillic, punctuation, currency and the marks forms use; tried with
#: every character of them (a test does so again).
_SETTABLE: Final = (
    "\n\x20-\x7e\xa0-\xac\xae-\u02ff\u0384-\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u0482\u048a-\u04ff"
    "\u1e00-\u1eff\u2010-\u2027\u2030-\u203e\u2044\u2070\u2074-\u2079\u20ac\u2116\u2122\u2190-\u2193\u2212"
    "\u2248\u2260\u2264\u2265\u25a1\u2610\u2611\u2713\u2014"
)
_OTHERS: Final = re.compile(f"[^{_SETTABLE}]")
#: The same, but for the marks that templates are given to break long words at.
_UNSETTABLE: Final = re.compile(f"[^{_SETTABLE}\u00ad\u200b]")
#: Stands where a character cannot be shown.
BOX: Final = "\u25a1"


def settable(text: str, *, breaks: bool = False) -> str:
    """*text* without control and direction marks; a character no font here has becomes a box."""
    if text.isascii() and text.isprintable():
        return text
    clean = unicodedata.normalize("NFC", several_lines(text) if breaks else one_line(text))
    return _OTHERS.sub(BOX, clean)


def boxed(value: Any) -> Any:
    """Nested values with every character boxed that would stop the document; spacing and breaks stay."""
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else _UNSETTABLE.sub(BOX, value)
    if isinstance(value, Mapping):
        return {str(name): boxed(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [boxed(inner) for inner in value]
    return value


def all_settable(value: Any) -> Any:
    """The same for every text among nested values; texts keep their paragraphs."""
    if isinstance(value, str):
        return settable(value, breaks=True)
    if isinstance(value, Mapping):
        return {str(name): all_settable(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [all_settable(inner) for inner in value]
    return value
