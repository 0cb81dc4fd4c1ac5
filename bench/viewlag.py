"""View lag: from an act until the request's Prefect run shows it, with a real server, projector and worker.

One act a second; acts that change the stage are watched until the run's badge says so and, where the system
has work there, until the pass has done it. Then a burst of filings at once.

python -m bench.viewlag [--db sqlite|postgresql] [--seconds 300] [--burst 500]
"""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import dataclass, field
from time import perf_counter, process_time
from typing import Final
from uuid import UUID

import uvloop
from sqlalchemy import select

from bench.figures import Figure, percentile, tell
from bench.machine import cpu_seconds_of, resident_mb_of
from bench.office import DESK, STEPS, a_filing, an_office, environ_of, running_core
from bench.places import SQLITE, a_place
from bench.prefect_place import PrefectPlace, a_prefect, a_worker, plain_lags
from bench.sink import Sink, a_sink
from domain.number import for_files
from domain.work import family_jobs
from tasks import cases as reading_cases
from tasks.projector import Projector
from tasks.runs import RunBoard
from tasks.service import Service
from tasks.store.engine import reading
from tasks.store.schema import runs
from tasks.view import stage_shown

ALONE_P50: Final = 0.5
WORKED_P50: Final = 2.0
#: Cases whose acts take turns, so that a pass has time before the next act of its case.
IN_HAND: Final = 8
#: How often the floor shows a state: by the API alone, nothing else going on.
PLAIN_TIMES: Final = 50
_LOOK: Final = 0.05
_PATIENCE: Final = 600.0


@dataclass(slots=True)
class Seen:
    """Seconds from the act to the run that shows it."""

    alone: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    #: Acts with work for the system whose case was acted on again before it was done.
    overtaken: int = 0


class Watch:
    """Acts, and looks at the board as a coordinator would, twenty times a second."""

    def __init__(self, service: Service, board: RunBoard) -> None:
        self.service, self.board, self.seen = service, board, Seen()
        self._turn_of: dict[str, int] = {}
        self.last = ""

    async def steadily(self, seconds: float) -> None:
        """One act a second; each of the cases in hand waits its turn, as among people."""
        watching, in_hand = [], [("", len(STEPS))] * IN_HAND
        for turn in range(int(seconds)):
            began = perf_counter()
            number, step = in_hand[turn % IN_HAND]
            if step == len(STEPS):
                in_hand[turn % IN_HAND] = (await self._register(turn), 0)
            else:
                await self.service.acts.aperform(number, STEPS[step](self.service.clock.now()))
                in_hand[turn % IN_HAND] = (number, step + 1)
            number = in_hand[turn % IN_HAND][0]
            self._turn_of[number], self.last = turn, number
            watching.append(asyncio.create_task(self.until_shown(number, began)))
            await asyncio.sleep(max(0.0, 1.0 - (perf_counter() - began)))
        await asyncio.gather(*watching)

    async def burst(self, count: int, sink: Sink) -> dict[str, float]:
        """*count* filings at once: seconds until all are durable, their letters there, their runs shown."""
        sink.clear()
        began = perf_counter()
        numbers = await asyncio.gather(*(self._register(100_000 + turn) for turn in range(count)))
        durable = perf_counter() - began
        await asyncio.to_thread(sink.wait, 2 * count)
        posted = perf_counter() - began
        while not self._settled():
            if perf_counter() - began > _PATIENCE:
                break
            await asyncio.sleep(0.2)
        shown = perf_counter() - began
        return {"acts": len(numbers), "durable_s": durable, "letters_s": posted, "shown_s": shown}

    async def until_shown(self, number: str, began: float) -> None:
        """Wait until the run's badge is the stage; where the system has work, until it is done as well.

        The pass's own act changes the case too, so who acted last is asked of the turns, not of its version.
        """
        turn, run = self._turn_of[number], None
        works = self._has_work(number)
        while perf_counter() - began < _PATIENCE:
            if self._turn_of[number] != turn:
                self.seen.overtaken += works
                return  # the next act came first; that one is watched
            run = run or await self.board.find(for_files(number))
            done = not works or (not self._has_work(number) and self._settled(number))
            if run is not None and done and await self._shows(run, number):
                (self.seen.worked if works else self.seen.alone).append(perf_counter() - began)
                return
            await asyncio.sleep(_LOOK)

    async def _shows(self, run: UUID, number: str) -> bool:
        stage = stage_shown(reading_cases.read_family(self.service, number).root.case)
        return (await self.board.state_of(run)).stage == stage

    async def _register(self, turn: int) -> str:
        acts = self.service.acts
        return (await asyncio.wrap_future(acts.register(a_filing(self.service, turn), DESK))).number

    def _has_work(self, number: str) -> bool:
        family = reading_cases.read_family(self.service, number)
        return bool(family_jobs(family.cases, self.service.policy()))

    def _settled(self, number: str = "") -> bool:
        behind = select(runs.c.number).where(runs.c.wanted > runs.c.projected).limit(1)
        if number:
            behind = behind.where(runs.c.number == number)
        with reading(self.service.engine) as connection:
            return connection.execute(behind).first() is None


