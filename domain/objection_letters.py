"""The letters an objection's arrows owe."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from domain.act import REASON_SHOWN_AS, WIB
from domain.arrow import Scene
from domain.clock import latest
from domain.identity import CHANNEL_SHOWN_AS
from domain.ladder import CommissionMode, Recipient
from domain.letter import Fact, Letter, LetterKind, kind_label
from domain.number import for_files
from domain.objection import OBJECTION_SHOWN_AS, UNANSWERED, Objection
from domain.request import Request
from domain.request_facts import iso
from domain.rule import ClockKind
from domain.rulebook import Rulebook

Letters = tuple[Letter, ...]
OScene = Scene[Objection]

#: What an applicant may ask the Commission for (PERKI 1/2013 Pasal 10).
RELIEF: Final = (
    "menyatakan bahwa Pemohon berhak memperoleh informasi yang diminta",
    "memerintahkan Termohon memberikan informasi tersebut",
)


def base_facts(objection: Objection) -> dict[str, Fact]:
    """What every letter of an objection tells."""
    duty = latest(objection.clocks, ClockKind.OBJECTION_ANSWER)
    return {
        "number": objection.number,
        "request_number": objection.request,
        "subject": objection.subject,
        "received_on": objection.received_on.isoformat(),
        "objection_received_on": objection.received_on.isoformat(),
        "stage": OBJECTION_SHOWN_AS[objection.stage],
        "channel": CHANNEL_SHOWN_AS[objection.channel],
        "reasons": [{"code": str(r), "label": REASON_SHOWN_AS[r]} for r in objection.reasons],
        "answer_due": iso(duty.due_on if duty else None),
        "late": objection.late,
        "law": "UU 14/2008 Pasal 36 ayat (2)",
    }


def letter(
    objection: Objection, kind: LetterKind, tag: str, to: tuple[Recipient, ...], **facts: Fact
) -> Letter:
    """A letter of this objection; *tag* makes its key unique among the letters of its kind."""
    key = ":".join(part for part in (for_files(objection.number), str(kind), tag) if part)
    return Letter(
        key=key,
        kind=kind,
        number=objection.number,
        to=to,
        facts={**base_facts(objection), **facts},
        by_hand=Recipient.APPLICANT in to and not objection.has_email,
    )


def receipt(before: Objection, after: Objection, scene: OScene) -> Letters:
    to_applicant = letter(after, LetterKind.OBJECTION_RECEIPT, "", (Recipient.APPLICANT,))
    to_atasan = letter(after, LetterKind.OBJECTION_TASK, "", (Recipient.ATASAN, Recipient.COORDINATOR))
    return (to_applicant, to_atasan)


def answer(before: Objection, after: Objection, scene: OScene) -> Letters:
    duty = latest(after.clocks, ClockKind.OBJECTION_ANSWER)
    window = scene.book.start_clock(ClockKind.DISPUTE_WINDOW, scene.act.today, received_on=after.received_on)
    told = letter(
        after,
        LetterKind.OBJECTION_ANSWER,
        "",
        (Recipient.APPLICANT,),
        granted=bool(after.granted),
        reasons_text=after.answer,
        answered_on=scene.act.today.isoformat(),
        signed_by=_signer(after, scene),
        fulfil_by=iso(after.fulfil_by),
        dispute_last_day_if_received_today=iso(window.due_on),
        late=duty is not None and scene.act.today > duty.due_on,
        law="UU 14/2008 Pasal 36 ayat (2)–(3); PERKI 1/2021 Pasal 44",
    )
    return (replace(told, meets=ClockKind.OBJECTION_ANSWER),)


def _signer(objection: Objection, scene: OScene) -> str:
    officer = scene.book.office.officer(objection.answered_by)
    return officer.title if officer else "Atasan PPID"


def fulfilment_task(before: Objection, after: Objection, scene: OScene) -> Letters:
    """For an objection without a request: the coordinator learns what was granted, and by when."""
    if after.request or not after.granted:
        return ()
    return (
        letter(
            after,
            LetterKind.ORDER_TASK,
            "",
            (Recipient.COORDINATOR,),
            ordered_by=f"Tanggapan Atasan PPID atas keberatan {after.number}",
            due=iso(after.fulfil_by),
            what=after.answer,
        ),
    )


def release_asked(before: Objection, after: Objection, scene: OScene) -> Letters:
    return (letter(after, LetterKind.ESCALATION_APPROVAL, "", (Recipient.ATASAN,)),)


def commission_notice(before: Objection, after: Objection, scene: OScene) -> Letters:
    """Number, dates and trace; no identity. Nothing where the city has turned this rung off."""
    if scene.book.ladders.commission is CommissionMode.OFF:
        return ()
    return (
        letter(
            after,
            LetterKind.COMMISSION_NOTICE,
            "",
            (Recipient.COMMISSION,),
            **_request_facts(after, scene),
            **_window_fact(after),
            trace=trace_facts(after, scene.book),
            law="UU 14/2008 Pasal 37; PERKI 1/2013 Pasal 5 dan 13 huruf b",
        ),
    )


def way_to_commission(before: Objection, after: Objection, scene: OScene) -> Letters:
    """The applicant's filled dispute application with the last day; whoever holds back the notice to
    the Commission does not hold back this. Atasan and coordinator learn of it too."""
    application = letter(
        after,
        LetterKind.DISPUTE_APPLICATION,
        "",
        (Recipient.APPLICANT,),
        **_request_facts(after, scene),
        **_window_fact(after),
        relief=list(RELIEF),
        law="UU 14/2008 Pasal 37 ayat (2); PERKI 1/2013 Pasal 10, 11 dan 13 huruf b",
    )
    officers = letter(
        after,
        LetterKind.ATASAN_REMINDER,
        "passed",
        (Recipient.ATASAN, Recipient.COORDINATOR),
        rung_offset=1,
        days_left=-1,
        days_late=1,
        **_window_fact(after),
    )
    return (application, officers)


def fulfilled(before: Objection, after: Objection, scene: OScene) -> Letters:
    told = letter(
        after,
        LetterKind.FULFILLED,
        f"v{after.version}",
        (Recipient.APPLICANT,),
        ordered_by=f"Tanggapan Atasan PPID atas keberatan {after.number}",
        note=scene.act.note,
    )
    return (replace(told, documents=scene.act.documents),)


def withdrawn(before: Objection, after: Objection, scene: OScene) -> Letters:
    return (
        letter(
            after,
            LetterKind.WITHDRAWN,
            "",
            (Recipient.APPLICANT,),
            note=scene.act.note,
        ),
    )


def mend_contact(before: Objection, after: Objection, scene: OScene) -> Letters:
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


def trace_facts(objection: Objection, book: Rulebook) -> list[Fact]:
    """Every day of the 30, counted or skipped and why."""
    duty = latest(objection.clocks, ClockKind.OBJECTION_ANSWER)
    told = book.explain(duty, received_on=objection.received_on) if duty else None
    if told is None:
        return []
    return [{"on": d.on.isoformat(), "number": d.number, "reason": d.reason} for d in told.days]


def _window_fact(objection: Objection) -> dict[str, Fact]:
    window = latest(objection.clocks, ClockKind.DISPUTE_WINDOW, UNANSWERED)
    return {"dispute_last_day": iso(window.due_on if window else None)}


def _request_facts(objection: Objection, scene: OScene) -> dict[str, Fact]:
    request = next((c for c in scene.family if c.number == objection.request), None)
    if not isinstance(request, Request):
        return {"notice_due": None, "notice_sent_on": None}
    notice = latest(request.clocks, ClockKind.NOTICE)
    sent = request.notice_sent_at
    return {
        "received_on": request.received_on.isoformat(),
        "notice_due": iso(notice.due_on if notice else None),
        "notice_sent_on": sent.astimezone(WIB).date().isoformat() if sent else None,
    }
