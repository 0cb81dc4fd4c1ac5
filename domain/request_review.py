"""Steps of the consequence test: opened, verdict per item, approved or sent back."""

from __future__ import annotations

from dataclasses import replace

from domain import clock
from domain.clock import running
from domain.item import Item, Outcome, change
from domain.office import Role
from domain.request import Request
from domain.request_parts import RScene, tested_items, verdict_of
from domain.rule import ClockKind


def open_test(request: Request, scene: RScene) -> Request:
    """The worksheet is open; the review's clock runs from the first opening."""
    clocks = request.clocks
    if running(clocks, ClockKind.REVIEW) is None:
        cap = scene.book.cap_for(ClockKind.REVIEW, clocks, received_on=request.received_on)
        started = scene.book.start_clock(
            ClockKind.REVIEW, scene.act.today, received_on=request.received_on, cap=cap
        )
        clocks = clock.put(clocks, started)
    return replace(request, test_opened_on=request.test_opened_on or scene.act.today, clocks=clocks)


def record_verdict(request: Request, scene: RScene) -> Request:
    """The verdict per item; of a partly open one only the blacked-out copies named here go out (R-S50)."""
    act = scene.act
    numbers = [item.no for item in tested_items(request, act)]
    items = change(request.items, numbers, verdict=verdict_of(act))
    if act.outcome is Outcome.PARTLY:
        items = change(items, numbers, documents=act.documents)
    return replace(request, items=items)


def approve(request: Request, scene: RScene) -> Request:
    """Each verdict becomes the item's outcome (R-S10.2e/f); drafting begins once no OPD owes anything."""
    act, book = scene.act, scene.book
    items = tuple(_approved(item, act.by.name or Role.ATASAN) for item in request.items)
    request = replace(request, items=items, approved_on=act.today)
    if request.open_assignments:
        return request
    cap = book.cap_for(ClockKind.DRAFTING, request.clocks, received_on=request.received_on)
    started = book.start_clock(ClockKind.DRAFTING, act.today, received_on=request.received_on, cap=cap)
    return replace(request, clocks=clock.put(request.clocks, started))


def send_back(request: Request, scene: RScene) -> Request:
    items = tuple(
        replace(item, verdict=None) if item.verdict and not item.verdict.approved_by else item
        for item in request.items
    )
    return replace(request, items=items)


def _approved(item: Item, name: str) -> Item:
    if item.verdict is None or item.verdict.approved_by:
        return item
    return replace(item, verdict=replace(item.verdict, approved_by=name), outcome=item.verdict.outcome)
