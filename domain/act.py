"""An act: what somebody does to a case, with everything the decision needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from domain.item import Ground, Outcome
from domain.office import Actor

WIB: Final = ZoneInfo("Asia/Jakarta")


class ExtensionGround(StrEnum):
    """The only two grounds for the seven further days (PERKI 1/2021 Pasal 36 ayat (1))."""

    NOT_YET_HELD = "not_yet_held"
    NOT_YET_DECIDED = "not_yet_decided"


EXTENSION_SHOWN_AS: Final = {
    ExtensionGround.NOT_YET_HELD: "informasi belum dikuasai atau didokumentasikan",
    ExtensionGround.NOT_YET_DECIDED: "status informasi (terbuka atau dikecualikan) belum dapat diputuskan",
}


class ObjectionReason(StrEnum):
    """UU 14/2008 Pasal 35 ayat (1)."""

    A = "a"
    B = "b"
    C = "c"
    D = "d"
    E = "e"
    F = "f"
    G = "g"


REASON_SHOWN_AS: Final = {
    ObjectionReason.A: "permohonan ditolak dengan alasan pengecualian",
    ObjectionReason.B: "informasi berkala tidak disediakan",
    ObjectionReason.C: "permohonan tidak ditanggapi",
    ObjectionReason.D: "permohonan ditanggapi tidak sebagaimana diminta",
    ObjectionReason.E: "permohonan tidak dipenuhi",
    ObjectionReason.F: "biaya yang dikenakan tidak wajar",
    ObjectionReason.G: "informasi disampaikan melebihi waktu",
}


class Ruling(StrEnum):
    """How a dispute ended (UU 14/2008 Pasal 39 and 46)."""

    GRANTED = "granted"
    PARTLY = "partly"
    REJECTED = "rejected"
    AGREEMENT = "agreement"


RULING_SHOWN_AS: Final = {
    Ruling.GRANTED: "Permohonan dikabulkan",
    Ruling.PARTLY: "Permohonan dikabulkan sebagian",
    Ruling.REJECTED: "Permohonan ditolak",
    Ruling.AGREEMENT: "Kesepakatan mediasi",
}


@dataclass(frozen=True, slots=True)
class ProposedOpd:
    """Who may hold which items, and why the system thinks so."""

    opd: str
    items: tuple[int, ...]
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act; only the fields its action reads matter.

    Attributes:
        action: the value of an action of the case's kind.
        at: when it is done; aware, any zone.
        on: the day the fact happened, if another than the day of *at* (received, paid, delivered).
        items: numbers of the items it is about; empty means all that apply.
        documents: ids of stored files.
        until: the last day of an exemption, a promise, an order or a hearing's day.
        other: another case's number, the name of an order, the key of a letter, a register number.
        changes: corrected fields of the register, name → new value.
        expect_version: the version the person saw; None where no form was shown.
    """

    action: str
    by: Actor
    at: datetime
    on: date | None = None
    opds: tuple[str, ...] = ()
    items: tuple[int, ...] = ()
    note: str = ""
    documents: tuple[str, ...] = ()
    outcome: Outcome | None = None
    ground: Ground | None = None
    basis: str = ""
    until: date | None = None
    permanent: bool = False
    holder: str = ""
    days: int | None = None
    amount_idr: int | None = None
    extension: ExtensionGround | None = None
    reasons: tuple[ObjectionReason, ...] = ()
    granted: bool | None = None
    ruling: Ruling | None = None
    other: str = ""
    proposed: tuple[ProposedOpd, ...] = ()
    changes: Mapping[str, str] = field(default_factory=dict)
    expect_version: int | None = None

    @property
    def today(self) -> date:
        """The day of the act in Jakarta."""
        return self.at.astimezone(WIB).date()

    @property
    def day(self) -> date:
        """The day the fact happened, in Jakarta."""
        return self.on or self.today
