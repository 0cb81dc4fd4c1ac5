"""A request or objection as a person writes it into a YAML or JSON file for `ppid request file`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from config.yamlfile import FileModel, read_model
from domain.act import ObjectionReason
from domain.errors import Refused
from domain.identity import ApplicantKind, Channel, Identity
from domain.objection_arrows import ObjectionFiling
from domain.request_arrows import Filing

_Text = Annotated[str, Field(max_length=20_000)]


class IdentityEntry(FileModel):
    """The applicant; see `domain.identity.Identity`. What is missing is named, never refused."""

    name: _Text
    email: _Text = ""
    phone: _Text = ""
    address: _Text = ""
    nik: _Text = ""
    deed_number: _Text = ""
    id_document: _Text = ""
    occupation: _Text = ""
    proxy_name: _Text = ""
    power_of_attorney: bool = False
    purpose: _Text = ""


class FilingEntry(FileModel):
    """A request, or with `reasons` an objection without a request (reason b)."""

    subject: _Text
    channel: Channel
    identity: IdentityEntry
    applicant: ApplicantKind = ApplicantKind.INDIVIDUAL
    received_on: date | None = None
    items: tuple[_Text, ...] = ()
    body: _Text = ""
    wants_copy: bool = True
    reasons: tuple[ObjectionReason, ...] = ()


def read_filing(path: Path, today: date) -> Filing:
    """The request in that file; without `received_on` it was received today.

    Raises:
        ConfigFaults: the file cannot be read, each fault with its line and field.
        Refused: it asks for nothing.
    """
    entry, _ = read_model(path, FilingEntry)
    items = entry.items or ((entry.body,) if entry.body.strip() else ())
    if not items:
        raise Refused("items", "sebutkan sedikitnya satu informasi yang diminta (items atau body)")
    return Filing(
        applicant=entry.applicant,
        channel=entry.channel,
        received_on=entry.received_on or today,
        identity=_identity(entry),
        subject=entry.subject,
        items=items,
        wants_copy=entry.wants_copy,
    )


def read_objection(path: Path, today: date) -> tuple[ObjectionFiling, Identity]:
    """The objection without a request in that file, and who files it.

    Raises:
        ConfigFaults: the file cannot be read, each fault with its line and field.
    """
    entry, _ = read_model(path, FilingEntry)
    filing = ObjectionFiling(
        reasons=entry.reasons or (ObjectionReason.B,),
        received_on=entry.received_on or today,
        channel=entry.channel,
        subject=entry.subject,
        applicant=entry.applicant,
    )
    return filing, _identity(entry)


def _identity(entry: FilingEntry) -> Identity:
    return Identity(**entry.identity.model_dump())
