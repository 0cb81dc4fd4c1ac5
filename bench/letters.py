"""How long a letter on paper takes: Typst as the service uses it, WeasyPrint and LibreOffice in the same run.

    python -m bench.letters [--letters 1000] [--weasyprint PYTHON] [--soffice PROGRAM]

The other two set the same notice from the HTML of its mail. They are no part of the lock file: the
interpreter that has WeasyPrint is named, LibreOffice is found on the PATH; what is not there is left out.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Annotated, Final

from cyclopts import App, Parameter

from bench.figures import Figure, percentile, tell
from config.loader import load_policy
from domain.letter import LetterKind
from tasks.letter_samples import SAMPLE_COMMON, sample_applicant, sample_facts
from tasks.letters import Texts
from tasks.paper.catalog import Paper
from tasks.paper.check import SAMPLE_AT, SAMPLE_URL
from tasks.paper.content import Around, content_of
from tasks.paper.samples import sample_sheet
from tasks.paper.templates import Templates, read_templates

app = App(name="bench.letters", help="Berapa lama satu surat PDF.", result_action="return_value")

POLICY: Final = Path(__file__).parents[1] / "config"
BAR_MS: Final = 25.0
_KEY: Final = b"ukur-ukur-ukur-ukur-ukur-ukur-01"
_FEW: Final = 30
_WEASYPRINT: Final = """
import json, sys, time, weasyprint
html = open(sys.argv[1], encoding="utf-8").read()
took = []
for _ in range(int(sys.argv[2])):
    begun = time.perf_counter()
    weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")
    took.append(time.perf_counter() - begun)
print(json.dumps(took))
"""
_PDF_A: Final = 'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}'


@app.default
def main(
    *,
    letters: int = 1000,
    weasyprint: Annotated[Path | None, Parameter(name="--weasyprint")] = None,
    soffice: Path | None = None,
) -> int:
    """Measure; one line of result for each letter and each program."""
    around = Around(read_templates(POLICY).letterhead, load_policy(POLICY).rulebook, SAMPLE_URL, _KEY)
    templates = read_templates(POLICY)
    for paper in Paper:
        _tell_of(f"letter {paper}", _typst(templates, around, paper, 50), bar=BAR_MS)
    before = _memory_mb()
    took = _typst(templates, around, Paper.NOTICE, letters)
    _tell_of("letter, notice", took, bar=BAR_MS, grown_mb=_memory_mb() - before)
    tell(Figure("1,000 letters, one thread", 1000 * sum(took) / len(took), "s"))
    with tempfile.TemporaryDirectory(prefix="ppid-letters-") as folder:
        page = Path(folder) / "surat.html"
        page.write_text(_as_html(), encoding="utf-8")
        if weasyprint is None:
            print("WeasyPrint: not named, left out", file=sys.stderr)
        else:
            _tell_of("WeasyPrint, the same notice", _weasyprint(weasyprint, page))
        program = soffice or shutil.which("soffice")
        if program is None:
            print("LibreOffice: not found, left out", file=sys.stderr)
        else:
            _libreoffice(str(program), page, Path(folder))
    return 0


def _typst(templates: Templates, around: Around, paper: Paper, count: int) -> list[float]:
    """Seconds for each of *count* letters, every one about another case, facts and QR code included."""
    sheet, took = sample_sheet(paper), list[float]()
    for no in range(count):
        number = f"{no + 1:03d}/PPID-TS/2026"
        one = replace(sheet, key=f"{no}:{paper}", case=number, facts={**sheet.facts, "number": number})
        begun = perf_counter()
        templates.set(paper, content_of(one, around, at=SAMPLE_AT), at=SAMPLE_AT)
        took.append(perf_counter() - begun)
    return took


def _as_html() -> str:
    texts, kind = Texts(POLICY / "mail"), LetterKind.REFUSAL
    return texts.render(kind, sample_facts(kind), applicant=sample_applicant(kind), common=SAMPLE_COMMON).html


def _weasyprint(python: Path, page: Path) -> list[float]:
    command = [str(python), "-c", _WEASYPRINT, str(page), str(_FEW)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 named by the caller
    took: list[float] = json.loads(done.stdout)
    return took


def _libreoffice(program: str, page: Path, folder: Path) -> None:
    """One start for one letter, then one start for many: what a batch would cost each."""
    copies = [folder / f"{no:03d}.html" for no in range(_FEW)]
    for copy in copies:
        shutil.copy(page, copy)
    alone = [_convert(program, [copy], folder) for copy in copies[:3]]
    _tell_of("LibreOffice, a start for each letter", alone)
    together = _convert(program, copies, folder) / len(copies)
    tell(Figure(f"LibreOffice, {_FEW} letters in one start", 1000 * together, "ms a letter"))


def _convert(program: str, pages: list[Path], folder: Path) -> float:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--writer", "--convert-to", _PDF_A, "--outdir", str(folder)]
    begun = perf_counter()
    subprocess.run([*command, *map(str, pages)], check=True, capture_output=True)  # noqa: S603 named by the caller
    return perf_counter() - begun


def _tell_of(name: str, took: list[float], *, bar: float | None = None, **facts: object) -> None:
    ms = [1000 * one for one in took]
    told = {"p90": percentile(ms, 0.9), "letters": len(ms), **facts}
    tell(Figure(f"{name}, p50", percentile(ms, 0.5), "ms", bar=bar, facts=told))


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(app())
