"""CASE: whole requests through the acts and the dispatcher, 64 at a time, each letter counted at the sink.

python -m bench.case [--db sqlite|postgresql] [--cases 2000] [--at-once 64] [--profile FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Final

import uvloop
from sqlalchemy import Connection, func, select

from bench import floor
from bench.apart import core_apart
from bench.figures import Figure, tell
from bench.machine import cpu_seconds_of
from bench.office import a_policy, all_left, an_office, whole_case
from bench.places import BOTH, POSTGRESQL, SQLITE, Place, a_place
from bench.sink import Sink, a_sink
from tasks.service import Service
from tasks.store.engine import reading
from tasks.store.schema import letters

PER_SECOND: Final = {SQLITE: 150.0, POSTGRESQL: 75.0}
AIM_PER_SECOND: Final = {SQLITE: 200.0, POSTGRESQL: 100.0}
CPU_MS: Final = 10.0
AIM_CPU_MS: Final = 6.0
_WITH_PDF: Final = re.compile(r"^with_pdf:\n(?:  - \w+\n)+", re.MULTILINE)
#: Letters each act of CASE owes today; the floor sends as many.
LETTERS: Final = (2, 0, 2, 0, 2, 1, 1)


class LetterLost(AssertionError):
    """The sink did not get each letter exactly once."""


async def measure(
    place: Place, sink: Sink, count: int, at_once: int, *, policy: Path | None = None, profile: str = ""
) -> dict[str, float]:
    """Run CASE: acts here, the core in a process of its own; seconds, and CPU seconds of each process."""
    with an_office(place, sink, policy=policy) as service:
        turns = iter(range(count))

        async def one_after_another() -> None:
            for turn in turns:
                await whole_case(service, turn)

        with core_apart(place, sink, service.clock.now(), policy) as core:
            sink.clear()
            stop_profile = profiled(service, profile) if profile else None
            before = _cpu(core, sink, place)
            began = perf_counter()
            await asyncio.gather(*(one_after_another() for _ in range(at_once)))
            acted = perf_counter() - began
            owed = _owed(service)
            await asyncio.to_thread(sink.wait, owed)
            seconds = perf_counter() - began
            await all_left(service)
            after = _cpu(core, sink, place)
            if stop_profile is not None:
                stop_profile()
        _check(sink, owed)
    used = {name: after[name] - before[name] for name in before}
    return {"seconds": seconds, "acted": acted, "owed": owed, **used}


def _cpu(core: int, sink: Sink, place: Place) -> dict[str, float]:
    return {
        "acts_cpu": process_time(),
        "core_cpu": cpu_seconds_of(core),
        "sink_cpu": sink.cpu_seconds(),
        "server_cpu": place.server_cpu_seconds(),
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


def figures(
    db: str, count: int, at_once: int, profile: str = "", *, as_configured: bool = False
) -> list[Figure]:
    """CASE and its floor on one database, one after the other.

    Args:
        as_configured: the notice goes out as PDF too; else in words alone, like what the bars stand beside.
    """
    with a_sink() as sink, a_place(db) as place:
        policy = None if as_configured else in_words_alone(place.home / "config")
        got = uvloop.run(measure(place, sink, count, at_once, policy=policy, profile=profile))
    with a_sink() as sink, a_place(db) as place:
        floor_rate, floor_cpu = asyncio.run(floor.cases(place, sink, count, at_once, LETTERS))
    each = {name: got[f"{name}_cpu"] / count * 1000 for name in ("acts", "core", "sink", "server")}
    facts: dict[str, object] = {
        "cases": count,
        "at_once": at_once,
        "acts_per_case": 7,
        "letters_per_case": round(got["owed"] / count),
        "letters_at_sink": got["owed"],
        "acts_done_after_s": got["acted"],
        "all_letters_after_s": got["seconds"],
        "aim": AIM_PER_SECOND[db],
    }
    parts: dict[str, object] = {"aim": AIM_CPU_MS, "acts": each["acts"], "core": each["core"]}
    parts |= {"not_counted": {"sink": each["sink"], "database_server": each["server"]}}
    name, rate, cpu_ms = "case_with_pdf" if as_configured else "case", count / got["seconds"], each["acts"]
    return [
        Figure(f"{name}_per_second", rate, "1/s", db, PER_SECOND[db], True, floor_rate, facts),
        Figure(f"{name}_cpu", cpu_ms + each["core"], "ms", db, CPU_MS, floor=floor_cpu, facts=parts),
    ]


def in_words_alone(folder: Path) -> Path:
    """A copy of the policy in which no mail carries a PDF."""
    policy = a_policy(folder)
    letters = policy / "letters.yaml"
    told = letters.read_text(encoding="utf-8")
    letters.write_text(_WITH_PDF.sub("with_pdf: []\n", told), encoding="utf-8")
    return policy


def best_of(times: int, db: str, count: int, at_once: int, *, as_configured: bool = False) -> list[Figure]:
    """The fastest of some runs: what others do on the machine only ever slows one down."""
    runs = [figures(db, count, at_once, as_configured=as_configured) for _ in range(times)]
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
        for whole in (False, True):
            tell(*figures(db, asked.cases, asked.at_once, asked.profile or "", as_configured=whole))


if __name__ == "__main__":
    main()
