"""The core with what `ppid up` loads, in this process: `python -m bench.core_process INSTANT [alone]`.

Its clock begins at the instant; it ends with its stdin; *alone*, it projects nothing.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter

import uvloop

from cli import up
from cli.composing import dispatcher_of
from cli.logs import log_to
from config.settings import settings_from
from tasks.clock import date_in_jakarta
from tasks.core import Core
from tasks.projector import Projector
from tasks.runs import RunBoard
from tasks.service import open_service

#: Nothing is behind, so nobody is called there.
NO_SERVER = "http://127.0.0.1:9/api"
ALONE = "alone"


class RunningClock:
    """Begins at one instant and goes on from there as fast as the real one."""

    def __init__(self, begin: datetime) -> None:
        self._begin, self._started = begin.astimezone(UTC), perf_counter()

    def now(self) -> datetime:
        """This instant, aware, in UTC."""
        return self._begin + timedelta(seconds=perf_counter() - self._started)

    def today(self) -> date:
        """The date in Jakarta at this instant."""
        return date_in_jakarta(self.now())


async def hold(begin: datetime, *, projects: bool) -> None:
    """Run the core until stdin ends."""
    settings = settings_from(os.environ)
    log_to(settings.home / "core.log")
    service = open_service(settings, RunningClock(begin))
    stop = asyncio.Event()
    async with RunBoard(os.environ.get("PREFECT_API_URL", NO_SERVER)) as board:
        projector = Projector(service.acts, board) if projects else None
        core = Core(service, dispatcher_of(service, None), projector)
        working = asyncio.create_task(core.run(stop))
        print(Path(up.__file__).name, "is loaded", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        stop.set()
        await working
    service.close()


if __name__ == "__main__":
    uvloop.run(hold(datetime.fromisoformat(sys.argv[1]), projects=ALONE not in sys.argv[2:]))
