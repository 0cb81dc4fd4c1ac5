"""`python -m cli.genpictures`: the first page of every letter as a picture, into `docs/images/letters/`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from config.loader import load_policy
from tasks.paper.catalog import Paper
from tasks.paper.check import SAMPLE_AT, SAMPLE_URL
from tasks.paper.content import Around, content_of
from tasks.paper.samples import sample_sheet
from tasks.paper.templates import read_templates

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "docs" / "images" / "letters"
#: Enough to read the text, small enough for the repository.
PPI: Final = 64.0
_KEY: Final = b"contoh-contoh-contoh-contoh-0001"


def main() -> int:
    """Write the pictures."""
    templates, book = read_templates(ROOT / "config"), load_policy(ROOT / "config").rulebook
    around = Around(templates.letterhead, book, SAMPLE_URL, _KEY)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for paper in Paper:
        content = content_of(sample_sheet(paper), around, at=SAMPLE_AT)
        first, *_ = templates.pictures(paper, content, at=SAMPLE_AT, ppi=PPI)
        (FOLDER / f"{paper}.png").write_bytes(first)
    return 0


if __name__ == "__main__":
    sys.exit(main())
