"""From `letters.yaml` to what every letter on paper shares: letterhead, numbering, place, signatures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator

from config.faults import RuleFault
from config.models import Line, OfficerKey
from config.yamlfile import FileModel, read_model
from domain.letter import LetterKind

FILE: Final = "letters.yaml"
_PARTS: Final = frozenset({"{kode}", "{berkas}"})


def _number(pattern: str) -> str:
    found = re.findall(r"\{[^}]*\}?", pattern)
    if set(found) != _PARTS or len(found) != len(_PARTS):
        raise RuleFault("nomor surat harus memuat {kode} dan {berkas}, masing-masing satu kali")
    return pattern


class HeadEntry(FileModel):
    """The letterhead."""

    government: Line
    office: Line
    address: Line
    contact: Line


class SignatureEntry(FileModel):
    """Name and NIP of an officer who signs."""

    officer: OfficerKey
    name: Line
    nip: str = ""


class LettersFile(FileModel):
    """`letters.yaml`."""

    head: HeadEntry
    place: Line
    number: Annotated[Line, AfterValidator(_number)]
    signatures: list[SignatureEntry]
    with_pdf: list[LetterKind]
    cost_rule: Line


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What letters on paper share.

    Attributes:
        number: pattern of a letter's number, with ``{kode}`` and ``{berkas}``.
        signatures: by an officer's key, the name and NIP under the signature.
        with_pdf: kinds whose e-mail carries the letter as PDF; what the desk prints always does.
    """

    government: str
    office: str
    address: str
    contact: str
    place: str
    number: str
    signatures: Mapping[str, tuple[str, str]]
    with_pdf: tuple[LetterKind, ...]
    cost_rule: str

    def letter_number(self, code: str, case: str) -> str:
        """The number of a letter of that code about that case."""
        return self.number.replace("{kode}", code).replace("{berkas}", case)


def load_letterhead(folder: Path) -> Letterhead:
    """What *folder* says; a folder without the file gets what comes with the programme.

    Raises:
        ConfigFaults: the file cannot stand, with line and field.
    """
    path = folder / FILE
    file, _ = read_model(path if path.exists() else Path(__file__).parent / FILE, LettersFile)
    return Letterhead(
        government=file.head.government,
        office=file.head.office,
        address=file.head.address,
        contact=file.head.contact,
        place=file.place,
        number=file.number,
        signatures={one.officer: (one.name, one.nip) for one in file.signatures},
        with_pdf=tuple(sorted(set(file.with_pdf))),
        cost_rule=file.cost_rule,
    )
