"""`ppid report`: the yearly report and the league table of the OPDs, each figure with the files behind it."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

from cli.opening import opened
from cli.table import print_table
from domain.errors import Refused
from tasks.reports.making import Made, make_annual, write_annual
from tasks.reports.tally import Tally

app = App(name="report", help="Laporan tahunan dan tabel OPD.", result_action="return_value")


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
        known = ", ".join(name for name, _ in tally.figures())
        raise Refused("--explain", f"tidak ada berkas di balik «{figure}»; yang ada: {known}")
    print(f"{figure}: {len(numbers)} berkas")
    for number in numbers:
        print(f"  {number}")
    return 0


def show(made: Made) -> None:
    """The figures on screen, each with the name `--explain` takes."""
    for section in made.report.sections:
        for table in section.tables:
            rows = [(line.label, line.value, *line.more, line.figure or None) for line in table.lines]
            headings = ("", *table.headings, "--explain")
            print_table(headings, rows, title=f"{section.title}: {table.title}")
