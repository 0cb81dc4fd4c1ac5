"""The whole path of a bantuan kedinasan: one table, and the functions that start and move one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain import assistance as steps
from domain.act import WIB, Act
from domain.arrow import AnyCase, Arrow, Decision, Happened, Scene, advance
from domain.assistance import Assistance, AssistanceStage
from domain.errors import Refused
from domain.office import Actor, Role
from domain.rulebook import Rulebook
from domain.text import clean_line


class AssistanceAction(StrEnum):
    """What can be done to it."""

    FORWARD = "forward"
    ANSWER = "answer"
    WITHDRAW = "withdraw"
    CLOSE = "close"


_A = AssistanceAction
_S = AssistanceStage
_LAW: Final = "PERKI 1/2021 Pasal 54 dan 55"

ARROWS: Final[Mapping[StrEnum, Arrow[Assistance]]] = {
    _A.FORWARD: Arrow(
        shown_as="Teruskan ke OPD",
        sources=frozenset({_S.RECEIVED, _S.FORWARDED}),
        targets=(_S.FORWARDED,),
        roles=frozenset({Role.COORDINATOR}),
        law=_LAW,
        guards=(steps.opds_are_known,),
        step=steps.forward,
    ),
    _A.ANSWER: Arrow(
        shown_as="Jawab",
        sources=frozenset({_S.RECEIVED, _S.FORWARDED}),
        targets=(_S.ANSWERED,),
        roles=frozenset({Role.OPD, Role.COORDINATOR}),
        law=_LAW,
        guards=(steps.has_an_answer,),
        step=steps.answer,
    ),
    _A.WITHDRAW: Arrow(
        shown_as="Cabut",
        sources=frozenset(_S) - {_S.CLOSED},
        targets=(_S.CLOSED,),
        roles=frozenset({Role.DESK, Role.COORDINATOR}),
        law="kehendak badan publik peminta",
        guards=(steps.needs_note,),
        step=steps.close_because,
    ),
    _A.CLOSE: Arrow(
        shown_as="Tutup",
        sources=frozenset({_S.ANSWERED}),
        targets=(_S.CLOSED,),
        roles=frozenset({Role.COORDINATOR, Role.SYSTEM}),
        law=_LAW,
        step=steps.close_because,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistanceFiling:
    """What another public body asks for, as it comes in."""

    asking_body: str
    received_on: date
    subject: str


def register_assistance(
    filing: AssistanceFiling, *, number: str, person: str, by: Actor, at: datetime
) -> Decision[Assistance]:
    """The case under its number. No statutory clock runs: it is no Permintaan Informasi.

    Raises:
        Refused: no asking body, no subject, or a day in the future.
    """
    if filing.received_on > at.astimezone(WIB).date():
        raise Refused("received_on", f"tanggal {filing.received_on} masih di depan")
    asking_body = clean_line("asking_body", filing.asking_body, longest=200)
    subject = clean_line("subject", filing.subject, longest=200)
    if not asking_body:
        raise Refused("asking_body", "sebutkan badan publik yang meminta")
    if not subject:
        raise Refused("subject", "pokok bantuan harus diisi")
    case = Assistance(
        number=number,
        person=person,
        asking_body=asking_body,
        received_on=filing.received_on,
        registered_at=at,
        subject=subject,
    )
    facts = {"received_on": filing.received_on.isoformat(), "asking_body": asking_body}
    return Decision(case, Happened(number, "register", "", case.stage, by, at, facts))


def decide(
    case: Assistance, act: Act, book: Rulebook, family: tuple[AnyCase, ...] = ()
) -> Decision[Assistance]:
    """Take the arrow the act names; see `advance` for what it raises."""
    return advance(case, Scene(act, book, family), ARROWS)
