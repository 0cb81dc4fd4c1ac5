"""An objection (keberatan) to Atasan PPID: beside its request, or on its own for reason b."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain import clock
from domain.act import WIB, Act, ObjectionReason
from domain.arrow import FollowUp, Scene
from domain.clock import Clocks, running
from domain.errors import Refused
from domain.identity import ApplicantKind, Channel
from domain.item import TESTED
from domain.office import SYSTEM
from domain.request import Request, Stage
from domain.rule import ClockKind


class ObjectionStage(StrEnum):
    """Where an objection stands."""

    RECEIVED = "received"
    WITH_ATASAN = "with_atasan"
    ANSWERED = "answered"
    CLOSED = "closed"


OBJECTION_SHOWN_AS: Final = {
    ObjectionStage.RECEIVED: "Keberatan diterima",
    ObjectionStage.WITH_ATASAN: "Menunggu tanggapan Atasan PPID",
    ObjectionStage.ANSWERED: "Keberatan ditanggapi",
    ObjectionStage.CLOSED: "Selesai",
}

#: The window after 30 days without an answer (PERKI 1/2013 Pasal 13 huruf b), beside the one after
#: an answer (huruf a); both are shown (Q-14).
UNANSWERED: Final = "tanpa tanggapan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """An objection.

    Attributes:
        request: number of the request objected to; empty for reason b alone.
        late: filed after the 30 working days; registered all the same, and flagged (DESIGN 11).
        released_by: who let the notice to the Commission go, where the city wants that.
    """

    number: str
    person: str
    request: str
    reasons: tuple[ObjectionReason, ...]
    channel: Channel
    applicant: ApplicantKind
    received_on: date
    registered_at: datetime
    subject: str
    stage: ObjectionStage = ObjectionStage.RECEIVED
    version: int = 1
    clocks: Clocks = ()
    has_email: bool = True
    late: bool = False
    passed_on: date | None = None
    answered_at: datetime | None = None
    answered_by: str = ""
    granted: bool | None = None
    answer: str = ""
    fulfil_by: date | None = None
    fulfilled_on: date | None = None
    answer_sent_at: datetime | None = None
    answer_received_on: date | None = None
    awaiting_release_since: date | None = None
    released_by: str = ""
    escalated_on: date | None = None
    closed_because: str = ""


OScene = Scene[Objection]

# --- guards -------------------------------------------------------------------------------------


def reasons_hold(request: Request | None, reasons: tuple[ObjectionReason, ...], on: date) -> None:
    """Refuse a reason that cannot exist yet (UU Pasal 35 ayat (1)); a late one is never refused.

    Raises:
        Refused: no reason, or one whose ground has not come about.
    """
    if not reasons:
        raise Refused("reasons", "sebutkan sedikitnya satu alasan a–g (UU 14/2008 Pasal 35 ayat (1))")
    if request is None:
        if reasons != (ObjectionReason.B,):
            raise Refused(
                "request", "hanya alasan b (informasi berkala) yang dapat diajukan tanpa permohonan"
            )
        return
    notice = clock.latest(request.clocks, ClockKind.NOTICE)
    passed = notice is not None and (
        request.unanswered_on is not None
        or (on > notice.due_on and not _sent_in_time(request, notice.due_on))
    )
    answered = request.noticed_at is not None
    for reason in reasons:
        if reason in (ObjectionReason.C, ObjectionReason.G) and not passed:
            lapsed = request.stage is Stage.LAPSED or (reason is ObjectionReason.G and answered)
            if not lapsed:
                when = f" setelah {notice.due_on}" if notice else ""
                raise Refused(
                    "reasons", f"alasan {reason} baru ada{when}, bila pemberitahuan tidak disampaikan"
                )
        if reason is ObjectionReason.A and not (request.outcomes & TESTED and answered):
            raise Refused("reasons", "alasan a memerlukan penolakan dengan alasan pengecualian")
        needs_answer = reason in (ObjectionReason.D, ObjectionReason.E)
        if needs_answer and not answered and request.stage is not Stage.LAPSED:
            raise Refused("reasons", f"alasan {reason} memerlukan pemberitahuan tertulis lebih dahulu")
        if reason is ObjectionReason.F and request.cost_idr is None:
            raise Refused("reasons", "alasan f memerlukan biaya yang sudah diberitahukan")


def _sent_in_time(request: Request, due_on: date) -> bool:
    sent_at = request.notice_sent_at
    return sent_at is not None and sent_at.astimezone(WIB).date() <= due_on


def is_decided(objection: Objection, scene: OScene) -> None:
    act = scene.act
    if act.granted is None:
        raise Refused("granted", "sebutkan dikabulkan atau ditolak")
    if not act.note.strip():
        raise Refused("note", "tanggapan harus memuat alasan (UU 14/2008 Pasal 36 ayat (3); PERKI Pasal 44)")
    if act.until is not None and act.until < act.today:
        raise Refused("until", "tanggal pelaksanaan sudah lewat")


def thirty_days_have_passed(objection: Objection, scene: OScene) -> None:
    duty = running(objection.clocks, ClockKind.OBJECTION_ANSWER)
    if duty is None or scene.act.today <= duty.due_on:
        raise Refused("tanggal", "hari terakhir tanggapan Atasan PPID belum lewat")


def not_escalated_before(objection: Objection, scene: OScene) -> None:
    if objection.escalated_on is not None:
        raise Refused("tahap", f"sudah diteruskan ke Komisi Informasi pada {objection.escalated_on}")


def waits_for_release(objection: Objection, scene: OScene) -> None:
    if objection.awaiting_release_since is None:
        raise Refused("tahap", "tidak ada eskalasi yang menunggu persetujuan")


def day_is_possible(objection: Objection, scene: OScene) -> None:
    if scene.act.day > scene.act.today:
        raise Refused("on", f"tanggal {scene.act.day} masih di depan")
    if scene.act.day < objection.received_on:
        raise Refused("on", f"tanggal {scene.act.day} sebelum keberatan diterima ({objection.received_on})")


def has_an_order(objection: Objection, scene: OScene) -> None:
    if not objection.granted:
        raise Refused("tahap", "keberatan ini tidak dikabulkan, jadi tidak ada yang dilaksanakan")


def applicant_window_is_past(objection: Objection, scene: OScene) -> None:
    for other in scene.family:
        if other.number.find("/SGK/") > 0 and other.stage != "closed":
            raise Refused("berkas", f"{other.number} masih terbuka")
    for window in objection.clocks:
        open_window = window.kind is ClockKind.DISPUTE_WINDOW and window.is_running
        if open_window and scene.act.today <= window.due_on:
            raise Refused("tanggal", f"pemohon masih dapat mengajukan sengketa sampai {window.due_on}")
    if running(objection.clocks, ClockKind.FULFILMENT) is not None:
        raise Refused("tahap", "putusan yang mengabulkan belum dilaksanakan")
    if objection.answered_at is None and objection.escalated_on is None:
        raise Refused("tahap", "keberatan belum ditanggapi dan belum diteruskan ke Komisi Informasi")


def stands_alone(objection: Objection, scene: OScene) -> None:
    """The applicant's data are mended on the request, for the whole family at once."""
    if objection.request:
        raise Refused("berkas", f"perbaiki isian pada permohonannya, {objection.request}")


