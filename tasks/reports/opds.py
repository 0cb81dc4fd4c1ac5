"""How the OPDs answer: given, in time, how fast, what is open and overdue; and a letter to each head."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, Select, case, select

from domain.act import WIB
from domain.clock import latest
from domain.errors import Refused
from domain.ladder import Recipient
from domain.letter import Fact, Letter, LetterKind
from domain.number import LIVE_SERIES, CaseKind
from domain.rule import ClockKind
from domain.rulebook import Rulebook
from tasks.acts import Performed
from tasks.registers.reading import series_in_use
from tasks.registers.sheet import Cell, Column, Format, Layout
from tasks.reports.counting import day_of, working_days
from tasks.reports.tally import Tally
from tasks.service import Service
from tasks.store import casefile
from tasks.store.codec import load_case
from tasks.store.engine import reading
from tasks.store.schema import cases, clocks, letters
from tasks.words import MONTHS

_QUARTER: Final = re.compile(r"(\d{4})-?Q([1-4])", re.IGNORECASE)
_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_YEAR: Final = re.compile(r"\d{4}")
#: Open tasks a letter names; the rest is counted.
_MOST_NAMED: Final = 20

LAYOUT: Final = Layout(
    key="opd",
    title="Jawaban OPD atas Permohonan Informasi",
    law="PERKI 1/2021 Pasal 10 ayat (2) huruf d dan Pasal 12",
    columns=(
        Column("rank", "No.", 5, Format.NUMBER),
        Column("name", "OPD", 46),
        Column("given", "Tugas", 9, Format.NUMBER),
        Column("answered", "Dijawab", 9, Format.NUMBER),
        Column("in_time", "Tepat waktu", 9, Format.NUMBER),
        Column("share", "Tepat waktu (%)", 9, Format.NUMBER),
        Column("median", "Median (hari kerja)", 10),
        Column("open", "Terbuka", 9, Format.NUMBER),
        Column("overdue", "Lewat tenggat", 9, Format.NUMBER),
    ),
)


@dataclass(frozen=True, slots=True)
class Period:
    """The days whose tasks are counted, both included."""

    first: date
    last: date
    told: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One OPD's figures.

    Attributes:
        share: tasks answered in time out of those whose day has come, in percent; None without any.
        median: working days from task to answer; None without any.
    """

    opd: str
    given: int
    answered: int
    in_time: int
    share: int | None
    median: float | None
    open: int
    overdue: int


def period_of(text: str, today: date) -> Period:
    """The period somebody named: ``2026``, ``2026-Q2`` or ``2026-05``; empty means this year.

    Raises:
        Refused: it is none of these.
    """
    if not text or _YEAR.fullmatch(text):
        year = int(text or today.year)
        return Period(date(year, 1, 1), date(year, 12, 31), f"Tahun {year}")
    if match := _QUARTER.fullmatch(text):
        year, quarter = int(match[1]), int(match[2])
        return Period(
            date(year, quarter * 3 - 2, 1), _last_day(year, quarter * 3), f"Triwulan {quarter} tahun {year}"
        )
    if match := _MONTH.fullmatch(text):
        year, month = int(match[1]), int(match[2])
        return Period(date(year, month, 1), _last_day(year, month), f"{MONTHS[month - 1]} {year}")
    raise Refused("--period", f"«{text}» bukan tahun, triwulan, atau bulan (2026, 2026-Q2, 2026-05)")


def month_before(today: date) -> Period:
    """The last full month."""
    year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    return period_of(f"{year}-{month:02d}", today)


def standings(
    engine: Engine, book: Rulebook, period: Period, today: date, *, series: str = LIVE_SERIES
) -> tuple[list[Standing], Tally]:
    """Every OPD that was given a task in the period or still holds one, best first; and what is behind."""
    tally = Tally()
    with reading(engine) as connection:
        for row in connection.execute(_tasks(period, series)).yield_per(1000):
            _count(tally, _task(row), period, book, today)
    opds = {key.partition(".")[0] for key in tally.counted}
    found = [_standing(tally, opd) for opd in opds]
    return sorted(found, key=_place), tally


def rows(found: list[Standing], book: Rulebook) -> list[dict[str, Cell]]:
    """The table's rows as `LAYOUT` wants them."""
    return [
        {
            "rank": rank,
            "name": _name(one.opd, book),
            "given": one.given,
            "answered": one.answered,
            "in_time": one.in_time,
            "share": one.share,
            "median": None if one.median is None else f"{one.median:g}".replace(".", ","),
            "open": one.open,
            "overdue": one.overdue,
        }
        for rank, one in enumerate(found, start=1)
    ]


def owe_monthly_letters(service: Service) -> int:
    """Owe each head the letter on the last month, once; how many were owed now. Rests on days off."""
    now, book = service.clock.now(), service.policy()
    today = now.astimezone(WIB).date()
    if not book.is_office_day(today):
        return 0
    period = month_before(today)
    series = series_in_use(service.engine)
    found, tally = standings(service.engine, book, period, today, series=series)
    owed = [_letter(one, rank, len(found), tally, period, book) for rank, one in enumerate(found, start=1)]

    def job(connection: Connection) -> Performed:
        fresh = [letter for letter in owed if not _is_owed(connection, letter.key)]
        casefile.owe(connection, None, fresh, now)
        return Performed("", "opd_monthly", "", 0, len(fresh))

    return service.acts.writer.submit(job).result().letters


