"""The whole path of a dispute: one table, and the functions that start and move one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain import dispute_guards as guard
from domain import dispute_letters as write
from domain import dispute_steps as steps
from domain.act import WIB, Act, ObjectionReason
from domain.arrow import AnyCase, Arrow, Decision, Happened, Scene, advance
from domain.clock import Clocks
from domain.dispute import Dispute, DisputeStage
from domain.errors import Refused
from domain.objection import Objection
from domain.office import Actor, Role
from domain.rule import ClockKind
from domain.rulebook import Rulebook
from domain.text import clean_line


class DisputeAction(StrEnum):
    """What can be done to a dispute."""

    RECORD_KI_NUMBER = "record_ki_number"
    ASK_COMPLETION = "ask_completion"
    COMPLETE = "complete"
    START_MEDIATION = "start_mediation"
    EXTEND_MEDIATION = "extend_mediation"
    AGREE = "agree"
    FAIL_MEDIATION = "fail_mediation"
    START_ADJUDICATION = "start_adjudication"
    SET_HEARING = "set_hearing"
    SUBMIT_ANSWER = "submit_answer"
    SET_DECISION_HEARING = "set_decision_hearing"
    SUBMIT_CONCLUSIONS = "submit_conclusions"
    DECIDE = "decide"
    RECEIVE_DECISION = "receive_decision"
    APPEAL = "appeal"
    COURT_DECIDE = "court_decide"
    COMPLY = "comply"
    RELEASE_DOSSIER = "release_dossier"
    ATTACH_DOSSIER = "attach_dossier"
    RELEASE_EXEMPT = "release_exempt"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"
    CLOSE = "close"


_A = DisputeAction
_S = DisputeStage
#: What the Commission does is recorded by the coordinator, or by the Commission itself.
_KI: Final = frozenset({Role.COORDINATOR, Role.COMMISSION})
_CITY: Final = frozenset({Role.COORDINATOR, Role.ATASAN})
_OPEN: Final = frozenset(_S) - {_S.CLOSED}
_BEFORE_DECISION: Final = frozenset({_S.REGISTERED, _S.MEDIATION, _S.ADJUDICATION})

ARROWS: Final[Mapping[StrEnum, Arrow[Dispute]]] = {
    _A.RECORD_KI_NUMBER: Arrow(
        shown_as="Catat nomor register Komisi",
        sources=_OPEN,
        roles=_KI,
        law="PERKI 1/2013 Pasal 17 dan 18",
        guards=(guard.has_ki_number,),
        step=steps.record_ki_number,
    ),
    _A.ASK_COMPLETION: Arrow(
        shown_as="Catat Komisi meminta kelengkapan",
        sources=frozenset({_S.REGISTERED}),
        roles=_KI,
        law="PERKI 1/2013 Pasal 17 ayat (2)",
        guards=(guard.day_is_possible,),
        step=steps.ask_completion,
        starts=(ClockKind.KI_COMPLETION,),
    ),
    _A.COMPLETE: Arrow(
        shown_as="Catat pemohon melengkapi",
        sources=frozenset({_S.REGISTERED}),
        roles=_KI,
        law="PERKI 1/2013 Pasal 17 ayat (2)",
        guards=(guard.day_is_possible,),
        step=steps.complete,
        meets=(ClockKind.KI_COMPLETION,),
    ),
    _A.START_MEDIATION: Arrow(
        shown_as="Mulai mediasi",
        sources=frozenset({_S.REGISTERED}),
        targets=(_S.MEDIATION,),
        roles=_KI,
        law="UU 14/2008 Pasal 38 ayat (1) dan 40; PERKI 1/2013 Pasal 29 dan 41",
        guards=(guard.day_is_possible, guard.may_be_mediated),
        step=steps.begin,
        meets=(ClockKind.KI_START, ClockKind.HEARING),
        ends=(ClockKind.KI_COMPLETION,),
        starts=(ClockKind.MEDIATION, ClockKind.KI_PROCESS),
        letters=(write.mediation,),
    ),
    _A.EXTEND_MEDIATION: Arrow(
        shown_as="Perpanjang mediasi tujuh hari kerja",
        sources=frozenset({_S.MEDIATION}),
        roles=_KI,
        law="PERKI 1/2013 Pasal 41",
        guards=(guard.not_extended_before,),
        step=steps.extend_mediation,
        letters=(write.mediation,),
    ),
    _A.AGREE: Arrow(
        shown_as="Catat kesepakatan mediasi",
        sources=frozenset({_S.MEDIATION}),
        targets=(_S.DECIDED,),
        roles=_KI,
        law="UU 14/2008 Pasal 39",
        guards=(guard.is_agreed,),
        step=steps.agree,
        meets=(ClockKind.MEDIATION, ClockKind.KI_PROCESS, ClockKind.HEARING),
        letters=(write.order_task,),
        follow=steps.order_on_request,
    ),
    _A.FAIL_MEDIATION: Arrow(
        shown_as="Catat mediasi gagal",
        sources=frozenset({_S.MEDIATION}),
        targets=(_S.ADJUDICATION,),
        roles=_KI,
        law="UU 14/2008 Pasal 42; PERKI 1/2013 Pasal 45 dan 48",
        guards=(guard.day_is_possible,),
        meets=(ClockKind.MEDIATION, ClockKind.HEARING),
    ),
    _A.START_ADJUDICATION: Arrow(
        shown_as="Mulai ajudikasi",
        sources=frozenset({_S.REGISTERED}),
        targets=(_S.ADJUDICATION,),
        roles=_KI,
        law="UU 14/2008 Pasal 38 ayat (1); PERKI 1/2013 Pasal 29",
        guards=(guard.day_is_possible, guard.is_about_an_exemption),
        step=steps.begin,
        meets=(ClockKind.KI_START, ClockKind.HEARING),
        ends=(ClockKind.KI_COMPLETION,),
        starts=(ClockKind.KI_PROCESS,),
    ),
    _A.SET_HEARING: Arrow(
        shown_as="Catat hari sidang atau mediasi",
        sources=_BEFORE_DECISION,
        roles=_KI,
        law="PERKI 1/2013 Pasal 24 ayat (2)",
        guards=(guard.hearing_lies_ahead,),
        step=steps.set_hearing,
        letters=(write.hearing,),
    ),
    _A.SUBMIT_ANSWER: Arrow(
        shown_as="Serahkan jawaban tertulis",
        sources=_BEFORE_DECISION,
        roles=_CITY,
        law="PERKI 1/2013 Pasal 25",
        guards=(guard.answer_still_helps,),
        step=steps.submit_answer,
        meets=(ClockKind.HEARING,),
    ),
    _A.SET_DECISION_HEARING: Arrow(
        shown_as="Catat hari sidang putusan",
        sources=frozenset({_S.ADJUDICATION}),
        roles=_KI,
        law="PERKI 1/2013 Pasal 57 ayat (3)",
        guards=(guard.hearing_lies_ahead,),
        step=steps.set_decision_hearing,
        letters=(write.conclusions,),
    ),
    _A.SUBMIT_CONCLUSIONS: Arrow(
        shown_as="Serahkan kesimpulan tertulis",
        sources=frozenset({_S.ADJUDICATION}),
        roles=_CITY,
        law="PERKI 1/2013 Pasal 57 ayat (3)",
        guards=(guard.conclusions_are_due,),
        step=steps.submit_conclusions,
        meets=(ClockKind.CONCLUSIONS,),
    ),
    _A.DECIDE: Arrow(
        shown_as="Catat putusan Komisi",
        sources=frozenset({_S.ADJUDICATION}),
        targets=(_S.DECIDED,),
        roles=_KI,
        law="UU 14/2008 Pasal 46; PERKI 1/2013 Pasal 59 ayat (4)",
        guards=(guard.is_ruled,),
        step=steps.rule,
        meets=(ClockKind.KI_PROCESS,),
        ends=(ClockKind.HEARING, ClockKind.CONCLUSIONS),
        starts=(ClockKind.DECISION_COPY,),
        letters=(write.copy_awaited, write.order_task),
        follow=steps.order_on_request,
    ),
    _A.RECEIVE_DECISION: Arrow(
        shown_as="Catat salinan putusan diterima",
        sources=frozenset({_S.DECIDED}),
        roles=_KI,
        law="UU 14/2008 Pasal 48 ayat (1); PERKI 1/2013 Pasal 60 ayat (2); Q-3",
        guards=(guard.decision_is_read,),
        step=steps.receive_decision,
        meets=(ClockKind.DECISION_COPY,),
        starts=(ClockKind.APPEAL,),
        letters=(write.court_or_comply,),
    ),
    _A.APPEAL: Arrow(
        shown_as="Catat keberatan ke pengadilan atau kasasi",
        sources=frozenset({_S.DECIDED}),
        targets=(_S.APPEALED,),
        roles=_CITY,
        law="UU 14/2008 Pasal 47, 48 dan 50",
        named=True,
        guards=(guard.day_is_possible, guard.is_not_final),
        step=steps.appeal,
        meets=(ClockKind.APPEAL, ClockKind.CASSATION),
        ends=(ClockKind.DECISION_COPY,),
        follow=steps.suspend_on_request,
    ),
    _A.COURT_DECIDE: Arrow(
        shown_as="Catat putusan pengadilan diterima",
        sources=frozenset({_S.APPEALED}),
        targets=(_S.DECIDED,),
        roles=frozenset({Role.COORDINATOR}),
        law="UU 14/2008 Pasal 49 dan 50",
        guards=(guard.is_ruled,),
        step=steps.court_rules,
        starts=(ClockKind.CASSATION,),
        letters=(write.cassation, write.order_task),
        follow=steps.order_on_request,
    ),
    _A.COMPLY: Arrow(
        shown_as="Catat putusan dilaksanakan",
        sources=frozenset({_S.DECIDED}),
        targets=(_S.COMPLIED,),
        roles=frozenset({Role.COORDINATOR}),
        law="UU 14/2008 Pasal 39 dan 46",
        guards=(guard.has_an_order,),
        step=steps.comply,
        meets=(ClockKind.COMPLIANCE,),
        follow=steps.fulfil_request,
    ),
    _A.RELEASE_DOSSIER: Arrow(
        shown_as="Lepas berkas untuk Komisi",
        sources=_OPEN,
        roles=frozenset({Role.ATASAN}),
        law="UU 14/2008 Pasal 45; PERKI 1/2013 Pasal 50 dan 52",
        named=True,
        guards=(guard.dossier_is_wanted,),
        step=steps.release_dossier,
    ),
    _A.RELEASE_EXEMPT: Arrow(
        shown_as="Serahkan dokumen yang dikecualikan kepada majelis",
        sources=_OPEN,
        roles=frozenset({Role.ATASAN}),
        law="UU 14/2008 Pasal 45 dan 54; PERKI 1/2013 Pasal 34",
        named=True,
        guards=(guard.may_have_a_dossier, guard.needs_note),
        step=steps.release_exempt,
    ),
    _A.ATTACH_DOSSIER: Arrow(
        shown_as="Simpan berkas untuk Komisi",
        sources=_OPEN,
        roles=frozenset({Role.COORDINATOR, Role.SYSTEM}),
        law="UU 14/2008 Pasal 45; PERKI 1/2013 Pasal 50 dan 52",
        guards=(guard.may_have_a_dossier,),
        step=steps.attach_dossier,
    ),
    _A.LAPSE: Arrow(
        shown_as="Catat sengketa gugur atau tidak diregister",
        sources=_BEFORE_DECISION,
        targets=(_S.CLOSED,),
        roles=_KI,
        law="PERKI 1/2013 Pasal 4, 17 dan 30",
        guards=(guard.needs_note,),
        step=steps.close_because,
        ends_all=True,
        follow=steps.close_objection_too,
    ),
    _A.WITHDRAW: Arrow(
        shown_as="Catat sengketa dicabut",
        sources=_BEFORE_DECISION,
        targets=(_S.CLOSED,),
        roles=frozenset({Role.APPLICANT, Role.COORDINATOR, Role.COMMISSION}),
        law="kehendak pemohon",
        step=steps.close_because,
        ends_all=True,
        follow=steps.close_objection_too,
    ),
    _A.CLOSE: Arrow(
        shown_as="Tutup",
        sources=frozenset({_S.DECIDED, _S.COMPLIED}),
        targets=(_S.CLOSED,),
        roles=frozenset({Role.COORDINATOR, Role.SYSTEM}),
        law="UU 14/2008 Pasal 48 ayat (1) dan 50",
        guards=(guard.nothing_is_left,),
        step=steps.close_because,
        ends_all=True,
        follow=steps.close_objection_too,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeFiling:
    """A dispute as the Commission's notice tells it; it always follows an objection (UU Pasal 37).

    Attributes:
        received_on: the day the notice reached the city.
        reasons: those before the Commission; empty means the objection's own.
    """

    objection: Objection
    received_on: date
    ki_number: str = ""
    reasons: tuple[ObjectionReason, ...] = ()


def register_dispute(
    filing: DisputeFiling, *, number: str, person: str, by: Actor, at: datetime, book: Rulebook
) -> Decision[Dispute]:
    """The dispute under its number, whether the Commission took it in time or not.

    The Commission's 14 and 100 working days count from *received_on* until the process starts, then
    the 100 from its start (UU 14/2008 Pasal 38).

    Raises:
        Refused: a day in the future, or before the objection.
    """
    today, objection = at.astimezone(WIB).date(), filing.objection
    if filing.received_on > today:
        raise Refused("received_on", f"tanggal {filing.received_on} masih di depan")
    if filing.received_on < objection.received_on:
        raise Refused("received_on", "sengketa tidak mungkin terdaftar sebelum keberatannya")
    dispute = Dispute(
        number=number,
        person=person,
        request=objection.request,
        objection=objection.number,
        reasons=tuple(sorted(set(filing.reasons or objection.reasons))),
        received_on=filing.received_on,
        registered_at=at,
        subject=objection.subject,
        ki_number=clean_line("ki_number", filing.ki_number, longest=100),
        has_email=objection.has_email,
        late=_is_late(objection.clocks, filing.received_on),
    )
    clocks = tuple(
        book.start_clock(kind, filing.received_on, received_on=filing.received_on)
        for kind in (ClockKind.KI_START, ClockKind.KI_PROCESS)
    )
    dispute = replace(dispute, clocks=clocks)
    act = Act(action="register", by=by, at=at, on=filing.received_on, other=dispute.ki_number)
    facts = {
        "received_on": filing.received_on.isoformat(),
        "objection": objection.number,
        "ki_number": dispute.ki_number,
        "late": dispute.late,
    }
    event = Happened(number, "register", "", dispute.stage, by, at, facts)
    return Decision(dispute, event, write.registered(dispute, dispute, Scene(act, book)))


def decide(dispute: Dispute, act: Act, book: Rulebook, family: tuple[AnyCase, ...] = ()) -> Decision[Dispute]:
    """Take the arrow the act names; see `advance` for what it raises."""
    return advance(dispute, Scene(act, book, family), ARROWS)


def _is_late(clocks: Clocks, on: date) -> bool:
    windows = [c.due_on for c in clocks if c.kind is ClockKind.DISPUTE_WINDOW]
    return bool(windows) and on > max(windows)
