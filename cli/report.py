"""`ppid report`: the yearly report and the league table of the OPDs, each figure with the files behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cli.opening import opened
from cli.options import As, By, commands_below
from cli.table import print_table
from cli.words import role_named
from domain.errors import Refused
from domain.number import SAMPLE_SERIES
from domain.office import Actor, Role
from tasks.registers import export
from tasks.registers.reading import series_in_use
from tasks.registers.sheet import Sheet, picked
from tasks.reports import opds, yearly
from tasks.reports.making import Made, make_annual, write_annual
from tasks.reports.tally import Tally
from tasks.words import short_date

#: Names of figures offered when somebody asks for one that is not there.
MOST_NAMED: Final = 40
OPD_NOTE: Final = "Tepat waktu dihitung dari tugas yang sudah dijawab atau lewat tenggat."

app = commands_below("report", "Laporan tahunan dan tabel OPD.")


@app.command
def annual(year: int, /, *, to: Path | None = None, explain: str = "", series: str = "") -> int:
    """Susun laporan tahunan di --to (PDF, ringkasan, XLSX, JSON); --explain ANGKA menyebut berkasnya."""
    with opened(writes=False) as service:
        made = make_annual(service, year, series=series)
        if explain:
            return told(made.tally, explain)
        if to is None:
            show(made)
            return 0
        for path in write_annual(service, made, to):
            print(path)
    if made.report.missing:
        print(f"Belum ditulis dalam config/report.yaml: {', '.join(made.report.missing)}")
    return 0


def told(tally: Tally, figure: str) -> int:
    """Print the case numbers behind a figure.

    Raises:
        Refused: there is no such figure, or no case stands behind it.
    """
    numbers = tally.explain(figure)
    if numbers is None:
        known = ", ".join([name for name, _ in tally.figures()][:MOST_NAMED])
        raise Refused("--explain", f"tidak ada berkas di balik «{figure}»; yang ada: {known}")
    print(f"{figure}: {len(numbers)} berkas")
    for number in numbers:
        print(f"  {number}")
    return 0


def show(made: Made) -> None:
    """The figures on screen, each with the name `--explain` takes."""
    for section in made.report.sections:
        for table in section.tables:
            rows = [
                (line.label, _told(line.value), *map(_told, line.more), line.figure or None)
                for line in table.lines
            ]
            headings = ("", *table.headings, "--explain")
            print_table(headings, rows, title=f"{section.title}: {table.title}")


def _told(value: object) -> object:
    """A number as Indonesians write it: 4,5 and 4."""
    return f"{value:g}".replace(".", ",") if isinstance(value, float) else value


@app.command
def opd(*, period: str = "", quarter: str = "", to: Path | None = None, explain: str = "") -> int:
    """Tabel OPD: tepat waktu, median, terbuka, lewat tenggat. --quarter 2026-Q2, --period 2026-05."""
    with opened(writes=False) as service:
        book, today = service.policy(), service.clock.today()
        chosen = opds.period_of(quarter or period, today)
        series = series_in_use(service.engine)
        found, tally = opds.standings(service.engine, book, chosen, today, series=series)
        if explain:
            return told(tally, explain)
        sheet = Sheet(
            layout=opds.LAYOUT,
            columns=opds.LAYOUT.columns,
            office=book.office.city,
            notes=(f"{chosen.told}; keadaan pada {short_date(today)}.", OPD_NOTE),
            rows=picked(opds.LAYOUT.columns, opds.rows(found, book)),
            sample=series == SAMPLE_SERIES,
        )
        if to is not None:
            for path in export.write(service, sheet, to):
                print(path)
            return 0
    print_table([column.heading for column in sheet.columns], list(sheet.rows), title=sheet.layout.title)
    print("\n".join(sheet.notes))
    return 0


@app.command
def submit(year: int, /, *, by: By = "coordinator", as_: As) -> int:
    """Ajukan laporan tahunan kepada Atasan PPID; juga lagi, setelah naskahnya diperbaiki."""
    with opened(writes=False) as service:
        stands = yearly.submit(service, year, Actor(role_named(by), as_))
    print(f"Laporan {year} diajukan; batas {yearly.due_on(year)}. SHA-256 {stands.sha256}")
    if stands.missing:
        print(f"Belum ditulis dalam config/report.yaml: {', '.join(stands.missing)}")
    return 0


@app.command
def approve(year: int, /, *, as_: As) -> int:
    """Sahkan laporan yang diajukan (Atasan PPID); salinannya dikirim kepada Komisi Informasi."""
    with opened(writes=False) as service:
        stands = yearly.approve(service, year, Actor(Role.ATASAN, as_))
    print(f"Laporan {year} disahkan oleh {stands.approved_by}; salinan untuk Komisi Informasi akan dikirim.")
    return 0
