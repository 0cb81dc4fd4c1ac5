"""Due dates per second beside numpy, pandas and holidays; and re-dating open clocks after a new decree.

python -m bench.dates [--db sqlite|postgresql] [--clocks 100000]
"""

from __future__ import annotations

import argparse
import random
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final

import holidays
import numpy as np
import uvloop

import config
from bench.figures import Figure, tell
from bench.floor_bulk import Bulk
from bench.loader import Loader, settle
from bench.morning import FILED_EARLIER, patterns, spread
from bench.office import a_policy, an_office
from bench.places import BOTH, Place, a_place
from bench.sink import Sink, a_sink
from config.loader import load_policy
from domain.calendar import Calendar, add_working_days
from tasks import rules
from tasks.clock import VirtualClock
from tasks.service import Service

try:
    import pandas as pd
except ImportError:  # in bench/requirements.lock only
    pd = None

SECONDS: Final = 5.0
_DATES: Final = 20_000
_SATURDAY: Final = 5
_FROM: Final = date(2026, 1, 1)
#: A Wednesday before every running date of the patterns.
NEW_DAY_OFF: Final = '      - {on: 2026-03-11, kind: national, name: "Hari libur rekaan"}\n'
#: Each pattern runs two clocks: the OPD's answer and the notice.
_CLOCKS_PER_CASE: Final = 2


def single_dates() -> list[Figure]:
    """The same due dates by each; the slowest part of ours must beat the fastest of theirs."""
    calendar = load_policy(Path(config.__file__).parent, on=_FROM).rulebook.calendar
    random.seed(14)
    asked = [(_FROM + timedelta(days=random.randrange(300)), random.randrange(1, 31)) for _ in range(_DATES)]  # noqa: S311 no secret
    ours = [add_working_days(start, n, calendar) for start, n in asked]
    rates: dict[str, float] = {}
    for name, count in _others(calendar).items():
        if [count(start, n) for start, n in asked[:500]] != ours[:500]:
            raise AssertionError(f"{name} counts otherwise")
        rates[name] = _rate(count, asked if name == "numpy" else asked[:4000])
    mine = _rate(lambda start, n: add_working_days(start, n, calendar), asked)
    facts: dict[str, object] = {"others_per_second": rates}
    bar, least = max(rates.values()), _rate(_by_list(calendar), asked)
    return [Figure("due_dates", mine, "1/s", "", bar, more_is_better=True, floor=least, facts=facts)]


def _by_list(calendar: Calendar) -> Callable[[date, int], date]:
    """The floor: a list of the working days, and where a day stands in it."""
    off = {day.on for day in calendar.days if day.revoked_on is None}
    days = [_FROM + timedelta(days=n) for n in range(-10, 400)]
    working = [day for day in days if day.weekday() < _SATURDAY and day not in off]
    return lambda start, n: working[bisect_right(working, start) + n - 1]


def _others(calendar: Calendar) -> dict[str, Callable[[date, int], date]]:
    off = sorted({day.on for day in calendar.days if day.revoked_on is None})
    busdays = np.busdaycalendar(holidays=off)
    known = holidays.HolidayBase()
    known.update(dict.fromkeys(off, "libur"))

    def by_numpy(start: date, n: int) -> date:
        first = np.busday_offset(start, 0, roll="preceding", busdaycal=busdays)
        found: date = np.busday_offset(first, n, busdaycal=busdays).astype(date)
        return found

    def by_holidays(start: date, n: int) -> date:
        found: date = known.get_nth_working_day(start, n)
        return found

    others: dict[str, Callable[[date, int], date]] = {"numpy": by_numpy, "holidays": by_holidays}
    if pd is not None:
        one = [pd.offsets.CustomBusinessDay(n, calendar=busdays) for n in range(31)]

        def by_pandas(start: date, n: int) -> date:
            found: date = (pd.Timestamp(start) + one[n]).date()
            return found

        others["pandas"] = by_pandas
    return others


def _rate(count: Callable[[date, int], date], asked: Sequence[tuple[date, int]]) -> float:
    best = 0.0
    for _ in range(3):
        began = perf_counter()
        for start, n in asked:
            count(start, n)
        best = max(best, len(asked) / (perf_counter() - began))
    return best


def redating(db: str, clocks: int) -> list[Figure]:
    """Preview and apply of a decree that moves every running clock."""
    with a_sink() as sink, a_place(db) as place:
        active = _policy(place.home / "active")
        decreed = _policy(place.home / "decreed", NEW_DAY_OFF)
        clock = VirtualClock(FILED_EARLIER)
        with an_office(place, sink, clock, active) as service:
            _, later = uvloop.run(patterns(service, clock, only_later=True))
            Loader(service).copy(spread(later, clocks // _CLOCKS_PER_CASE - len(later)))
            settle(service)
        told = [_timed("redate_preview", place, sink, clock, active, decreed, clocks, _preview)]
        told.append(_timed("redate_apply", place, sink, clock, active, decreed, clocks, _apply))
    with a_place(db) as place:
        plain, open_cases = Bulk(place), clocks // _CLOCKS_PER_CASE
        plain.load(open_cases)
        least = (plain.look(), plain.move(open_cases))
    return [replace(figure, floor=seconds) for figure, seconds in zip(told, least, strict=True)]


def _preview(service: Service, decreed: Path) -> int:
    return sum(1 for _ in rules.preview(service, decreed, open_cases=False))


def _apply(service: Service, decreed: Path) -> int:
    return _CLOCKS_PER_CASE * rules.apply(service, decreed, open_cases=False, shorten="")


def _timed(
    name: str, place: Place, sink: Sink, clock: Any, active: Path, decreed: Path, clocks: int, do: Any
) -> Figure:
    with an_office(place, sink, clock, active) as service:
        before = peak_mb()
        began, cpu = perf_counter(), process_time()
        moved = do(service, decreed)
        seconds, used = perf_counter() - began, process_time() - cpu
    facts: dict[str, object] = {
        "clocks": clocks,
        "moved": moved,
        "cpu_s": used,
        "memory_grew_mb": peak_mb() - before,
    }
    return Figure(name, seconds, "s", place.db, SECONDS, facts=facts)


def peak_mb() -> float:
    """The most memory this process has had resident, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1000
    return 0.0


def _policy(folder: Path, more: str = "") -> Path:
    a_policy(folder)
    decrees = folder / "calendar" / "2026.yaml"
    decrees.write_text(decrees.read_text().rstrip("\n") + "\n" + more)
    return folder


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", choices=BOTH)
    parser.add_argument("--clocks", type=int, default=100_000)
    asked = parser.parse_args()
    tell(*single_dates())
    for db in [asked.db] if asked.db else BOTH:
        tell(*redating(db, asked.clocks))


if __name__ == "__main__":
    main()
