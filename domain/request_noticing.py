"""Steps around the written notice: extension, signature, sending, proof of receipt, and day eleven."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from domain import clock
from domain.clock import Clocks, latest, running
from domain.errors import Refused
from domain.request import Request, Stage, TaskState
from domain.request_parts import RScene, open_objection_window, redated
from domain.rule import ClockKind

#: The steps that get more time with the applicant's notice; completeness and forwarding never wait for it.
EXTENDED_STEPS: Final = (ClockKind.OPD_ANSWER, ClockKind.REVIEW, ClockKind.DRAFTING)


def extend(request: Request, scene: RScene) -> Request:
    """Seven further working days from the first last day, once; the first date stays on the clock."""
    act, book = scene.act, scene.book
    current = running(request.clocks, ClockKind.NOTICE)
    if current is None:
        raise Refused("tahap", "tenggat pemberitahuan tidak berjalan")
    further = book.rule("extension", on=request.received_on)
    moved = redated(current, book.due(further, current.due_on), scene)
    clocks = tuple(moved if c is current else c for c in request.clocks)
    return replace(
        request,
        clocks=_steps_extended(request, clocks, further.length, scene),
        extended_on=act.today,
        extension_ground=str(act.extension),
    )


def _steps_extended(request: Request, clocks: Clocks, days: int, scene: RScene) -> Clocks:
    """The running steps gain the same days, as far as those after them leave room; none loses any.

    A part that was taken over is the coordinator's own: that OPD was late, and its clock stays as it is.
    """
    waiting = {a.opd for a in request.open_assignments if a.state is not TaskState.TAKEN_OVER}
    book, changed = scene.book, []
    for one in clocks:
        stretched = one.kind in (ClockKind.REVIEW, ClockKind.DRAFTING) or one.key in waiting
        if one.is_running and one.kind in EXTENDED_STEPS and stretched:
            cap = book.cap_for(one.kind, clocks, received_on=request.received_on)
            wished = book.rung_day(one.due_on, days)
            due_on = max(min(wished, cap) if cap else wished, one.due_on)
            one = one if due_on == one.due_on else redated(one, due_on, scene)
        changed.append(one)
    return tuple(changed)


def compile_draft(request: Request, scene: RScene) -> Request:
    return replace(
        request,
        compiled_on=scene.act.today,
        draft=scene.act.documents[0] if scene.act.documents else request.draft,
    )


def sign_notice(request: Request, scene: RScene) -> Request:
    act, book = scene.act, scene.book
    promised = act.until
    if promised is None and request.wants_copy:
        promised = book.due(book.rule(ClockKind.HANDOVER, on=request.received_on), act.today)
    return replace(
        request,
        noticed_at=act.at,
        signed_by=act.by.name,
        cost_idr=act.amount_idr if act.amount_idr is not None else request.cost_idr,
        promised_on=promised,
    )


def send_bundle(request: Request, scene: RScene) -> Request:
    return replace(request, bundle_sent_on=request.bundle_sent_on or scene.act.today)


def mark_sent(request: Request, scene: RScene) -> Request:
    """The relay took the notice, or the desk sent it: the duty is met, the applicant's window opens."""
    act = scene.act
    if request.noticed_at is None or request.notice_sent_at is not None:
        return request
    sent_on = act.day
    presumed = scene.book.presumed_receipt(sent_on, received_on=request.received_on)
    clocks = clock.meet(request.clocks, ClockKind.NOTICE, act.at)
    request = replace(request, notice_sent_at=act.at, clocks=clocks)
    return open_objection_window(request, scene, request.notice_received_on or presumed)


def mark_bounced(request: Request, scene: RScene) -> Request:
    """The notice came back: the duty is open again (DESIGN 7)."""
    if request.notice_sent_at is None or not scene.act.other.endswith(":notice"):
        return request
    return replace(request, notice_sent_at=None, clocks=clock.reopen(request.clocks, ClockKind.NOTICE))


def record_receipt(request: Request, scene: RScene) -> Request:
    """Proof of the day a letter reached the applicant; windows count from it."""
    act = scene.act
    if request.stage is Stage.INCOMPLETE:
        window = scene.book.start_clock(ClockKind.CORRECTION, act.day, received_on=request.received_on)
        return replace(request, clocks=clock.put(request.clocks, window))
    if request.noticed_at is None:
        raise Refused("tahap", "belum ada pemberitahuan yang dapat diterima pemohon")
    request = replace(request, notice_received_on=act.day)
    return open_objection_window(request, scene, act.day)


def record_unanswered(request: Request, scene: RScene) -> Request:
    """Day 11 has come without a notice: reasons c and g exist from today (Q-13)."""
    request = replace(request, unanswered_on=scene.act.today)
    notice = latest(request.clocks, ClockKind.NOTICE)
    found = scene.book.rung_day(notice.due_on, 1) if notice else scene.act.today
    return open_objection_window(request, scene, found)
