"""Registration numbers: per kind, series and year, without gaps: `001/KEB/PPID-TS/2026`."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class CaseKind(StrEnum):
    """The kinds of files the office keeps."""

    REQUEST = "request"
    OBJECTION = "objection"
    DISPUTE = "dispute"
    ASSISTANCE = "assistance"


#: The series of real cases, and the one of samples that must never mix with them.
LIVE_SERIES: Final = "PPID-TS"
SAMPLE_SERIES: Final = "CONTOH"

_MARK: Final = {
    CaseKind.REQUEST: "",
    CaseKind.OBJECTION: "KEB/",
    CaseKind.DISPUTE: "SGK/",
    CaseKind.ASSISTANCE: "BK/",
}
_FORM: Final = re.compile(r"[0-9]{3,}/(KEB/|SGK/|BK/)?(PPID-TS|CONTOH)/[0-9]{4}")


def registration_number(kind: CaseKind, series: str, year: int, count: int) -> str:
    """The number of the *count*-th file of that kind, series and year."""
    return f"{count:03d}/{_MARK[kind]}{series}/{year}"


def for_files(number: str) -> str:
    """The number as it may stand in file names, addresses and run names."""
    return number.replace("/", "-")


def from_files(text: str) -> str:
    """The number again from what `for_files` made of it; a number is returned as it is."""
    match = re.fullmatch(
        r"([0-9]{3,})-(?:(KEB|SGK|BK)-)?(PPID-TS|CONTOH)-([0-9]{4})", text.strip(), re.IGNORECASE
    )
    if match is None:
        return text.strip()
    count, mark, series, year = match.groups()
    return "/".join(part for part in (count, mark and mark.upper(), series.upper(), year) if part)


def is_number(text: str) -> bool:
    """Whether the text has the form of a registration number."""
    return _FORM.fullmatch(text) is not None
