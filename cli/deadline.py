"""`ppid deadline`: when a period of working days ends, and why."""

from __future__ import annotations

import json
import os
from datetime import date
from typing import Annotated, Final

from cyclopts import Parameter

from cli.options import Json
from config.calendars import load_calendar
from config.folder import config_folder
from domain.calendar import Calendar, Counting, Trace, Treatment, trace

DAY_NAMES: Final = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


def deadline(
    start: Annotated[date, Parameter(help="Tanggal diterima (TTTT-BB-HH); hari ke-0.")],
    working_days: Annotated[int, Parameter(help="Banyaknya hari kerja.", allow_leading_hyphen=True)],
    /,
    *,
    known_on: Annotated[
        date | None, Parameter(help="Hitung dengan kalender seperti diketahui hari itu.")
    ] = None,
    joint_leave: Annotated[
        Treatment, Parameter(help="Cuti bersama dilewati atau dihitung.")
    ] = Treatment.SKIPPED,
    receipt_day: Annotated[
        Treatment, Parameter(help="Hari diterima dilewati atau dihitung.")
    ] = Treatment.SKIPPED,
    trace_days: Annotated[
        bool, Parameter(name="--trace", negative=(), help="Tampilkan setiap hari, dihitung atau tidak.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Hitung batas waktu dalam hari kerja; baris terakhir adalah tanggalnya saja."""
    calendar = load_calendar(config_folder(os.environ)).as_known_on(known_on)
    result = trace(start, working_days, calendar, Counting(joint_leave, receipt_day))
    if as_json:
        settings = {"known_on": known_on, "joint_leave": joint_leave, "receipt_day": receipt_day}
        print(json.dumps(_as_json(result, calendar) | settings, default=str, ensure_ascii=False))
        return
    if trace_days:
        print("\n".join(_as_rows(result)))
    if result.provisional:
        print(_why_provisional(calendar))
    print(result.due)


def _as_json(result: Trace, calendar: Calendar) -> dict[str, object]:
    return {
        "start": result.start,
        "working_days": result.working_days,
        "due": result.due,
        "provisional": result.provisional,
        "decreed_through": calendar.decreed_through,
        "calendar": calendar.version,
        "trace": [{"on": day.on, "number": day.number, "reason": day.reason} for day in result.days],
    }


def _as_rows(result: Trace) -> list[str]:
    rows = []
    for day in result.days:
        number = "-" if day.number is None else day.number
        rows.append(f"{day.on}  {DAY_NAMES[day.on.weekday()]:<6}  {number:>3}  {day.reason}")
    return rows


def _why_provisional(calendar: Calendar) -> str:
    return (
        "Perkiraan: hari libur baru ditetapkan "
        f"untuk {calendar.decreed_from} sampai {calendar.decreed_through}; tanggal ini dapat berubah."
    )
