"""Steps of a dispute's arrows, and what follows on its request and its objection."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain import clock
from domain.act import Act, Ruling
from domain.arrow import FollowUp, Scene
from domain.clock import Clock, running
from domain.dispute import ORDERING, Dispute, DScene, Party, order_name
from domain.errors import Refused
from domain.objection import Objection, applicant_window_is_past
from domain.office import SYSTEM
from domain.request import Request, Stage
from domain.rule import ClockKind


def record_ki_number(dispute: Dispute, scene: DScene) -> Dispute:
    return replace(dispute, ki_number=scene.act.other.strip())


def ask_completion(dispute: Dispute, scene: DScene) -> Dispute:
    return replace(dispute, asked_on=scene.act.day)


def complete(dispute: Dispute, scene: DScene) -> Dispute:
    return replace(dispute, completed_on=scene.act.day)


def begin(dispute: Dispute, scene: DScene) -> Dispute:
    return replace(dispute, started_on=scene.act.day)


def extend_mediation(dispute: Dispute, scene: DScene) -> Dispute:
    """Seven further working days from the first last day, once; the first date stays on the clock."""
    current = running(dispute.clocks, ClockKind.MEDIATION)
    if current is None:
        raise Refused("tahap", "waktu mediasi tidak berjalan")
    further = scene.book.rule("mediation_extension", on=dispute.received_on)
    moved = _redated(current, scene.book.due(further, current.due_on), scene)
    clocks = tuple(moved if c is current else c for c in dispute.clocks)
    return replace(dispute, mediation_extended_on=scene.act.today, clocks=clocks)


def set_hearing(dispute: Dispute, scene: DScene) -> Dispute:
    """The papers must be there three working days before (PERKI 1/2013 Pasal 24 ayat (2))."""
    return _count_back(replace(dispute, hearing_on=scene.act.until), ClockKind.HEARING, scene)


def set_decision_hearing(dispute: Dispute, scene: DScene) -> Dispute:
    """Conclusions are due three working days before it (PERKI 1/2013 Pasal 57 ayat (3))."""
    return _count_back(replace(dispute, decision_hearing_on=scene.act.until), ClockKind.CONCLUSIONS, scene)


def submit_answer(dispute: Dispute, scene: DScene) -> Dispute:
    return replace(dispute, answered_on=scene.act.day)


def submit_conclusions(dispute: Dispute, scene: DScene) -> Dispute:
    return replace(dispute, conclusions_on=scene.act.day)


def agree(dispute: Dispute, scene: DScene) -> Dispute:
    """Final and binding at once; with `granted` False the city has nothing to do under it."""
    act = replace(scene.act, ruling=Ruling.AGREEMENT)
    return _ruled(dispute, replace(scene, act=act), final_on=act.day)


def rule(dispute: Dispute, scene: DScene) -> Dispute:
    """The Commission's decision. Without a date of its own, compliance counts from the last day in court."""
    appeal = scene.book.rule(ClockKind.APPEAL, on=dispute.received_on)
    return _ruled(dispute, scene, final_on=scene.book.due(appeal, scene.act.day))


def receive_decision(dispute: Dispute, scene: DScene) -> Dispute:
    return replace(dispute, decision_received_on=scene.act.day)


def appeal(dispute: Dispute, scene: DScene) -> Dispute:
    """To court, by either party; what was ordered waits. A late one is recorded and flagged."""
    act = scene.act
    windows = [running(dispute.clocks, kind) for kind in (ClockKind.APPEAL, ClockKind.CASSATION)]
    known = [window.due_on for window in windows if window is not None]
    clocks = clock.end(dispute.clocks, act.at, ClockKind.COMPLIANCE)
    return replace(
        dispute,
        appealed_on=act.day,
        appealed_by=Party(act.other),
        appeal_late=bool(known) and act.day > max(known),
        comply_by=None,
        clocks=clocks,
    )


def court_rules(dispute: Dispute, scene: DScene) -> Dispute:
    """The court's decision stands in place of the one before it."""
    cassation = scene.book.rule(ClockKind.CASSATION, on=dispute.received_on)
    ruled = _ruled(dispute, scene, final_on=scene.book.due(cassation, scene.act.day))
    return replace(
        ruled,
        decided_on=dispute.decided_on,
        decision_received_on=dispute.decision_received_on or scene.act.day,
        court_decided_on=scene.act.day,
    )


def comply(dispute: Dispute, scene: DScene) -> Dispute:
    return replace(dispute, complied_on=scene.act.day)


