"""Whose part and which items an act is about, and the small changes that several steps make."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain import arrow, clock
from domain.act import Act
from domain.arrow import Scene
from domain.clock import Clock
from domain.errors import Refused
from domain.item import Item, Outcome, Verdict
from domain.request import Request
from domain.rule import ClockKind

RScene = Scene[Request]


Step = arrow.Step[Request]


Guard = arrow.Guard[Request]


def item_of(request: Request, no: int) -> Item:
    return next(item for item in request.items if item.no == no)


def acting_opd(request: Request, act: Act) -> str:
    key = act.by.opd or (act.opds[0] if act.opds else "")
    if not key:
        raise Refused("opd", "sebutkan OPD yang bertindak")
    return key


def numbers_of(request: Request, act: Act) -> tuple[int, ...]:
    """The items an answer is about: those named, else the open ones of the part, else all open ones."""
    if act.items:
        return act.items
    key = act.by.opd or (act.opds[0] if act.opds else "")
    part = request.assignment(key) if key else None
    pool = part.items if part is not None else tuple(item.no for item in request.items)
    open_ones = tuple(no for no in pool if not item_of(request, no).is_settled)
    if not open_ones:
        raise Refused("item", "semua butir sudah dijawab; sebutkan butir yang hendak diganti")
    return open_ones


def tested_items(request: Request, act: Act) -> tuple[Item, ...]:
    if act.items:
        return tuple(item for item in request.items if item.no in act.items)
    return tuple(item for item in request.items if item.needs_test)


def verdict_of(act: Act) -> Verdict:
    return Verdict(
        outcome=act.outcome or Outcome.OPEN,
        reason=act.note.strip(),
        drafted_by=act.by.name,
        ground=act.ground,
        basis=act.basis,
        until=act.until,
        permanent=act.permanent,
    )


def redated(current: Clock, due_on: date, scene: RScene) -> Clock:
    fired = scene.book.rungs_behind(current, due_on, scene.act.today)
    fresh = scene.book.dated_clock(current.kind, current.start_on, due_on, law=current.law)
    return clock.redate(current, due_on, fired=fired, provisional=fresh.provisional)


def open_objection_window(request: Request, scene: RScene, found_on: date) -> Request:
    window = scene.book.start_clock(ClockKind.OBJECTION_WINDOW, found_on, received_on=request.received_on)
    return replace(request, clocks=clock.put(request.clocks, window))
