"""Reading the case files once and counting what the yearly report has to tell.

Law: UU 14/2008 Pasal 12; PERKI 1/2021 Pasal 56–58 (R-12, R-S56).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import Engine

from domain.act import WIB
from domain.calendar import working_days_between
from domain.clock import APPLICANT_CLOCKS, COMMISSION_CLOCKS, Clock
from domain.dispute import Dispute
from domain.item import TESTED
from domain.ladder import OWNER_OF
from domain.number import CaseKind
from domain.objection import Objection
from domain.request import Request
from domain.result import ANSWERED, Result, noticed_outcome, result_of
from domain.rule import ClockKind
from domain.rulebook import Rulebook
from tasks.registers.reading import Filter, entries
from tasks.reports.tally import Tally
from tasks.store.codec import Case

#: The statutory lengths the report is asked about: the notice, and the notice extended.
NOTICE_DAYS: Final = 10
EXTENDED_DAYS: Final = 17


def tally_of(engine: Engine, book: Rulebook, wanted: Filter, today: date) -> Tally:
    """Every figure of the files registered in that year, as they stand today."""
    tally = Tally()
    for kind in (CaseKind.REQUEST, CaseKind.OBJECTION, CaseKind.DISPUTE):
        for entry in entries(engine, kind, wanted):
            count_case(tally, entry.case, book, today)
    return tally


def count_case(tally: Tally, case: Case, book: Rulebook, today: date) -> None:
    """Count one file."""
    if isinstance(case, Request):
        _count_request(tally, case, book)
    elif isinstance(case, Objection):
        _count_objection(tally, case, book)
    elif isinstance(case, Dispute):
        _count_dispute(tally, case)
    _count_lateness(tally, case, book, today)


def working_days(book: Rulebook, start: date, end: date) -> int:
    """Working days after *start* up to *end*: the day of receipt is day 0 (Q-9)."""
    return max(working_days_between(start, end, book.calendar), 0)


def day_of(at: datetime) -> date:
    """The day of an instant in Jakarta."""
    return at.astimezone(WIB).date()


def _count_request(tally: Tally, request: Request, book: Rulebook) -> None:
    number, result = request.number, result_of(request)
    tally.count("requests", number)
    tally.count(f"requests.month.{day_of(request.registered_at).month:02d}", number)
    tally.count(f"requests.channel.{request.channel}", number)
    tally.count(f"requests.applicant.{request.applicant}", number)
    for opd in request.opds:
        tally.count(f"requests.opd.{opd}", number)
    if not request.opds:
        tally.count("requests.opd.-", number)
    tally.count(f"result.{result}", number)
    if result in (Result.REFUSED, Result.PARTLY):
        for ground in _grounds(request):
            tally.count(f"refused.ground.{ground}", number)
    if request.extended_on is not None:
        tally.count("extended", number)
    _count_time(tally, request, result, book)


def _count_time(tally: Tally, request: Request, result: Result, book: Rulebook) -> None:
    number, received = request.number, request.received_on
    given = [part.given_on for part in request.assignments]
    if given:
        tally.span("time.allocate", number, working_days(book, received, min(given)))
    if request.notice_sent_at is None or result not in ANSWERED:
        return
    days = working_days(book, received, day_of(request.notice_sent_at))
    tally.count("answered", number)
    tally.span("time.answer", number, days)
    tally.span(f"time.answer.{result}", number, days)
    if days <= NOTICE_DAYS:
        tally.count("answered.within.10", number)
    elif days <= EXTENDED_DAYS:
        tally.count("answered.within.17", number)
    else:
        tally.count("answered.later", number)


def _grounds(request: Request) -> list[str]:
    verdicts = [
        item.verdict
        for item in request.items
        if item.verdict is not None and noticed_outcome(item, request) in TESTED
    ]
    return sorted({str(verdict.ground) for verdict in verdicts if verdict.ground is not None})


def _count_objection(tally: Tally, objection: Objection, book: Rulebook) -> None:
    number = objection.number
    tally.count("objections", number)
    for reason in objection.reasons:
        tally.count(f"objections.reason.{reason}", number)
    tally.count(f"objections.outcome.{objection_outcome(objection)}", number)
    if objection.late:
        tally.count("objections.late", number)
    if objection.answered_at is not None:
        days = working_days(book, objection.received_on, day_of(objection.answered_at))
        tally.span("time.objection", number, days)


def objection_outcome(objection: Objection) -> str:
    """How the objection ended, or that it has not: the last part of the figure's name."""
    if objection.answered_at is not None:
        return "granted" if objection.granted else "rejected"
    if objection.closed_because == "withdraw":
        return "withdrawn"
    return "unanswered" if objection.escalated_on is not None else "pending"


def _count_dispute(tally: Tally, dispute: Dispute) -> None:
    number = dispute.number
    tally.count("disputes", number)
    tally.count(f"disputes.path.{'mediation' if dispute.goes_to_mediation else 'adjudication'}", number)
    for reason in dispute.reasons:
        tally.count(f"disputes.reason.{reason}", number)
    ended = f"ruling.{dispute.ruling}" if dispute.ruling else _without_ruling(dispute)
    tally.count(f"disputes.{ended}", number)
    if dispute.appealed_on is not None:
        tally.count("disputes.court", number)
    if dispute.complied_on is not None:
        tally.count("disputes.complied", number)


def _without_ruling(dispute: Dispute) -> str:
    return "ended_without_ruling" if dispute.stage == "closed" else "pending"


def _count_lateness(tally: Tally, case: Case, book: Rulebook, today: date) -> None:
    for clock in case.clocks:
        late = days_late(clock, book, today)
        if not late:
            continue
        owner = str(OWNER_OF[clock.kind])
        tally.count(f"late.owner.{owner}", case.number)
        tally.span(f"late.days.{owner}", case.number, late)
        tally.count(f"late.clock.{clock.kind}", case.number)
        if clock.kind is ClockKind.OPD_ANSWER:
            tally.count(f"late.opd.{clock.key}", case.number)


def days_late(clock: Clock, book: Rulebook, today: date) -> int:
    """Working days a duty of the city was done, stopped or stands after its last day; 0 when in time."""
    if clock.kind in APPLICANT_CLOCKS or clock.kind in COMMISSION_CLOCKS:
        return 0
    over = clock.met_at or clock.ended_at
    until = day_of(over) if over is not None else today
    if until <= clock.due_on:
        return 0
    return max(working_days_between(clock.due_on, until, book.calendar), 1)
