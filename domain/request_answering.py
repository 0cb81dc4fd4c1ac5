"""Steps of a request while the OPDs hold it: tasks given, moved and taken over, and what comes back."""

from __future__ import annotations

from dataclasses import replace

from domain import clock
from domain.arrow import Scene
from domain.clock import Clock, running
from domain.errors import Refused
from domain.item import Outcome, Proposal, change
from domain.request import Assignment, Request, Stage, TaskState, settle_assignments, with_assignment
from domain.request_guards import asks_for_days, opds_are_known
from domain.request_parts import RScene, Step, acting_opd, item_of, numbers_of, redated
from domain.rule import ClockKind


def propose(request: Request, scene: RScene) -> Request:
    return replace(request, proposed=scene.act.proposed, routed_on=scene.act.today)


def forward(request: Request, scene: RScene) -> Request:
    """Each OPD gets the items named, or those proposed for it, or all; and a clock of its own."""
    act, clocks = scene.act, request.clocks
    added: list[Assignment] = []
    for key in act.opds:
        added.append(Assignment(key, _items_for(request, key, act.items), act.today))
        clocks = clock.put(clocks, _opd_clock(request, scene, key))
    return replace(request, assignments=(*request.assignments, *added), clocks=clocks)


def reroute(request: Request, scene: RScene) -> Request:
    """From the first OPD named to the others; the statutory clock never notices (Q-17)."""
    source, *targets = scene.act.opds
    part = request.assignment(source)
    if part is None:
        raise Refused("opd", f"OPD «{source}» tidak memegang tugas terbuka")
    moved = with_assignment(request, source, state=TaskState.MOVED)
    moved = replace(moved, clocks=clock.end(moved.clocks, scene.act.at, ClockKind.OPD_ANSWER, key=source))
    numbers = scene.act.items or tuple(no for no in part.items if not item_of(request, no).is_settled)
    act = replace(scene.act, opds=tuple(targets), items=numbers)
    inner = replace(scene, act=act)
    opds_are_known(moved, inner)
    return forward(moved, inner)


def take_over(request: Request, scene: RScene) -> Request:
    """The coordinator answers in the OPD's place; its clock goes on, so Atasan still learns of it."""
    for key in scene.act.opds:
        if request.assignment(key) is None:
            raise Refused("opd", f"OPD «{key}» tidak memegang tugas terbuka")
        request = with_assignment(request, key, state=TaskState.TAKEN_OVER)
    return request


def accept(request: Request, scene: RScene) -> Request:
    return with_assignment(request, acting_opd(request, scene.act), state=TaskState.ACCEPTED)


def not_ours(request: Request, scene: RScene) -> Request:
    return with_assignment(request, acting_opd(request, scene.act), state=TaskState.NOT_OURS)


def ask_time(request: Request, scene: RScene) -> Request:
    return with_assignment(request, acting_opd(request, scene.act), asked_days=scene.act.days)


def give_time(request: Request, scene: RScene) -> Request:
    """Move the OPD's own date, never past the statutory one less the later steps."""
    act, book = scene.act, scene.book
    key = act.opds[0] if act.opds else ""
    current = running(request.clocks, ClockKind.OPD_ANSWER, key)
    part = request.assignment(key)
    if current is None or part is None:
        raise Refused("opd", f"OPD «{key}» tidak memegang tugas terbuka")
    days = act.days or part.asked_days or 0
    asks_for_days(request, replace(scene, act=replace(act, days=days)))
    wished = book.rung_day(current.due_on, days)
    cap = book.cap_for(ClockKind.OPD_ANSWER, request.clocks, received_on=request.received_on)
    due_on = max(min(wished, cap) if cap else wished, current.due_on)
    if due_on == current.due_on:
        raise Refused(
            "days", "tidak ada ruang lagi sebelum hari terakhir pemberitahuan; pertimbangkan perpanjangan"
        )
    moved = redated(current, due_on, scene)
    return replace(
        with_assignment(request, key, asked_days=None),
        clocks=tuple(moved if c is current else c for c in request.clocks),
    )


