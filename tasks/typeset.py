"""Typst: a template and the data it sets become a PDF, or pictures of its pages.

Data reach the template as JSON, never as markup, so nothing an applicant wrote can change the page. The
output depends on template, data and instant alone. Standards are declared by Typst, not validated here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import typst

from tasks.failures import MustAct

#: Archivable and tagged, so that a screen reader can read it.
STANDARD: Final = "a-2a"


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
    made = _compile(template, data, at, "pdf")
    return made[0]


def pictures(template: Path, data: Mapping[str, Any], *, at: datetime) -> list[bytes]:
    """The same pages as PNG, one after the other, to look at.

    Raises:
        TemplateBroken: as `render`.
    """
    return _compile(template, data, at, "png")


def _compile(
    template: Path, data: Mapping[str, Any], at: datetime, into: Literal["pdf", "png"]
) -> list[bytes]:
    try:
        made = typst.compile(
            template,
            root=template.parent,
            ignore_system_fonts=True,
            format=into,
            ppi=100.0,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False, default=str)},
            pdf_standards=[STANDARD] if into == "pdf" else [],
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        raise TemplateBroken(template.name, getattr(error, "diagnostic", "") or str(error)) from error
    pages = made if isinstance(made, list) else [made]
    return [page for page in pages if page is not None]
