"""What every letter of a request tells, and the making of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from domain.arrow import Scene
from domain.clock import latest
from domain.identity import CHANNEL_SHOWN_AS
from domain.item import GROUND_SHOWN_AS, OUTCOME_SHOWN_AS, Item
from domain.ladder import Recipient
from domain.letter import Fact, Letter, LetterKind
from domain.number import for_files
from domain.request import STAGE_SHOWN_AS, Request
from domain.rule import ClockKind
from domain.rulebook import Rulebook

Letters = tuple[Letter, ...]


RScene = Scene[Request]


_NOTICE_LAW = "UU 14/2008 Pasal 22 ayat (7)"


def base_facts(request: Request) -> dict[str, Fact]:
    """What every letter of a request tells."""
    return {
        "number": request.number,
        "subject": request.subject,
        "received_on": request.received_on.isoformat(),
        "stage": STAGE_SHOWN_AS[request.stage],
        "channel": CHANNEL_SHOWN_AS[request.channel],
        "request_number": request.number,
        "notice_due": iso(due(request, ClockKind.NOTICE)),
        "law": _NOTICE_LAW,
    }


def due(request: Request, kind: ClockKind, key: str = "") -> date | None:
    """The date of that clock, whatever its state."""
    found = latest(request.clocks, kind, key)
    return found.due_on if found else None


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def item_facts(items: Iterable[Item], book: Rulebook) -> list[Fact]:
    """The items as letters tell them: what was asked, the answer, and why."""
    told: list[Fact] = []
    for item in items:
        verdict = item.verdict
        holder = book.office.opd(item.settled_by)
        told.append(
            {
                "no": item.no,
                "text": item.text,
                "outcome": str(item.outcome) if item.outcome else "",
                "outcome_label": OUTCOME_SHOWN_AS[item.outcome] if item.outcome else "",
                "note": item.note,
                "holder": item.holder,
                "opd": holder.name if holder else item.settled_by,
                "available_on": iso(item.available_on),
                "ground_label": _ground(item),
                "basis": verdict.basis if verdict else "",
                "reason": verdict.reason if verdict else (item.proposal.reason if item.proposal else ""),
                "until": iso(verdict.until if verdict else item.available_on),
                "permanent": verdict.permanent if verdict else False,
                "proposed_outcome_label": OUTCOME_SHOWN_AS[verdict.outcome] if verdict else "",
            }
        )
    return told


def _ground(item: Item) -> str:
    ground = (item.verdict and item.verdict.ground) or (item.proposal and item.proposal.ground)
    return (
        f"Pasal {str(ground)[:2]} huruf {str(ground)[2:]} UU 14/2008: {GROUND_SHOWN_AS[ground]}"
        if ground
        else ""
    )


def letter(request: Request, kind: LetterKind, tag: str, to: tuple[Recipient, ...], **facts: Fact) -> Letter:
    """A letter of this request; *tag* makes its key unique among the letters of its kind."""
    key = ":".join(part for part in (for_files(request.number), str(kind), tag) if part)
    return Letter(
        key=key,
        kind=kind,
        number=request.number,
        to=to,
        facts={**base_facts(request), **facts},
        by_hand=Recipient.APPLICANT in to and not request.has_email,
    )


def for_applicant(request: Request, kind: LetterKind, tag: str, **facts: Fact) -> Letter:
    return letter(request, kind, tag, (Recipient.APPLICANT,), **facts)


def for_opd(told: Letter, opd: str) -> Letter:
    return replace(told, opd=opd)


def actor_opd(scene: RScene) -> str:
    return scene.act.by.opd or (scene.act.opds[0] if scene.act.opds else "")


def acting_opd_name(scene: RScene) -> str:
    return name_of(scene, actor_opd(scene))


def name_of(scene: RScene, key: str) -> str:
    opd = scene.book.office.opd(key)
    return opd.name if opd else key
