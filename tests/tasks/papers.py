"""Letters on paper for tests: set with the project's own templates, read back as text."""

import io
from functools import lru_cache
from pathlib import Path

from pypdf import PdfReader

import config
from tasks.paper.check import SAMPLE_AT, SAMPLE_URL
from tasks.paper.content import Around, Sheet, content_of
from tasks.paper.samples import sample_sheet
from tasks.paper.templates import read_templates

from .city import policy

FOLDER = Path(config.__file__).parent
KEY = b"kunci-uji-kunci-uji-kunci-uji-01"


@lru_cache
def templates():
    return read_templates(FOLDER)


def a_pdf(sheet: Sheet, *, at=SAMPLE_AT, public_url: str = SAMPLE_URL, key: bytes = KEY) -> bytes:
    around = Around(templates().letterhead, policy(), public_url, key)
    return templates().set(sheet.paper, content_of(sheet, around, at=at), at=at)


def text_of(pdf: bytes) -> str:
    """All pages' words, single spaces between them."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@lru_cache
def sample_pdf(paper) -> bytes:
    return a_pdf(sample_sheet(paper))
