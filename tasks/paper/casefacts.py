"""The facts of letters that no act owes: forms, sheets and decrees made from the case as it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from domain import dispute_letters, objection_letters
from domain.act import REASON_SHOWN_AS, WIB, ObjectionReason
from domain.clock import latest
from domain.dispute import Dispute
from domain.errors import Refused
from domain.item import PROTECTS, Item, Outcome
from domain.number import CaseKind
from domain.objection import Objection
from domain.office import Office, Role
from domain.request import Request
from domain.request_facts import base_facts, iso, item_facts
from domain.rule import ClockKind
from domain.rulebook import Rulebook
from tasks.paper.catalog import ABOUT, Paper
from tasks.store.codec import kind_of
from tasks.store.family import Family

Facts = dict[str, Any]
Make = Callable[[Any, Family, Rulebook, date], Facts]


def facts_of(paper: Paper, family: Family, number: str, book: Rulebook, on: date) -> Facts:
    """What the letter tells about that case, as it stands.

    Args:
        on: the day it is made, for who holds which role.

    Raises:
        CaseNotFound: the family has no case of that number.
        Refused: the case is of another kind, or has nothing such a letter could tell.
    """
    case = family.file(number).case
    about = ABOUT[paper]
    if kind_of(case) is not about.of:
        raise Refused("number", f"{about.title} bukan surat untuk {number}")
    return _MAKE[paper](case, family, book, on)


def case_of(paper: Paper, family: Family, number: str) -> str:
    """The number of the case the letter is about: that one, or the request its family hangs on."""
    if kind_of(family.file(number).case) is ABOUT[paper].of:
        return number
    return family.root.number


def can_be_made(paper: Paper) -> bool:
    """Whether the letter comes from the case itself rather than from an act that owed it."""
    return paper in _MAKE


def _request(case: Request, family: Family, book: Rulebook, on: date) -> Facts:
    return {
        **base_facts(case),
        "items": item_facts(case.items, book),
        "wants_copy": case.wants_copy,
        "by_email": case.has_email,
    }


def _withheld(case: Request, book: Rulebook) -> list[Facts]:
    found = [i for i in case.items if i.verdict is not None and (i.verdict.ground or i.proposal)]
    if not found:
        raise Refused("number", f"{case.number}: belum ada hasil uji konsekuensi")
    told: list[Facts] = []
    for item, facts in zip(found, item_facts(found, book), strict=True):
        assert isinstance(facts, dict)  # noqa: S101 item_facts makes mappings
        told.append({**facts, "protects": _protects(item), "if_closed": ""})
    return told


def _protects(item: Item) -> str:
    ground = item.verdict.ground if item.verdict else None
    return PROTECTS[ground] if ground else ""


def _test_sheet(case: Request, family: Family, book: Rulebook, on: date) -> Facts:
    return {
        **base_facts(case),
        "items": _withheld(case, book),
        "participants": _participants(book.office, on),
        "approver": _position(book.office, Role.ATASAN, on),
        "opened_on": iso(case.test_opened_on),
    }


def _decree(case: Request, family: Family, book: Rulebook, on: date) -> Facts:
    items = [
        facts
        for item, facts in zip(
            [i for i in case.items if i.verdict is not None and (i.verdict.ground or i.proposal)],
            _withheld(case, book),
            strict=True,
        )
        if item.outcome in (Outcome.EXEMPT, Outcome.PARTLY)
    ]
    if not items:
        raise Refused("number", f"{case.number}: belum ada pengecualian yang disetujui Atasan PPID")
    return {**base_facts(case), "items": items, "approved_on": iso(case.approved_on)}


def _status(case: Request, family: Family, book: Rulebook, on: date) -> Facts:
    tested = [i for i in case.items if i.verdict is not None and i.verdict.ground is not None]
    lapsed = [i for i in tested if i.verdict and i.verdict.until and i.verdict.until < on]
    if not case.ordered_by and not lapsed:
        raise Refused("number", f"{case.number}: tidak ada yang mengubah klasifikasinya")
    because = f"diperintahkan dalam {case.ordered_by}" if case.ordered_by else "jangka waktunya berakhir"
    return {
        **_test_sheet(case, family, book, on),
        "items": [
            {**told, "becomes": "terbuka"}
            for item, told in zip(
                [i for i in case.items if i.verdict is not None and (i.verdict.ground or i.proposal)],
                _withheld(case, book),
                strict=True,
            )
            if case.ordered_by or item in lapsed
        ],
        "because": because,
        "becomes": "informasi terbuka",
    }


def _copy(case: Request, family: Family, book: Rulebook, on: date) -> Facts:
    given = [i for i in case.items if i.outcome in (Outcome.OPEN, Outcome.PARTLY)]
    if not given:
        raise Refused("number", f"{case.number}: belum ada informasi yang diberikan")
    return {
        **base_facts(case),
        "items": item_facts(given, book),
        "amount_idr": case.cost_idr or 0,
        "how_to_pay": "",
    }


def _delivery(case: Request, family: Family, book: Rulebook, on: date) -> Facts:
    return {
        **_copy(case, family, book, on),
        "documents": (),
        "handed_over_on": iso(case.handed_over_on or case.bundle_sent_on or on),
        "promised_on": iso(case.promised_on),
        "paid_on": iso(case.paid_on),
    }


def _objection(case: Objection, family: Family, book: Rulebook, on: date) -> Facts:
    request = next((f.case for f in family.files if f.number == case.request), None)
    told: Facts = {"notice_due": None, "notice_sent_on": None}
    if isinstance(request, Request):
        notice = latest(request.clocks, ClockKind.NOTICE)
        sent = request.notice_sent_at
        told = {
            "received_on": request.received_on.isoformat(),
            "notice_due": iso(notice.due_on if notice else None),
            "notice_sent_on": sent.astimezone(WIB).date().isoformat() if sent else None,
        }
    ticks = [
        {"code": str(r), "label": REASON_SHOWN_AS[r], "chosen": r in case.reasons} for r in ObjectionReason
    ]
    return {**objection_letters.base_facts(case), **told, "all_reasons": ticks}


def _power(case: Dispute, family: Family, book: Rulebook, on: date) -> Facts:
    office = book.office
    sent = [*office.officers_in(Role.COORDINATOR, on), *office.officers_in(Role.LEGAL, on)]
    return {
        **dispute_letters.base_facts(case),
        "representatives": [{"name": "", "position": officer.title} for officer in sent],
    }


def _participants(office: Office, on: date) -> list[Facts]:
    there = [*office.officers_in(Role.COORDINATOR, on), *office.officers_in(Role.LEGAL, on)]
    return [{"name": "", "position": officer.title, "unit": ""} for officer in there]


def _position(office: Office, role: Role, on: date) -> str:
    holding = office.officers_in(role, on)
    return holding[0].title if holding else "Atasan PPID"


_MAKE: Final[Mapping[Paper, Make]] = MappingProxyType(
    {
        Paper.REQUEST_FORM: _request,
        Paper.TEST_SHEET: _test_sheet,
        Paper.EXEMPTION_DECREE: _decree,
        Paper.STATUS_SHEET: _status,
        Paper.STATUS_DECREE: _status,
        Paper.COPY_REQUEST: _copy,
        Paper.DELIVERY_RECEIPT: _delivery,
        Paper.OBJECTION_FORM: _objection,
        Paper.POWER_OF_ATTORNEY: _power,
    }
)

#: Forms of objections, disputes and requests by the kind of case, for the dossier.
MADE_FOR: Final[Mapping[CaseKind, tuple[Paper, ...]]] = MappingProxyType(
    {
        CaseKind.REQUEST: (Paper.REQUEST_FORM, Paper.TEST_SHEET, Paper.EXEMPTION_DECREE),
        CaseKind.OBJECTION: (Paper.OBJECTION_FORM,),
        CaseKind.DISPUTE: (),
    }
)
