"""The letters a request owes while OPDs and reviewers hold it."""

from __future__ import annotations

from domain.clock import latest
from domain.ladder import Recipient
from domain.letter import Fact, Letter, LetterKind
from domain.request import Request, Stage, TaskState, parts_closed
from domain.request_facts import (
    Letters,
    RScene,
    acting_opd_name,
    actor_opd,
    due,
    for_opd,
    iso,
    item_facts,
    letter,
    name_of,
)
from domain.rule import ClockKind


def proposal(before: Request, after: Request, scene: RScene) -> Letters:
    office = scene.book.office
    if not after.proposed:
        return ()  # the letter of the new request has asked for the OPDs already
    lines: list[Fact] = []
    for p in after.proposed:
        opd = office.opd(p.opd)
        lines.append(
            {"opd": p.opd, "name": opd.name if opd else p.opd, "items": list(p.items), "because": p.because}
        )
    return (
        letter(
            after,
            LetterKind.PROPOSAL,
            f"v{after.version}",
            (Recipient.COORDINATOR,),
            proposal=lines,
            forward_due=iso(due(after, ClockKind.FORWARD)),
        ),
    )


def opd_tasks(before: Request, after: Request, scene: RScene) -> Letters:
    """One task letter to each OPD that got a part with this act."""
    had = {(a.opd, a.given_on, a.items) for a in before.open_assignments}
    new = [a for a in after.open_assignments if (a.opd, a.given_on, a.items) not in had]
    written: list[Letter] = []
    for part in new:
        opd = scene.book.office.opd(part.opd)
        task = letter(
            after,
            LetterKind.OPD_TASK,
            f"{part.opd}:v{after.version}",
            (Recipient.OPD,),
            items=item_facts((i for i in after.items if i.no in part.items), scene.book),
            opd_due=iso(due(after, ClockKind.OPD_ANSWER, part.opd)),
            opd_name=opd.name if opd else part.opd,
            law="PERKI 1/2021 Pasal 10 ayat (2) huruf d dan Pasal 12",
        )
        written.append(for_opd(task, part.opd))
    return tuple(written)


def released(before: Request, after: Request, scene: RScene) -> Letters:
    source = scene.act.opds[0]
    told = letter(
        after,
        LetterKind.OPD_RELEASED,
        f"{source}:v{after.version}",
        (Recipient.OPD,),
        reason=scene.act.note,
        cause="moved",
    )
    return (for_opd(told, source),)


def takeover(before: Request, after: Request, scene: RScene) -> Letters:
    """To the OPD and its head, when a person takes over; the sweep's rung writes its own."""
    written: list[Letter] = []
    for key in scene.act.opds:
        opd = scene.book.office.opd(key)
        told = letter(
            after,
            LetterKind.TAKEOVER,
            f"{key}:v{after.version}",
            (Recipient.OPD, Recipient.OPD_HEAD, Recipient.COORDINATOR),
            opd_name=opd.name if opd else key,
            opd_due=iso(due(after, ClockKind.OPD_ANSWER, key)),
            items=item_facts(after.items_of(key), scene.book),
            law="PERKI 1/2021 Pasal 10 ayat (2) huruf d",
        )
        written.append(for_opd(told, key))
    return tuple(written)


def not_ours(before: Request, after: Request, scene: RScene) -> Letters:
    return (
        letter(
            after,
            LetterKind.NOT_OURS,
            f"{actor_opd(scene)}:v{after.version}",
            (Recipient.COORDINATOR,),
            opd_name=acting_opd_name(scene),
            reason=scene.act.note,
            suggested_holder=scene.act.holder,
        ),
    )


def time_asked(before: Request, after: Request, scene: RScene) -> Letters:
    return (
        letter(
            after,
            LetterKind.TIME_ASKED,
            f"{actor_opd(scene)}:v{after.version}",
            (Recipient.COORDINATOR,),
            opd_name=acting_opd_name(scene),
            days=scene.act.days,
            reason=scene.act.note,
            opd_due=iso(due(after, ClockKind.OPD_ANSWER, actor_opd(scene))),
        ),
    )


def redated_tasks(before: Request, after: Request, scene: RScene) -> Letters:
    """To each OPD whose date moved with the extension."""
    written: list[Letter] = []
    for clock in after.clocks:
        was = latest(before.clocks, clock.kind, clock.key)
        if clock.kind is not ClockKind.OPD_ANSWER or was is None or was.due_on == clock.due_on:
            continue
        told = letter(
            after,
            LetterKind.OPD_TIME_GIVEN,
            f"{clock.key}:v{after.version}",
            (Recipient.OPD,),
            opd_due=iso(clock.due_on),
            opd_due_before=iso(was.due_on),
            opd_name=name_of(scene, clock.key),
            extended=True,
        )
        written.append(for_opd(told, clock.key))
    return tuple(written)


