"""The whole path of an objection: one table, and the functions that start and move one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain import objection as steps
from domain import objection_letters as write
from domain.act import WIB, Act, ObjectionReason
from domain.arrow import AnyCase, Arrow, Decision, Happened, Scene, advance
from domain.clock import latest
from domain.errors import Refused
from domain.identity import ApplicantKind, Channel
from domain.objection import Objection, ObjectionStage, reasons_hold
from domain.office import Actor, Role
from domain.request import Request
from domain.rule import ClockKind
from domain.rulebook import Rulebook
from domain.text import clean_line


class ObjectionAction(StrEnum):
    """What can be done to an objection."""

    PASS_TO_ATASAN = "pass_to_atasan"  # noqa: S105 an action, no secret
    ANSWER = "answer"
    RECORD_SENT = "record_sent"
    RECORD_BOUNCE = "record_bounce"
    RECORD_RECEIPT = "record_receipt"
    ASK_RELEASE = "ask_release"
    ESCALATE = "escalate"
    RELEASE_ESCALATION = "release_escalation"
    FULFIL = "fulfil"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    CORRECT = "correct"


_A = ObjectionAction
_S = ObjectionStage
_DESK: Final = frozenset({Role.DESK, Role.COORDINATOR})
_WAITING: Final = frozenset({_S.RECEIVED, _S.WITH_ATASAN})

ARROWS: Final[Mapping[StrEnum, Arrow[Objection]]] = {
    _A.PASS_TO_ATASAN: Arrow(
        shown_as="Serahkan kepada Atasan PPID",
        sources=frozenset({_S.RECEIVED}),
        targets=(_S.WITH_ATASAN,),
        roles=frozenset({Role.DESK, Role.COORDINATOR, Role.SYSTEM}),
        law="UU 14/2008 Pasal 36 ayat (2); PERKI 1/2021 Pasal 7 ayat (1)",
        step=steps.pass_to_atasan,
    ),
    _A.ANSWER: Arrow(
        shown_as="Tanggapi keberatan",
        sources=_WAITING,
        targets=(_S.ANSWERED,),
        roles=frozenset({Role.ATASAN}),
        law="UU 14/2008 Pasal 36 ayat (2)–(3); PERKI 1/2021 Pasal 44",
        named=True,
        guards=(steps.is_decided,),
        step=steps.answer,
        letters=(write.answer, write.fulfilment_task),
        follow=steps.order_on_request,
    ),
    _A.RECORD_SENT: Arrow(
        shown_as="Catat tanggapan terkirim",
        sources=frozenset(_S),
        roles=frozenset({Role.DESK, Role.COORDINATOR, Role.SYSTEM}),
        law="UU 14/2008 Pasal 37 ayat (2)",
        guards=(steps.day_is_possible,),
        step=steps.mark_sent,
    ),
    _A.RECORD_BOUNCE: Arrow(
        shown_as="Catat surat kembali",
        sources=frozenset(_S),
        roles=frozenset({Role.DESK, Role.COORDINATOR, Role.SYSTEM}),
        law="UU 14/2008 Pasal 36 ayat (2)",
        step=steps.mark_bounced,
        letters=(write.mend_contact,),
    ),
    _A.RECORD_RECEIPT: Arrow(
        shown_as="Catat bukti terima",
        sources=frozenset({_S.ANSWERED}),
        roles=frozenset({Role.APPLICANT, Role.DESK, Role.COORDINATOR}),
        law="UU 14/2008 Pasal 37 ayat (2); PERKI 1/2013 Pasal 13 huruf a",
        guards=(steps.day_is_possible,),
        step=steps.record_receipt,
    ),
    _A.ASK_RELEASE: Arrow(
        shown_as="Minta persetujuan eskalasi",
        sources=_WAITING,
        roles=frozenset({Role.SYSTEM}),
        law="kebijakan kota (ladders.yaml: commission)",
        guards=(steps.thirty_days_have_passed, steps.not_escalated_before),
        step=steps.await_release,
        letters=(write.release_asked, write.way_to_commission),
    ),
    _A.ESCALATE: Arrow(
        shown_as="Eskalasi ke Komisi Informasi Banten",
        sources=_WAITING,
        roles=frozenset({Role.SYSTEM}),
        law="UU 14/2008 Pasal 37; PERKI 1/2013 Pasal 5 dan 13 huruf b",
        guards=(steps.thirty_days_have_passed, steps.not_escalated_before),
        step=steps.escalate,
        letters=(write.commission_notice, write.way_to_commission),
    ),
    _A.RELEASE_ESCALATION: Arrow(
        shown_as="Setujui eskalasi",
        sources=_WAITING,
        roles=frozenset({Role.ATASAN}),
        law="kebijakan kota (ladders.yaml: commission)",
        named=True,
        guards=(steps.waits_for_release,),
        step=steps.escalate,
        letters=(write.commission_notice,),
    ),
    _A.FULFIL: Arrow(
        shown_as="Laksanakan putusan",
        sources=frozenset({_S.ANSWERED}),
        roles=frozenset({Role.COORDINATOR}),
        law="UU 14/2008 Pasal 36 ayat (2)",
        guards=(steps.has_an_order, steps.day_is_possible),
        step=steps.fulfil,
        meets=(ClockKind.FULFILMENT,),
        letters=(write.fulfilled,),
    ),
    _A.WITHDRAW: Arrow(
        shown_as="Cabut keberatan",
        sources=frozenset(_S) - {_S.CLOSED},
        targets=(_S.CLOSED,),
        roles=frozenset({Role.APPLICANT, Role.DESK, Role.COORDINATOR}),
        law="kehendak pemohon",
        step=steps.close_because,
        ends_all=True,
        letters=(write.withdrawn,),
        follow=steps.close_request_too,
    ),
    _A.CLOSE: Arrow(
        shown_as="Tutup",
        sources=_WAITING | {_S.ANSWERED},
        targets=(_S.CLOSED,),
        roles=frozenset({Role.COORDINATOR, Role.SYSTEM}),
        law="UU 14/2008 Pasal 37 ayat (2)",
        guards=(steps.applicant_window_is_past,),
        step=steps.close_because,
        ends_all=True,
        follow=steps.close_request_too,
    ),
    _A.CORRECT: Arrow(
        shown_as="Perbaiki isian register",
        sources=frozenset(_S),
        roles=frozenset({Role.DESK, Role.COORDINATOR, Role.ADMIN}),
        law="PERKI 1/2021 Pasal 43",
        guards=(steps.stands_alone, steps.has_changes),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionFiling:
    """An objection as it comes in; without a request for reason b (PERKI 1/2021 Lampiran XI)."""

    reasons: tuple[ObjectionReason, ...]
    received_on: date
    channel: Channel
    request: Request | None = None
    subject: str = ""
    applicant: ApplicantKind = ApplicantKind.INDIVIDUAL
    has_email: bool = True


def file_objection(
    filing: ObjectionFiling, *, number: str, person: str, by: Actor, at: datetime, book: Rulebook
) -> Decision[Objection]:
    """The objection under its number; one that comes late is registered and flagged (DESIGN 11).

    The 30 working days of Atasan PPID count from receipt (UU Pasal 36 ayat (2); Q-2).

    Raises:
        Refused: no reason, a reason that cannot exist yet, or a day in the future or before the request.
    """
    today = at.astimezone(WIB).date()
    request = filing.request
    if filing.received_on > today:
        raise Refused("received_on", f"tanggal {filing.received_on} masih di depan")
    if request is not None and filing.received_on < request.received_on:
        raise Refused("received_on", "keberatan tidak mungkin diterima sebelum permohonannya")
    reasons_hold(request, filing.reasons, filing.received_on)
    window = latest(request.clocks, ClockKind.OBJECTION_WINDOW) if request else None
    subject = request.subject if request else clean_line("subject", filing.subject, longest=200)
    if not subject:
        raise Refused("subject", "sebutkan informasi berkala yang tidak disediakan")
    objection = Objection(
        number=number,
        person=person,
        request=request.number if request else "",
        reasons=tuple(sorted(set(filing.reasons))),
        channel=filing.channel,
        applicant=request.applicant if request else filing.applicant,
        received_on=filing.received_on,
        registered_at=at,
        subject=subject,
        has_email=request.has_email if request else filing.has_email,
        late=window is not None and filing.received_on > window.due_on,
    )
    duty = book.start_clock(ClockKind.OBJECTION_ANSWER, filing.received_on, received_on=filing.received_on)
    objection = replace(objection, clocks=(duty,))
    act = Act(action="file", by=by, at=at, on=filing.received_on, reasons=filing.reasons)
    scene: Scene[Objection] = Scene(act, book)
    facts = {
        "received_on": filing.received_on.isoformat(),
        "request": objection.request,
        "reasons": [str(r) for r in objection.reasons],
        "late": objection.late,
    }
    event = Happened(number, "file", "", objection.stage, by, at, facts)
    return Decision(objection, event, write.receipt(objection, objection, scene))


def decide(
    objection: Objection, act: Act, book: Rulebook, family: tuple[AnyCase, ...] = ()
) -> Decision[Objection]:
    """Take the arrow the act names; see `advance` for what it raises."""
    return advance(objection, Scene(act, book, family), ARROWS)
