"""A bad morning: many requests open, many clocks due at 08.00: how long until the last letter is at the sink.

OPD answers due the next day (rung -1): one digest per OPD with digests on, one letter per clock with
them off.

python -m bench.morning [--db sqlite|postgresql] [--open 100000] [--due 1000 10000]
"""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Final

import uvloop
from sqlalchemy import func, select

from bench import floor
from bench.apart import core_apart
from bench.figures import Figure, tell
from bench.loader import Loader, Pattern, pattern_of, settle
from bench.machine import cpu_seconds_of, resident_mb_of
from bench.office import COORDINATOR, DESK, a_filing, a_policy, all_left, an_office, running_core
from bench.places import BOTH, Place, a_place
from bench.sink import Sink, a_sink
from domain.act import WIB, Act
from domain.rulebook import Rulebook
from tasks import digest, sweep
from tasks.clock import VirtualClock
from tasks.service import Service
from tasks.store.engine import reading
from tasks.store.schema import letters

#: A Wednesday; what is filed on Friday is due on Wednesday, and reminded of on Tuesday.
FILED_EARLIER: Final = datetime(2026, 3, 6, 10, tzinfo=WIB)
FILED_LATER: Final = datetime(2026, 3, 9, 10, tzinfo=WIB)
MORNING: Final = datetime(2026, 3, 10, 8, tzinfo=WIB)
BARS: Final = {1_000: 1.0, 10_000: 8.0}


def opds_of(book: Rulebook) -> list[str]:
    """The OPDs that may hold tasks."""
    return [opd.key for opd in book.office.opds if opd.is_active(MORNING.date())]


async def patterns(
    service: Service, clock: VirtualClock, *, only_later: bool = False
) -> tuple[list[Pattern], list[Pattern]]:
    """Forwarded requests, one per OPD: reminded of this morning, and later."""
    opds = opds_of(service.policy())
    sets: list[list[Pattern]] = [[]] if only_later else []
    filings = (FILED_LATER,) if only_later else (FILED_EARLIER, FILED_LATER)
    async with running_core(service):
        for start, filed_at in enumerate(filings):
            clock.set(filed_at)
            numbers = [await _forwarded(service, start * 1000 + place, opd) for place, opd in enumerate(opds)]
            await all_left(service)
            sets.append([pattern_of(service, number) for number in numbers])
    return sets[0], sets[1]


async def _forwarded(service: Service, place: int, opd: str) -> str:
    acts, at = service.acts, service.clock.now()
    number = (await asyncio.wrap_future(acts.register(a_filing(service, place), DESK))).number
    await acts.aperform(number, Act(action="record_complete", by=DESK, at=at))
    await acts.aperform(number, Act(action="forward", by=COORDINATOR, at=at, opds=(opd,)))
    return number


def spread(patterns: Sequence[Pattern], count: int) -> list[tuple[Pattern, int]]:
    """*count* copies over the patterns, as evenly as may be."""
    least, more = divmod(count, len(patterns))
    return [(pattern, least + (place < more)) for place, pattern in enumerate(patterns)]


def one_morning(service: Service, place: Place, sink: Sink, policy: Path | None) -> dict[str, float]:
    """From 08.00 to the last letter: digests are owed, then the sweep, here as in the worker's process.

    The core is a process of its own, as under `ppid up`.
    """
    with core_apart(place, sink, MORNING, policy) as core:
        sink.clear()
        began, cpu = perf_counter(), process_time() + cpu_seconds_of(core)
        digest.run(service.acts, service.clock.now())
        digested = perf_counter() - began
        swept = sweep.run(service.acts, service.clock.now())
        fired = perf_counter() - began
        with reading(service.engine) as connection:
            today = letters.c.owed_at == service.clock.now()
            owed = connection.execute(select(func.count()).select_from(letters).where(today)).scalar_one()
        sink.wait(owed)
        last = sink.seen()[-1][0] - began
        used = process_time() + cpu_seconds_of(core) - cpu
        memory = resident_mb_of(core)
    return {
        "seconds": last,
        "digests_owed_s": digested,
        "swept_s": fired,
        "rungs": swept.fired,
        "letters": owed,
        "cpu_s": used,
        "core_memory_mb": memory,
        "sweeper_memory_mb": resident_mb_of(os.getpid()),
    }


def without_digests(folder: Path) -> Path:
    """A copy of the policy whose reminders are letters of their own."""
    policy = a_policy(folder)
    ladders = policy / "ladders.yaml"
    ladders.write_text(ladders.read_text().replace("\ndigest: true\n", "\ndigest: false\n"))
    return policy


def figures(db: str, open_count: int, dues: Sequence[int]) -> list[Figure]:
    """Each morning, digests on and off, on a copy of the same store; the floor beside the letters' one."""
    told = []
    with a_sink() as sink, a_place(db) as place:
        plain = without_digests(place.home / "config")
        clock = VirtualClock(FILED_EARLIER)
        with an_office(place, sink, clock) as service:
            due, later = uvloop.run(patterns(service, clock))
            Loader(service).copy(spread(later, open_count - len(due) - len(later)))
        have = 0
        for count in dues:
            with an_office(place, sink, VirtualClock(FILED_LATER)) as service:
                Loader(service).copy(spread(due, count - max(have, len(due))))
                settle(service)
            have = count
            with a_place(db) as empty:
                least = asyncio.run(floor.morning(empty, sink, open_count, count))
            for digests in (True, False):
                told.append(_morning(place, sink, None if digests else plain, open_count, count, least))
    return told


def _morning(
    place: Place, sink: Sink, policy: Path | None, open_count: int, count: int, least: float
) -> Figure:
    copy = place.clone(f"m{count}{'off' if policy else 'on'}")
    try:
        with an_office(copy, sink, VirtualClock(MORNING), policy) as service:
            got = one_morning(service, copy, sink, policy)
    finally:
        copy.drop()
    facts: dict[str, object] = {"open": open_count, "due": count, "digests": policy is None, **got}
    name = f"bad_morning_{count}_{'letters' if policy else 'digests'}"
    return Figure(name, got["seconds"], "s", place.db, BARS.get(count), floor=least, facts=facts)


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", choices=BOTH)
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--due", type=int, nargs="+", default=sorted(BARS))
    asked = parser.parse_args()
    for db in [asked.db] if asked.db else BOTH:
        tell(*figures(db, asked.open, asked.due))


if __name__ == "__main__":
    main()
