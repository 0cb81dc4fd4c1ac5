"""Typst: a template and the data it sets become a PDF, or pictures of its pages.

Data reach the template as JSON, never as markup, so nothing an applicant wrote can change the page; a
character no font has becomes a box, for one would stop the document. The output depends on template,
data and instant alone. Standards are declared by Typst, not validated here.
"""

from __future__ import annotations

import ctypes
import json
import re
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import typst

from tasks.failures import MustAct
from tasks.glyphs import boxed

#: Typst names a template in memory by a path under its root.
_PLACE: Final = re.compile(r"┌─ (\S+?):(?=\d)")
Into = Literal["pdf", "png"]
Standard = Literal["a-2a", "ua-1"]

#: Archivable and tagged, so that a screen reader can read it.
STANDARD: Final[Standard] = "a-2a"
#: Documents whose parts Typst keeps in memory, as measured with 0.15.
_REMEMBERS: Final = 10
#: Of pictures to look at.
USUAL_PPI: Final = 100.0
#: The fonts inside the Typst wheel alone: the same on every machine. Read once.
_FONTS: Final = typst.Fonts(include_system_fonts=False)
#: Typst wants a folder as the root of what templates may read; this one holds nothing of the office.
_NOWHERE: Final = Path(typst.__file__).parent


class TemplateBroken(MustAct):
    """The template cannot be set with these data; the message names its line."""

    def __init__(self, template: str, problem: str) -> None:
        super().__init__(template, problem)
        self.template, self.problem = template, problem

    def __str__(self) -> str:
        return f"{self.template}: {self.problem}"


def render(template: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF (PDF/A-2a, tagged) of *data* set by *template*.

    Args:
        at: the instant written into the file; the same in gives the same bytes out.

    Raises:
        TemplateBroken: the template is at fault, or asks for what the data do not hold.
    """
    return _compile(template, template.name, template.parent, data, at, "pdf", (STANDARD,))[0]


def pictures(template: Path, data: Mapping[str, Any], *, at: datetime) -> list[bytes]:
    """The same pages as PNG, one after the other, to look at.

    Raises:
        TemplateBroken: as `render`.
    """
    return _compile(template, template.name, template.parent, data, at, "png", ())


def render_files(
    name: str,
    files: Mapping[str, bytes],
    data: Mapping[str, Any],
    *,
    at: datetime,
    into: Into = "pdf",
    standards: tuple[Standard, ...] = (STANDARD,),
    ppi: float = USUAL_PPI,
) -> list[bytes]:
    """The document that the template *name* of *files* makes, in memory: one PDF, or a PNG for each page.

    Args:
        files: every template by its file name; they may import each other and reach nothing else.

    Raises:
        TemplateBroken: as `render`.
    """
    inputs = {**files, "main": files[name]}
    return _compile(inputs, name, _NOWHERE, data, at, into, standards, ppi)


def _file(path: str, main: str) -> str:
    name = path.rpartition("/")[2]
    return main if name == "main" else name


def _compile(
    source: Any,
    name: str,
    root: Path,
    data: Mapping[str, Any],
    at: datetime,
    into: Into,
    standards: tuple[Standard, ...],
    ppi: float = USUAL_PPI,
) -> list[bytes]:
    try:
        made = typst.compile(
            source,
            root=root,
            font_paths=_FONTS,
            ignore_system_fonts=True,
            format=into,
            ppi=ppi,
            sys_inputs={"data": json.dumps(boxed(data), ensure_ascii=False, default=str)},
            pdf_standards=list(standards) if into == "pdf" else [],
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        problem = getattr(error, "diagnostic", "") or str(error)
        raise TemplateBroken(name, _PLACE.sub(lambda at: f"┌─ {_file(at[1], name)}:", problem)) from error
    except BaseException as error:
        # Typst itself can fall over a rare text; its panic is no `Exception`, and would end the process.
        if type(error).__name__ != "PanicException":
            raise
        raise TemplateBroken(name, "Typst gagal pada teks ini") from error
    pages = made if isinstance(made, list) else [made]
    return [page for page in pages if page is not None]


def forget() -> None:
    """Let Typst drop what it remembers of the documents before: it keeps what its last ten have used.

    After many documents or one of hundreds of pages; a small one costs nothing to remember.
    """
    for _ in range(_REMEMBERS + 1):
        typst.compile(b"", format="pdf")
    if sys.platform == "linux":  # glibc keeps what was freed; musl has no such call, and gives it back itself
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
