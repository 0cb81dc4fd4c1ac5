"""Reading an old register, CSV or workbook: every fault by its row, nothing kept while one is left."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from config.history import FIELDS, HistoryMapping
from domain.errors import Refused
from domain.identity import ApplicantKind, Channel
from domain.office import Office
from domain.result import Result
from domain.text import clean_line

LARGEST_BYTES: Final = 25 * 1024 * 1024
MOST_ROWS: Final = 200_000
FIRST_YEAR: Final = 2008
#: Old registers often know only that somebody came in person or wrote.
OFFLINE: Final = "offline"
CHANNELS: Final = frozenset({OFFLINE, *map(str, Channel)})
_ENUMS: Final[Mapping[str, frozenset[str]]] = {
    "channel": CHANNELS,
    "applicant": frozenset(map(str, ApplicantKind)),
    "result": frozenset(map(str, Result)),
}


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one row; the row is counted as in the file, headings included."""

    row: int
    column: str
    why: str

    def __str__(self) -> str:
        return f"baris {self.row}, {self.column}: {self.why}"


@dataclass(slots=True)
class OldRegister:
    """The rows that can be kept, and the faults of the others."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)

    @property
    def by_year(self) -> dict[int, int]:
        """Requests of each year."""
        told: dict[int, int] = {}
        for row in self.rows:
            told[row["year"]] = told.get(row["year"], 0) + row["requests"]
        return dict(sorted(told.items()))


def read_register(path: Path, mapping: HistoryMapping, office: Office, today: date) -> OldRegister:
    """Read and check the whole file.

    Raises:
        Refused: the file is not there, too large, of another kind, or lacks a mapped column.
    """
    found = OldRegister()
    lines = lines_of(path)
    headings = [str(cell or "").strip() for cell in next(lines, (0, []))[1]]
    places = _places(headings, mapping)
    for count, (number, cells) in enumerate(lines):
        if count >= MOST_ROWS:
            raise Refused("FILE", f"paling banyak {MOST_ROWS} baris dalam satu berkas")
        if not any(str(cell or "").strip() for cell in cells):
            continue
        given = {name: cells[place] if place < len(cells) else None for name, place in places.items()}
        _Row(number, given, mapping, office, today, found).read()
    return found


# --- the file -----------------------------------------------------------------------------------


def lines_of(path: Path) -> Iterator[tuple[int, list[Any]]]:
    """The rows of a CSV file or of a workbook's first sheet, each with its number in the file.

    Raises:
        Refused: the file is not there, too large, of another kind, or cannot be read.
    """
    if not path.is_file():
        raise Refused("FILE", f"{path} tidak ada")
    if path.stat().st_size > LARGEST_BYTES:
        raise Refused("FILE", f"paling besar {LARGEST_BYTES // 1024 // 1024} MB")
    if path.suffix.lower() == ".csv":
        return _csv_lines(path)
    if path.suffix.lower() == ".xlsx":
        return _xlsx_lines(path)
    raise Refused("FILE", "berkas harus .csv atau .xlsx")


def _csv_lines(path: Path) -> Iterator[tuple[int, list[Any]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("FILE", "bukan teks UTF-8; simpan ulang sebagai CSV UTF-8") from error
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","  # as spreadsheets in Indonesian write it
    try:
        yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1)
    except csv.Error as error:
        raise Refused("FILE", f"bukan CSV yang sah ({error})") from error


def _xlsx_lines(path: Path) -> Iterator[tuple[int, list[Any]]]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Refused("FILE", "bukan buku kerja .xlsx yang sah") from error
    try:
        for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            yield number, list(row)
    finally:
        book.close()


def _places(headings: list[str], mapping: HistoryMapping) -> dict[str, int]:
    places: dict[str, int] = {}
    missing = [wanted for wanted in mapping.columns.values() if wanted not in headings]
    if missing:
        raise Refused("--mapping", f"kolom tidak ada dalam berkas: {', '.join(missing)}")
    for name in FIELDS:
        heading = mapping.columns.get(name, name)
        if heading in headings:
            places[name] = headings.index(heading)
    if not places.keys() & {"year", "received_on"}:
        raise Refused(
            "--mapping", f"tidak ada kolom year atau received_on; judul kolom: {', '.join(headings)}"
        )
    return places


# --- one row ------------------------------------------------------------------------------------


class _Row:
    """Reads one row; what is wrong goes to the register's faults."""

    def __init__(
        self,
        number: int,
        given: dict[str, Any],
        mapping: HistoryMapping,
        office: Office,
        today: date,
        into: OldRegister,
    ) -> None:
        self.number, self.given, self.mapping = number, given, mapping
        self.office, self.today, self.into = office, today, into
        self.wrong = False

    def read(self) -> None:
        received, noticed = self._day("received_on"), self._day("noticed_on")
        if received and noticed and noticed < received:
            self._fault("noticed_on", f"{noticed} mendahului {received}")
        row = {
            "line": self.number,
            "year": self._year(received),
            "requests": self._requests(),
            "received_on": received,
            "noticed_on": noticed,
            "number": self._text("number", 80),
            "subject": self._text("subject", 500),
            "source": self._text("source", 500) or self.mapping.source,
            **{name: self._one_of(name) for name in _ENUMS},
            "opd": self._opd(),
        }
        if not row["source"]:
            self._fault("source", "sebutkan asal data, di kolom atau dalam pemetaan")
        if not self.wrong:
            self.into.rows.append(row)

    def _fault(self, name: str, why: str) -> None:
        self.wrong = True
        self.into.faults.append(RowFault(self.number, self.mapping.columns.get(name, name), why))

    def _raw(self, name: str) -> Any:
        value = self.given.get(name)
        return value.strip() if isinstance(value, str) else value

    def _text(self, name: str, longest: int) -> str:
        value = self._raw(name)
        try:
            return clean_line(name, "" if value is None else str(value), longest=longest)
        except Refused as refused:
            self._fault(name, refused.why)
            return ""

    def _meant(self, name: str) -> str:
        value = self._text(name, 200)
        return self.mapping.values.get(name, {}).get(value, value)

    def _one_of(self, name: str) -> str:
        meant, known = self._meant(name), _ENUMS[name]
        if meant and meant not in known:
            self._fault(name, f"«{meant}» tidak dikenal; yang ada: {', '.join(sorted(known))}")
            return ""
        return meant

    def _opd(self) -> str:
        meant = self._meant("opd")
        if meant and self.office.opd(meant) is None:
            self._fault("opd", f"OPD «{meant}» tidak dikenal")
        return meant

    def _day(self, name: str) -> date | None:
        value = self._raw(name)
        if value in (None, ""):
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        for form in ("%Y-%m-%d", self.mapping.dates):
            try:
                found = datetime.strptime(str(value), form).date()  # noqa: DTZ007 a day, no instant
            except ValueError:
                continue
            if found > self.today:
                self._fault(name, f"{found} masih di depan")
            return found
        self._fault(name, f"«{value}» bukan tanggal")
        return None

    def _year(self, received: date | None) -> int:
        value = self._raw("year")
        if value in (None, ""):
            if received is None:
                self._fault("year", "tahun tidak disebut")
                return 0
            return received.year
        year = _whole(value)
        if year is None or not FIRST_YEAR <= year <= self.today.year:
            self._fault("year", f"«{value}» bukan tahun {FIRST_YEAR}–{self.today.year}")
            return 0
        if received is not None and received.year != year:
            self._fault("year", f"{year} tidak cocok dengan tanggal diterima {received}")
        return year

    def _requests(self) -> int:
        value = self._raw("requests")
        if value in (None, ""):
            return 1
        count = _whole(value)
        if count is None or not 0 <= count <= 1_000_000:
            self._fault("requests", f"«{value}» bukan jumlah permohonan")
            return 0
        return count


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and not value.is_integer():
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def faults_told(faults: Iterable[RowFault], most: int = 100) -> list[str]:
    """The faults in words, the first ones if there are many."""
    told = [str(fault) for fault in faults]
    return told if len(told) <= most else [*told[:most], f"… dan {len(told) - most} kesalahan lagi"]
