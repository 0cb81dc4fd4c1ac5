"""A register of a million requests, as a big city's is after many years: most closed, some at each stage."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final

import uvloop

from bench.loader import Loader, Pattern, pattern_of, settle
from bench.morning import opds_of, spread
from bench.office import APPLICANT, COORDINATOR, DESK, a_filing, all_left, running_core
from domain.act import WIB, Act
from tasks.clock import VirtualClock
from tasks.service import Service

#: The last act of each set of patterns, and its share of all cases.
SHARES: Final = {"register": 0.01, "forward": 0.03, "withdraw": 0.76, "forward+withdraw": 0.20}
#: One third of the register each.
FILED_AT: Final = tuple(datetime(year, 3, 11, 10, tzinfo=WIB) for year in (2024, 2025, 2026))
_OPDS: Final = 12


async def patterns(service: Service) -> dict[str, list[Pattern]]:
    """Real cases per OPD, by their last act."""
    sets: dict[str, list[Pattern]] = {}
    async with running_core(service):
        for start, last in enumerate(SHARES):
            numbers = []
            for place, opd in enumerate(opds_of(service.policy())[:_OPDS]):
                numbers.append(await _until(service, last, start * 1000 + place, opd))
            await all_left(service)
            sets[last] = [pattern_of(service, number, with_letters=False) for number in numbers]
    return sets


async def _until(service: Service, last: str, place: int, opd: str) -> str:
    acts, at = service.acts, service.clock.now()
    number = (await asyncio.wrap_future(acts.register(a_filing(service, place), DESK))).number
    forward = (
        Act(action="record_complete", by=DESK, at=at),
        Act(action="forward", by=COORDINATOR, at=at, opds=(opd,)),
    )
    steps = {"forward": forward, "withdraw": (Act(action="withdraw", by=APPLICANT, at=at),)}
    for name in last.split("+"):
        for step in steps.get(name, ()):
            await acts.aperform(number, step)
    return number


def fill(service: Service, clock: VirtualClock, count: int) -> None:
    """Load that many cases, some made by the real acts."""
    for filed_at in FILED_AT:
        clock.set(filed_at)
        sets = uvloop.run(patterns(service))
        made = sum(len(found) for found in sets.values())
        loader = Loader(service)
        for last, share in SHARES.items():
            loader.copy(spread(sets[last], round((count / len(FILED_AT) - made) * share)))
        settle(service)
