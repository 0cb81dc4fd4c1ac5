"""Tries every letter template before it is used: each fault with file and line, and the running ones stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog

from config.faults import ConfigFaults, Fault
from domain.act import WIB
from domain.rulebook import Rulebook
from tasks.paper.catalog import Paper
from tasks.paper.content import Around, content_of
from tasks.paper.samples import other_sheets, sample_sheet
from tasks.paper.templates import SUFFIX, Templates, folder_of, read_templates
from tasks.typeset import TemplateBroken, forget

log = structlog.get_logger()

SAMPLE_AT: Final = datetime(2026, 3, 16, 10, tzinfo=WIB)
_PLACE: Final = re.compile(r"┌─ (\S+?):(\d+):\d+")
#: A package would be fetched from the network at the moment a letter is due.
_PACKAGE: Final = re.compile(rb"#?(?:import|include)\s+\"@")
SAMPLE_URL: Final = "https://ppid.example"
_SAMPLE_KEY: Final = b"contoh-contoh-contoh-contoh-0001"


def check(policy: Path, book: Rulebook) -> list[Fault]:
    """What is wrong with the templates of that policy folder; empty when every letter can be set.

    Raises:
        ConfigFaults: `letters.yaml` cannot stand.
        OSError: the folder cannot be read.
    """
    return list(dict.fromkeys(_faults(read_templates(policy), folder_of(policy), book)))


def _faults(templates: Templates, folder: Path, book: Rulebook) -> Iterator[Fault]:
    known = {f"{paper}{SUFFIX}" for paper in Paper}
    for name, text in templates.files.items():
        if not name.startswith("_") and name not in known:
            yield Fault(str(folder / name), 1, "", "tidak ada surat dengan nama ini")
        for found in _PACKAGE.finditer(text):
            line = text.count(b"\n", 0, found.start()) + 1
            yield Fault(str(folder / name), line, "", "paket dari luar tidak boleh dipakai")
            return
    for paper in Paper:
        yield from _trial(templates, folder, paper, book)


def _trial(templates: Templates, folder: Path, paper: Paper, book: Rulebook) -> Iterator[Fault]:
    full = Around(templates.letterhead, book, SAMPLE_URL, _SAMPLE_KEY)
    bare = Around(templates.letterhead, book)
    for sheet, around in [(sample_sheet(paper), full), *((other, bare) for other in other_sheets(paper))]:
        try:
            templates.set(paper, content_of(sheet, around, at=SAMPLE_AT), at=SAMPLE_AT)
        except TemplateBroken as broken:
            yield _as_fault(broken, folder)
            return


def _as_fault(broken: TemplateBroken, folder: Path) -> Fault:
    place = _PLACE.search(broken.problem)
    name, line = (place[1], int(place[2])) if place else (broken.template, 1)
    first = broken.problem.strip().splitlines()[0].removeprefix("error: ")
    return Fault(str(folder / name), line, "", f"tidak dapat disusun ({first})")


class PaperTemplates:
    """The templates in force; a changed folder is taken up whole, or not at all.

    Raises:
        ConfigFaults: the templates cannot be used at the start.
    """

    def __init__(self, policy: Path, book: Rulebook) -> None:
        self.policy = policy
        #: What is wrong with the folder as it stands now; empty while the running templates are those.
        self.refused = ""
        self._stamp = _stamp(policy)
        self._running = _checked(policy, book)

    def __call__(self) -> Templates:
        """The templates in force."""
        return self._running

    def reload(self, book: Rulebook) -> bool:
        """Take up changed templates; False when none changed, or one is broken and the old ones stay."""
        stamp = _stamp(self.policy)
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            self._running = _checked(self.policy, book)
        except (ConfigFaults, OSError) as error:
            self.refused = str(error)[:500]
            log.error("letters.templates_refused", faults=self.refused)
            return False
        self.refused = ""
        log.info("letters.templates_taken_up", version=self._running.version)
        return True


def _checked(policy: Path, book: Rulebook) -> Templates:
    templates = read_templates(policy)
    faults = list(dict.fromkeys(_faults(templates, folder_of(policy), book)))
    forget()  # every sample letter set, 15 MB the core would keep
    if faults:
        raise ConfigFaults(faults)
    return templates


def _stamp(policy: Path) -> tuple[tuple[str, int, int], ...]:
    files = sorted((*folder_of(policy).glob(f"*{SUFFIX}"), *policy.glob("letters.yaml")))
    return tuple((str(f), f.stat().st_mtime_ns, f.stat().st_size) for f in files)