def has_changes(objection: Objection, scene: OScene) -> None:
    """Only the applicant's data; what was filed stays as it was filed."""
    act = scene.act
    if not act.changes:
        raise Refused("field", "sebutkan isian yang diperbaiki")
    if {"subject", "received_on"} & act.changes.keys():
        raise Refused("field", "pokok dan tanggal keberatan tidak diubah; cabut lalu ajukan yang baru")
    if not act.note.strip():
        raise Refused("note", "alasan wajib ditulis")


# --- steps --------------------------------------------------------------------------------------


def pass_to_atasan(objection: Objection, scene: OScene) -> Objection:
    return replace(objection, passed_on=scene.act.today)


def answer(objection: Objection, scene: OScene) -> Objection:
    """The written answer; what it grants gets a date of its own."""
    act, book = scene.act, scene.book
    fulfil_by = None
    clocks = objection.clocks
    if act.granted:
        rule = book.rule(ClockKind.FULFILMENT, on=objection.received_on)
        fulfil_by = act.until or book.due(rule, act.today)
        if not objection.request:
            duty = book.dated_clock(
                ClockKind.FULFILMENT, act.today, fulfil_by, law="UU 14/2008 Pasal 36 ayat (2)"
            )
            clocks = clock.put(clocks, duty)
    return replace(
        objection,
        answered_at=act.at,
        answered_by=act.by.name,
        granted=act.granted,
        answer=act.note,
        fulfil_by=fulfil_by,
        clocks=clocks,
    )