def redated_facts(before: Request, after: Request, scene: RScene) -> dict[str, Fact]:
    """For the record: which steps got another date with the extension, from when to when."""
    moved: list[Fact] = []
    for clock in after.clocks:
        was = latest(before.clocks, clock.kind, clock.key)
        if was is not None and was.due_on != clock.due_on:
            told: dict[str, Fact] = {
                "clock": str(clock.kind),
                "from": iso(was.due_on),
                "to": iso(clock.due_on),
            }
            moved.append({**told, "key": clock.key} if clock.key else told)
    return {"redated": moved}


def time_given(before: Request, after: Request, scene: RScene) -> Letters:
    key = scene.act.opds[0]
    told = letter(
        after,
        LetterKind.OPD_TIME_GIVEN,
        f"{key}:v{after.version}",
        (Recipient.OPD,),
        opd_due=iso(due(after, ClockKind.OPD_ANSWER, key)),
        opd_name=name_of(scene, key),
    )
    return (for_opd(told, key),)


def after_answer(before: Request, after: Request, scene: RScene) -> Letters:
    """To the OPDs whose part this answer closed; with the last part to the coordinator, or to the
    reviewers if something is to be withheld."""
    told = _answered_by_others(before, after, scene)
    proposed = [i.no for i in after.items if i.proposal] != [i.no for i in before.items if i.proposal]
    if after.stage is Stage.LEGAL_REVIEW and (proposed or before.stage is not after.stage):
        return (*told, *test_opened(before, after, scene))
    if after.stage is before.stage:
        return told
    return (*told, *ready(before, after, scene))


def _answered_by_others(before: Request, after: Request, scene: RScene) -> Letters:
    written: list[Letter] = []
    for part in parts_closed(before, after, but=actor_opd(scene)):
        if part.state is TaskState.TAKEN_OVER:
            continue  # its OPD knows since the takeover that it has nothing to do
        who = acting_opd_name(scene) or "PPID"
        numbers = ", ".join(str(no) for no in part.items)
        told = letter(
            after,
            LetterKind.OPD_RELEASED,
            f"{part.opd}:v{after.version}",
            (Recipient.OPD,),
            reason=f"butir {numbers} sudah dijawab oleh {who}",
            cause="answered",
        )
        written.append(for_opd(told, part.opd))
    return tuple(written)


def released_facts(before: Request, after: Request, scene: RScene) -> dict[str, Fact]:
    """For the record: the OPDs whose part somebody else's answer closed."""
    closed: list[Fact] = [part.opd for part in parts_closed(before, after, but=actor_opd(scene))]
    return {"closed_parts": closed} if closed else {}


def ready(before: Request, after: Request, scene: RScene) -> Letters:
    """To the coordinator, once the answer can be drafted; not while some OPD still owes its part."""
    if after.stage is not Stage.DRAFTING:
        return ()
    return (
        letter(
            after,
            LetterKind.READY_TO_DRAFT,
            f"v{after.version}",
            (Recipient.COORDINATOR,),
            items=item_facts(after.items, scene.book),
            drafting_due=iso(due(after, ClockKind.DRAFTING)),
        ),
    )


def test_opened(before: Request, after: Request, scene: RScene) -> Letters:
    return (
        letter(
            after,
            LetterKind.TEST_OPENED,
            f"v{after.version}",
            (Recipient.LEGAL, Recipient.COORDINATOR),
            items=item_facts((i for i in after.items if i.proposal), scene.book),
            review_due=iso(due(after, ClockKind.REVIEW)),
            law="UU 14/2008 Pasal 19; PERKI 1/2021 Pasal 49",
        ),
    )


def test_called(before: Request, after: Request, scene: RScene) -> Letters:
    """Only when somebody calls the test; the way there by an OPD's answer has told already."""
    return () if before.stage is after.stage else test_opened(before, after, scene)


def approval_asked(before: Request, after: Request, scene: RScene) -> Letters:
    """Once every tested item has its verdict, Atasan PPID is asked."""
    if any(item.needs_test and item.verdict is None for item in after.items):
        return ()
    return (
        letter(
            after,
            LetterKind.APPROVAL_ASKED,
            f"v{after.version}",
            (Recipient.ATASAN,),
            items=item_facts((i for i in after.items if i.verdict), scene.book),
            review_due=iso(due(after, ClockKind.REVIEW)),
            law="PERKI 1/2021 Pasal 10 ayat (2) huruf e dan f",
        ),
    )


def sent_back(before: Request, after: Request, scene: RScene) -> Letters:
    return (
        letter(
            after,
            LetterKind.SENT_BACK,
            f"v{after.version}",
            (Recipient.LEGAL, Recipient.COORDINATOR),
            reason=scene.act.note,
            review_due=iso(due(after, ClockKind.REVIEW)),
        ),
    )
