"""Reading a list (DIP, DIK) from a file of the office: every fault by its row, all rows kept or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select

from domain.act import WIB, Act
from domain.errors import Refused
from domain.exemption import next_step_on
from domain.item import Ground, Outcome, Verdict, check_verdict
from domain.office import Actor, Office
from domain.text import clean_text
from tasks.act_checks import check_actor
from tasks.acts import Performed
from tasks.old_registers import RowFault, lines_of
from tasks.registers import lists
from tasks.registers.dip import CATEGORY_SHOWN_AS
from tasks.service import Service
from tasks.store.schema import listings

_LONGEST: Final = 2000
#: Columns of the files; the first must be there.
DIP_COLUMNS: Final = ("title", "opd", "responsible", "made", "form", "retention", "category", "remark")
DIK_COLUMNS: Final = (
    "title",
    "opd",
    "ground",
    "basis",
    "consequence",
    "benefit",
    "decree",
    "set_on",
    "until",
    "permanent",
)


@dataclass(slots=True)
class ListFile:
    """The rows that can be kept, and the faults of the others."""

    kind: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


def read_list(path: Path, kind: str, office: Office, today: date) -> ListFile:
    """Read and check the whole file; its headings are the names of our columns.

    Raises:
        Refused: the file is not there, of another kind, or has no column `title`.
    """
    found = ListFile(kind)
    columns = DIK_COLUMNS if kind == lists.DIK else DIP_COLUMNS
    lines = lines_of(path)
    headings = [str(cell or "").strip() for cell in next(lines, (0, []))[1]]
    if columns[0] not in headings:
        raise Refused("FILE", f"tidak ada kolom title; kolom yang dikenal: {', '.join(columns)}")
    unknown = sorted(set(filter(None, headings)) - set(columns))
    if unknown:
        raise Refused("FILE", f"kolom tidak dikenal: {', '.join(unknown)}; yang ada: {', '.join(columns)}")
    for number, cells in lines:
        given = {name: cell for name, cell in zip(headings, cells, strict=False) if name}
        if any(str(cell or "").strip() for cell in given.values()):
            _Row(number, given, office, today, found).read()
    return found


def keep_list(service: Service, found: ListFile, by: Actor) -> int:
    """Enter the rows, all or none; how many. What is listed with the same title and OPD is left alone.

    Raises:
        Refused: *by* may not.
    """
    now = service.clock.now()
    book, today = service.policy(), now.astimezone(WIB).date()
    counted: list[int] = []

    def job(connection: Connection) -> Performed:
        check_actor(connection, Act(action="import", by=by, at=now), book)
        known = set(
            connection.execute(
                select(listings.c.title, listings.c.opd).where(
                    listings.c.kind == found.kind, listings.c.status == lists.IN_FORCE
                )
            ).tuples()
        )
        fresh = [row for row in found.rows if (row["title"], row["opd"]) not in known]
        for row in fresh:
            until = row.get("until")
            lists.put(
                connection, found.kind, at=now, by=by.name, next_on=next_step_on(until, today, book), **row
            )
        counted.append(len(fresh))
        return Performed("", "import", "", 0, 0)

    service.acts.writer.submit(job).result()
    return counted[0]


class _Row:
    """Reads one row; what is wrong goes to the file's faults."""

    def __init__(
        self, number: int, given: Mapping[str, Any], office: Office, today: date, into: ListFile
    ) -> None:
        self.number, self.given, self.office, self.today, self.into = number, given, office, today, into
        self.wrong = False

    def read(self) -> None:
        dik = self.into.kind == lists.DIK
        row = {"title": self._text("title"), "opd": self._opd()}
        if not row["title"]:
            self._fault("title", "isi informasi belum ditulis")
        row |= self._exemption() if dik else self._public()
        if not self.wrong:
            self.into.rows.append(row)

    def _public(self) -> dict[str, Any]:
        content = {name: self._text(name) for name in DIP_COLUMNS[2:]}
        if content["category"] and content["category"] not in CATEGORY_SHOWN_AS:
            self._fault("category", f"harus salah satu dari {', '.join(CATEGORY_SHOWN_AS)}")
        return {"content": content, "set_on": self.today}

    def _exemption(self) -> dict[str, Any]:
        set_on = self._day("set_on") or self.today
        until, permanent = self._day("until"), self._text("permanent").lower() in ("ya", "true", "1")
        names = ("ground", "basis", "consequence", "benefit", "decree")
        content: dict[str, Any] = {name: self._text(name) for name in names}
        self._check(content, until, permanent, set_on)
        if until is not None and until < self.today:
            self._fault("until", f"sudah berakhir {until}, jadi terbuka (PP 61/2010 Pasal 11 ayat (3))")
        content["permanent"] = permanent
        return {"content": content, "set_on": set_on, "until": until}

    def _check(self, content: Mapping[str, Any], until: date | None, permanent: bool, set_on: date) -> None:
        ground = content["ground"]
        if ground not in tuple(Ground):
            self._fault("ground", f"«{ground}» bukan huruf Pasal 17; tulis 17a sampai 17j")
            return
        if until is not None and permanent:
            self._fault("permanent", "tulis until atau permanent, tidak keduanya")
        verdict = Verdict(
            Outcome.EXEMPT,
            content["consequence"],
            "",
            ground=Ground(ground),
            basis=content["basis"],
            until=until,
            permanent=permanent,
        )
        try:
            check_verdict(verdict, today=set_on)
        except Refused as refused:
            name = "consequence" if refused.field == "note" else refused.field
            self._fault(name, refused.why)

    def _fault(self, name: str, why: str) -> None:
        self.wrong = True
        self.into.faults.append(RowFault(self.number, name, why))

    def _text(self, name: str) -> str:
        value = self.given.get(name)
        if isinstance(value, datetime):
            value = value.date()
        try:
            return clean_text(name, "" if value is None else str(value), longest=_LONGEST).strip()
        except Refused as refused:
            self._fault(name, refused.why)
            return ""

    def _opd(self) -> str:
        key = self._text("opd")
        if key and self.office.opd(key) is None:
            self._fault("opd", f"OPD «{key}» tidak dikenal")
        return key

    def _day(self, name: str) -> date | None:
        text = self._text(name)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._fault(name, f"«{text}» bukan tanggal (tulis 2026-12-31)")
            return None
