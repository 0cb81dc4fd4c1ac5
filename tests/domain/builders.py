"""Cases and a rulebook made up for tests; every case is walked to its stage by real acts.

Nothing here reads `config/`: the periods are those of the design, the days off those of 2026 that matter.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from domain import assistance_arrows, dispute_arrows, objection_arrows, request_arrows
from domain.act import WIB, Act, ExtensionGround, ObjectionReason, Ruling
from domain.arrow import Decision
from domain.assistance import Assistance, AssistanceStage
from domain.calendar import Calendar, DayKind, DayOff, DecreedYear
from domain.dispute import Dispute, DisputeStage
from domain.identity import ApplicantKind, Channel, Identity
from domain.item import Ground, Outcome
from domain.ladder import Ladders
from domain.objection import Objection, ObjectionStage
from domain.office import SYSTEM, Actor, Office, Officer, Opd, Role
from domain.request import Request, Stage
from domain.rule import Direction, Rule, Unit
from domain.rulebook import Rulebook

APPLICANT = Actor(Role.APPLICANT)
DESK = Actor(Role.DESK, "sari")
PPID = Actor(Role.COORDINATOR, "bima")
HEALTH = Actor(Role.OPD, "opd_sehat", opd="kesehatan")
ROADS = Actor(Role.OPD, "opd_jalan", opd="jalan")
LEGAL = Actor(Role.LEGAL, "laras")
ATASAN = Actor(Role.ATASAN, "surya")
COMMISSION = Actor(Role.COMMISSION)
ADMIN = Actor(Role.ADMIN, "adi")
ACTORS = {a.role: a for a in (APPLICANT, DESK, PPID, HEALTH, LEGAL, ATASAN, COMMISSION, ADMIN, SYSTEM)}

#: A Monday. The tenth working day after it is 16 March, the seventeenth 1 April 2026.
RECEIVED = date(2026, 3, 2)
LAST_DAY = date(2026, 3, 16)
EXTENDED_LAST_DAY = date(2026, 4, 1)

_SKB = "SKB uji"
_DAYS_OFF = {
    DayKind.NATIONAL: "01-01 01-16 02-17 03-19 04-03 05-01 05-14 05-27 06-01 06-16 08-17 08-25 12-25",
    DayKind.JOINT_LEAVE: "02-16 03-18 03-20 03-23 03-24 05-15 05-28 12-24",
}


def a_calendar() -> Calendar:
    days = tuple(
        DayOff(date.fromisoformat(f"2026-{day}"), kind, "Libur uji", _SKB)
        for kind, text in _DAYS_OFF.items()
        for day in text.split()
    )
    return Calendar(days, date(2026, 12, 31), (DecreedYear(2026),))


def a_rule(name: str, length: int, **fields: Any) -> Rule:
    unit = fields.pop("unit", Unit.WORKING_DAY)
    since = fields.pop("effective_from", date(2010, 4, 30))
    return Rule(name, length, unit, "uji", since, f"pasal {name}", **fields)


def some_rules() -> tuple[Rule, ...]:
    before = {"direction": Direction.BEFORE}
    periods = {
        "completeness": 1, "forward": 0, "opd_answer": 3, "review": 3, "drafting": 2, "correction": 3,
        "notice": 10, "extension": 7, "presumed_receipt": 3, "handover": 5, "fulfilment": 10,
        "objection_window": 30, "objection_answer": 30, "dispute_window": 14, "ki_completion": 7,
        "ki_start": 14, "mediation": 14, "mediation_extension": 7, "ki_process": 100, "decision_copy": 3,
        "compliance": 10,
    }  # fmt: skip
    return (
        *(a_rule(name, length) for name, length in periods.items()),
        a_rule("hearing", 3, **before),
        a_rule("conclusions", 3, **before),
        a_rule("appeal", 14, also_calendar_days=14),
        a_rule("cassation", 14, unit=Unit.CALENDAR_DAY),
    )


def an_office() -> Office:
    opds = tuple(
        Opd(key, f"Dinas {key.title()}", f"{key}@opd.example", f"kepala.{key}@opd.example")
        for key in ("kesehatan", "jalan", "taman")
    )
    officers = tuple(
        Officer(a.name, a.name.title(), a.role, f"{a.name}@kota.example")
        for a in (DESK, PPID, LEGAL, ATASAN, ADMIN)
    )
    return Office("Kota Uji", "ppid@kota.example", "komisi@ki.example", opds, officers)


def a_rulebook(*extra: Rule, office: Office | None = None) -> Rulebook:
    return Rulebook((*some_rules(), *extra), a_calendar(), Ladders({}), office or an_office())


BOOK = a_rulebook()


def on(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """That hour of the day in Jakarta."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=WIB)


