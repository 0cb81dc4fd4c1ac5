"""Assistance between offices (bantuan kedinasan): a public body asks another; it is no request.

PERKI 1/2021 Pasal 54 and 55 give it no period, so it has a number, OPDs, an answer and no clocks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain.arrow import Scene
from domain.clock import Clocks
from domain.errors import Refused


class AssistanceStage(StrEnum):
    """Where it stands."""

    RECEIVED = "received"
    FORWARDED = "forwarded"
    ANSWERED = "answered"
    CLOSED = "closed"


ASSISTANCE_SHOWN_AS: Final = {
    AssistanceStage.RECEIVED: "Bantuan kedinasan diterima",
    AssistanceStage.FORWARDED: "Menunggu OPD",
    AssistanceStage.ANSWERED: "Dijawab",
    AssistanceStage.CLOSED: "Selesai",
}


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one OPD gave towards the answer; *documents* are ids of stored files."""

    opd: str
    text: str
    on: date
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistance:
    """What another public body asks for.

    Attributes:
        person: id of the key that seals the contact person's data.
        asking_body: the public body's name; no personal data.
        contributions: what the OPDs gave; the PPID answers with all of it.
        answer: what the PPID answered, in words; *documents* are those it added itself.
        answered_by: the officer who answered.
    """

    number: str
    person: str
    asking_body: str
    received_on: date
    registered_at: datetime
    subject: str
    stage: AssistanceStage = AssistanceStage.RECEIVED
    version: int = 1
    clocks: Clocks = ()
    has_email: bool = True
    opds: tuple[str, ...] = ()
    forwarded_on: date | None = None
    contributions: tuple[Contribution, ...] = ()
    answer: str = ""
    answered_on: date | None = None
    answered_by: str = ""
    documents: tuple[str, ...] = ()
    closed_because: str = ""

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """The OPDs that were asked and have given nothing yet."""
        given = {one.opd for one in self.contributions}
        return tuple(key for key in self.opds if key not in given)

    @property
    def all_documents(self) -> tuple[str, ...]:
        """Every document of the answer, the OPDs' first."""
        return (*(d for one in self.contributions for d in one.documents), *self.documents)


AScene = Scene[Assistance]


def opds_are_known(case: Assistance, scene: AScene) -> None:
    if not scene.act.opds:
        raise Refused("opd", "sebutkan sedikitnya satu OPD")
    for key in scene.act.opds:
        opd = scene.book.office.opd(key)
        if opd is None:
            raise Refused("opd", f"OPD «{key}» tidak dikenal di opd.yaml")
        if not opd.is_active(scene.act.today):
            raise Refused("opd", f"OPD «{key}» tidak aktif pada {scene.act.today}")
        if key in case.opds:
            raise Refused("opd", f"OPD «{key}» sudah diminta membantu di sini")


def has_a_contribution(case: Assistance, scene: AScene) -> None:
    """An OPD answers only what was forwarded to it."""
    act = scene.act
    if act.by.opd not in case.opds:
        raise Refused("opd", f"OPD «{act.by.opd}» tidak diminta membantu di sini")
    if not act.note.strip() and not act.documents:
        raise Refused("note", "tulis jawabannya atau sertakan dokumennya")


def has_an_answer(case: Assistance, scene: AScene) -> None:
    """The PPID answers with what the OPDs gave, with its own words, or both."""
    if not case.contributions and not scene.act.note.strip() and not scene.act.documents:
        raise Refused("note", "belum ada jawaban OPD; tulis jawabannya atau sertakan dokumennya")


def needs_note(case: Assistance, scene: AScene) -> None:
    if not scene.act.note.strip():
        raise Refused("note", "alasan wajib ditulis")


def has_changes(case: Assistance, scene: AScene) -> None:
    """Only the contact person's data; what was asked stays as it was asked."""
    act = scene.act
    if not act.changes:
        raise Refused("field", "sebutkan isian yang diperbaiki")
    if {"subject", "received_on"} & act.changes.keys():
        raise Refused("field", "pokok dan tanggal bantuan tidak diubah; cabut lalu daftarkan yang baru")
    needs_note(case, scene)


def forward(case: Assistance, scene: AScene) -> Assistance:
    """Further OPDs join those asked before."""
    opds = tuple(dict.fromkeys((*case.opds, *scene.act.opds)))
    return replace(case, opds=opds, forwarded_on=scene.act.today)


def contribute(case: Assistance, scene: AScene) -> Assistance:
    """An OPD's answer; given again it takes the place of its former one."""
    act = scene.act
    given = Contribution(act.by.opd, act.note, act.today, act.documents)
    others = tuple(one for one in case.contributions if one.opd != act.by.opd)
    return replace(case, contributions=(*others, given))


def answer(case: Assistance, scene: AScene) -> Assistance:
    act = scene.act
    return replace(
        case, answer=act.note, answered_on=act.today, answered_by=act.by.name, documents=act.documents
    )


def close_because(case: Assistance, scene: AScene) -> Assistance:
    return replace(case, closed_because=scene.act.action)
