"""Steps of a request at its beginning and its end: completeness, copies, orders, corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain import clock
from domain.act import Act
from domain.arrow import FollowUp
from domain.clock import running
from domain.errors import Refused
from domain.item import Outcome, change
from domain.office import SYSTEM
from domain.request import Request
from domain.request_noticing import send_bundle
from domain.request_parts import RScene, redated
from domain.rule import ClockKind


def declare_complete(request: Request, scene: RScene) -> Request:
    return replace(request, complete_on=scene.act.day)


def ask_completion(request: Request, scene: RScene) -> Request:
    """The applicant's three days run from receipt; until proof comes, from the presumed day (R-S33.3)."""
    act, book = scene.act, scene.book
    presumed = book.presumed_receipt(act.today, received_on=request.received_on)
    window = book.start_clock(ClockKind.CORRECTION, presumed, received_on=request.received_on)
    return replace(request, asked_on=act.today, clocks=clock.put(request.clocks, window))


def complete(request: Request, scene: RScene) -> Request:
    """The applicant handed in what was missing; out of *lapsed* the statutory period starts anew."""
    act, book = scene.act, scene.book
    clocks = clock.meet(request.clocks, ClockKind.CORRECTION, act.at)
    if running(clocks, ClockKind.NOTICE) is None:
        again = book.start_clock(ClockKind.NOTICE, act.day, received_on=request.received_on)
        clocks = clock.put(clocks, again)
    return replace(request, clocks=clocks, faults=(), complete_on=None)


def cost_note(request: Request, scene: RScene) -> Request:
    act, book = scene.act, scene.book
    promised = act.until or request.promised_on
    if promised is None or promised < act.today:
        promised = book.due(book.rule(ClockKind.HANDOVER, on=request.received_on), act.today)
    promise = book.dated_clock(ClockKind.HANDOVER, act.today, promised, law="PERKI 1/2021 Pasal 35 dan 37")
    return replace(
        request,
        cost_idr=act.amount_idr if act.amount_idr is not None else 0,
        promised_on=promised,
        clocks=clock.put(request.clocks, promise),
    )


def pay(request: Request, scene: RScene) -> Request:
    return replace(request, paid_on=scene.act.day)


def hand_over(request: Request, scene: RScene) -> Request:
    if request.cost_idr and request.paid_on is None:
        raise Refused("pembayaran", f"biaya Rp{request.cost_idr:,} belum dicatat lunas".replace(",", "."))
    return send_bundle(replace(request, handed_over_on=scene.act.day), scene)


def order(request: Request, scene: RScene) -> Request:
    """A granted objection or an order of the Commission: what must be done, by its own date."""
    act, book = scene.act, scene.book
    due_on = act.until or book.due(book.rule(ClockKind.FULFILMENT, on=request.received_on), act.today)
    duty = book.dated_clock(ClockKind.FULFILMENT, act.today, due_on, law=act.other)
    return replace(request, ordered_by=act.other, fulfilled_on=None, clocks=clock.put(request.clocks, duty))


def suspend_order(request: Request, scene: RScene) -> Request:
    return replace(request, ordered_by="")


def fulfil(request: Request, scene: RScene) -> Request:
    items = request.items
    if scene.act.documents:
        numbers = scene.act.items or tuple(item.no for item in items)
        items = change(items, numbers, documents=scene.act.documents, outcome=Outcome.OPEN)
    return replace(request, fulfilled_on=scene.act.day, items=items)


def link(request: Request, scene: RScene) -> Request:
    if scene.act.other == request.number:
        raise Refused("other", "permohonan tidak dapat ditautkan pada dirinya sendiri")
    return replace(request, duplicates=tuple(dict.fromkeys((*request.duplicates, scene.act.other))))


def close_when_over(request: Request, scene: RScene) -> tuple[FollowUp, ...]:
    """With the last duty done after the applicant's window, nothing would close the request any more."""
    window = running(request.clocks, ClockKind.OBJECTION_WINDOW)
    if window is None or scene.act.today <= window.due_on:
        return ()
    if any(other.number != request.number and other.stage != "closed" for other in scene.family):
        return ()
    return ((request.number, Act(action="close", by=SYSTEM, at=scene.act.at)),)


def close_because(request: Request, scene: RScene) -> Request:
    return replace(request, closed_because=scene.act.action)


def correct(request: Request, scene: RScene) -> Request:
    """Mend an entry of the register that is not personal; personal ones change under the person's key.

    A corrected day of receipt moves the statutory date, as it must.
    """
    changes = dict(scene.act.changes)
    if "subject" in changes:
        request = replace(request, subject=changes["subject"])
    if "received_on" in changes:
        request = _correct_receipt(request, scene, _day(changes["received_on"]))
    return request


def _correct_receipt(request: Request, scene: RScene, received_on: date) -> Request:
    if received_on > scene.act.today:
        raise Refused("received_on", "tanggal masih di depan")
    current = running(request.clocks, ClockKind.NOTICE)
    request = replace(request, received_on=received_on)
    if current is None:
        return request
    fresh = scene.book.start_clock(ClockKind.NOTICE, received_on, received_on=received_on)
    moved = replace(redated(current, fresh.due_on, scene), start_on=received_on, first_due_on=fresh.due_on)
    return replace(request, clocks=tuple(moved if c is current else c for c in request.clocks))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("received_on", f"«{text}» bukan tanggal; tulis seperti 2026-03-02") from None
