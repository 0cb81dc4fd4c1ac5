"""The whole path of a bantuan kedinasan: one table, and the functions that start and move one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain import assistance as steps
from domain import assistance_letters as write
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
    SEND_ANSWER = "send_answer"
    RECORD_BOUNCE = "record_bounce"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    CLOSE = "close"


_A = AssistanceAction
_S = AssistanceStage
_LAW: Final = write.LAW
_OPEN: Final = frozenset(_S) - {_S.CLOSED}

ARROWS: Final[Mapping[StrEnum, Arrow[Assistance]]] = {
    _A.FORWARD: Arrow(
        shown_as="Minta bantuan OPD",
        sources=frozenset({_S.RECEIVED, _S.FORWARDED}),
        targets=(_S.FORWARDED,),
        roles=frozenset({Role.COORDINATOR}),
        law=_LAW,
        guards=(steps.opds_are_known,),
        step=steps.forward,
        letters=(write.tasks,),
    ),
    _A.ANSWER: Arrow(
        shown_as="OPD menjawab",
        sources=frozenset({_S.FORWARDED}),
        roles=frozenset({Role.OPD}),
        law=_LAW,
        guards=(steps.has_a_contribution,),
        step=steps.contribute,
        letters=(write.contributed,),
    ),
    _A.SEND_ANSWER: Arrow(
        shown_as="Jawab badan publik peminta",
        sources=frozenset({_S.RECEIVED, _S.FORWARDED}),
        targets=(_S.ANSWERED,),
        roles=frozenset({Role.COORDINATOR}),
        law=_LAW,
        named=True,
        guards=(steps.has_an_answer,),
        step=steps.answer,
        letters=(write.answered,),
    ),
    _A.RECORD_BOUNCE: Arrow(
        shown_as="Catat surat kembali",
        sources=frozenset(_S),
        roles=frozenset({Role.DESK, Role.COORDINATOR, Role.SYSTEM}),
        law="kebijakan kota (alur kerja PPID)",
        letters=(write.mend_contact,),
    ),
    _A.CORRECT: Arrow(
        shown_as="Perbaiki kontak",
        sources=_OPEN,
        roles=frozenset({Role.DESK, Role.COORDINATOR, Role.ADMIN}),
        law="kebijakan kota (alur kerja PPID)",
        guards=(steps.has_changes,),
    ),
    _A.WITHDRAW: Arrow(
        shown_as="Cabut",
        sources=_OPEN,
        targets=(_S.CLOSED,),
        roles=frozenset({Role.DESK, Role.COORDINATOR}),
        law="kehendak badan publik peminta",
        guards=(steps.needs_note,),
        step=steps.close_because,
        letters=(write.released,),
    ),
    _A.CLOSE: Arrow(
        shown_as="Tutup",
        sources=frozenset({_S.ANSWERED}),
        targets=(_S.CLOSED,),
        roles=frozenset({Role.COORDINATOR}),
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
    has_email: bool = True


def register_assistance(
    filing: AssistanceFiling, *, number: str, person: str, by: Actor, at: datetime, book: Rulebook
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
        has_email=filing.has_email,
    )
    act = Act(action="register", by=by, at=at, on=filing.received_on)
    scene: Scene[Assistance] = Scene(act, book)
    facts = {"received_on": filing.received_on.isoformat(), "asking_body": asking_body}
    event = Happened(number, "register", "", case.stage, by, at, facts)
    return Decision(case, event, write.received(case, case, scene))


def decide(
    case: Assistance, act: Act, book: Rulebook, family: tuple[AnyCase, ...] = ()
) -> Decision[Assistance]:
    """Take the arrow the act names; see `advance` for what it raises."""
    return advance(case, Scene(act, book, family), ARROWS)
