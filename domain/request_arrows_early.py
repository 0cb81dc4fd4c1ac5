"""The arrows of a request from its registration to the draft of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain import request_answering as answering
from domain import request_guards as guard
from domain import request_letters as write
from domain import request_noticing as noticing
from domain import request_opd_letters as tell
from domain import request_review as review
from domain import request_steps as steps
from domain.arrow import Arrow
from domain.office import Role
from domain.request import BEFORE_NOTICE, WITH_OPDS, Request, Stage
from domain.request_actions import RequestAction
from domain.request_parts import Guard, Step
from domain.rule import ClockKind

_A = RequestAction
_DESK: Final = frozenset({Role.DESK, Role.COORDINATOR})
_PPID: Final = frozenset({Role.COORDINATOR})
_PPID_SYSTEM: Final = frozenset({Role.COORDINATOR, Role.SYSTEM})
_OPD: Final = frozenset({Role.OPD})
_ANSWERERS: Final = frozenset({Role.OPD, Role.COORDINATOR})
_CITY: Final = "kebijakan kota (alur kerja PPID)"


def _answer_arrow(shown_as: str, step: Step, *guards: Guard, law: str) -> Arrow[Request]:
    return Arrow(
        shown_as=shown_as,
        sources=frozenset({Stage.REGISTERED, Stage.DRAFTING}) | WITH_OPDS,
        targets=(Stage.FORWARDED, Stage.LEGAL_REVIEW, Stage.DRAFTING, Stage.REGISTERED),
        route=answering.after_opds,
        roles=_ANSWERERS,
        law=law,
        guards=(
            guard.is_complete,
            guard.items_are_known,
            guard.answer_is_allowed,
            guard.is_not_under_test,
            *guards,
        ),
        step=answering.answering(step),
        letters=(tell.after_answer,),
        tells=tell.released_facts,
    )


EARLY: Final[Mapping[StrEnum, Arrow[Request]]] = {
    _A.RECORD_COMPLETE: Arrow(
        shown_as="Nyatakan lengkap",
        sources=frozenset({Stage.REGISTERED}),
        roles=_DESK,
        law="PERKI 1/2021 Pasal 31 ayat (2)",
        guards=(guard.day_is_possible, guard.not_yet_complete, guard.papers_are_there),
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
        guards=(guard.not_yet_complete,),
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
        guards=(guard.day_is_possible,),
        step=steps.complete,
        starts=(ClockKind.COMPLETENESS,),
    ),
    _A.LAPSE: Arrow(
        shown_as="Catat tidak dilengkapi",
        sources=frozenset({Stage.INCOMPLETE}),
        targets=(Stage.LAPSED,),
        roles=_PPID_SYSTEM,
        law="PERKI 1/2021 Pasal 33 ayat (4); Q-15",
        guards=(guard.correction_is_overdue,),
        ends=(ClockKind.CORRECTION, ClockKind.NOTICE),
        starts=(ClockKind.OBJECTION_WINDOW,),
        letters=(write.lapsed,),
    ),
    _A.PROPOSE_OPDS: Arrow(
        shown_as="Usulkan OPD",
        sources=frozenset({Stage.REGISTERED, Stage.FORWARDED}),
        roles=_PPID_SYSTEM,
        law=_CITY,
        step=answering.propose,
        letters=(tell.proposal,),
    ),
    _A.FORWARD: Arrow(
        shown_as="Teruskan ke OPD",
        sources=frozenset({Stage.REGISTERED, Stage.FORWARDED, Stage.LEGAL_REVIEW, Stage.DRAFTING}),
        targets=(Stage.FORWARDED,),
        roles=_PPID_SYSTEM,
        law="PERKI 1/2021 Pasal 10 ayat (2) huruf d dan Pasal 12",
        guards=(guard.is_complete, guard.opds_are_known, guard.items_are_known),
        step=answering.forward,
        meets=(ClockKind.FORWARD,),
        ends=(ClockKind.REVIEW, ClockKind.DRAFTING),
        letters=(tell.opd_tasks,),
    ),
    _A.REROUTE: Arrow(
        shown_as="Alihkan ke OPD lain",
        sources=WITH_OPDS,
        roles=_PPID,
        law="Q-17: antar-OPD tidak menghentikan tenggat",
        guards=(guard.names_opds, guard.items_are_known),
        step=answering.reroute,
        letters=(tell.opd_tasks, tell.released),
    ),
    _A.TAKE_OVER: Arrow(
        shown_as="Ambil alih dari OPD",
        sources=WITH_OPDS,
        roles=_PPID_SYSTEM,
        law="PERKI 1/2021 Pasal 10 ayat (2) huruf d",
        guards=(guard.names_opds,),
        step=answering.take_over,
        letters=(tell.takeover,),
    ),
    _A.ACCEPT: Arrow(
        shown_as="OPD menerima tugas",
        sources=WITH_OPDS,
        roles=_OPD,
        law="PERKI 1/2021 Pasal 12",
        guards=(guard.opd_holds_a_task,),
        step=answering.accept,
    ),
    _A.ANSWER: _answer_arrow(
        "Jawab butir", answering.answer, guard.no_exemption_stands, law="UU 14/2008 Pasal 22 ayat (7)"
    ),
    _A.NOT_HELD: _answer_arrow(
        "Nyatakan tidak dikuasai",
        answering.not_held,
        guard.no_exemption_stands,
        law="UU 14/2008 Pasal 22 ayat (7) huruf a dan b",
    ),
    _A.OUT_OF_REACH: _answer_arrow(
        "Nyatakan belum dikuasai atau didokumentasikan",
        answering.out_of_reach,
        guard.no_exemption_stands,
        guard.needs_note,
        law="UU 14/2008 Pasal 6 ayat (3); PERKI 1/2021 Pasal 13",
    ),
    _A.PROPOSE_EXEMPTION: _answer_arrow(
        "Usulkan dikecualikan",
        answering.propose_exemption,
        guard.names_ground,
        law="UU 14/2008 Pasal 17 dan 19",
    ),
    _A.NOT_OURS: Arrow(
        shown_as="Bukan kewenangan OPD ini",
        sources=WITH_OPDS,
        roles=_OPD,
        law="Q-17: antar-OPD tidak menghentikan tenggat",
        guards=(guard.opd_holds_a_task, guard.needs_note),
        step=answering.not_ours,
        letters=(tell.not_ours,),
    ),
    _A.ASK_TIME: Arrow(
        shown_as="OPD minta waktu",
        sources=WITH_OPDS,
        roles=_OPD,
        law=_CITY,
        guards=(guard.opd_holds_a_task, guard.asks_for_days, guard.needs_note),
        step=answering.ask_time,
        letters=(tell.time_asked,),
    ),
    _A.GIVE_TIME: Arrow(
        shown_as="Beri OPD waktu",
        sources=WITH_OPDS,
        roles=_PPID,
        law=_CITY,
        step=answering.give_time,
        letters=(tell.time_given,),
    ),
    _A.OPEN_TEST: Arrow(
        shown_as="Buka uji konsekuensi",
        sources=frozenset({Stage.FORWARDED, Stage.LEGAL_REVIEW, Stage.DRAFTING}),
        targets=(Stage.LEGAL_REVIEW,),
        roles=frozenset({Role.COORDINATOR, Role.LEGAL, Role.SYSTEM}),
        law="UU 14/2008 Pasal 19; PERKI 1/2021 Pasal 49",
        step=review.open_test,
        ends=(ClockKind.DRAFTING,),
        letters=(tell.test_called,),
    ),
    _A.RECORD_VERDICT: Arrow(
        shown_as="Catat hasil uji",
        sources=frozenset({Stage.LEGAL_REVIEW}),
        roles=frozenset({Role.LEGAL}),
        law="UU 14/2008 Pasal 17, 19, 20; PERKI 1/2021 Pasal 49–51",
        named=True,
        guards=(guard.items_are_known, guard.verdict_is_lawful),
        step=review.record_verdict,
        letters=(tell.approval_asked,),
    ),
    _A.APPROVE: Arrow(
        shown_as="Setujui hasil uji",
        sources=frozenset({Stage.LEGAL_REVIEW}),
        targets=(Stage.DRAFTING, Stage.FORWARDED),
        route=lambda request: Stage.FORWARDED if request.open_assignments else Stage.DRAFTING,
        roles=frozenset({Role.ATASAN}),
        law="PERKI 1/2021 Pasal 10 ayat (2) huruf e dan f; Q-7",
        named=True,
        guards=(guard.every_item_has_a_verdict, guard.approver_did_not_draft),
        step=review.approve,
        meets=(ClockKind.REVIEW,),
        letters=(tell.ready,),
    ),
    _A.SEND_BACK: Arrow(
        shown_as="Kembalikan hasil uji",
        sources=frozenset({Stage.LEGAL_REVIEW}),
        roles=frozenset({Role.ATASAN}),
        law="PERKI 1/2021 Pasal 10 ayat (2) huruf e",
        named=True,
        guards=(guard.needs_note,),
        step=review.send_back,
        letters=(tell.sent_back,),
    ),
    _A.EXTEND: Arrow(
        shown_as="Perpanjang tujuh hari kerja",
        sources=BEFORE_NOTICE - {Stage.LAPSED},
        roles=_PPID,
        law="UU 14/2008 Pasal 22 ayat (8); PERKI 1/2021 Pasal 36",
        named=True,
        guards=(guard.not_extended_before, guard.needs_note),
        step=noticing.extend,
        letters=(write.extension, tell.redated_tasks),
        tells=tell.redated_facts,
    ),
    _A.COMPILE: Arrow(
        shown_as="Susun konsep jawaban",
        sources=frozenset({Stage.DRAFTING}),
        roles=_PPID_SYSTEM,
        law=_CITY,
        step=noticing.compile_draft,
    ),
}
