"""Assistance between offices (bantuan kedinasan): a public body asks another; it is no request.

PERKI 1/2021 Pasal 54 and 55 give it no period, so it has a number, an answer and no clocks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain.arrow import Scene
from domain.clock import Clocks
from domain.errors import Refused
from domain.office import Role


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistance:
    """What another public body asks for.

    Attributes:
        person: id of the key that seals the contact person's data.
        asking_body: the public body's name; no personal data.
        answer: what was answered, in words; the documents beside it are ids of stored files.
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
    opds: tuple[str, ...] = ()
    forwarded_on: date | None = None
    answer: str = ""
    answered_on: date | None = None
    answered_by: str = ""
    documents: tuple[str, ...] = ()
    closed_because: str = ""


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


def has_an_answer(case: Assistance, scene: AScene) -> None:
    """An OPD answers only what was forwarded to it."""
    act = scene.act
    if act.by.role is Role.OPD and act.by.opd not in case.opds:
        raise Refused("opd", f"OPD «{act.by.opd}» tidak diminta membantu di sini")
    if not act.note.strip() and not act.documents:
        raise Refused("note", "tulis jawabannya atau sertakan dokumennya")


def needs_note(case: Assistance, scene: AScene) -> None:
    if not scene.act.note.strip():
        raise Refused("note", "alasan wajib ditulis")


def forward(case: Assistance, scene: AScene) -> Assistance:
    """Further OPDs join those asked before."""
    opds = tuple(dict.fromkeys((*case.opds, *scene.act.opds)))
    return replace(case, opds=opds, forwarded_on=scene.act.today)


def answer(case: Assistance, scene: AScene) -> Assistance:
    act = scene.act
    return replace(
        case,
        answer=act.note,
        answered_on=act.day,
        answered_by=act.by.opd or "PPID",
        documents=(*case.documents, *act.documents),
    )


def close_because(case: Assistance, scene: AScene) -> Assistance:
    return replace(case, closed_because=scene.act.action)
