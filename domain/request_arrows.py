"""The whole path of a request: one table, and the functions that start and move one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain import request_letters as write
from domain import request_steps as steps
from domain.act import WIB, Act
from domain.arrow import AnyCase, Arrow, Decision, Happened, Scene, advance
from domain.clock import Clocks, meet, put
from domain.errors import Refused
from domain.identity import ApplicantKind, Channel, Identity, papers_missing
from domain.item import Item
from domain.office import Actor, Role
from domain.request import BEFORE_NOTICE, OPEN_STAGES, WITH_OPDS, Request, Stage
from domain.rule import ClockKind
from domain.rulebook import Rulebook
from domain.text import clean_line, clean_text


class RequestAction(StrEnum):
    """What can be done to a request."""

    RECORD_COMPLETE = "record_complete"
    ASK_COMPLETION = "ask_completion"
    COMPLETE = "complete"
    LAPSE = "lapse"
    PROPOSE_OPDS = "propose_opds"
    FORWARD = "forward"
    REROUTE = "reroute"
    TAKE_OVER = "take_over"
    ACCEPT = "accept"
    ANSWER = "answer"
    NOT_HELD = "not_held"
    NOT_OURS = "not_ours"
    PROPOSE_EXEMPTION = "propose_exemption"
    ASK_TIME = "ask_time"
    GIVE_TIME = "give_time"
    OUT_OF_REACH = "out_of_reach"
    OPEN_TEST = "open_test"
    RECORD_VERDICT = "record_verdict"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    EXTEND = "extend"
    COMPILE = "compile"
    SEND_NOTICE = "send_notice"
    SEND_BUNDLE = "send_bundle"
    RECORD_SENT = "record_sent"
    RECORD_BOUNCE = "record_bounce"
    RECORD_RECEIPT = "record_receipt"
    RECORD_UNANSWERED = "record_unanswered"
    COST_NOTE = "cost_note"
    PAY = "pay"
    HAND_OVER = "hand_over"
    WITHDRAW = "withdraw"
    LINK = "link"
    ORDER = "order"
    SUSPEND_ORDER = "suspend_order"
    FULFIL = "fulfil"
    CLOSE = "close"
    REOPEN = "reopen"
    CORRECT = "correct"


_A = RequestAction
_DESK: Final = frozenset({Role.DESK, Role.COORDINATOR})
_PPID: Final = frozenset({Role.COORDINATOR})
_PPID_SYSTEM: Final = frozenset({Role.COORDINATOR, Role.SYSTEM})
_OPD: Final = frozenset({Role.OPD})
_ANSWERERS: Final = frozenset({Role.OPD, Role.COORDINATOR})
_CITY: Final = "kebijakan kota (alur kerja PPID)"


def _after_opds(request: Request) -> Stage:
    """Where a forwarded request stands now: waiting, under test, or ready to draft.

    A test once opened ends by Atasan's approval, not by the answers that come in meanwhile.
    """
    if request.stage is Stage.LEGAL_REVIEW:
        return Stage.LEGAL_REVIEW
    if not request.is_answered_by_opds:
        return Stage.FORWARDED if request.assignments else request.stage
    return Stage.LEGAL_REVIEW if request.needs_test else Stage.DRAFTING


def _begin_next(request: Request, scene: Scene[Request]) -> Request:
    """Start the clock of the stage the OPDs' last answer led to."""
    stage = _after_opds(request)
    kind = {Stage.LEGAL_REVIEW: ClockKind.REVIEW, Stage.DRAFTING: ClockKind.DRAFTING}.get(stage)
    if kind is None or stage is request.stage:
        return request
    cap = scene.book.cap_for(kind, request.clocks, received_on=request.received_on)
    started = scene.book.start_clock(kind, scene.act.today, received_on=request.received_on, cap=cap)
    clocks = meet(request.clocks, ClockKind.FORWARD, scene.act.at)
    return _with_clocks(request, put(clocks, started))


def _approved(request: Request, scene: Scene[Request]) -> Request:
    """The outcomes stand; drafting begins unless some OPD still owes its part."""
    after = steps.approve(request, scene)
    if after.open_assignments:
        return after
    cap = scene.book.cap_for(ClockKind.DRAFTING, after.clocks, received_on=after.received_on)
    started = scene.book.start_clock(
        ClockKind.DRAFTING, scene.act.today, received_on=after.received_on, cap=cap
    )
    return _with_clocks(after, put(after.clocks, started))


