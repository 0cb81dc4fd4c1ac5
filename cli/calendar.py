"""`ppid calendar`: is the calendar in order, and does it reach far enough?"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from typing import Final

from cli.options import Json, commands_below
from config.calendars import load_calendar
from config.folder import config_folder
from domain.calendar import Calendar, is_provisional, shift_working_days, working_days_between
from domain.law import LIMITS
from domain.rule import ClockKind
from tasks.clock import clock_from_env

WARN_DAYS: Final = 60
NOTICE: Final = LIMITS[ClockKind.NOTICE]

app = commands_below("calendar", "Periksa kalender hari kerja.")


@dataclass(frozen=True, slots=True)
class Reach:
    """How long the decrees still suffice: a case of *first_provisional* would get an estimated date."""

    today: date
    decreed_through: date
    first_provisional: date

    @property
    def days_left(self) -> int:
        return (self.first_provisional - self.today).days

    @property
    def undecreed_today(self) -> bool:
        return self.today > self.decreed_through


def reach_of(calendar: Calendar, today: date) -> Reach:
    """How far the decrees reach, seen from *today*, for the statutory notice (R-22.7)."""
    last_certain = shift_working_days(calendar.decreed_through, -NOTICE.length, calendar)
    while not is_provisional(shift_working_days(last_certain, NOTICE.length, calendar), calendar):
        last_certain = shift_working_days(last_certain, 1, calendar)
    return Reach(today, calendar.decreed_through, last_certain)


@app.command
def check(
    *,
    as_json: Json = False,
) -> int:
    """Periksa semua berkas kalender dan peringatkan bila keputusan tahun berikutnya mendesak."""
    calendar = load_calendar(config_folder(os.environ))
    reach = reach_of(calendar, clock_from_env(os.environ).today())
    if as_json:
        print(json.dumps(_as_json(calendar, reach), default=str))
    else:
        print("\n".join([*_overview(calendar), *_warnings(reach)]))
    return 1 if reach.undecreed_today else 0


def _as_json(calendar: Calendar, reach: Reach) -> dict[str, object]:
    return {
        "today": reach.today,
        "decreed_through": reach.decreed_through,
        "first_provisional": reach.first_provisional,
        "days_left": reach.days_left,
        "warning": reach.days_left < WARN_DAYS,
        "calendar": calendar.version,
    }


def _overview(calendar: Calendar) -> list[str]:
    years = sorted({day.on.year for day in calendar.days})
    rows = [f"Kalender {calendar.version}, ditetapkan sampai {calendar.decreed_through}."]
    for year in years:
        first, last = date(year - 1, 12, 31), date(year, 12, 31)
        note = " (perkiraan)" if is_provisional(last, calendar) else ""
        rows.append(f"  {year}: {working_days_between(first, last, calendar)} hari kerja{note}")
    return rows


def _warnings(reach: Reach) -> list[str]:
    if reach.undecreed_today:
        return [f"DITOLAK: tidak ada keputusan hari libur untuk hari ini ({reach.today})."]
    if reach.days_left >= WARN_DAYS:
        return []
    when = "sudah" if reach.days_left <= 0 else f"dalam {reach.days_left} hari"
    period = f"{NOTICE.length} hari kerja, {NOTICE.law}"
    return [
        f"PERINGATAN: {when} permohonan (diterima mulai {reach.first_provisional}) hanya mendapat perkiraan",
        f"batas pemberitahuan ({period}). Tambahkan SKB hari libur {reach.decreed_through.year + 1} ke",
        "config/calendar/ (lihat README.md di sana).",
    ]
