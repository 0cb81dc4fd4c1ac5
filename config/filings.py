"""A request or objection as a person writes it into a YAML or JSON file for `ppid request file`.

A paper that is missing or malformed is never refused here; text that cannot stand in a register is, with
its field and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field

from config.faults import ConfigFaults, Fault, RuleFault
from config.models import Flag
from config.yamlfile import FileModel, LineOf, Where, field_name, read_model
from domain.act import ObjectionReason
from domain.errors import Refused
from domain.identity import ApplicantKind, Channel, Identity, checked
from domain.law import IN_FORCE_ON
from domain.objection_arrows import ObjectionFiling
from domain.request_arrows import LONGEST_ITEM, LONGEST_SUBJECT, MOST_ITEMS, Filing
from domain.text import clean_line, clean_text

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day(value: Any) -> date | None:
    """A YAML date, or the same as JSON writes it; pydantic alone would take numbers for dates too."""
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise RuleFault(f"tanggal {value} tidak ada") from error
    raise RuleFault("harus berupa tanggal (TTTT-BB-HH)")


def _digits(value: Any) -> Any:
    """A number written without quotes is text all the same: a NIK is never turned away for that."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_Text = Annotated[str, Field(max_length=20_000)]
_Number = Annotated[_Text, BeforeValidator(_digits)]
_Day = Annotated[date | None, BeforeValidator(_day)]


class IdentityEntry(FileModel):
    """The applicant; see `domain.identity.Identity`. What is missing is named, never refused."""

    name: _Text
    email: _Text = ""
    phone: _Number = ""
    address: _Text = ""
    nik: _Number = ""
    deed_number: _Number = ""
    id_document: _Text = ""
    occupation: _Text = ""
    proxy_name: _Text = ""
    power_of_attorney: Flag = False
    purpose: _Text = ""


class FilingEntry(FileModel):
    """A request, or with `reasons` an objection without a request (reason b)."""

    subject: _Text
    channel: Channel
    identity: IdentityEntry
    applicant: ApplicantKind = ApplicantKind.INDIVIDUAL
    received_on: _Day = None
    items: tuple[_Text, ...] = ()
    body: _Text = ""
    wants_copy: Flag = True
    reasons: tuple[ObjectionReason, ...] = ()


def read_filing(path: Path, today: date) -> Filing:
    """The request in that file; without `received_on` it was received today.

    Raises:
        ConfigFaults: the file or something in it cannot stand, with its line and field.
    """
    entry, line_of = read_model(path, FilingEntry)
    place = _Place(path, line_of)
    if entry.reasons:
        raise place.fault(("reasons",), "alasan keberatan; untuk keberatan pakai `ppid request object`")
    items = entry.items or ((entry.body,) if entry.body.strip() else ())
    if not any(item.strip() for item in items):
        raise place.fault(("items",), "sebutkan sedikitnya satu informasi yang diminta (items atau body)")
    if len(items) > MOST_ITEMS:
        raise place.fault(("items",), f"paling banyak {MOST_ITEMS} butir dalam satu permohonan")
    for index, item in enumerate(items):
        with place.of(("items", index) if entry.items else ("body",)):
            clean_text("item", item, longest=LONGEST_ITEM)
    return Filing(
        applicant=entry.applicant,
        channel=entry.channel,
        received_on=place.received(entry, today),
        identity=place.identity(entry),
        subject=place.subject(entry),
        items=items,
        wants_copy=entry.wants_copy,
    )


def read_objection(path: Path, today: date) -> tuple[ObjectionFiling, Identity]:
    """The objection without a request in that file, and who files it.

    Raises:
        ConfigFaults: the file or something in it cannot stand, with its line and field.
    """
    entry, line_of = read_model(path, FilingEntry)
    place = _Place(path, line_of)
    if entry.items or entry.body:
        raise place.fault(("items",), "keberatan alasan b tidak memuat butir; sebutkan pokoknya di subject")
    filing = ObjectionFiling(
        reasons=entry.reasons or (ObjectionReason.B,),
        received_on=place.received(entry, today),
        channel=entry.channel,
        subject=place.subject(entry),
        applicant=entry.applicant,
    )
    return filing, place.identity(entry)


class _Place:
    """Tells what the rules refuse with the file, line and field it stands in."""

    def __init__(self, path: Path, line_of: LineOf) -> None:
        self.path, self.line_of = path, line_of

    def fault(self, where: Where, message: str) -> ConfigFaults:
        return ConfigFaults([Fault(str(self.path), self.line_of(where), field_name(where), message)])

    @contextmanager
    def of(self, where: Where, *, named: bool = False) -> Iterator[None]:
        try:
            yield
        except Refused as refused:
            raise self.fault((*where, refused.field) if named else where, refused.why) from refused

    def received(self, entry: FilingEntry, today: date) -> date:
        if entry.received_on is not None and entry.received_on > today:
            raise self.fault(("received_on",), f"tanggal {entry.received_on} masih di depan")
        if entry.received_on is not None and entry.received_on < IN_FORCE_ON:
            why = f"tanggal {entry.received_on} sebelum UU 14/2008 berlaku ({IN_FORCE_ON})"
            raise self.fault(("received_on",), why)
        return entry.received_on or today

    def subject(self, entry: FilingEntry) -> str:
        with self.of(("subject",)):
            subject = clean_line("subject", entry.subject, longest=LONGEST_SUBJECT)
        if not subject:
            raise self.fault(("subject",), "pokok permohonan harus diisi")
        return subject

    def identity(self, entry: FilingEntry) -> Identity:
        with self.of(("identity",), named=True):
            return checked(Identity(**entry.identity.model_dump()))
