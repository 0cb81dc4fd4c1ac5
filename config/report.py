"""The parts of the yearly report that people write; every figure beside them is computed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field, Strict

from config.faults import RuleFault
from config.yamlfile import FileModel, read_model

FILE: Final = "report.yaml"
Paragraph = Annotated[str, Field(max_length=4000)]


class YearText(FileModel):
    """What is written about one year.

    Attributes:
        budget_idr: whole rupiah; None while nobody has said.
    """

    year: Annotated[int, Strict(), Field(ge=2000, le=2200)]
    policy: tuple[Paragraph, ...] = ()
    facilities: tuple[Paragraph, ...] = ()
    staff: Paragraph = ""
    budget_idr: Annotated[int, Strict(), Field(ge=0)] | None = None
    budget_note: Paragraph = ""
    obstacles: tuple[Paragraph, ...] = ()
    recommendations: tuple[Paragraph, ...] = ()


def _each_year_once(years: tuple[YearText, ...]) -> tuple[YearText, ...]:
    known = [one.year for one in years]
    if len(set(known)) < len(known):
        raise RuleFault("satu tahun disebut dua kali")
    return years


class ReportFile(FileModel):
    """`report.yaml`."""

    years: Annotated[tuple[YearText, ...], AfterValidator(_each_year_once)] = ()


def text_of(folder: Path, year: int) -> YearText:
    """What is written about that year; empty where nothing is.

    Raises:
        ConfigFaults: the file is not in order.
    """
    file = read_model(folder / FILE, ReportFile)[0]
    return next((one for one in file.years if one.year == year), YearText(year=year))
