"""Small real flows for the tests of the worker; the service's own flows need a store."""

from __future__ import annotations

import os
import threading
from datetime import date

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.passes import leave, step
from tasks.runs import RunView

PASSES: list[tuple[str, int, int]] = []  # number, process, thread


@task(name="catat", cache_policy=NO_CACHE)
async def note(number: str) -> None:
    PASSES.append((number, os.getpid(), threading.get_ident()))


@flow(name="request-path")
async def request_path(number: str) -> None:
    await note(number)
    nth = sum(1 for passed, *_ in PASSES if passed == number)
    await leave(RunView(number, date(2026, 12, nth), f"Langkah {nth}", ("Dishub",)))


@flow(name="failing")
async def failing(number: str) -> None:
    async with step("usulkan OPD"):
        raise OSError(f"rahasia {number}")


@flow(name="ticking")
async def ticking() -> None:
    PASSES.append(("tick", os.getpid(), threading.get_ident()))
