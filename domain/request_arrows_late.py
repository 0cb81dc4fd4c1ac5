"""The arrows of a request from its signed notice to its end."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain import request_guards as guard
from domain import request_letters as write
from domain import request_noticing as noticing
from domain import request_steps as steps
from domain.arrow import Arrow
from domain.office import Role
from domain.request import BEFORE_NOTICE, OPEN_STAGES, Request, Stage
from domain.request_actions import RequestAction
from domain.rule import ClockKind

_A = RequestAction
_DESK: Final = frozenset({Role.DESK, Role.COORDINATOR})
_PPID: Final = frozenset({Role.COORDINATOR})
_PPID_SYSTEM: Final = frozenset({Role.COORDINATOR, Role.SYSTEM})
_CITY: Final = "kebijakan kota (alur kerja PPID)"


LATE: Final[Mapping[StrEnum, Arrow[Request]]] = {
    _A.SEND_NOTICE: Arrow(
        shown_as="Tanda tangani dan kirim pemberitahuan",
        sources=frozenset({Stage.DRAFTING}),
        targets=(Stage.ANSWERED,),
        roles=_PPID,
        law="UU 14/2008 Pasal 22 ayat (7); PERKI 1/2021 Pasal 31 ayat (3)–(4)",
        named=True,
        guards=(guard.every_item_is_answered,),
        step=noticing.sign_notice,
        meets=(ClockKind.DRAFTING,),
        letters=(write.notice,),
    ),
    _A.SEND_BUNDLE: Arrow(
        shown_as="Kirim dokumen",
        sources=frozenset({Stage.ANSWERED, Stage.HANDOVER, Stage.FULFILMENT}),
        roles=_PPID_SYSTEM,
        law="PERKI 1/2021 Pasal 35",
        step=noticing.send_bundle,
        letters=(write.bundle,),
    ),
    _A.RECORD_SENT: Arrow(
        shown_as="Catat pemberitahuan terkirim",
        sources=OPEN_STAGES | {Stage.CLOSED},
        roles=frozenset({Role.DESK, Role.COORDINATOR, Role.SYSTEM}),
        law="UU 14/2008 Pasal 22 ayat (7)",
        guards=(guard.day_is_possible,),
        step=noticing.mark_sent,
    ),
    _A.RECORD_BOUNCE: Arrow(
        shown_as="Catat surat kembali",
        sources=OPEN_STAGES | {Stage.CLOSED},
        roles=frozenset({Role.DESK, Role.COORDINATOR, Role.SYSTEM}),
        law="UU 14/2008 Pasal 22 ayat (7)",
        step=noticing.mark_bounced,
        letters=(write.mend_contact,),
    ),
    _A.RECORD_RECEIPT: Arrow(
        shown_as="Catat bukti terima",
        sources=frozenset({Stage.INCOMPLETE, Stage.ANSWERED, Stage.HANDOVER, Stage.FULFILMENT}),
        roles=frozenset({Role.APPLICANT, Role.DESK, Role.COORDINATOR}),
        law="PERKI 1/2021 Pasal 33 ayat (3); UU 14/2008 Pasal 36 ayat (1)",
        guards=(guard.day_is_possible,),
        step=noticing.record_receipt,
    ),
    _A.RECORD_UNANSWERED: Arrow(
        shown_as="Catat tidak dijawab dalam waktu",
        sources=BEFORE_NOTICE - {Stage.LAPSED} | {Stage.ANSWERED},
        roles=frozenset({Role.SYSTEM}),
        law="UU 14/2008 Pasal 35 ayat (1) huruf c dan g; Q-13",
        guards=(guard.statutory_day_has_passed,),
        step=noticing.record_unanswered,
        letters=(write.right_to_object,),
    ),
    _A.COST_NOTE: Arrow(
        shown_as="Beri tahu biaya salinan",
        sources=frozenset({Stage.ANSWERED, Stage.HANDOVER}),
        targets=(Stage.HANDOVER,),
        roles=_DESK,
        law="PERKI 1/2021 Pasal 35, 37 dan 38",
        guards=(guard.has_amount,),
        step=steps.cost_note,
        letters=(write.cost,),
    ),
    _A.PAY: Arrow(
        shown_as="Catat pembayaran",
        sources=frozenset({Stage.HANDOVER}),
        roles=_DESK,
        law="PERKI 1/2021 Pasal 38",
        guards=(guard.day_is_possible,),
        step=steps.pay,
    ),
    _A.HAND_OVER: Arrow(
        shown_as="Serahkan salinan",
        sources=frozenset({Stage.ANSWERED, Stage.HANDOVER}),
        targets=(Stage.ANSWERED,),
        roles=_DESK,
        law="PERKI 1/2021 Pasal 35",
        guards=(guard.day_is_possible,),
        step=steps.hand_over,
        meets=(ClockKind.HANDOVER,),
        letters=(write.bundle,),
        follow=steps.close_when_over,
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
        guards=(guard.names_other,),
        step=steps.link,
    ),
    _A.ORDER: Arrow(
        shown_as="Perintah pelaksanaan",
        sources=OPEN_STAGES | {Stage.CLOSED},
        targets=(Stage.FULFILMENT,),
        roles=frozenset({Role.ATASAN, Role.SYSTEM}),
        law="UU 14/2008 Pasal 36 ayat (2) dan 46",
        named=True,
        guards=(guard.names_other,),
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
        guards=(guard.day_is_possible,),
        step=steps.fulfil,
        meets=(ClockKind.FULFILMENT,),
        letters=(write.fulfilled,),
        follow=steps.close_when_over,
    ),
    _A.CLOSE: Arrow(
        shown_as="Tutup",
        sources=frozenset({Stage.ANSWERED, Stage.LAPSED}),
        targets=(Stage.CLOSED,),
        roles=_PPID_SYSTEM,
        law="UU 14/2008 Pasal 36 ayat (1)",
        guards=(guard.nothing_runs_beside,),
        step=steps.close_because,
        ends_all=True,
    ),
    _A.REOPEN: Arrow(
        shown_as="Buka kembali atas perintah",
        sources=frozenset({Stage.CLOSED, Stage.LAPSED}),
        targets=(Stage.FULFILMENT,),
        roles=frozenset({Role.COORDINATOR, Role.ATASAN}),
        law="UU 14/2008 Pasal 46",
        named=True,
        guards=(guard.names_other, guard.has_future_day),
        step=steps.order,
        letters=(write.order_task,),
    ),
    _A.CORRECT: Arrow(
        shown_as="Perbaiki isian register",
        sources=OPEN_STAGES | {Stage.CLOSED},
        roles=frozenset({Role.DESK, Role.COORDINATOR, Role.ADMIN}),
        law="PERKI 1/2021 Pasal 32",
        guards=(guard.has_changes,),
        step=steps.correct,
    ),
}
