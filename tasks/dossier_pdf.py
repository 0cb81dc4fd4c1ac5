"""The dossier as one PDF with bookmarks: cover, parties, history, proofs, clocks, journal, evidence, letters.

The pages it opens with are set by Typst; the letters on paper follow as they were made, joined by pypdf.
Joined, the pages lose their tags: the single letters in the ZIP keep them.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pypdf import PdfWriter

from tasks.glyphs import all_settable
from tasks.typeset import render

TEMPLATE: Final = "print/dossier.typ"


def template_in(policy: Path) -> Path:
    """The template of the opening pages; a policy folder without its own uses the programme's."""
    own = policy / TEMPLATE
    return own if own.is_file() else Path(__file__).parents[1] / "config" / TEMPLATE


def opening(policy: Path, told: Mapping[str, Any], at: datetime) -> bytes:
    """The pages before the letters.

    Raises:
        TemplateBroken: the template cannot be set.
    """
    data: dict[str, Any] = all_settable(told)
    return render(template_in(policy), data, at=at)


def joined(first: bytes, letters: Sequence[tuple[str, bytes]], title: str) -> bytes:
    """The opening pages and the letters as one file, each letter under a bookmark of its own."""
    writer = PdfWriter()
    writer.append(io.BytesIO(first), import_outline=True)
    for name, content in letters:
        writer.append(io.BytesIO(content), outline_item=name, import_outline=False)
    writer.add_metadata({"/Title": title, "/Producer": "ppid"})
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