# --- parts --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Task:
    """One OPD's part of a request. `ended_on`: taken away, or the request ended, unanswered."""

    opd: str
    number: str
    start_on: date
    due_on: date
    running: bool
    answered_on: date | None
    ended_on: date | None


def _tasks(period: Period, series: str) -> Select[Any]:
    ended = ~clocks.c.running & clocks.c.met_at.is_(None)
    return (
        select(
            cases.c.number,
            clocks.c.key,
            clocks.c.start_on,
            clocks.c.due_on,
            clocks.c.running,
            clocks.c.met_at,
            # Only a task that ended unanswered needs the file itself: there stands when it ended.
            case((ended, cases.c.state), else_=None).label("state"),
        )
        .join(cases, cases.c.id == clocks.c.case_id)
        .where(clocks.c.kind == str(ClockKind.OPD_ANSWER), cases.c.series == series)
        .where(clocks.c.running | clocks.c.start_on.between(period.first, period.last))
        .order_by(cases.c.year, cases.c.id)
    )


def _task(row: Row[Any]) -> _Task:
    ended = None
    if row.state is not None:
        file = load_case(str(CaseKind.REQUEST), row.state)
        clock = latest(file.clocks, ClockKind.OPD_ANSWER, row.key)
        ended = clock.ended_at if clock else None
    return _Task(
        row.key,
        row.number,
        row.start_on,
        row.due_on,
        row.running,
        day_of(row.met_at) if row.met_at else None,
        day_of(ended) if ended else None,
    )


def _count(tally: Tally, task: _Task, period: Period, book: Rulebook, today: date) -> None:
    opd, number = task.opd, task.number
    if task.running:
        tally.count(f"{opd}.open", number)
        if task.due_on < today:
            tally.count(f"{opd}.overdue", number)
    if not period.first <= task.start_on <= period.last:
        return
    over_on = task.answered_on or task.ended_on or today
    if task.answered_on is None and not task.running and over_on <= task.due_on:
        return  # moved elsewhere, or the request ended, before its day: nobody's score
    tally.count(f"{opd}.given", number)
    if task.answered_on is not None:
        tally.count(f"{opd}.answered", number)
        tally.span(f"{opd}.days", number, working_days(book, task.start_on, task.answered_on))
    if task.answered_on is not None or over_on > task.due_on:
        tally.count(f"{opd}.judged", number)
    if task.answered_on is not None and task.answered_on <= task.due_on:
        tally.count(f"{opd}.in_time", number)


def _standing(tally: Tally, opd: str) -> Standing:
    judged, in_time = tally.of(f"{opd}.judged"), tally.of(f"{opd}.in_time")
    return Standing(
        opd=opd,
        given=tally.of(f"{opd}.given"),
        answered=tally.of(f"{opd}.answered"),
        in_time=in_time,
        share=round(100 * in_time / judged) if judged else None,
        median=tally.median(f"{opd}.days"),
        open=tally.of(f"{opd}.open"),
        overdue=tally.of(f"{opd}.overdue"),
    )


def _place(one: Standing) -> tuple[int, float, int, str]:
    """Best share first, then the faster, then fewer overdue; an OPD without a score comes last."""
    share = -1 if one.share is None else one.share
    return (-share, one.median if one.median is not None else 1e9, one.overdue, one.opd)


def _name(key: str, book: Rulebook) -> str:
    opd = book.office.opd(key)
    return opd.name if opd else key


def _letter(one: Standing, rank: int, of: int, tally: Tally, period: Period, book: Rulebook) -> Letter:
    overdue: list[Fact] = list(tally.counted.get(f"{one.opd}.overdue", ())[:_MOST_NAMED])
    facts: dict[str, Fact] = {
        "number": "",
        "subject": "",
        "law": "PERKI 1/2021 Pasal 10 ayat (2) huruf d dan Pasal 12",
        "opd_name": _name(one.opd, book),
        "period": period.told,
        "given": one.given,
        "answered": one.answered,
        "in_time": one.in_time,
        "share": one.share,
        "median": None if one.median is None else f"{one.median:g}".replace(".", ","),
        "open": one.open,
        "overdue": one.overdue,
        "overdue_numbers": overdue,
        "rank": rank,
        "ranked": of,
    }
    key = f"opd_monthly:{one.opd}:{period.first:%Y-%m}"
    return Letter(
        key=key, kind=LetterKind.OPD_MONTHLY, number="", to=(Recipient.OPD_HEAD,), facts=facts, opd=one.opd
    )


def _is_owed(connection: Connection, key: str) -> bool:
    return connection.execute(select(letters.c.id).where(letters.c.key == key)).first() is not None


def _last_day(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