def decide(case: Any, act: Act, *, family: tuple[Any, ...] = (), book: Rulebook = BOOK) -> Decision[Any]:
    """What the table of that kind of case decides."""
    tables = {
        Request: request_arrows,
        Objection: objection_arrows,
        Dispute: dispute_arrows,
        Assistance: assistance_arrows,
    }
    decided: Decision[Any] = tables[type(case)].decide(case, act, book, family)
    return decided


def take(case: Any, action: str, by: Actor, day: date, *, family: tuple[Any, ...] = (), **fields: Any) -> Any:
    """The case after that act."""
    return decide(case, Act(action=action, by=by, at=on(day), **fields), family=family).case


def clock_of(case: Any, kind: str, key: str = "") -> Any:
    return next(c for c in case.clocks if c.kind == kind and c.key == key)


# --- requests -----------------------------------------------------------------------------------


def an_identity(**fields: Any) -> Identity:
    known = {
        "name": "Ratna Contoh",
        "email": "ratna@pemohon.example",
        "nik": "3674015503900001",
        "address": "Jalan Contoh 1",
        "id_document": "KTP",
        "purpose": "penelitian",
    }
    return Identity(**{**known, **fields})


def a_filing(**fields: Any) -> request_arrows.Filing:
    known: dict[str, Any] = {
        "applicant": ApplicantKind.INDIVIDUAL,
        "channel": Channel.ONLINE,
        "received_on": RECEIVED,
        "identity": an_identity(),
        "subject": "Anggaran puskesmas",
        "items": ("Anggaran 2025", "Realisasi 2025"),
    }
    return request_arrows.Filing(**{**known, **fields})


def registering(day: date = RECEIVED, **fields: Any) -> Decision[Request]:
    return request_arrows.register(
        a_filing(**fields), number="001/PPID-TS/2026", person="p1", by=DESK, at=on(day), book=BOOK
    )


def a_request(stage: Stage = Stage.REGISTERED, **fields: Any) -> Request:
    """A request at that stage, by the shortest path of real acts."""
    if stage in (Stage.INCOMPLETE, Stage.LAPSED):
        asked = take(registering(**fields).case, "ask_completion", DESK, date(2026, 3, 3), note="KTP")
        return asked if stage is Stage.INCOMPLETE else take(asked, "lapse", SYSTEM, date(2026, 3, 12))
    request = take(registering(**fields).case, "record_complete", DESK, date(2026, 3, 2))
    if stage is Stage.REGISTERED:
        return request
    request = take(request, "forward", PPID, date(2026, 3, 3), opds=("kesehatan",))
    return request if stage is Stage.FORWARDED else _past_the_opds(request, stage)


def two_opds() -> Request:
    """Forwarded on 3 March, item 1 to one OPD and item 2 to another."""
    request = take(a_request(), "forward", PPID, date(2026, 3, 3), opds=("kesehatan",), items=(1,))
    both: Request = take(request, "forward", PPID, date(2026, 3, 3), opds=("jalan",), items=(2,))
    return both


def _past_the_opds(request: Request, stage: Stage) -> Request:
    if stage is Stage.LEGAL_REVIEW:
        return take(
            request, "propose_exemption", HEALTH, date(2026, 3, 5), ground=Ground.H, note="data pasien"
        )
    request = take(request, "answer", HEALTH, date(2026, 3, 5), outcome=Outcome.OPEN, documents=("d1",))
    if stage is Stage.DRAFTING:
        return request
    request = take(request, "send_notice", PPID, date(2026, 3, 9))
    request = take(request, "record_sent", SYSTEM, date(2026, 3, 9))
    if stage is Stage.HANDOVER:
        return take(request, "cost_note", DESK, date(2026, 3, 10), amount_idr=50_000)
    if stage is Stage.FULFILMENT:
        return take(request, "order", SYSTEM, date(2026, 3, 30), other="Putusan uji")
    if stage is Stage.CLOSED:
        return take(request, "withdraw", APPLICANT, date(2026, 3, 10))
    return request


def a_refused_request(**fields: Any) -> Request:
    """A request answered with an exemption that Atasan PPID approved."""
    request = a_request(Stage.LEGAL_REVIEW, **fields)
    request = take(request, "record_verdict", LEGAL, date(2026, 3, 6), **a_verdict())
    request = take(request, "approve", ATASAN, date(2026, 3, 9))
    request = take(request, "send_notice", PPID, date(2026, 3, 10))
    sent: Request = take(request, "record_sent", SYSTEM, date(2026, 3, 10))
    return sent


