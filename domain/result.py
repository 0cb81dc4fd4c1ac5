"""How a request ended, in the words of the registers and of the yearly report."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from domain.item import Item, Outcome
from domain.request import Request, Stage


class Result(StrEnum):
    """What became of a request; one of these for each request at any moment."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    NOT_HELD = "not_held"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    UNANSWERED = "unanswered"
    PENDING = "pending"


RESULT_SHOWN_AS: Final = {
    Result.GRANTED: "Dikabulkan",
    Result.PARTLY: "Dikabulkan sebagian",
    Result.REFUSED: "Ditolak",
    Result.NOT_HELD: "Tidak dikuasai atau belum didokumentasikan",
    Result.WITHDRAWN: "Dicabut pemohon",
    Result.LAPSED: "Tidak dilengkapi pemohon",
    Result.UNANSWERED: "Tidak ditanggapi",
    Result.PENDING: "Dalam proses",
}

#: What a notice told; the others ended, or wait, without one.
ANSWERED: Final = frozenset({Result.GRANTED, Result.PARTLY, Result.REFUSED, Result.NOT_HELD})

#: Stages a request reaches without a notice only by an order, or by being closed.
_BEYOND_NOTICE: Final = frozenset({Stage.ANSWERED, Stage.HANDOVER, Stage.FULFILMENT, Stage.CLOSED})
_GIVEN: Final = frozenset({Outcome.OPEN, Outcome.ALREADY_PUBLISHED})
_ABSENT: Final = frozenset({Outcome.NOT_HELD, Outcome.NOT_DOCUMENTED})


def result_of(request: Request) -> Result:
    """What became of the request, read off its notice; a later order does not change it.

    Everything given is granted; nothing given is refused where an exemption is among the reasons, not
    held otherwise; a mixture is granted in part.

    Law: UU 14/2008 Pasal 12 and 22 ayat (7); PERKI 1/2021 Pasal 57.
    """
    if request.noticed_at is not None:
        return _told(frozenset(noticed_outcome(item, request) for item in request.items))
    if request.closed_because == "withdraw":
        return Result.WITHDRAWN
    if request.stage not in _BEYOND_NOTICE:
        return Result.LAPSED if request.stage is Stage.LAPSED else Result.PENDING
    return Result.UNANSWERED if request.unanswered_on is not None else Result.LAPSED


def noticed_outcome(item: Item, request: Request) -> Outcome | None:
    """What the notice told of the item; an order carried out since has overwritten its outcome."""
    if request.fulfilled_on is None or item.outcome is not Outcome.OPEN:
        return item.outcome
    if item.verdict is not None and item.verdict.approved_by:
        return item.verdict.outcome
    return Outcome.NOT_HELD if item.holder else item.outcome


def _told(outcomes: frozenset[Outcome | None]) -> Result:
    if outcomes <= _GIVEN:
        return Result.GRANTED
    if outcomes <= _ABSENT:
        return Result.NOT_HELD
    if outcomes <= _ABSENT | {Outcome.EXEMPT}:
        return Result.REFUSED
    return Result.PARTLY
