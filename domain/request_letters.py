"""The letters a request owes its applicant, and the tasks of officers that go with them."""

from __future__ import annotations

from dataclasses import replace

from domain.act import EXTENSION_SHOWN_AS, REASON_SHOWN_AS, ObjectionReason
from domain.clock import latest
from domain.item import GIVEN, TESTED, Outcome, given_documents
from domain.ladder import Recipient
from domain.letter import Fact, LetterKind, kind_label
from domain.number import for_files
from domain.request import Request
from domain.request_facts import (
    Letters,
    RScene,
    due,
    for_applicant,
    for_opd,
    iso,
    item_facts,
    letter,
    name_of,
)
from domain.rule import ClockKind


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
    to_applicant = for_applicant(after, LetterKind.RECEIPT, "", **told)
    to_ppid = letter(after, LetterKind.NEW_REQUEST, "", (Recipient.COORDINATOR, Recipient.DESK), **told)
    return (to_applicant, to_ppid)


def incomplete(before: Request, after: Request, scene: RScene) -> Letters:
    rule = scene.book.rule(ClockKind.CORRECTION, on=after.received_on)
    missing: list[Fact] = list(after.faults) or [scene.act.note]
    if after.faults and scene.act.note:
        missing.append(scene.act.note)
    return (
        for_applicant(
            after,
            LetterKind.INCOMPLETE,
            f"v{after.version}",
            missing=missing,
            items=item_facts(after.items, scene.book),
            correction_working_days=rule.length,
            presumed_last_day=iso(due(after, ClockKind.CORRECTION)),
            law="PERKI 1/2021 Pasal 33",
        ),
    )


def lapsed(before: Request, after: Request, scene: RScene) -> Letters:
    return (
        for_applicant(
            after,
            LetterKind.LAPSED,
            f"v{after.version}",
            correction_due=iso(due(before, ClockKind.CORRECTION)),
            objection_last_day=iso(due(after, ClockKind.OBJECTION_WINDOW)),
            law="PERKI 1/2021 Pasal 33 ayat (4)",
        ),
    )


def extension(before: Request, after: Request, scene: RScene) -> Letters:
    clock = latest(after.clocks, ClockKind.NOTICE)
    ground = scene.act.extension
    return (
        for_applicant(
            after,
            LetterKind.EXTENSION,
            "",
            ground=EXTENSION_SHOWN_AS[ground] if ground else "",
            reason=scene.act.note,
            first_due=iso(clock.first_due_on if clock else None),
            late=clock is not None and scene.act.today > clock.first_due_on,
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
    told = for_applicant(
        after,
        kind,
        "",
        items=item_facts(after.items, scene.book),
        given=bool(after.outcomes & GIVEN),
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
    to_applicant = for_applicant(
        after,
        LetterKind.RIGHT_TO_OBJECT,
        f"v{after.version}",
        reasons=reasons,
        objection_last_day=last_day,
        law="UU 14/2008 Pasal 35 dan 36",
    )
    opds: list[Fact] = [name_of(scene, a.opd) for a in after.open_assignments]
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
        for_applicant(
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
    documents = given_documents(after.items)
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
    told = for_applicant(
        after, LetterKind.FULFILLED, f"v{after.version}", ordered_by=after.ordered_by, note=scene.act.note
    )
    return (replace(told, documents=scene.act.documents),)


def withdrawn(before: Request, after: Request, scene: RScene) -> Letters:
    closing = [for_applicant(after, LetterKind.WITHDRAWN, "", note=scene.act.note)]
    for part in before.open_assignments:
        told = letter(
            after,
            LetterKind.OPD_RELEASED,
            f"{part.opd}:v{after.version}",
            (Recipient.OPD,),
            reason="permohonan dicabut oleh pemohon",
            cause="withdrawn",
        )
        closing.append(for_opd(told, part.opd))
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