def a_verdict(**fields: Any) -> dict[str, Any]:
    known = {
        "outcome": Outcome.EXEMPT,
        "ground": Ground.H,
        "basis": "UU 27/2022",
        "note": "rahasia pribadi pasien",
        "until": date(2036, 3, 6),
    }
    return {**known, **fields}


# --- objections, disputes, assistance -----------------------------------------------------------


def filing_an_objection(
    request: Request | None, day: date, *reasons: ObjectionReason, **fields: Any
) -> Decision[Objection]:
    filing = objection_arrows.ObjectionFiling(
        reasons=reasons or (ObjectionReason.D,),
        received_on=fields.pop("received_on", day),
        channel=Channel.ONLINE,
        request=request,
        **fields,
    )
    return objection_arrows.file_objection(
        filing, number="001/KEB/PPID-TS/2026", person="p1", by=DESK, at=on(day), book=BOOK
    )


def an_objection(
    stage: ObjectionStage = ObjectionStage.RECEIVED, request: Request | None = None, **answer: Any
) -> Objection:
    """An objection of 16 March 2026 at that stage; Atasan's last day is 6 May."""
    case: Objection = filing_an_objection(request or a_request(Stage.ANSWERED), date(2026, 3, 16)).case
    if stage is ObjectionStage.RECEIVED:
        return case
    case = take(case, "pass_to_atasan", DESK, date(2026, 3, 16))
    if stage is ObjectionStage.WITH_ATASAN:
        return case
    if stage is ObjectionStage.CLOSED:
        return take(case, "withdraw", APPLICANT, date(2026, 3, 17))  # type: ignore[no-any-return]
    case = take(case, "answer", ATASAN, date(2026, 4, 6), **{"granted": False, "note": "tetap", **answer})
    sent: Objection = take(case, "record_sent", SYSTEM, date(2026, 4, 6))
    return sent


def registering_a_dispute(
    day: date = date(2026, 4, 20), objection: Objection | None = None, **fields: Any
) -> Decision[Dispute]:
    filing = dispute_arrows.DisputeFiling(
        objection=objection or an_objection(ObjectionStage.ANSWERED),
        received_on=fields.pop("received_on", day),
        **{"ki_number": "012/KI-BTN/2026", **fields},
    )
    return dispute_arrows.register_dispute(
        filing, number="001/SGK/PPID-TS/2026", person="p1", by=PPID, at=on(day), book=BOOK
    )


def a_dispute(stage: DisputeStage = DisputeStage.REGISTERED, **fields: Any) -> Dispute:
    """A dispute of 20 April 2026 at that stage, by way of mediation."""
    case: Dispute = registering_a_dispute(**fields).case
    if stage is DisputeStage.REGISTERED:
        return case
    if stage is DisputeStage.CLOSED:
        return take(case, "withdraw", APPLICANT, date(2026, 4, 21))  # type: ignore[no-any-return]
    case = take(case, "start_mediation", PPID, date(2026, 4, 27))
    if stage is DisputeStage.MEDIATION:
        return case
    case = take(case, "fail_mediation", PPID, date(2026, 5, 4))
    if stage is DisputeStage.ADJUDICATION:
        return case
    case = take(case, "decide", PPID, date(2026, 6, 8), ruling=Ruling.GRANTED, note="berikan")
    if stage is DisputeStage.APPEALED:
        return take(case, "appeal", PPID, date(2026, 6, 12), other="city")  # type: ignore[no-any-return]
    if stage is DisputeStage.COMPLIED:
        return take(case, "comply", PPID, date(2026, 6, 12))  # type: ignore[no-any-return]
    return case


def an_assistance(stage: AssistanceStage = AssistanceStage.RECEIVED) -> Assistance:
    filing = assistance_arrows.AssistanceFiling(
        asking_body="Badan Contoh", received_on=RECEIVED, subject="data jalan"
    )
    decision = assistance_arrows.register_assistance(
        filing, number="001/BK/PPID-TS/2026", person="p2", by=DESK, at=on(RECEIVED), book=BOOK
    )
    case: Assistance = decision.case
    if stage is AssistanceStage.RECEIVED:
        return case
    case = take(case, "forward", PPID, date(2026, 3, 3), opds=("jalan",))
    if stage is AssistanceStage.FORWARDED:
        return case
    case = take(case, "answer", ROADS, date(2026, 3, 4), note="terlampir", documents=("d2",))
    case = take(case, "send_answer", PPID, date(2026, 3, 5))
    if stage is AssistanceStage.ANSWERED:
        return case
    return take(case, "close", PPID, date(2026, 3, 5))  # type: ignore[no-any-return]


#: Fields that let an act pass every guard it can pass, whatever the case holds.
EXTENSION = {"extension": ExtensionGround.NOT_YET_HELD, "note": "dokumen belum terkumpul"}
