"""A dispute (sengketa informasi) at Komisi Informasi Banten, seen from the city's side.

The Commission's own steps are facts somebody records here. What is said in mediation is no evidence
(PERKI 1/2013 Pasal 50): no step keeps it, and no dossier may hold it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain import clock
from domain.act import Act, ObjectionReason, Ruling
from domain.arrow import FollowUp, Scene
from domain.clock import Clock, Clocks, running
from domain.errors import Refused
from domain.objection import Objection, applicant_window_is_past
from domain.office import SYSTEM
from domain.request import Request, Stage
from domain.rule import ClockKind


class DisputeStage(StrEnum):
    """Where a dispute stands."""

    REGISTERED = "registered"
    MEDIATION = "mediation"
    ADJUDICATION = "adjudication"
    DECIDED = "decided"
    APPEALED = "appealed"
    COMPLIED = "complied"
    CLOSED = "closed"


DISPUTE_SHOWN_AS: Final = {
    DisputeStage.REGISTERED: "Sengketa terdaftar",
    DisputeStage.MEDIATION: "Mediasi",
    DisputeStage.ADJUDICATION: "Ajudikasi",
    DisputeStage.DECIDED: "Diputus",
    DisputeStage.APPEALED: "Di pengadilan",
    DisputeStage.COMPLIED: "Putusan dilaksanakan",
    DisputeStage.CLOSED: "Selesai",
}


class Party(StrEnum):
    """Who takes a decision to court; given as `Act.other`."""

    APPLICANT = "applicant"
    CITY = "city"


#: An exemption is never mediated (PERKI 1/2013 Pasal 29; UU 14/2008 Pasal 40).
NOT_MEDIATED: Final = frozenset({ObjectionReason.A})
#: Decisions that tell the city to do something.
ORDERING: Final = frozenset({Ruling.GRANTED, Ruling.PARTLY, Ruling.AGREEMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A dispute. `received_on` is the day of the Commission's notice, from which its periods count.

    Attributes:
        ki_number: the Commission's register number; empty until it has one.
        late: filed after the applicant's 14 working days; the Commission judges that, not the city.
        started_on: first mediation meeting or first hearing.
        order: what the decision or the agreement says must be done.
        comply_by: by when; None where nothing is ordered.
        appeal_late: recorded after the computed last day; the court judges that.
        court_decided_on: day the last court decision was received.
    """

    number: str
    person: str
    request: str
    objection: str
    reasons: tuple[ObjectionReason, ...]
    received_on: date
    registered_at: datetime
    subject: str
    ki_number: str = ""
    stage: DisputeStage = DisputeStage.REGISTERED
    version: int = 1
    clocks: Clocks = ()
    has_email: bool = True
    late: bool = False
    asked_on: date | None = None
    completed_on: date | None = None
    started_on: date | None = None
    mediation_extended_on: date | None = None
    hearing_on: date | None = None
    answered_on: date | None = None
    decision_hearing_on: date | None = None
    conclusions_on: date | None = None
    ruling: Ruling | None = None
    decided_on: date | None = None
    decision_received_on: date | None = None
    order: str = ""
    comply_by: date | None = None
    appealed_on: date | None = None
    appealed_by: Party | None = None
    appeal_late: bool = False
    court_decided_on: date | None = None
    complied_on: date | None = None
    dossier_released_on: date | None = None
    dossier_released_by: str = ""
    dossier_document: str = ""
    closed_because: str = ""

    @property
    def is_ordered(self) -> bool:
        """The city has something to do under the last decision."""
        return self.comply_by is not None

    @property
    def goes_to_mediation(self) -> bool:
        """Some reason other than a refusal by exemption is in dispute."""
        return bool(set(self.reasons) - NOT_MEDIATED)


DScene = Scene[Dispute]


def dossier_may_go(dispute: Dispute) -> bool:
    """Whether the case file may be handed to the Commission: Atasan PPID let it go, and it is still wanted.

    Records of the mediation never enter a dossier (PERKI 1/2013 Pasal 50).
    """
    return dispute.dossier_released_on is not None and dispute.stage is not DisputeStage.CLOSED


# --- guards -------------------------------------------------------------------------------------


def needs_note(dispute: Dispute, scene: DScene) -> None:
    if not scene.act.note.strip():
        raise Refused("note", "keterangan wajib ditulis")


def day_is_possible(dispute: Dispute, scene: DScene) -> None:
    if scene.act.day > scene.act.today:
        raise Refused("on", f"tanggal {scene.act.day} masih di depan")
    if scene.act.day < dispute.received_on:
        raise Refused("on", f"tanggal {scene.act.day} sebelum sengketa diberitahukan ({dispute.received_on})")


def has_ki_number(dispute: Dispute, scene: DScene) -> None:
    if not scene.act.other.strip():
        raise Refused("other", "sebutkan nomor register Komisi Informasi")


def may_be_mediated(dispute: Dispute, scene: DScene) -> None:
    if not dispute.goes_to_mediation:
        raise Refused("tahap", "alasan a (pengecualian) langsung ke ajudikasi (PERKI 1/2013 Pasal 29)")


def is_about_an_exemption(dispute: Dispute, scene: DScene) -> None:
    if ObjectionReason.A not in dispute.reasons:
        raise Refused("tahap", "alasan b–g dimediasi lebih dahulu (PERKI 1/2013 Pasal 29)")


def not_extended_before(dispute: Dispute, scene: DScene) -> None:
    if dispute.mediation_extended_on is not None:
        raise Refused("perpanjangan", "mediasi hanya dapat diperpanjang satu kali (PERKI 1/2013 Pasal 41)")
    if running(dispute.clocks, ClockKind.MEDIATION) is None:
        raise Refused("tahap", "waktu mediasi tidak berjalan")


