"""The city's letter templates, read whole into memory and set with the facts of one letter."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from config.folder import own_or_shipped
from config.letterhead import Letterhead, load_letterhead
from tasks.paper.catalog import Paper
from tasks.typeset import USUAL_PPI, Into, Standard, TemplateBroken, render_files

FOLDER: Final = "letters"
SUFFIX: Final = ".typ"
#: Archivable, and tagged for screen readers by both standards Typst offers for that.
STANDARDS: Final[tuple[Standard, ...]] = ("a-2a", "ua-1")


@dataclass(frozen=True, slots=True)
class Templates:
    """One state of `config/letters/` and `letters.yaml`.

    Attributes:
        version: changes with every byte of any template or of the letterhead.
    """

    files: Mapping[str, bytes]
    letterhead: Letterhead
    version: str

    def set(self, paper: Paper, data: Mapping[str, Any], *, at: datetime) -> bytes:
        """The letter as PDF; the same template, data and instant give the same bytes.

        Raises:
            TemplateBroken: the template cannot be set with these data.
        """
        return self._render(paper, data, at, "pdf")[0]

    def pictures(
        self, paper: Paper, data: Mapping[str, Any], *, at: datetime, ppi: float = USUAL_PPI
    ) -> list[bytes]:
        """Its pages as PNG.

        Raises:
            TemplateBroken: as `set`.
        """
        return self._render(paper, data, at, "png", ppi)

    def _render(
        self, paper: Paper, data: Mapping[str, Any], at: datetime, into: Into, ppi: float = USUAL_PPI
    ) -> list[bytes]:
        name = f"{paper}{SUFFIX}"
        if name not in self.files:
            raise TemplateBroken(name, "berkas ini tidak ada")
        return render_files(name, self.files, data, at=at, into=into, standards=STANDARDS, ppi=ppi)


def folder_of(policy: Path) -> Path:
    """The templates of that policy folder; one without its own uses those of the programme."""
    return own_or_shipped(policy, FOLDER)


def read_templates(policy: Path) -> Templates:
    """The templates as they stand in the folder of the policy, unchecked.

    Raises:
        ConfigFaults: `letters.yaml` cannot stand.
        OSError: a file cannot be read.
    """
    letterhead = load_letterhead(policy)
    files = {path.name: path.read_bytes() for path in sorted(folder_of(policy).glob(f"*{SUFFIX}"))}
    digest = hashlib.sha256(repr(letterhead).encode())
    told = {name: hashlib.sha256(text).hexdigest() for name, text in files.items()}
    digest.update(json.dumps(told).encode())
    return Templates(files, letterhead, digest.hexdigest()[:12])
