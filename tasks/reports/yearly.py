"""The yearly report's way: before Atasan PPID in February, reminded until 31 March, copied to the Commission.

Law: PERKI 1/2021 Pasal 56 ayat (1) and (3) (R-S56.1): within three months of the end of the budget year.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from domain.act import WIB, Act
from domain.errors import Refused
from domain.ladder import Recipient
from domain.letter import Fact, Letter, LetterKind
from domain.number import SAMPLE_SERIES
from domain.office import Actor, Role
from tasks import leases
from tasks.act_checks import check_actor
from tasks.acts import Performed
from tasks.registers.reading import series_in_use
from tasks.reports import paper
from tasks.reports.making import Made, make_annual
from tasks.service import Service
from tasks.store import casefile
from tasks.store.engine import reading

log = structlog.get_logger()

ALARM: Final = "alarm.report"
#: Until this day of March reminders come weekly, from then on every office day.
DAILY_FROM: Final = 20
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the report of a year stands.

    Attributes:
        documents: ids of the full version and the summary that were put before Atasan PPID.
        sha256: of the full version; what is approved is this and nothing later.
        missing: chapters nobody had written when it was put forward.
        copied_on: ISO day the copy for the Commission was owed; empty before.
    """

    year: int
    documents: tuple[str, ...]
    sha256: str
    missing: tuple[str, ...]
    submitted_on: str
    reminded_on: str
    times: int = 1
    approved_by: str = ""
    copied_on: str = ""


def due_on(year: int) -> date:
    """The last day for the report of that year."""
    return date(year + 1, 3, 31)


def standing(service: Service, year: int) -> Standing | None:
    """Where the report of that year stands; None before it was put forward."""
    with reading(service.engine) as connection:
        return _standing(connection, year)


def look_after(service: Service) -> str:
    """What the day asks of last year's report; what was done, in a word. Safe to repeat."""
    now, book = service.clock.now(), service.policy()
    today = now.astimezone(WIB).date()
    year = today.year - 1
    if today < date(today.year, 2, 1) or not book.is_office_day(today):
        return "rested"
    stands = standing(service, year)
    if stands is None:
        if not _has_cases(service, year):
            return "nothing to report"
        submit(service, year)
        return "submitted"
    if stands.approved_by or not _is_time(stands, today, due_on(year)):
        return "rested"
    _remind(service, stands, today)
    return "reminded"


def submit(service: Service, year: int, by: Actor | None = None) -> Standing:
    """Make the report as the files stand and put it before Atasan PPID; also again, after a change.

    Args:
        by: who puts it forward; None for the flow in February.

    Raises:
        Refused: the year is not over, the report is approved already, or *by* may not.
    """
    now = service.clock.now()
    today = now.astimezone(WIB).date()
    if year >= today.year:
        raise Refused("YEAR", f"tahun {year} belum berakhir")
    made = make_annual(service, year)
    files = _files(service, made)
    found: list[Standing] = []

    def job(connection: Connection) -> Performed:
        if by is not None:
            check_actor(connection, Act(action="submit_report", by=by, at=now), service.policy())
        before = _standing(connection, year)
        if before is not None and before.approved_by:
            raise Refused("YEAR", f"laporan {year} sudah disahkan oleh {before.approved_by}")
        kept = tuple(
            service.documents.put(connection, None, name, "application/pdf", content, now)
            for name, content in files
        )
        stands = Standing(
            year=year,
            documents=kept,
            sha256=hashlib.sha256(files[0][1]).hexdigest(),
            missing=made.report.missing,
            submitted_on=today.isoformat(),
            reminded_on=today.isoformat(),
            times=before.times + 1 if before else 1,
        )
        keep(connection, stands, service)
        casefile.owe(connection, None, [_asking(stands, 0, made.report.sample)], now)
        found.append(stands)
        return Performed("", "submit_report", "", 0, 1)

    service.acts.writer.submit(job).result()
    return found[0]


def approve(service: Service, year: int, by: Actor) -> Standing:
    """Atasan PPID approves what was put forward; a copy goes to the Commission.

    Raises:
        Refused: nothing was put forward, chapters are missing, it is approved already, or *by* may not.
    """
    now = service.clock.now()
    if by.role is not Role.ATASAN or not by.name:
        raise Refused("--as", "laporan tahunan disahkan oleh Atasan PPID; sebutkan namanya dengan --as")
    found: list[Standing] = []

    def job(connection: Connection) -> Performed:
        check_actor(connection, Act(action="approve_report", by=by, at=now), service.policy())
        stands = _may_be_approved(_standing(connection, year), year)
        today = now.astimezone(WIB).date().isoformat()
        stands = replace(stands, approved_by=by.name, copied_on=today)
        keep(connection, stands, service)
        leases.unmark(connection, ALARM)
        sample = series_of(service) == SAMPLE_SERIES
        casefile.owe(connection, None, [_copy(stands, sample)], now)
        found.append(stands)
        return Performed("", "approve_report", "", 0, 1)

    service.acts.writer.submit(job).result()
    log.info("report.approved", year=year)
    return found[0]


