"""Holding: what the core costs while nothing is due, with few and with many requests open.

The core is a process of its own with dispatcher, projector and backstops, as `ppid up` runs it; its clock
stands at an hour when nothing falls due.

python -m bench.holding [--db sqlite|postgresql] [--open 1000 100000] [--seconds 60]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from time import sleep
from typing import Final

import uvloop

from bench.apart import core_apart
from bench.figures import Figure, tell
from bench.loader import Loader, settle
from bench.machine import cpu_seconds_of, resident_mb_of
from bench.morning import FILED_EARLIER, patterns, spread
from bench.office import an_office
from bench.places import BOTH, Place, a_place
from bench.sink import Sink, a_sink
from domain.act import WIB
from tasks.clock import VirtualClock

CPU_PER_MINUTE: Final = 0.5
MEMORY_MB: Final = 150.0
#: The later patterns' first rung falls on the next day.
QUIET: Final = datetime(2026, 3, 9, 15, tzinfo=WIB)


def figures(db: str, counts: Sequence[int], seconds: float) -> list[Figure]:
    """CPU per minute and memory for each number of open requests, on one store that grows."""
    told, have = [], 0
    with a_sink() as sink, a_place(db) as place:
        clock = VirtualClock(FILED_EARLIER)
        with an_office(place, sink, clock) as service:
            _, later = uvloop.run(patterns(service, clock, only_later=True))
            have = len(later)
        for count in counts:
            with an_office(place, sink, VirtualClock(QUIET)) as service:
                Loader(service).copy(spread(later, count - have))
                settle(service)
            have = count
            least = _least(db, count, seconds)
            told += _held(place, sink, count, seconds, least)
    return told


def _least(db: str, count: int, seconds: float) -> tuple[float, float]:
    """What a plain program needs for as many clocks: CPU a minute, memory."""
    with a_place(db) as place:
        command = [sys.executable, "-m", "bench.floor_process", db, place.url, str(place.home), str(count)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as plain:  # noqa: S603 ours
            assert plain.stdin is not None and plain.stdout is not None  # noqa: S101 both are pipes
            plain.stdout.readline()
            before = cpu_seconds_of(plain.pid)
            sleep(seconds / 4)
            used = (cpu_seconds_of(plain.pid) - before) * 240 / seconds
            memory = resident_mb_of(plain.pid)
            plain.stdin.close()
    return used, memory


def _held(place: Place, sink: Sink, count: int, seconds: float, least: tuple[float, float]) -> list[Figure]:
    with core_apart(place, sink, QUIET, projects=True) as core:
        before, server = cpu_seconds_of(core), place.server_cpu_seconds()
        sleep(seconds)
        used = (cpu_seconds_of(core) - before) * 60 / seconds
        beside = (place.server_cpu_seconds() - server) * 60 / seconds
        memory = resident_mb_of(core)
    facts: dict[str, object] = {"open": count, "seconds": seconds, "database_server_cpu_s_per_min": beside}
    return [
        Figure(f"holding_{count}_cpu", used, "s/min", place.db, CPU_PER_MINUTE, floor=least[0], facts=facts),
        Figure(
            f"holding_{count}_memory",
            memory,
            "MB",
            place.db,
            MEMORY_MB,
            floor=least[1],
            facts={"open": count},
        ),
    ]


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", choices=BOTH)
    parser.add_argument("--open", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--seconds", type=float, default=60.0)
    asked = parser.parse_args()
    for db in [asked.db] if asked.db else BOTH:
        tell(*figures(db, asked.open, asked.seconds))


if __name__ == "__main__":
    main()
