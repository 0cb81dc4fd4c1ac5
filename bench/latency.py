"""Event to mail: from the moment a person acts to the first letter whole at the sink, at low load.

The core runs as `ppid up` runs it; the act comes from its own process, then from another one with the nudge.

python -m bench.latency [--db sqlite|postgresql] [--acts 200]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Final

import uvloop

from bench import floor
from bench.figures import Figure, percentile, tell
from bench.office import DESK, a_filing, an_office, environ_of, running_core
from bench.places import BOTH, Place, a_place
from bench.sink import Sink, a_sink
from config.settings import settings_from
from tasks.service import Service, open_service

P50_MS: Final = 10.0
P99_MS: Final = 50.0
PAUSE_SECONDS: Final = 0.02
#: Receipt to the applicant, notice to the desk: what registering owes.
LETTERS: Final = 2
_WARM: Final = 10
#: Its own applicants, so that a person is not met twice.
_OTHERS: Final = 400_000

Acting = Callable[[int], Awaitable[float]]


async def measure(place: Place, sink: Sink, count: int) -> dict[str, list[float]]:
    """Milliseconds per act: by one in the core's process, by one in another."""
    with an_office(place, sink) as service:

        async def here(turn: int) -> float:
            began = perf_counter()
            await asyncio.wrap_future(service.acts.register(a_filing(service, turn), DESK))
            return began

        async with running_core(service):
            same = await _series(here, sink, count)
            other = await _from_elsewhere(place, sink, count)
    return {"same_process": same, "other_process": other}


async def _series(act: Acting, sink: Sink, count: int) -> list[float]:
    taken = []
    for turn in range(count + _WARM):
        sink.clear()
        began = await act(turn)
        await asyncio.to_thread(sink.wait, LETTERS)
        taken.append((sink.seen()[0][0] - began) * 1000)
        await asyncio.sleep(PAUSE_SECONDS)
    return taken[_WARM:]


async def _from_elsewhere(place: Place, sink: Sink, count: int) -> list[float]:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.latency",
        "--act-when-told",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **environ_of(place, sink)},
    )
    assert child.stdin is not None and child.stdout is not None  # noqa: S101 both are pipes
    told, answers = child.stdin, child.stdout
    await answers.readline()

    async def there(turn: int) -> float:
        told.write(f"{turn}\n".encode())
        return float(await answers.readline())

    try:
        return await _series(there, sink, count)
    finally:
        told.close()
        await child.wait()


def act_when_told(service: Service) -> None:
    """Register a request for each line read; answer with the instant it began."""
    print("ready", flush=True)
    for line in sys.stdin:
        began = perf_counter()
        service.acts.register(a_filing(service, _OTHERS + int(line)), DESK).result()
        print(began, flush=True)


def figures(db: str, count: int) -> list[Figure]:
    """Both ways and the floor on one database."""
    with a_sink() as sink, a_place(db) as place:
        got = uvloop.run(measure(place, sink, count))
    with a_sink() as sink, a_place(db) as place:
        least = asyncio.run(floor.event_to_mail(place, sink, count, PAUSE_SECONDS))
    told = []
    for way, taken in got.items():
        facts = {"acts": count, "worst": max(taken), "from": "before the act is submitted"}
        for share, bar in ((0.5, P50_MS), (0.99, P99_MS)):
            name = f"event_to_mail_{way}_p{round(share * 100)}"
            value, beside = percentile(taken, share), percentile(least, share)
            told.append(Figure(name, value, "ms", db, bar, floor=beside, facts=facts))
    return told


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", choices=BOTH)
    parser.add_argument("--acts", type=int, default=200)
    parser.add_argument("--act-when-told", action="store_true")
    asked = parser.parse_args()
    if asked.act_when_told:
        service = open_service(settings_from(os.environ))
        act_when_told(service)
        service.close()
        return
    for db in [asked.db] if asked.db else BOTH:
        tell(*figures(db, asked.acts))


if __name__ == "__main__":
    main()
