"""The letters a request's arrows owe, with the facts each tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from domain.act import EXTENSION_SHOWN_AS, REASON_SHOWN_AS, ObjectionReason
from domain.arrow import Scene
from domain.clock import latest
from domain.identity import CHANNEL_SHOWN_AS
from domain.item import GROUND_SHOWN_AS, OUTCOME_SHOWN_AS, TESTED, Item, Outcome
from domain.ladder import Recipient
from domain.letter import Fact, Letter, LetterKind, kind_label
from domain.number import for_files
from domain.request import STAGE_SHOWN_AS, Request, Stage, TaskState, parts_closed
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
        holder = book.office.opd(item.answered_by)
        told.append(
            {
                "no": item.no,
                "text": item.text,
                "outcome": str(item.outcome) if item.outcome else "",
                "outcome_label": OUTCOME_SHOWN_AS[item.outcome] if item.outcome else "",
                "note": item.note,
                "holder": item.holder,
                "opd": holder.name if holder else item.answered_by,
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


def _to_applicant(request: Request, kind: LetterKind, tag: str, **facts: Fact) -> Letter:
    return letter(request, kind, tag, (Recipient.APPLICANT,), **facts)


# --- at registration ----------------------------------------------------------------------------


def receipt(before: Request, after: Request, scene: RScene) -> Letters:
    book = scene.book
    notice = latest(after.clocks, ClockKind.NOTICE)
    further = book.rule("extension", on=after.received_on)
    extended = book.due(further, notice.due_on) if notice else None
    told: dict[str, Fact] = {
        "items": item_facts(after.items, book),
        "faults": list(after.faults),
        "completeness_due": iso(due(after, ClockKind.COMPLETENESS)),
        "notice_due_extended": iso(extended),
        "objection_hint": True,
        "forward_due": iso(book.due(book.rule(ClockKind.FORWARD, on=after.received_on), scene.act.today)),
        "proposal": [],
    }
    to_applicant = _to_applicant(after, LetterKind.RECEIPT, "", **told)
    to_ppid = letter(after, LetterKind.NEW_REQUEST, "", (Recipient.COORDINATOR, Recipient.DESK), **told)
    return (to_applicant, to_ppid)


def incomplete(before: Request, after: Request, scene: RScene) -> Letters:
    rule = scene.book.rule(ClockKind.CORRECTION, on=after.received_on)
    missing: list[Fact] = list(after.faults) or [scene.act.note]
    if after.faults and scene.act.note:
        missing.append(scene.act.note)
    return (
        _to_applicant(
            after,
            LetterKind.INCOMPLETE,
            f"v{after.version}",
            missing=missing,
            correction_working_days=rule.length,
            presumed_last_day=iso(due(after, ClockKind.CORRECTION)),
            law="PERKI 1/2021 Pasal 33",
        ),
    )


def lapsed(before: Request, after: Request, scene: RScene) -> Letters:
    return (
        _to_applicant(
            after,
            LetterKind.LAPSED,
            f"v{after.version}",
            correction_due=iso(due(before, ClockKind.CORRECTION)),
            objection_last_day=iso(due(after, ClockKind.OBJECTION_WINDOW)),
            law="PERKI 1/2021 Pasal 33 ayat (4)",
        ),
    )


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


# --- with the OPDs ------------------------------------------------------------------------------


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
        written.append(_for_opd(task, part.opd))
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
    return (_for_opd(told, source),)


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
        written.append(_for_opd(told, key))
    return tuple(written)


def not_ours(before: Request, after: Request, scene: RScene) -> Letters:
    return (
        letter(
            after,
            LetterKind.NOT_OURS,
            f"{_actor_opd(scene)}:v{after.version}",
            (Recipient.COORDINATOR,),
            opd_name=_opd_name(scene),
            reason=scene.act.note,
            suggested_holder=scene.act.holder,
        ),
    )


def time_asked(before: Request, after: Request, scene: RScene) -> Letters:
    return (
        letter(
            after,
            LetterKind.TIME_ASKED,
            f"{_actor_opd(scene)}:v{after.version}",
            (Recipient.COORDINATOR,),
            opd_name=_opd_name(scene),
            days=scene.act.days,
            reason=scene.act.note,
            opd_due=iso(due(after, ClockKind.OPD_ANSWER, _actor_opd(scene))),
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
            opd_name=_name_of(scene, clock.key),
            extended=True,
        )
        written.append(_for_opd(told, clock.key))
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
        opd_name=_name_of(scene, key),
    )
    return (_for_opd(told, key),)


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
    for part in parts_closed(before, after, but=_actor_opd(scene)):
        if part.state is TaskState.TAKEN_OVER:
            continue  # its OPD knows since the takeover that it has nothing to do
        who = _opd_name(scene) or "PPID"
        numbers = ", ".join(str(no) for no in part.items)
        told = letter(
            after,
            LetterKind.OPD_RELEASED,
            f"{part.opd}:v{after.version}",
            (Recipient.OPD,),
            reason=f"butir {numbers} sudah dijawab oleh {who}",
            cause="answered",
        )
        written.append(_for_opd(told, part.opd))
    return tuple(written)


def released_facts(before: Request, after: Request, scene: RScene) -> dict[str, Fact]:
    """For the record: the OPDs whose part somebody else's answer closed."""
    closed: list[Fact] = [part.opd for part in parts_closed(before, after, but=_actor_opd(scene))]
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


