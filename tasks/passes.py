"""The end of a run's pass: what it saw is recorded and shown, so that no change in between is lost."""

from __future__ import annotations

import asyncio
import os
from uuid import UUID

from sqlalchemy import Connection

from tasks.acts import Performed
from tasks.clock import RealClock
from tasks.projector import end_of_next_day, record_seen, wanted_version
from tasks.runs import RunBoard, RunView
from tasks.service import Service
from tasks.store import casefile
from tasks.store.engine import reading
from tasks.view import view_of


def backstop_is_due(service: Service, root: str) -> bool:
    """Whether a rung of the family is due by now: then this run calls the sweep for its own case."""
    book, today = service.policy(), service.clock.today()
    with reading(service.engine) as connection:
        family = casefile.load_family(connection, root)
    rungs = (book.next_rung_on(clock) for case in family.cases for clock in case.clocks)
    return any(day is not None and day <= today for day in rungs)


async def close(service: Service, root: str, run_id: str) -> RunView:
    """Record the version this pass saw, write the artifact, and give what the run should show.

    Raises:
        PrefectUnavailable: the artifact could not be written; the pass fails and is tried again.
    """
    book = service.policy()
    with reading(service.engine) as connection:
        root_id, wanted = wanted_version(connection, root)
        family = casefile.load_family(connection, root)
        backstop = (
            end_of_next_day(family, service.clock.now()) if isinstance(service.clock, RealClock) else None
        )
        view = view_of(connection, family, book, backstop_at=backstop)
    api_url = os.environ.get("PREFECT_API_URL", "")
    if run_id and api_url:
        async with RunBoard(api_url) as board:
            await board.annotate(UUID(run_id), view)

    def job(connection: Connection) -> Performed:
        record_seen(connection, root_id, wanted, run_id)
        return Performed(root, "", "", 0, 0)

    await asyncio.wrap_future(service.acts.writer.submit(job))
    return view
