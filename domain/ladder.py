"""Reminder ladders: which rung falls on which day around a due date, to whom, with what effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.rule import ClockKind


class Recipient(StrEnum):
    """Who a letter goes to; addresses are looked up when it is sent."""

    OWNER = "owner"
    APPLICANT = "applicant"
    DESK = "desk"
    COORDINATOR = "coordinator"
    OPD = "opd"
    OPD_HEAD = "opd_head"
    LEGAL = "legal"
    ATASAN = "atasan"
    COMMISSION = "commission"


RECIPIENT_SHOWN_AS: Final = {
    Recipient.OWNER: "penanggung jawab",
    Recipient.APPLICANT: "Pemohon",
    Recipient.DESK: "Petugas Pelayanan Informasi",
    Recipient.COORDINATOR: "PPID",
    Recipient.OPD: "OPD",
    Recipient.OPD_HEAD: "kepala OPD",
    Recipient.LEGAL: "Bagian Hukum / Tim Pertimbangan",
    Recipient.ATASAN: "Atasan PPID",
    Recipient.COMMISSION: "Komisi Informasi Banten",
}


class Effect(StrEnum):
    """What a rung does besides telling people; each is an act of the system."""

    REMIND = "remind"
    TAKE_OVER = "take_over"
    RECORD_UNANSWERED = "record_unanswered"
    ESCALATE = "escalate"
    LAPSE = "lapse"
    CLOSE = "close"


EFFECT_SHOWN_AS: Final[Mapping[str, str]] = {
    Effect.REMIND: "pengingat",
    Effect.TAKE_OVER: "pengambilalihan",
    Effect.RECORD_UNANSWERED: "pencatatan tidak ditanggapi",
    Effect.ESCALATE: "eskalasi kepada Komisi Informasi",
    Effect.LAPSE: "pencatatan tidak dilengkapi",
    Effect.CLOSE: "penutupan",
}


class Via(StrEnum):
    """As a letter of its own, or as a line in the OPD's morning digest."""

    MAIL = "mail"
    DIGEST = "digest"


class CommissionMode(StrEnum):
    """How the rung to Komisi Informasi Banten fires."""

    AUTOMATIC = "automatic"
    AFTER_APPROVAL = "after_approval"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step. `offset` is in working days from the due date; negative lies before it."""

    offset: int
    to: tuple[Recipient, ...]
    effect: Effect = Effect.REMIND
    via: Via = Via.MAIL


@dataclass(frozen=True, slots=True)
class Ladders:
    """Every ladder of the city; rungs sorted by offset.

    Attributes:
        digest: collect an OPD's reminders of the day into one letter.
    """

    rungs: Mapping[ClockKind, tuple[Rung, ...]]
    commission: CommissionMode = CommissionMode.AUTOMATIC
    digest: bool = True

    def of(self, kind: ClockKind) -> tuple[Rung, ...]:
        """The rungs of that clock, soonest first; empty when it has no ladder."""
        return self.rungs.get(kind, ())


#: Who answers for the step a clock watches; `Recipient.OWNER` on a rung means this one.
OWNER_OF: Final[Mapping[ClockKind, Recipient]] = {
    ClockKind.COMPLETENESS: Recipient.DESK,
    ClockKind.CORRECTION: Recipient.APPLICANT,
    ClockKind.FORWARD: Recipient.COORDINATOR,
    ClockKind.OPD_ANSWER: Recipient.OPD,
    ClockKind.REVIEW: Recipient.LEGAL,
    ClockKind.DRAFTING: Recipient.COORDINATOR,
    ClockKind.NOTICE: Recipient.COORDINATOR,
    ClockKind.OBJECTION_WINDOW: Recipient.APPLICANT,
    ClockKind.HANDOVER: Recipient.DESK,
    ClockKind.FULFILMENT: Recipient.COORDINATOR,
    ClockKind.OBJECTION_ANSWER: Recipient.ATASAN,
    ClockKind.DISPUTE_WINDOW: Recipient.APPLICANT,
    ClockKind.KI_COMPLETION: Recipient.COORDINATOR,
    ClockKind.KI_START: Recipient.COORDINATOR,
    ClockKind.HEARING: Recipient.COORDINATOR,
    ClockKind.MEDIATION: Recipient.COORDINATOR,
    ClockKind.CONCLUSIONS: Recipient.COORDINATOR,
    ClockKind.KI_PROCESS: Recipient.COORDINATOR,
    ClockKind.DECISION_COPY: Recipient.COORDINATOR,
    ClockKind.APPEAL: Recipient.COORDINATOR,
    ClockKind.CASSATION: Recipient.COORDINATOR,
    ClockKind.COMPLIANCE: Recipient.COORDINATOR,
}
