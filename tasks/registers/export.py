"""Making a copy of a register: which rows, which columns, and into which kind of file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select

from domain.act import WIB
from domain.dispute import DISPUTE_SHOWN_AS, Dispute
from domain.errors import Refused
from domain.identity import CHANNEL_SHOWN_AS, Channel, Identity
from domain.number import SAMPLE_SERIES, CaseKind
from domain.objection import OBJECTION_SHOWN_AS
from domain.office import Actor, Office
from domain.request import STAGE_SHOWN_AS, Request
from domain.rulebook import add_months
from tasks.keys import PersonErased
from tasks.registers import csvfile, dik, dip, disputes, lists, objections, pdf, requests, xlsx
from tasks.registers.identities import check_exporter, identified
from tasks.registers.lists import Listing
from tasks.registers.reading import Entry, Filter, entries
from tasks.registers.sheet import FULL_NOTE, PUBLIC_NOTE, Cell, Layout, Sheet, columns_of, picked
from tasks.service import Service
from tasks.store.engine import reading
from tasks.store.schema import listings
from tasks.words import short_date

FILE_TYPES: Final = (".xlsx", ".csv", ".pdf")
Row = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class ListRegister:
    """A list of information: no identities, no family, rows from the store's own table."""

    layout: Layout
    row: Callable[[Listing, Office], Row]
    stages: Mapping[Any, str]
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """A register of case files.

    Attributes:
        row: a file's row, with the identity in a full copy.
        noted: actions whose journal notes a row needs.
        stages: the kind's stages as people read them.
        legend: printed under the table.
    """

    layout: Layout
    kind: CaseKind
    row: Callable[[Service, Entry, Identity | None], Row]
    stages: Mapping[Any, str]
    noted: tuple[str, ...] = ()
    legend: str = ""


def _request_row(service: Service, entry: Entry, identity: Identity | None) -> Row:
    return requests.row_of(entry.case, identity, paid_how=_paid_how(service, entry))


def _paid_how(service: Service, entry: Entry) -> str:
    """The way of payment stands in the note of the cost letter, sealed with everything else people type."""
    for note in reversed(entry.notes):
        if note.sealed is None or entry.wrapped_key is None:
            continue
        try:
            held = (entry.person, entry.wrapped_key, entry.number)
            told = service.acts.sealing.open_note(*held, note.seq, note.sealed)
        except PersonErased:
            return ""
        return str(told.get("note", ""))
    return ""


def _objection_row(service: Service, entry: Entry, identity: Identity | None) -> Row:
    request = entry.of_family(entry.case.request)
    followed = tuple(c for c in entry.family if isinstance(c, Dispute) and c.objection == entry.number)
    known = request if isinstance(request, Request) else None
    return objections.row_of(entry.case, known, followed, identity, service.policy().office)


def _dispute_row(service: Service, entry: Entry, identity: Identity | None) -> Row:
    return disputes.row_of(entry.case, identity)


REGISTERS: Final[Mapping[str, Register]] = {
    "requests": Register(
        requests.LAYOUT, CaseKind.REQUEST, _request_row, STAGE_SHOWN_AS, noted=("cost_note",)
    ),
    "objections": Register(
        objections.LAYOUT,
        CaseKind.OBJECTION,
        _objection_row,
        OBJECTION_SHOWN_AS,
        legend=objections.LEGEND,
    ),
    "disputes": Register(disputes.LAYOUT, CaseKind.DISPUTE, _dispute_row, DISPUTE_SHOWN_AS),
}


LISTS: Final[Mapping[str, ListRegister]] = {
    "dip": ListRegister(dip.LAYOUT, dip.row_of, {}),
    "dik": ListRegister(dik.LAYOUT, dik.row_of, dik.STATUS_SHOWN_AS),
}