async def measure(
    service: Service, prefect: PrefectPlace, worker: int, sink: Sink, seconds: float, burst: int
) -> list[Figure]:
    """Both series on a running office, then the floor on the same server."""
    url = prefect.server.api_url
    async with (
        RunBoard(url) as board,
        RunBoard(url) as looking,
        running_core(service, Projector(service.acts, board)),
    ):
        watch = Watch(service, looking)
        await watch.steadily(min(seconds, IN_HAND))  # the worker's first passes import what they need
        watch.seen = Seen()
        cpu = (process_time(), prefect.cpu_seconds(), cpu_seconds_of(worker))
        await watch.steadily(seconds)
        after = (process_time(), prefect.cpu_seconds(), cpu_seconds_of(worker))
        used = [b - a for a, b in zip(cpu, after, strict=True)]
        caught = await watch.burst(burst, sink)
    plain = await plain_lags(prefect.server, for_files(watch.last), PLAIN_TIMES)
    least = percentile(plain, 0.5)
    seen, acts = watch.seen, int(seconds)
    facts: dict[str, object] = {
        "acts": acts,
        "cpu_s_per_act": dict(
            zip(("core_and_watch", "prefect_server", "worker"), (u / acts for u in used), strict=True)
        ),
        "memory_mb": {"prefect_server": prefect.memory_mb(), "worker": resident_mb_of(worker)},
    }
    db = service.engine.dialect.name
    return [
        Figure("view_lag_projector_p50", percentile(seen.alone, 0.5), "s", db, ALONE_P50, floor=least,
               facts={"watched": len(seen.alone), "p95": percentile(seen.alone, 0.95), **facts}),
        Figure("view_lag_with_work_p50", percentile(seen.worked, 0.5), "s", db, WORKED_P50, floor=least,
               facts={"watched": len(seen.worked), "overtaken": seen.overtaken,
                      "p95": percentile(seen.worked, 0.95)}),
        Figure("view_lag_burst", caught["shown_s"], "s", db, floor=burst * least, facts=dict(caught)),
    ]  # fmt: skip


def figures(db: str, seconds: float, burst: int) -> list[Figure]:
    """Start everything, measure, end everything."""
    with a_sink() as sink, a_place(db) as place, an_office(place, sink) as service:
        environ = environ_of(place, sink)
        with (
            a_prefect(place.home / "prefect") as prefect,
            a_worker(prefect.server, environ, place.home / "worker.log") as worker,
        ):
            return uvloop.run(measure(service, prefect, worker, sink, seconds, burst))


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", default=SQLITE)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--burst", type=int, default=500)
    asked = parser.parse_args()
    tell(*figures(asked.db, asked.seconds, asked.burst))


if __name__ == "__main__":
    main()