def _with_clocks(request: Request, clocks: Clocks) -> Request:
    return replace(request, clocks=clocks)


def _answering(step: steps.Step) -> steps.Step:
    def both(request: Request, scene: Scene[Request]) -> Request:
        return _begin_next(step(request, scene), scene)

    return both


def _answer_arrow(shown_as: str, step: steps.Step, *guards: steps.Guard, law: str) -> Arrow[Request]:
    return Arrow(
        shown_as=shown_as,
        sources=frozenset({Stage.REGISTERED, Stage.DRAFTING}) | WITH_OPDS,
        targets=(Stage.FORWARDED, Stage.LEGAL_REVIEW, Stage.DRAFTING, Stage.REGISTERED),
        route=_after_opds,
        roles=_ANSWERERS,
        law=law,
        guards=(
            steps.is_complete,
            steps.items_are_known,
            steps.answer_is_allowed,
            steps.is_not_under_test,
            *guards,
        ),
        step=_answering(step),
        letters=(write.after_answer,),
        tells=write.released_facts,
    )


ARROWS: Final[Mapping[StrEnum, Arrow[Request]]] = {
    _A.RECORD_COMPLETE: Arrow(
        shown_as="Nyatakan lengkap",
        sources=frozenset({Stage.REGISTERED}),
        roles=_DESK,
        law="PERKI 1/2021 Pasal 31 ayat (2)",
        guards=(steps.day_is_possible, steps.not_yet_complete, steps.papers_are_there),
        step=steps.declare_complete,
        meets=(ClockKind.COMPLETENESS,),
        starts=(ClockKind.FORWARD,),
    ),
    _A.ASK_COMPLETION: Arrow(
        shown_as="Minta kelengkapan",
        sources=frozenset({Stage.REGISTERED}),
        targets=(Stage.INCOMPLETE,),
        roles=_DESK,
        law="PERKI 1/2021 Pasal 33 ayat (1)–(2)",
        guards=(steps.not_yet_complete,),
        step=steps.ask_completion,
        meets=(ClockKind.COMPLETENESS,),
        letters=(write.incomplete,),
    ),
    _A.COMPLETE: Arrow(
        shown_as="Terima kelengkapan",
        sources=frozenset({Stage.INCOMPLETE, Stage.LAPSED}),
        targets=(Stage.REGISTERED,),
        roles=frozenset({Role.APPLICANT, Role.DESK, Role.COORDINATOR}),
        law="PERKI 1/2021 Pasal 33 ayat (3)",
        guards=(steps.day_is_possible,),
        step=steps.complete,
        starts=(ClockKind.COMPLETENESS,),
    ),
    _A.LAPSE: Arrow(
        shown_as="Catat tidak dilengkapi",
        sources=frozenset({Stage.INCOMPLETE}),
        targets=(Stage.LAPSED,),
        roles=_PPID_SYSTEM,
        law="PERKI 1/2021 Pasal 33 ayat (4); Q-15",
        guards=(steps.correction_is_overdue,),
        ends=(ClockKind.CORRECTION, ClockKind.NOTICE),
        starts=(ClockKind.OBJECTION_WINDOW,),
        letters=(write.lapsed,),
    ),
    _A.PROPOSE_OPDS: Arrow(
        shown_as="Usulkan OPD",
        sources=frozenset({Stage.REGISTERED, Stage.FORWARDED}),
        roles=_PPID_SYSTEM,
        law=_CITY,
        step=steps.propose,
        letters=(write.proposal,),
    ),
    _A.FORWARD: Arrow(
        shown_as="Teruskan ke OPD",
        sources=frozenset({Stage.REGISTERED, Stage.FORWARDED, Stage.LEGAL_REVIEW, Stage.DRAFTING}),
        targets=(Stage.FORWARDED,),
        roles=_PPID_SYSTEM,
        law="PERKI 1/2021 Pasal 10 ayat (2) huruf d dan Pasal 12",
        guards=(steps.is_complete, steps.opds_are_known, steps.items_are_known),
        step=steps.forward,
        meets=(ClockKind.FORWARD,),
        ends=(ClockKind.REVIEW, ClockKind.DRAFTING),
        letters=(write.opd_tasks,),
    ),
    _A.REROUTE: Arrow(
        shown_as="Alihkan ke OPD lain",
        sources=WITH_OPDS,
        roles=_PPID,
        law="Q-17: antar-OPD tidak menghentikan tenggat",
        guards=(steps.names_opds, steps.items_are_known),
        step=steps.reroute,
        letters=(write.opd_tasks, write.released),
    ),
    _A.TAKE_OVER: Arrow(
        shown_as="Ambil alih dari OPD",
        sources=WITH_OPDS,
        roles=_PPID_SYSTEM,
        law="PERKI 1/2021 Pasal 10 ayat (2) huruf d",
        guards=(steps.names_opds,),
        step=steps.take_over,
        letters=(write.takeover,),
    ),
    _A.ACCEPT: Arrow(
        shown_as="OPD menerima tugas",
        sources=WITH_OPDS,
        roles=_OPD,
        law="PERKI 1/2021 Pasal 12",
        guards=(steps.opd_holds_a_task,),
        step=steps.accept,
    ),
    _A.ANSWER: _answer_arrow(
        "Jawab butir", steps.answer, steps.no_exemption_stands, law="UU 14/2008 Pasal 22 ayat (7)"
    ),
    _A.NOT_HELD: _answer_arrow(
        "Nyatakan tidak dikuasai",
        steps.not_held,
        steps.no_exemption_stands,
        law="UU 14/2008 Pasal 22 ayat (7) huruf a dan b",
    ),
    _A.OUT_OF_REACH: _answer_arrow(
        "Nyatakan belum dikuasai atau didokumentasikan",
        steps.out_of_reach,
        steps.no_exemption_stands,
        steps.needs_note,
        law="UU 14/2008 Pasal 6 ayat (3); PERKI 1/2021 Pasal 13",
    ),
    _A.PROPOSE_EXEMPTION: _answer_arrow(
        "Usulkan dikecualikan",
        steps.propose_exemption,
        steps.names_ground,
        law="UU 14/2008 Pasal 17 dan 19",
    ),
    _A.NOT_OURS: Arrow(
        shown_as="Bukan kewenangan OPD ini",
        sources=WITH_OPDS,
        roles=_OPD,
        law="Q-17: antar-OPD tidak menghentikan tenggat",
        guards=(steps.opd_holds_a_task, steps.needs_note),
        step=steps.not_ours,
        letters=(write.not_ours,),
    ),
    _A.ASK_TIME: Arrow(
        shown_as="OPD minta waktu",
        sources=WITH_OPDS,
        roles=_OPD,
        law=_CITY,
        guards=(steps.opd_holds_a_task, steps.asks_for_days, steps.needs_note),
        step=steps.ask_time,
        letters=(write.time_asked,),
    ),
    _A.GIVE_TIME: Arrow(
        shown_as="Beri OPD waktu",
        sources=WITH_OPDS,
        roles=_PPID,
        law=_CITY,
        step=steps.give_time,
        letters=(write.time_given,),
    ),
    _A.OPEN_TEST: Arrow(
        shown_as="Buka uji konsekuensi",
        sources=frozenset({Stage.FORWARDED, Stage.LEGAL_REVIEW, Stage.DRAFTING}),
        targets=(Stage.LEGAL_REVIEW,),
        roles=frozenset({Role.COORDINATOR, Role.LEGAL, Role.SYSTEM}),
        law="UU 14/2008 Pasal 19; PERKI 1/2021 Pasal 49",
        step=steps.open_test,
        ends=(ClockKind.DRAFTING,),
        letters=(write.test_called,),
    ),
    _A.RECORD_VERDICT: Arrow(
        shown_as="Catat hasil uji",
        sources=frozenset({Stage.LEGAL_REVIEW}),
        roles=frozenset({Role.LEGAL}),
        law="UU 14/2008 Pasal 17, 19, 20; PERKI 1/2021 Pasal 49–51",
        guards=(steps.names_self, steps.items_are_known, steps.verdict_is_lawful),
        step=steps.record_verdict,
        letters=(write.approval_asked,),
    ),
    _A.APPROVE: Arrow(
        shown_as="Setujui hasil uji",
        sources=frozenset({Stage.LEGAL_REVIEW}),
        targets=(Stage.DRAFTING, Stage.FORWARDED),
        route=lambda request: Stage.FORWARDED if request.open_assignments else Stage.DRAFTING,
        roles=frozenset({Role.ATASAN}),
        law="PERKI 1/2021 Pasal 10 ayat (2) huruf e dan f; Q-7",
        guards=(steps.names_self, steps.every_item_has_a_verdict, steps.approver_did_not_draft),
        step=_approved,
        meets=(ClockKind.REVIEW,),
        letters=(write.ready,),
    ),
    _A.SEND_BACK: Arrow(
        shown_as="Kembalikan hasil uji",
        sources=frozenset({Stage.LEGAL_REVIEW}),
        roles=frozenset({Role.ATASAN}),
        law="PERKI 1/2021 Pasal 10 ayat (2) huruf e",
        guards=(steps.needs_note,),
        step=steps.send_back,
        letters=(write.sent_back,),
    ),
    _A.EXTEND: Arrow(
        shown_as="Perpanjang tujuh hari kerja",
        sources=BEFORE_NOTICE - {Stage.LAPSED},
        roles=_PPID,
        law="UU 14/2008 Pasal 22 ayat (8); PERKI 1/2021 Pasal 36",
        guards=(steps.not_extended_before, steps.needs_note),
        step=steps.extend,
        letters=(write.extension, write.redated_tasks),
        tells=write.redated_facts,
    ),
    _A.COMPILE: Arrow(
        shown_as="Susun konsep jawaban",
        sources=frozenset({Stage.DRAFTING}),
        roles=_PPID_SYSTEM,
        law=_CITY,
        step=steps.compile_draft,
    ),
    _A.SEND_NOTICE: Arrow(
        shown_as="Tanda tangani dan kirim pemberitahuan",
        sources=frozenset({Stage.DRAFTING}),
        targets=(Stage.ANSWERED,),
        roles=_PPID,
        law="UU 14/2008 Pasal 22 ayat (7); PERKI 1/2021 Pasal 31 ayat (3)–(4)",
        guards=(steps.every_item_is_answered,),
        step=steps.sign_notice,
        meets=(ClockKind.DRAFTING,),
        letters=(write.notice,),
    ),
    _A.SEND_BUNDLE: Arrow(
        shown_as="Kirim dokumen",
        sources=frozenset({Stage.ANSWERED, Stage.HANDOVER, Stage.FULFILMENT}),
        roles=_PPID_SYSTEM,
        law="PERKI 1/2021 Pasal 35",
        step=steps.send_bundle,
        letters=(write.bundle,),
    ),
    _A.RECORD_SENT: Arrow(
        shown_as="Catat pemberitahuan terkirim",
        sources=OPEN_STAGES | {Stage.CLOSED},
        roles=frozenset({Role.DESK, Role.COORDINATOR, Role.SYSTEM}),
        law="UU 14/2008 Pasal 22 ayat (7)",
        guards=(steps.day_is_possible,),
        step=steps.mark_sent,
    ),
    _A.RECORD_BOUNCE: Arrow(
        shown_as="Catat surat kembali",
        sources=OPEN_STAGES | {Stage.CLOSED},
        roles=frozenset({Role.DESK, Role.COORDINATOR, Role.SYSTEM}),
        law="UU 14/2008 Pasal 22 ayat (7)",
        step=steps.mark_bounced,
        letters=(write.mend_contact,),
    ),
    _A.RECORD_RECEIPT: Arrow(
        shown_as="Catat bukti terima",
        sources=frozenset({Stage.INCOMPLETE, Stage.ANSWERED, Stage.HANDOVER, Stage.FULFILMENT}),
        roles=frozenset({Role.APPLICANT, Role.DESK, Role.COORDINATOR}),
        law="PERKI 1/2021 Pasal 33 ayat (3); UU 14/2008 Pasal 36 ayat (1)",
        guards=(steps.day_is_possible,),
        step=steps.record_receipt,
    ),
    _A.RECORD_UNANSWERED: Arrow(
        shown_as="Catat tidak dijawab dalam waktu",
        sources=BEFORE_NOTICE - {Stage.LAPSED} | {Stage.ANSWERED},
        roles=frozenset({Role.SYSTEM}),
        law="UU 14/2008 Pasal 35 ayat (1) huruf c dan g; Q-13",
        guards=(steps.statutory_day_has_passed,),
        step=steps.record_unanswered,
        letters=(write.right_to_object,),
    ),
    _A.COST_NOTE: Arrow(
        shown_as="Beri tahu biaya salinan",
        sources=frozenset({Stage.ANSWERED, Stage.HANDOVER}),
        targets=(Stage.HANDOVER,),
        roles=_DESK,
        law="PERKI 1/2021 Pasal 35, 37 dan 38",
        guards=(steps.has_amount,),
        step=steps.cost_note,
        letters=(write.cost,),
    ),
    _A.PAY: Arrow(
        shown_as="Catat pembayaran",
        sources=frozenset({Stage.HANDOVER}),
        roles=_DESK,
        law="PERKI 1/2021 Pasal 38",
        guards=(steps.day_is_possible,),
        step=steps.pay,
    ),
    _A.HAND_OVER: Arrow(
        shown_as="Serahkan salinan",
        sources=frozenset({Stage.ANSWERED, Stage.HANDOVER}),
        targets=(Stage.ANSWERED,),
        roles=_DESK,
        law="PERKI 1/2021 Pasal 35",
        guards=(steps.day_is_possible,),
        step=steps.hand_over,
        meets=(ClockKind.HANDOVER,),
        letters=(write.bundle,),
    ),
    _A.WITHDRAW: Arrow(
        shown_as="Cabut permohonan",
        sources=OPEN_STAGES,
        targets=(Stage.CLOSED,),
        roles=frozenset({Role.APPLICANT, Role.DESK, Role.COORDINATOR}),
        law="kehendak pemohon",
        step=steps.close_because,
        ends_all=True,
        letters=(write.withdrawn,),
    ),
    _A.LINK: Arrow(
        shown_as="Tautkan permohonan serupa",
        sources=OPEN_STAGES,
        roles=_DESK,
        law=_CITY,
        guards=(steps.names_other,),
        step=steps.link,
    ),
    _A.ORDER: Arrow(
        shown_as="Perintah pelaksanaan",
        sources=OPEN_STAGES | {Stage.CLOSED},
        targets=(Stage.FULFILMENT,),
        roles=frozenset({Role.ATASAN, Role.SYSTEM}),
        law="UU 14/2008 Pasal 36 ayat (2) dan 46",
        guards=(steps.names_other,),
        step=steps.order,
        letters=(write.order_task,),
    ),
    _A.SUSPEND_ORDER: Arrow(
        shown_as="Tangguhkan perintah",
        sources=frozenset({Stage.FULFILMENT}),
        targets=(Stage.ANSWERED,),
        roles=frozenset({Role.SYSTEM}),
        law="UU 14/2008 Pasal 47 dan 48: putusan dibawa ke pengadilan",
        step=steps.suspend_order,
        ends=(ClockKind.FULFILMENT,),
    ),
    _A.FULFIL: Arrow(
        shown_as="Laksanakan putusan",
        sources=frozenset({Stage.FULFILMENT}),
        targets=(Stage.ANSWERED,),
        roles=_PPID,
        law="UU 14/2008 Pasal 46",
        guards=(steps.day_is_possible,),
        step=steps.fulfil,
        meets=(ClockKind.FULFILMENT,),
        letters=(write.fulfilled,),
    ),
    _A.CLOSE: Arrow(
        shown_as="Tutup",
        sources=frozenset({Stage.ANSWERED, Stage.LAPSED}),
        targets=(Stage.CLOSED,),
        roles=_PPID_SYSTEM,
        law="UU 14/2008 Pasal 36 ayat (1)",
        guards=(steps.nothing_runs_beside,),
        step=steps.close_because,
        ends_all=True,
    ),
    _A.REOPEN: Arrow(
        shown_as="Buka kembali atas perintah",
        sources=frozenset({Stage.CLOSED, Stage.LAPSED}),
        targets=(Stage.FULFILMENT,),
        roles=frozenset({Role.COORDINATOR, Role.ATASAN}),
        law="UU 14/2008 Pasal 46",
        guards=(steps.names_other, steps.has_future_day),
        step=steps.order,
        letters=(write.order_task,),
    ),
    _A.CORRECT: Arrow(
        shown_as="Perbaiki isian register",
        sources=OPEN_STAGES | {Stage.CLOSED},
        roles=frozenset({Role.DESK, Role.COORDINATOR, Role.ADMIN}),
        law="PERKI 1/2021 Pasal 32",
        guards=(steps.has_changes,),
        step=steps.correct,
    ),
}


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
    request = _with_clocks(request, clocks)
    act = Act(action="register", by=by, at=at, on=filing.received_on)
    scene: Scene[Request] = Scene(act, book)
    facts = {"received_on": filing.received_on.isoformat(), "channel": str(filing.channel)}
    event = Happened(number, "register", "", request.stage, by, at, facts)
    return Decision(request, event, write.receipt(request, request, scene))


def decide(request: Request, act: Act, book: Rulebook, family: tuple[AnyCase, ...] = ()) -> Decision[Request]:
    """Take the arrow the act names; see `advance` for what it raises."""
    return advance(request, Scene(act, book, family), ARROWS)


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
