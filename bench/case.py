"""CASE: whole requests through the acts and the dispatcher, 64 at a time, each letter counted at the sink.

python -m bench.case [--db sqlite|postgresql] [--cases 2000] [--at-once 64] [--profile FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
from collections import Counter
from collections.abc import Callable
from time import perf_counter, process_time
from typing import Final

from sqlalchemy import Connection, func, select

from bench import floor
from bench.figures import Figure, tell
from bench.office import all_left, an_office, running_core, whole_case
from bench.places import BOTH, POSTGRESQL, SQLITE, Place, a_place
from bench.sink import Sink, a_sink
from tasks.service import Service
from tasks.store.engine import reading
from tasks.store.schema import letters

PER_SECOND: Final = {SQLITE: 150.0, POSTGRESQL: 75.0}
AIM_PER_SECOND: Final = {SQLITE: 200.0, POSTGRESQL: 100.0}
CPU_MS: Final = 10.0
AIM_CPU_MS: Final = 6.0
#: Letters each act of CASE owes today; the floor sends as many.
LETTERS: Final = (2, 0, 2, 0, 2, 1, 1)


class LetterLost(AssertionError):
    """The sink did not get each letter exactly once."""


async def measure(place: Place, sink: Sink, count: int, at_once: int, profile: str = "") -> dict[str, float]:
    """Run CASE; seconds, and the CPU seconds of this process, the sink and the database server."""
    with an_office(place, sink) as service:
        turns = iter(range(count))

        async def one_after_another() -> None:
            for turn in turns:
                await whole_case(service, turn)

        async with running_core(service):
            await asyncio.sleep(0.5)  # the core's first look round
            sink.clear()
            stop_profile = profiled(service, profile) if profile else None
            cpu = (process_time(), sink.cpu_seconds(), place.server_cpu_seconds())
            began = perf_counter()
            await asyncio.gather(*(one_after_another() for _ in range(at_once)))
            acted = perf_counter() - began
            owed = _owed(service)
            await asyncio.to_thread(sink.wait, owed)
            seconds = perf_counter() - began
            await all_left(service)
            after = (process_time(), sink.cpu_seconds(), place.server_cpu_seconds())
            if stop_profile is not None:
                stop_profile()
        _check(sink, owed)
    used = [new - old for new, old in zip(after, cpu, strict=True)]
    return {
        "seconds": seconds,
        "acted": acted,
        "owed": owed,
        **dict(zip(("cpu", "sink_cpu", "server_cpu"), used, strict=True)),
    }


def profiled(service: Service, path: str) -> Callable[[], None]:
    """Profile this thread into *path*, the writer's into *path*.writer; what comes back ends it."""
    loop, writer = cProfile.Profile(), cProfile.Profile()

    def enable(_: Connection) -> None:
        writer.enable()

    def disable(_: Connection) -> None:
        writer.disable()

    service.acts.writer.submit(enable).result()
    loop.enable()

    def stop() -> None:
        loop.disable()
        service.acts.writer.submit(disable).result()
        loop.dump_stats(path)
        writer.dump_stats(f"{path}.writer")

    return stop


def figures(db: str, count: int, at_once: int, profile: str = "") -> list[Figure]:
    """CASE and its floor on one database, one after the other."""
    with a_sink() as sink, a_place(db) as place:
        got = asyncio.run(measure(place, sink, count, at_once, profile))
    per_case = round(got["owed"] / count)
    with a_sink() as sink, a_place(db) as place:
        floor_rate, floor_cpu = asyncio.run(floor.cases(place, sink, count, at_once, LETTERS))
    facts = {
        "cases": count,
        "at_once": at_once,
        "acts_per_case": 7,
        "letters_per_case": per_case,
        "letters_at_sink": got["owed"],
        "acts_done_after_s": got["acted"],
        "all_letters_after_s": got["seconds"],
        "not_counted_cpu_ms_per_case": {
            "sink": got["sink_cpu"] / count * 1000,
            "database_server": got["server_cpu"] / count * 1000,
        },
    }
    rate, cpu_ms = count / got["seconds"], got["cpu"] / count * 1000
    return [
        Figure(
            "case_per_second",
            rate,
            "1/s",
            db,
            PER_SECOND[db],
            True,
            floor_rate,
            facts | {"aim": AIM_PER_SECOND[db]},
        ),
        Figure("case_cpu", cpu_ms, "ms", db, CPU_MS, floor=floor_cpu, facts={"aim": AIM_CPU_MS}),
    ]


def best_of(times: int, db: str, count: int, at_once: int) -> list[Figure]:
    """The fastest of some runs: what others do on the machine only ever slows one down."""
    runs = [figures(db, count, at_once) for _ in range(times)]
    return max(runs, key=lambda told: told[0].value)


def _owed(service: Service) -> int:
    with reading(service.engine) as connection:
        return int(connection.execute(select(func.count()).select_from(letters)).scalar_one())


def _check(sink: Sink, owed: int) -> None:
    keys = Counter(key for _, key in sink.seen())
    twice = [key for key, times in keys.items() if times > 1]
    if len(keys) != owed or twice:
        raise LetterLost(f"{owed} letters owed, {len(keys)} arrived, {len(twice)} of them twice")


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", choices=BOTH)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--profile", help="write cProfiles: FILE of the event loop, FILE.writer")
    asked = parser.parse_args()
    for db in [asked.db] if asked.db else BOTH:
        tell(*figures(db, asked.cases, asked.at_once, asked.profile or ""))


if __name__ == "__main__":
    main()
