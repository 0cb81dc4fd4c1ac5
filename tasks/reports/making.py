"""Making the yearly report: figures of the year, the years beside it, and the files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from config.report import text_of
from domain.number import SAMPLE_SERIES, CaseKind
from tasks import history
from tasks.registers.reading import Filter, series_in_use
from tasks.reports import paper
from tasks.reports.annual import YearTotal, annual_report
from tasks.reports.counting import tally_of
from tasks.reports.layout import Report
from tasks.reports.tally import Tally
from tasks.service import Service
from tasks.store.engine import reading
from tasks.store.schema import cases


@dataclass(frozen=True, slots=True)
class Made:
    """A report with the figures behind it."""

    year: int
    report: Report
    tally: Tally

    @property
    def stem(self) -> str:
        """The name of its files without the ending."""
        return f"laporan-layanan-{self.year}"


def make_annual(service: Service, year: int, *, series: str = "") -> Made:
    """The report of that year as the files stand now.

    Raises:
        ConfigFaults: `report.yaml` is not in order.
    """
    wanted = Filter(year=year, series=series or series_in_use(service.engine))
    today, book = service.clock.today(), service.policy()
    tally = tally_of(service.engine, book, wanted, today)
    text = text_of(service.policy.folder, year)
    others = years_beside(service, wanted.series)
    sample = wanted.series == SAMPLE_SERIES
    report = annual_report(year, tally, text, book.office, others, today=today, sample=sample)
    return Made(year, report, tally)


def years_beside(service: Service, series: str) -> tuple[YearTotal, ...]:
    """Requests of every year: those of the files, and those imported for the years before."""
    counted = (
        select(cases.c.year, func.count())
        .where(cases.c.kind == str(CaseKind.REQUEST), cases.c.series == series)
        .group_by(cases.c.year)
    )
    with reading(service.engine) as connection:
        live = [YearTotal(row[0], row[1]) for row in connection.execute(counted)]
        old = history.totals(connection)
    return (*(YearTotal(one.year, one.requests, one.told) for one in old), *live)


def write_annual(service: Service, made: Made, folder: Path) -> list[Path]:
    """Write the full version, the summary, the workbook and the JSON; the files made.

    Raises:
        TemplateBroken: the template cannot be set.
    """
    folder.mkdir(parents=True, exist_ok=True)
    templates, at = service.policy.folder / "print", service.clock.now()
    full, brief = folder / f"{made.stem}.pdf", folder / f"{made.stem}-ringkasan.pdf"
    sheet, plain = folder / f"{made.stem}.xlsx", folder / f"{made.stem}.json"
    full.write_bytes(paper.as_pdf(made.report, templates, at=at))
    brief.write_bytes(paper.as_pdf(made.report, templates, at=at, summary=True))
    paper.write_workbook(made.report, sheet)
    plain.write_text(paper.as_json(made.report, made.tally), encoding="utf-8")
    return [full, brief, sheet, plain]
