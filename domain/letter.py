"""A letter as a value: what is owed to whom, with the facts it tells; never its wording.

The wording lies in `config/mail/`, one text per `LetterKind`. A letter holds no personal data: the
applicant's name and address are read under the person's key when it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from domain.ladder import Recipient
from domain.rule import ClockKind

#: What a letter tells: strings (dates as ISO), numbers, flags, and lists or mappings of these.
Fact: TypeAlias = "str | int | bool | list[Fact] | dict[str, Fact] | None"


class LetterKind(StrEnum):
    """Every letter the service writes; the value names its text in `config/mail/`."""

    # to the applicant
    RECEIPT = "receipt"
    INCOMPLETE = "incomplete"
    LAPSED = "lapsed"
    EXTENSION = "extension"
    NOTICE = "notice"
    REFUSAL = "refusal"
    NOT_HELD = "not_held"
    BUNDLE = "bundle"
    COST_NOTE = "cost_note"
    RIGHT_TO_OBJECT = "right_to_object"
    OBJECTION_RECEIPT = "objection_receipt"
    OBJECTION_ANSWER = "objection_answer"
    DISPUTE_APPLICATION = "dispute_application"
    FULFILLED = "fulfilled"
    WITHDRAWN = "withdrawn"
    # to OPDs
    OPD_TASK = "opd_task"
    OPD_REMINDER = "opd_reminder"
    OPD_DIGEST = "opd_digest"
    OPD_RELEASED = "opd_released"
    OPD_TIME_GIVEN = "opd_time_given"
    TAKEOVER = "takeover"
    OPD_MONTHLY = "opd_monthly"
    # to officers
    NEW_REQUEST = "new_request"
    PROPOSAL = "proposal"
    NOT_OURS = "not_ours"
    TIME_ASKED = "time_asked"
    TEST_OPENED = "test_opened"
    APPROVAL_ASKED = "approval_asked"
    SENT_BACK = "sent_back"
    READY_TO_DRAFT = "ready_to_draft"
    REMINDER = "reminder"
    UNANSWERED = "unanswered"
    OBJECTION_TASK = "objection_task"
    ATASAN_REMINDER = "atasan_reminder"
    ESCALATION_APPROVAL = "escalation_approval"
    ORDER_TASK = "order_task"
    DISPUTE_TASK = "dispute_task"
    MEND_CONTACT = "mend_contact"
    # of bantuan kedinasan, between public bodies
    ASSISTANCE_RECEIPT = "assistance_receipt"
    ASSISTANCE_NEW = "assistance_new"
    ASSISTANCE_TASK = "assistance_task"
    ASSISTANCE_COLLECTED = "assistance_collected"
    ASSISTANCE_ANSWER = "assistance_answer"
    REPORT_APPROVAL = "report_approval"
    EXEMPTION_EXPIRY = "exemption_expiry"
    # to Komisi Informasi Banten
    COMMISSION_NOTICE = "commission_notice"
    REPORT_COPY = "report_copy"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter owed.

    Attributes:
        key: unique for ever; the Message-ID comes from it.
        number: the case it belongs to (its thread); empty for a digest.
        to: who receives it; one message to all of them.
        opd: the OPD meant by `Recipient.OPD` and `OPD_HEAD`.
        documents: ids of documents to attach.
        meets: the clock that is met once the relay has taken it (250).
        by_hand: the applicant has no e-mail address: the desk gets it to print and send, and the
            duty is met when the desk records that it did.
    """

    key: str
    kind: LetterKind
    number: str
    to: tuple[Recipient, ...]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    opd: str = ""
    documents: tuple[str, ...] = ()
    meets: ClockKind | None = None
    by_hand: bool = False


LETTER_SHOWN_AS: Final = {
    LetterKind.RECEIPT: "tanda terima permohonan",
    LetterKind.INCOMPLETE: "surat keterangan tidak lengkap",
    LetterKind.LAPSED: "pemberitahuan permohonan tidak dilengkapi",
    LetterKind.EXTENSION: "pemberitahuan perpanjangan waktu",
    LetterKind.NOTICE: "pemberitahuan tertulis",
    LetterKind.REFUSAL: "pemberitahuan penolakan",
    LetterKind.NOT_HELD: "pemberitahuan tidak dikuasai",
    LetterKind.BUNDLE: "penyampaian dokumen",
    LetterKind.COST_NOTE: "pemberitahuan biaya",
    LetterKind.RIGHT_TO_OBJECT: "pemberitahuan hak keberatan",
    LetterKind.OBJECTION_RECEIPT: "tanda terima keberatan",
    LetterKind.OBJECTION_ANSWER: "tanggapan atas keberatan",
    LetterKind.DISPUTE_APPLICATION: "formulir permohonan sengketa",
    LetterKind.FULFILLED: "pemberitahuan pelaksanaan",
    LetterKind.WITHDRAWN: "pemberitahuan pencabutan",
    LetterKind.OPD_TASK: "tugas OPD",
    LetterKind.OPD_REMINDER: "pengingat OPD",
    LetterKind.OPD_DIGEST: "ringkasan pagi OPD",
    LetterKind.OPD_RELEASED: "pembebasan tugas OPD",
    LetterKind.OPD_TIME_GIVEN: "tambahan waktu OPD",
    LetterKind.TAKEOVER: "pemberitahuan ambil alih",
    LetterKind.NEW_REQUEST: "pemberitahuan permohonan baru",
    LetterKind.PROPOSAL: "usulan OPD",
    LetterKind.NOT_OURS: "pernyataan bukan kewenangan",
    LetterKind.TIME_ASKED: "permintaan waktu OPD",
    LetterKind.TEST_OPENED: "pembukaan uji konsekuensi",
    LetterKind.APPROVAL_ASKED: "permintaan persetujuan hasil uji",
    LetterKind.SENT_BACK: "pengembalian hasil uji",
    LetterKind.READY_TO_DRAFT: "pemberitahuan siap disusun",
    LetterKind.REMINDER: "pengingat",
    LetterKind.UNANSWERED: "pemberitahuan tidak ditanggapi",
    LetterKind.OBJECTION_TASK: "tugas menanggapi keberatan",
    LetterKind.ATASAN_REMINDER: "pengingat Atasan PPID",
    LetterKind.ESCALATION_APPROVAL: "permintaan persetujuan eskalasi",
    LetterKind.ORDER_TASK: "tugas melaksanakan putusan",
    LetterKind.DISPUTE_TASK: "tugas sengketa",
    LetterKind.MEND_CONTACT: "tugas memperbaiki kontak",
    LetterKind.ASSISTANCE_RECEIPT: "tanda terima bantuan kedinasan",
    LetterKind.ASSISTANCE_NEW: "pemberitahuan bantuan kedinasan baru",
    LetterKind.ASSISTANCE_TASK: "tugas bantuan kedinasan",
    LetterKind.ASSISTANCE_COLLECTED: "jawaban OPD atas bantuan kedinasan",
    LetterKind.ASSISTANCE_ANSWER: "jawaban bantuan kedinasan",
    LetterKind.COMMISSION_NOTICE: "pemberitahuan kepada Komisi Informasi",
}


def kind_label(key: str) -> str:
    """What the letter of that key is, in words; the key itself where it names no kind."""
    kind = next((part for part in key.split(":") if part in LETTER_SHOWN_AS), "")
    return LETTER_SHOWN_AS[LetterKind(kind)] if kind else key