def hearing_lies_ahead(dispute: Dispute, scene: DScene) -> None:
    if scene.act.until is None or scene.act.until < scene.act.today:
        raise Refused("until", "sebutkan hari sidang, hari ini atau sesudahnya")


def answer_still_helps(dispute: Dispute, scene: DScene) -> None:
    day_is_possible(dispute, scene)
    if dispute.answered_on is not None:
        raise Refused("tahap", f"jawaban tertulis sudah diserahkan pada {dispute.answered_on}")


def conclusions_are_due(dispute: Dispute, scene: DScene) -> None:
    day_is_possible(dispute, scene)
    if dispute.decision_hearing_on is None:
        raise Refused("tahap", "hari sidang pembacaan putusan belum dicatat")


def is_ruled(dispute: Dispute, scene: DScene) -> None:
    """The decision is one of three, its order is written down, and its date is possible."""
    act = scene.act
    if act.ruling not in {Ruling.GRANTED, Ruling.PARTLY, Ruling.REJECTED}:
        raise Refused("ruling", "sebutkan putusan: granted, partly, atau rejected")
    _order_is_possible(dispute, scene)


def is_agreed(dispute: Dispute, scene: DScene) -> None:
    if scene.act.ruling not in {None, Ruling.AGREEMENT}:
        raise Refused("ruling", "mediasi hanya berakhir dengan kesepakatan atau gagal")
    _order_is_possible(dispute, scene)


def decision_is_read(dispute: Dispute, scene: DScene) -> None:
    day_is_possible(dispute, scene)
    if dispute.ruling is Ruling.AGREEMENT:
        raise Refused("tahap", "kesepakatan mediasi mengikat sejak dibuat; tidak ada salinan yang ditunggu")
    if dispute.decision_received_on is not None:
        raise Refused("tahap", f"salinan putusan sudah diterima pada {dispute.decision_received_on}")
    if dispute.decided_on is not None and scene.act.day < dispute.decided_on:
        raise Refused("on", f"tanggal {scene.act.day} sebelum putusan dibacakan ({dispute.decided_on})")


def is_not_final(dispute: Dispute, scene: DScene) -> None:
    """A mediated agreement is final and binding (UU 14/2008 Pasal 39); decisions go to court."""
    if dispute.ruling is Ruling.AGREEMENT:
        raise Refused("tahap", "kesepakatan mediasi bersifat final dan mengikat (UU 14/2008 Pasal 39)")
    if scene.act.other not in set(Party):
        raise Refused("other", "sebutkan pihak yang mengajukan: applicant atau city")


def has_an_order(dispute: Dispute, scene: DScene) -> None:
    day_is_possible(dispute, scene)
    if not dispute.is_ordered:
        raise Refused("tahap", "putusan ini tidak memerintahkan apa pun kepada badan publik")


def dossier_is_wanted(dispute: Dispute, scene: DScene) -> None:
    if not dispute.ki_number:
        raise Refused("ki_number", "nomor register Komisi Informasi belum dicatat")
    if dispute.dossier_released_on is not None:
        raise Refused("tahap", f"berkas sudah dilepas pada {dispute.dossier_released_on}")


def nothing_is_left(dispute: Dispute, scene: DScene) -> None:
    """The decision is known to be final, and what it orders is done."""
    if running(dispute.clocks, ClockKind.COMPLIANCE) is not None:
        raise Refused("tahap", "putusan belum dilaksanakan")
    for kind in (ClockKind.APPEAL, ClockKind.CASSATION):
        window = running(dispute.clocks, kind)
        if window is not None and scene.act.today <= window.due_on:
            raise Refused("tanggal", f"putusan masih dapat dibawa ke pengadilan sampai {window.due_on}")
    if dispute.ruling is not Ruling.AGREEMENT and dispute.decision_received_on is None:
        raise Refused("tahap", "hari salinan putusan diterima belum dicatat")


# --- steps --------------------------------------------------------------------------------------


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


def may_have_a_dossier(dispute: Dispute, scene: DScene) -> None:
    if not dossier_may_go(dispute):
        raise Refused("tahap", "berkas belum dilepas oleh Atasan PPID")


def release_dossier(dispute: Dispute, scene: DScene) -> Dispute:
    """Atasan PPID lets the case file go to the Commission; mediation records never enter it (Pasal 50)."""
    return replace(
        dispute, dossier_released_on=scene.act.today, dossier_released_by=scene.act.by.name or "atasan"
    )


def close_because(dispute: Dispute, scene: DScene) -> Dispute:
    return replace(dispute, closed_because=scene.act.action)


# --- what follows on the other cases of the family ----------------------------------------------


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


def order_name(dispute: Dispute) -> str:
    """The decision's name, as the request's order cites it."""
    where = f"register {dispute.ki_number}" if dispute.ki_number else dispute.number
    if dispute.ruling is Ruling.AGREEMENT:
        return f"Kesepakatan mediasi di Komisi Informasi ({where})"
    if dispute.court_decided_on is not None:
        return f"Putusan pengadilan atas sengketa {where}"
    return f"Putusan Komisi Informasi ({where})"


# --- parts --------------------------------------------------------------------------------------


def _order_is_possible(dispute: Dispute, scene: DScene) -> None:
    needs_note(dispute, scene)
    day_is_possible(dispute, scene)
    if scene.act.until is not None and scene.act.until < scene.act.day:
        raise Refused("until", "tanggal pelaksanaan tidak mungkin sebelum putusan")


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


def _request(dispute: Dispute, scene: DScene) -> Request | None:
    found = next((c for c in scene.family if c.number == dispute.request), None)
    return found if isinstance(found, Request) else None