def series_of(service: Service) -> str:
    """The series the reports are about."""
    return series_in_use(service.engine)


# --- parts --------------------------------------------------------------------------------------


def _is_time(stands: Standing, today: date, due: date) -> bool:
    last = date.fromisoformat(stands.reminded_on)
    if today > due:
        return last <= due  # once, to say that it is late
    if today >= due.replace(day=DAILY_FROM):
        return last < today
    return today - last >= WEEK


def _remind(service: Service, stands: Standing, today: date) -> None:
    now, late = service.clock.now(), today > due_on(stands.year)
    reminded = replace(stands, reminded_on=today.isoformat())
    sample = series_of(service) == SAMPLE_SERIES
    nth = (today - date.fromisoformat(stands.submitted_on)).days

    def job(connection: Connection) -> Performed:
        keep(connection, reminded, service)
        casefile.owe(connection, None, [_asking(stands, nth, sample, late=late)], now)
        if late:
            told = f"laporan layanan informasi {stands.year} belum disahkan; batas {due_on(stands.year)}"
            leases.mark(connection, ALARM, told, now)
        return Performed("", "remind_report", "", 0, 1)

    service.acts.writer.submit(job).result()


def _may_be_approved(stands: Standing | None, year: int) -> Standing:
    if stands is None:
        raise Refused("YEAR", f"laporan {year} belum diajukan; jalankan ppid report submit {year}")
    if stands.approved_by:
        raise Refused("YEAR", f"laporan {year} sudah disahkan oleh {stands.approved_by}")
    if stands.missing:
        told = ", ".join(stands.missing)
        raise Refused(
            "YEAR",
            f"belum lengkap: {told}. Isi config/report.yaml lalu ajukan lagi dengan ppid report submit",
        )
    return stands


def _files(service: Service, made: Made) -> list[tuple[str, bytes]]:
    folder, at = service.policy.folder / "print", service.clock.now()
    return [
        (f"{made.stem}.pdf", paper.as_pdf(made.report, folder, at=at)),
        (f"{made.stem}-ringkasan.pdf", paper.as_pdf(made.report, folder, at=at, summary=True)),
    ]


def _has_cases(service: Service, year: int) -> bool:
    return make_annual(service, year).tally.of("requests") > 0


def _asking(stands: Standing, nth: int, sample: bool, *, late: bool = False) -> Letter:
    tag = f"remind:{nth}" if nth else "ask"
    facts: dict[str, Fact] = {
        **_facts(stands, sample),
        "reminder_no": 0 if tag == "ask" else nth,
        "missing": list(stands.missing),
        "late": late,
    }
    return Letter(
        key=f"report:{stands.year}:{stands.times}:{tag}",
        kind=LetterKind.REPORT_APPROVAL,
        number="",
        to=(Recipient.ATASAN, Recipient.COORDINATOR),
        facts=facts,
        documents=stands.documents,
    )


def _copy(stands: Standing, sample: bool) -> Letter:
    return Letter(
        key=f"report:{stands.year}:copy",
        kind=LetterKind.REPORT_COPY,
        number="",
        to=(Recipient.COMMISSION,),
        facts=_facts(stands, sample),
        documents=stands.documents,
    )


def _facts(stands: Standing, sample: bool) -> dict[str, Fact]:
    return {
        "number": "",
        "subject": "",
        "law": "PERKI 1/2021 Pasal 56",
        "year": stands.year,
        "due": due_on(stands.year).isoformat(),
        "sha256": stands.sha256,
        "sample": sample,
    }


def _mark(year: int) -> str:
    return f"report.{year}"


def _standing(connection: Connection, year: int) -> Standing | None:
    found = leases.marked(connection, _mark(year))
    if found is None:
        return None
    told = json.loads(found[0])
    return Standing(**{**told, "documents": tuple(told["documents"]), "missing": tuple(told["missing"])})


def keep(connection: Connection, stands: Standing, service: Service) -> None:
    """Remember where the report stands."""
    leases.mark(connection, _mark(stands.year), json.dumps(asdict(stands)), service.clock.now())