def order_on_request(objection: Objection, scene: OScene) -> tuple[FollowUp, ...]:
    """A granted objection orders its request to be fulfilled, in the same transaction."""
    if not objection.request or not objection.granted:
        return ()
    act = Act(
        action="order",
        by=SYSTEM,
        at=scene.act.at,
        until=objection.fulfil_by,
        other=f"Tanggapan Atasan PPID atas keberatan {objection.number}",
        note=objection.answer,
    )
    return ((objection.request, act),)


def close_request_too(objection: Objection, scene: OScene) -> tuple[FollowUp, ...]:
    """With its last objection closed, an answered request whose window is past closes as well."""
    request = next((c for c in scene.family if c.number == objection.request), None)
    if request is None or request.stage not in (Stage.ANSWERED, Stage.LAPSED):
        return ()
    window = running(request.clocks, ClockKind.OBJECTION_WINDOW)
    if window is not None and scene.act.today <= window.due_on:
        return ()
    beside = (c for c in scene.family if c.number not in (request.number, objection.number))
    if any(c.stage != "closed" for c in beside):
        return ()
    return ((request.number, Act(action="close", by=SYSTEM, at=scene.act.at)),)


def mark_sent(objection: Objection, scene: OScene) -> Objection:
    """The answer left: the duty is met, and the applicant's 14 days run from (presumed) receipt."""
    act = scene.act
    if objection.answered_at is None or objection.answer_sent_at is not None:
        return objection
    presumed = scene.book.presumed_receipt(act.day, received_on=objection.received_on)
    clocks = clock.meet(objection.clocks, ClockKind.OBJECTION_ANSWER, act.at)
    objection = replace(objection, answer_sent_at=act.at, clocks=clocks)
    return _open_dispute_window(objection, scene, objection.answer_received_on or presumed)


def mark_bounced(objection: Objection, scene: OScene) -> Objection:
    if objection.answer_sent_at is None or not scene.act.other.endswith(":objection_answer"):
        return objection
    clocks = clock.reopen(objection.clocks, ClockKind.OBJECTION_ANSWER)
    return replace(objection, answer_sent_at=None, clocks=clocks)


def record_receipt(objection: Objection, scene: OScene) -> Objection:
    if objection.answered_at is None:
        raise Refused("tahap", "belum ada tanggapan yang dapat diterima pemohon")
    objection = replace(objection, answer_received_on=scene.act.day)
    return _open_dispute_window(objection, scene, scene.act.day)


def await_release(objection: Objection, scene: OScene) -> Objection:
    """The notice to the Commission waits for Atasan; the applicant's window does not."""
    return replace(_open_unanswered_window(objection, scene), awaiting_release_since=scene.act.today)


def escalate(objection: Objection, scene: OScene) -> Objection:
    """The 30 working days ended without an answer: the way to the Commission is open (R-D13.b)."""
    return replace(
        _open_unanswered_window(objection, scene),
        escalated_on=scene.act.today,
        released_by=scene.act.by.name,
        awaiting_release_since=None,
    )


def _open_unanswered_window(objection: Objection, scene: OScene) -> Objection:
    if clock.latest(objection.clocks, ClockKind.DISPUTE_WINDOW, UNANSWERED) is not None:
        return objection
    duty = clock.latest(objection.clocks, ClockKind.OBJECTION_ANSWER)
    ended_on = duty.due_on if duty else scene.act.today
    window = scene.book.start_clock(
        ClockKind.DISPUTE_WINDOW, ended_on, received_on=objection.received_on, key=UNANSWERED
    )
    return replace(objection, clocks=clock.put(objection.clocks, window))


def fulfil(objection: Objection, scene: OScene) -> Objection:
    return replace(objection, fulfilled_on=scene.act.day)


def close_because(objection: Objection, scene: OScene) -> Objection:
    return replace(objection, closed_because=scene.act.action)


def _open_dispute_window(objection: Objection, scene: OScene, received_on: date) -> Objection:
    window = scene.book.start_clock(ClockKind.DISPUTE_WINDOW, received_on, received_on=objection.received_on)
    return replace(objection, clocks=clock.put(objection.clocks, window))