def answer(request: Request, scene: RScene) -> Request:
    """Give the items named (or all open ones of the part) an outcome."""
    act = scene.act
    outcome = act.outcome or Outcome.OPEN
    by = act.by.opd or (act.opds[0] if act.opds else "PPID")
    items = change(
        request.items,
        numbers_of(request, act),
        outcome=outcome,
        answered_by=by,
        note=act.note,
        holder=act.holder,
        documents=act.documents,
        available_on=act.until if outcome is Outcome.NOT_DOCUMENTED else None,
        proposal=None,
        verdict=None,
    )
    return _after_answer(replace(request, items=items), scene)


def not_held(request: Request, scene: RScene) -> Request:
    return answer(request, replace(scene, act=replace(scene.act, outcome=Outcome.NOT_HELD)))


def out_of_reach(request: Request, scene: RScene) -> Request:
    return answer(request, replace(scene, act=replace(scene.act, outcome=Outcome.NOT_DOCUMENTED)))


def propose_exemption(request: Request, scene: RScene) -> Request:
    act = scene.act
    if act.ground is None:
        raise Refused("ground", "sebutkan huruf Pasal 17 UU 14/2008 (17a–17j)")
    proposal = Proposal(act.ground, act.note, act.by.opd or "PPID")
    numbers = numbers_of(request, act)
    items = change(
        request.items, numbers, proposal=proposal, verdict=None, outcome=None, documents=act.documents
    )
    return _after_answer(replace(request, items=items), scene)


def _opd_clock(request: Request, scene: RScene, key: str) -> Clock:
    cap = scene.book.cap_for(ClockKind.OPD_ANSWER, request.clocks, received_on=request.received_on)
    return scene.book.start_clock(
        ClockKind.OPD_ANSWER, scene.act.today, received_on=request.received_on, key=key, cap=cap
    )


def _items_for(request: Request, key: str, named: tuple[int, ...]) -> tuple[int, ...]:
    if named:
        return named
    proposed = next((p.items for p in request.proposed if p.opd == key), ())
    return proposed or tuple(item.no for item in request.items)


def _after_answer(request: Request, scene: RScene) -> Request:
    """Parts whose items are all settled are closed: a done one meets its clock, a released one ends it."""
    settled = settle_assignments(request)
    clocks = settled.clocks
    open_keys = {a.opd for a in settled.open_assignments}
    for part in settled.assignments:
        if part.opd in open_keys:
            continue
        if part.state is TaskState.DONE:
            clocks = clock.meet(clocks, ClockKind.OPD_ANSWER, scene.act.at, key=part.opd)
        elif part.state is TaskState.RELEASED:
            clocks = clock.end(clocks, scene.act.at, ClockKind.OPD_ANSWER, key=part.opd)
    return replace(settled, clocks=clocks)


def after_opds(request: Request) -> Stage:
    """Where a forwarded request stands now: waiting, under test, or ready to draft.

    A test once opened ends by Atasan's approval, not by the answers that come in meanwhile.
    """
    if request.stage is Stage.LEGAL_REVIEW:
        return Stage.LEGAL_REVIEW
    if not request.is_answered_by_opds:
        return Stage.FORWARDED if request.assignments else request.stage
    return Stage.LEGAL_REVIEW if request.needs_test else Stage.DRAFTING


def _begin_next(request: Request, scene: Scene[Request]) -> Request:
    """Start the clock of the stage the OPDs' last answer led to."""
    stage = after_opds(request)
    kind = {Stage.LEGAL_REVIEW: ClockKind.REVIEW, Stage.DRAFTING: ClockKind.DRAFTING}.get(stage)
    if kind is None or stage is request.stage:
        return request
    cap = scene.book.cap_for(kind, request.clocks, received_on=request.received_on)
    started = scene.book.start_clock(kind, scene.act.today, received_on=request.received_on, cap=cap)
    clocks = clock.meet(request.clocks, ClockKind.FORWARD, scene.act.at)
    return replace(request, clocks=clock.put(clocks, started))


def answering(step: Step) -> Step:
    def both(request: Request, scene: Scene[Request]) -> Request:
        return _begin_next(step(request, scene), scene)

    return both
