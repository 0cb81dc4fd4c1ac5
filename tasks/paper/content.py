"""What a template is given: the facts of a letter with everything around them, as plain values.

Nothing is put together as markup: a template gets texts, and Typst shows a text as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from config.letterhead import Letterhead
from domain.identity import Identity
from domain.office import Office, Officer
from domain.rulebook import Rulebook
from tasks.clock import date_in_jakarta
from tasks.glyphs import all_settable
from tasks.paper import codes
from tasks.paper.catalog import ABOUT, Paper
from tasks.words import long_date, rupiah, short_date

_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
#: What templates may ask for though a letter of an older kind does not tell it.
_DEFAULTS: Final[Mapping[str, Any]] = {
    "items": (),
    "reasons": (),
    "trace": (),
    "faults": (),
    "late": False,
    "perki_due": None,
    "subject": "",
    "request_number": "",
    "dispute_last_day": None,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One letter to be set.

    Attributes:
        key: of the letter, unique for ever; the verification code comes from it.
        case: the registration number the letter is about.
        facts: dates as ISO strings, as `tasks/letter_samples.py` shows them.
        person: the applicant; None where nothing personal may stand.
        ordinal: the how-manieth letter of its kind about the case, from 1.
    """

    paper: Paper
    key: str
    case: str
    facts: Mapping[str, Any]
    person: Identity | None
    ordinal: int = 1


@dataclass(frozen=True, slots=True)
class Around:
    """What does not depend on the letter.

    Attributes:
        code_key: secret the verification code is made with; empty for a preview or a copy, which have none.
        copy: the letter is set once more from the case file, for the dossier.
    """

    letterhead: Letterhead
    book: Rulebook
    public_url: str = ""
    code_key: bytes = b""
    copy: bool = False


def letter_number(sheet: Sheet, letterhead: Letterhead) -> str:
    """The number the letter bears: code, then the how-manieth, then the case."""
    code = ABOUT[sheet.paper].code
    return letterhead.letter_number(code if sheet.ordinal == 1 else f"{code}{sheet.ordinal}", sheet.case)


def content_of(sheet: Sheet, around: Around, *, at: datetime) -> dict[str, Any]:
    """Everything the template of the sheet may name.

    Args:
        at: when the letter is made; its day stands on it.
    """
    about, office, head = ABOUT[sheet.paper], around.book.office, around.letterhead
    on = date_in_jakarta(at)
    code = codes.code_of(around.code_key, sheet.key, str(sheet.paper)) if around.code_key else ""
    address = codes.address_of(around.public_url, code) if code else ""
    facts = {**_DEFAULTS, **sheet.facts}
    facts["items"] = [
        {"opd": "", **item, "permanent": bool(item.get("permanent"))} for item in facts["items"]
    ]
    told: dict[str, Any] = {
        "paper": str(sheet.paper),
        "title": about.title,
        "number": letter_number(sheet, head),
        "case": sheet.case,
        "place": head.place,
        "on": on.isoformat(),
        "head": {
            "government": head.government,
            "office": head.office,
            "address": head.address,
            "contact": head.contact,
        },
        "cost_rule": head.cost_rule,
        "signer": _signer(sheet, office, head, on),
        "city": office.city,
        "ppid_mailbox": office.ppid_mailbox,
        "commission": {
            "name": office.commission,
            "address": office.commission_address,
            "email": office.commission_mailbox,
        },
        "person": asdict(sheet.person) if sheet.person and about.personal else None,
        "facts": facts,
        "code": code,
        "address": address,
        "preview": not code and not around.copy,
    }
    told = all_settable(told)
    through = around.book.calendar.decreed_through
    told["dates"] = {day: _written(date.fromisoformat(day), through) for day in _days_in(told)}
    told["rupiah"] = {str(amount): rupiah(amount) for amount in _amounts_in(facts)}
    told["qr"] = codes.picture_of(address)
    return told


def _signer(sheet: Sheet, office: Office, head: Letterhead, on: date) -> dict[str, str]:
    named = str(sheet.facts.get("signed_by") or "")
    holding = office.officers_in(ABOUT[sheet.paper].signer, on)
    officer: Officer | None = next((o for o in office.officers if named and o.title == named), None)
    officer = officer or (holding[0] if holding else None)
    if officer is None:
        return {"position": named or "PPID", "name": "", "nip": ""}
    name, nip = head.signatures.get(officer.key, ("", ""))
    return {"position": officer.title, "name": name, "nip": nip}


def _written(day: date, decreed_through: date) -> dict[str, Any]:
    return {"long": long_date(day), "short": short_date(day), "estimate": day > decreed_through}


def _days_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if _ISO.fullmatch(value) and _is_day(value):
            yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _days_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _days_in(inner)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _amounts_in(facts: Mapping[str, Any]) -> Iterator[int]:
    for name, value in facts.items():
        if name.endswith("_idr") and isinstance(value, int):
            yield value