# --- the consequence test -----------------------------------------------------------------------


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


# --- to the applicant ---------------------------------------------------------------------------


def extension(before: Request, after: Request, scene: RScene) -> Letters:
    clock = latest(after.clocks, ClockKind.NOTICE)
    ground = scene.act.extension
    return (
        _to_applicant(
            after,
            LetterKind.EXTENSION,
            "",
            ground=EXTENSION_SHOWN_AS[ground] if ground else "",
            reason=scene.act.note,
            first_due=iso(clock.first_due_on if clock else None),
            law="UU 14/2008 Pasal 22 ayat (8); PERKI 1/2021 Pasal 36",
        ),
    )


def notice_kind(request: Request) -> LetterKind:
    """Which form the notice takes: a refusal, "not held", or the common one."""
    if request.outcomes & TESTED:
        return LetterKind.REFUSAL
    if request.outcomes == {Outcome.NOT_HELD}:
        return LetterKind.NOT_HELD
    return LetterKind.NOTICE


def notice(before: Request, after: Request, scene: RScene) -> Letters:
    """The written notice; its key does not depend on its form, for there is one per request."""
    window = scene.book.start_clock(
        ClockKind.OBJECTION_WINDOW, scene.act.today, received_on=after.received_on
    )
    kind = notice_kind(after)
    deadline = due(before, ClockKind.NOTICE)
    told = _to_applicant(
        after,
        kind,
        "",
        items=item_facts(after.items, scene.book),
        form="salinan" if after.wants_copy else "melihat atau mencatat",
        cost_idr=after.cost_idr or 0,
        promised_on=iso(after.promised_on),
        objection_last_day_if_received_today=iso(window.due_on),
        documents_follow=any(item.documents for item in after.items),
        late=deadline is not None and scene.act.today > deadline,
        signed_by=_signer(after, scene),
    )
    key = f"{for_files(after.number)}:notice"
    return (replace(told, key=key, meets=ClockKind.NOTICE),)


def _signer(request: Request, scene: RScene) -> str:
    officer = scene.book.office.officer(request.signed_by)
    return officer.title if officer else "PPID"


