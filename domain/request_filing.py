"""A request as it comes in: registered at once, whatever is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from domain import request_letters as write
from domain.act import WIB, Act
from domain.arrow import Decision, Happened, Scene
from domain.errors import Refused
from domain.identity import ApplicantKind, Channel, Identity, papers_missing
from domain.item import Item
from domain.office import Actor
from domain.request import Request
from domain.rule import ClockKind
from domain.rulebook import Rulebook
from domain.text import clean_line, clean_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A request as it comes in. `received_on` may lie before the day it is registered."""

    applicant: ApplicantKind
    channel: Channel
    received_on: date
    identity: Identity
    subject: str
    items: tuple[str, ...]
    wants_copy: bool = True
    opds: tuple[str, ...] = ()


LONGEST_SUBJECT: Final = 200
LONGEST_ITEM: Final = 4000
MOST_ITEMS: Final = 50


def register(
    filing: Filing, *, number: str, person: str, by: Actor, at: datetime, book: Rulebook
) -> Decision[Request]:
    """The request under its number; missing papers are named, never a reason to turn it away.

    The statutory clock counts from *received_on* (UU Pasal 22 ayat (7)), the completeness check from
    the day of registration (PERKI 1/2021 Pasal 31 ayat (2)).

    Raises:
        Refused: the filing cannot be read: no subject, no item, a day in the future.
    """
    today = at.astimezone(WIB).date()
    if filing.received_on > today:
        raise Refused("received_on", f"tanggal {filing.received_on} masih di depan")
    request = Request(
        number=number,
        person=person,
        channel=filing.channel,
        applicant=filing.applicant,
        received_on=filing.received_on,
        registered_at=at,
        subject=_subject(filing.subject),
        items=_items(filing.items),
        has_email=bool(filing.identity.email),
        wants_copy=filing.wants_copy,
        faults=papers_missing(filing.applicant, filing.identity),
    )
    clocks = (
        book.start_clock(ClockKind.NOTICE, filing.received_on, received_on=filing.received_on),
        book.start_clock(ClockKind.COMPLETENESS, today, received_on=filing.received_on),
    )
    request = replace(request, clocks=clocks)
    act = Act(action="register", by=by, at=at, on=filing.received_on)
    scene: Scene[Request] = Scene(act, book)
    facts = {"received_on": filing.received_on.isoformat(), "channel": str(filing.channel)}
    event = Happened(number, "register", "", request.stage, by, at, facts)
    return Decision(request, event, write.receipt(request, request, scene))


def _subject(text: str) -> str:
    subject = clean_line("subject", text, longest=LONGEST_SUBJECT)
    if not subject:
        raise Refused("subject", "pokok permohonan harus diisi")
    return subject


def _items(texts: tuple[str, ...]) -> tuple[Item, ...]:
    cleaned = [clean_text("item", text, longest=LONGEST_ITEM) for text in texts]
    kept = [text for text in cleaned if text]
    if not kept:
        raise Refused("item", "sebutkan sedikitnya satu informasi yang diminta")
    if len(kept) > MOST_ITEMS:
        raise Refused("item", f"paling banyak {MOST_ITEMS} butir dalam satu permohonan")
    return tuple(Item(no, text) for no, text in enumerate(kept, start=1))