def list_sheet(service: Service, register: ListRegister, wanted: Filter) -> Sheet:
    """A copy of a list of information; a list names no applicant, so there is only the public one.

    Raises:
        Refused: a channel was named.
    """
    if wanted.channel:
        raise Refused("--channel", "daftar informasi tidak mengenal saluran")
    kind, office = register.layout.key, service.policy().office
    found = lists.listed(service.engine, kind, year=wanted.year, opd=wanted.opd, status=wanted.stage)
    columns = register.layout.columns
    notes = (
        f"Keadaan pada {short_date(service.clock.today())}.",
        *_filters(service, wanted, register.stages),
    )
    if kind == lists.DIP:
        notes = (*notes, _updated(service))
    return Sheet(
        layout=register.layout,
        columns=columns,
        office=office.city,
        notes=notes,
        rows=picked(columns, (register.row(one, office) for one in found)),
        sample=wanted.series == SAMPLE_SERIES,
    )


def _updated(service: Service) -> str:
    """When the list was last changed, and until when it must be (R-S45.7)."""
    with reading(service.engine) as connection:
        at = connection.execute(
            select(func.max(listings.c.changed_at)).where(listings.c.kind == lists.DIP)
        ).scalar()
    if at is None:
        return "Belum ada isinya; diperbarui sedikitnya tiap enam bulan (PERKI 1/2021 Pasal 45 ayat (7))."
    on = at.astimezone(WIB).date()
    due = add_months(on, 6)
    return (
        f"Diperbarui {short_date(on)}; paling lambat lagi {short_date(due)} (PERKI 1/2021 Pasal 45 ayat (7))."
    )


def sheet_of(service: Service, register: Register, wanted: Filter, *, full_for: Actor | None = None) -> Sheet:
    """A copy of the register: public, or full for a named officer, each reading journalled.

    Raises:
        Refused: nobody by that name may make a full copy.
    """
    if full_for is not None:
        check_exporter(service, full_for)
    columns = columns_of(register.layout, full=full_for is not None)
    rows = _rows(service, register, wanted, full_for)
    return Sheet(
        layout=register.layout,
        columns=columns,
        office=service.policy().office.city,
        notes=_notes(service, wanted, full_for, register),
        rows=picked(columns, rows),
        sample=wanted.series == SAMPLE_SERIES,
    )


def write(service: Service, sheet: Sheet, to: Path, *, legend: str = "") -> list[Path]:
    """Write the copy as its name says: .xlsx, .csv or .pdf; the files made.

    Raises:
        Refused: another kind of file.
    """
    kind = to.suffix.lower()
    if kind not in FILE_TYPES:
        raise Refused("--to", f"nama berkas harus berakhir {', '.join(FILE_TYPES)}")
    to.parent.mkdir(parents=True, exist_ok=True)
    if kind == ".xlsx":
        xlsx.write(sheet, to)
        return [to]
    if kind == ".csv":
        with to.open("w", encoding="utf-8", newline="") as file:
            csvfile.write(sheet, file)
        return [to]
    folder = service.policy.folder / "print"
    return pdf.write(sheet, to, templates=folder, at=service.clock.now(), legend=legend)


def _rows(service: Service, register: Register, wanted: Filter, full_for: Actor | None) -> Iterator[Row]:
    found = entries(service.engine, register.kind, wanted, noted=register.noted)
    if full_for is None:
        for entry in found:
            yield register.row(service, entry, None)
        return
    for entry, identity in identified(service, found, full_for, register.layout.key):
        yield register.row(service, entry, identity)


def _notes(service: Service, wanted: Filter, full_for: Actor | None, register: Register) -> tuple[str, ...]:
    notes = [f"Keadaan pada {short_date(service.clock.today())}."]
    notes += _filters(service, wanted, register.stages)
    if full_for is not None:
        notes += [FULL_NOTE, f"Dibuat oleh {full_for.name}."]
    elif register.layout.has_identity:
        notes.append(PUBLIC_NOTE)
    return tuple(notes)


def _filters(service: Service, wanted: Filter, shown: Mapping[Any, str]) -> Iterable[str]:
    if wanted.year is not None:
        yield f"Tahun {wanted.year}."
    if wanted.stage:
        yield f"Tahap: {shown.get(wanted.stage, wanted.stage)}."
    if wanted.opd:
        opd = service.policy().office.opd(wanted.opd)
        yield f"OPD: {opd.name if opd else wanted.opd}."
    if wanted.channel:
        yield f"Saluran: {CHANNEL_SHOWN_AS[Channel(wanted.channel)]}."