def right_to_object(before: Request, after: Request, scene: RScene) -> Letters:
    reasons: list[Fact] = [
        {"code": str(r), "label": REASON_SHOWN_AS[r]} for r in (ObjectionReason.C, ObjectionReason.G)
    ]
    last_day = iso(due(after, ClockKind.OBJECTION_WINDOW))
    to_applicant = _to_applicant(
        after,
        LetterKind.RIGHT_TO_OBJECT,
        f"v{after.version}",
        reasons=reasons,
        objection_last_day=last_day,
        law="UU 14/2008 Pasal 35 dan 36",
    )
    opds: list[Fact] = [_name_of(scene, a.opd) for a in after.open_assignments]
    to_officers = letter(
        after,
        LetterKind.UNANSWERED,
        f"v{after.version}",
        (Recipient.COORDINATOR, Recipient.ATASAN),
        opds_open=opds,
        objection_last_day=last_day,
    )
    return (to_applicant, to_officers)


def cost(before: Request, after: Request, scene: RScene) -> Letters:
    return (
        _to_applicant(
            after,
            LetterKind.COST_NOTE,
            f"v{after.version}",
            amount_idr=after.cost_idr or 0,
            promised_on=iso(after.promised_on),
            how_to_pay=scene.act.note,
            law="PERKI 1/2021 Pasal 37 dan 38",
        ),
    )


def bundle(before: Request, after: Request, scene: RScene) -> Letters:
    """The documents themselves, after the notice; nothing that is exempt is in it."""
    documents = tuple(d for item in after.items if item.outcome is not Outcome.EXEMPT for d in item.documents)
    if not documents or after.noticed_at is None or before.bundle_sent_on is not None:
        return ()
    sent = letter(
        after,
        LetterKind.BUNDLE,
        f"v{after.version}",
        (Recipient.APPLICANT,),
        items=item_facts((i for i in after.items if i.documents), scene.book),
        law="PERKI 1/2021 Pasal 35",
    )
    return (replace(sent, documents=documents),)


def order_task(before: Request, after: Request, scene: RScene) -> Letters:
    return (
        letter(
            after,
            LetterKind.ORDER_TASK,
            f"v{after.version}",
            (Recipient.COORDINATOR,),
            ordered_by=after.ordered_by,
            due=iso(due(after, ClockKind.FULFILMENT)),
            what=scene.act.note,
            law=after.ordered_by,
        ),
    )


def fulfilled(before: Request, after: Request, scene: RScene) -> Letters:
    told = _to_applicant(
        after, LetterKind.FULFILLED, f"v{after.version}", ordered_by=after.ordered_by, note=scene.act.note
    )
    return (replace(told, documents=scene.act.documents),)


def withdrawn(before: Request, after: Request, scene: RScene) -> Letters:
    closing = [_to_applicant(after, LetterKind.WITHDRAWN, "", note=scene.act.note)]
    for part in before.open_assignments:
        told = letter(
            after,
            LetterKind.OPD_RELEASED,
            f"{part.opd}:v{after.version}",
            (Recipient.OPD,),
            reason="permohonan dicabut oleh pemohon",
            cause="withdrawn",
        )
        closing.append(_for_opd(told, part.opd))
    return tuple(closing)


def mend_contact(before: Request, after: Request, scene: RScene) -> Letters:
    return (
        letter(
            after,
            LetterKind.MEND_CONTACT,
            f"v{after.version}",
            (Recipient.COORDINATOR, Recipient.DESK),
            letter_key=scene.act.other,
            letter_kind_label=kind_label(scene.act.other),
            reason=scene.act.note,
        ),
    )


# --- parts --------------------------------------------------------------------------------------


def _for_opd(told: Letter, opd: str) -> Letter:
    return replace(told, opd=opd)


def _actor_opd(scene: RScene) -> str:
    return scene.act.by.opd or (scene.act.opds[0] if scene.act.opds else "")


def _opd_name(scene: RScene) -> str:
    return _name_of(scene, _actor_opd(scene))


def _name_of(scene: RScene, key: str) -> str:
    opd = scene.book.office.opd(key)
    return opd.name if opd else key