def attach_dossier(dispute: Dispute, scene: DScene) -> Dispute:
    if not scene.act.documents:
        raise Refused("attach", "lampirkan berkas yang sudah disusun")
    return replace(dispute, dossier_document=scene.act.documents[0])


def release_dossier(dispute: Dispute, scene: DScene) -> Dispute:
    """Atasan PPID lets the case file go to the Commission; mediation records never enter it (Pasal 50)."""
    return replace(
        dispute, dossier_released_on=scene.act.today, dossier_released_by=scene.act.by.name or "atasan"
    )


def release_exempt(dispute: Dispute, scene: DScene) -> Dispute:
    """Somebody answers by name for letting the panel, and nobody else, see what is exempt (R-54)."""
    return replace(dispute, exempt_released_on=scene.act.today, exempt_released_by=scene.act.by.name)


def close_because(dispute: Dispute, scene: DScene) -> Dispute:
    return replace(dispute, closed_because=scene.act.action)


def _ruled(dispute: Dispute, scene: DScene, *, final_on: date) -> Dispute:
    act, book = scene.act, scene.book
    ordered = act.ruling in ORDERING and act.granted is not False
    comply_by, clocks = None, dispute.clocks
    if ordered:
        compliance = book.rule(ClockKind.COMPLIANCE, on=dispute.received_on)
        comply_by = act.until or book.due(compliance, final_on)
        duty = book.dated_clock(ClockKind.COMPLIANCE, act.day, comply_by, law="UU 14/2008 Pasal 39 dan 46")
        clocks = clock.put(clocks, duty)
    return replace(
        dispute, ruling=act.ruling, decided_on=act.day, order=act.note, comply_by=comply_by, clocks=clocks
    )


def _count_back(dispute: Dispute, kind: ClockKind, scene: DScene) -> Dispute:
    day = scene.act.until or scene.act.today
    counted = scene.book.start_clock(kind, day, received_on=dispute.received_on)
    return replace(dispute, clocks=clock.put(dispute.clocks, counted))


def _redated(current: Clock, due_on: date, scene: DScene) -> Clock:
    fired = scene.book.rungs_behind(current, due_on, scene.act.today)
    fresh = scene.book.dated_clock(current.kind, current.start_on, due_on, law=current.law)
    return clock.redate(current, due_on, fired=fired, provisional=fresh.provisional)


def order_on_request(dispute: Dispute, scene: DScene) -> tuple[FollowUp, ...]:
    """What the decision orders becomes a duty of the request, in the same transaction."""
    if not dispute.request or not dispute.is_ordered:
        return ()
    act = Act(
        action="order",
        by=SYSTEM,
        at=scene.act.at,
        until=dispute.comply_by,
        other=order_name(dispute),
        note=dispute.order,
    )
    return ((dispute.request, act),)


def suspend_on_request(dispute: Dispute, scene: DScene) -> tuple[FollowUp, ...]:
    """A decision taken to court binds nobody yet: the request's duty under it stops."""
    request = _request(dispute, scene)
    if request is None or request.stage is not Stage.FULFILMENT:
        return ()
    act = Act(action="suspend_order", by=SYSTEM, at=scene.act.at, other=order_name(dispute))
    return ((request.number, act),)


def fulfil_request(dispute: Dispute, scene: DScene) -> tuple[FollowUp, ...]:
    """Compliance with a decision fulfils the request's order, where nobody has recorded that yet."""
    request = _request(dispute, scene)
    if request is None or request.stage is not Stage.FULFILMENT:
        return ()
    act = scene.act
    done = Act(action="fulfil", by=act.by, at=act.at, on=act.on, note=act.note, documents=act.documents)
    return ((request.number, done),)


def close_objection_too(dispute: Dispute, scene: DScene) -> tuple[FollowUp, ...]:
    """With its dispute closed, an objection that only waited for it closes as well."""
    found = next((c for c in scene.family if c.number == dispute.objection), None)
    if not isinstance(found, Objection) or found.stage == "closed":
        return ()
    act = Act(action="close", by=SYSTEM, at=scene.act.at)
    others = tuple(c for c in scene.family if c.number != dispute.number)
    try:
        applicant_window_is_past(found, Scene(act, scene.book, others))
    except Refused:
        return ()
    return ((found.number, act),)


def _request(dispute: Dispute, scene: DScene) -> Request | None:
    found = next((c for c in scene.family if c.number == dispute.request), None)
    return found if isinstance(found, Request) else None
