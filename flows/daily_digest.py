"""The morning digest: one letter to each OPD that holds a task."""

from __future__ import annotations

import asyncio

from prefect import flow

from flows.passes import step
from tasks import digest
from tasks.service import current


@flow(name="daily-digest", log_prints=False)
async def daily_digest() -> int:
    """Owe today's digests; how many. Run twice, each OPD still gets one."""
    service = current()
    async with step("susun ringkasan OPD"):
        return await asyncio.to_thread(digest.run, service.acts, service.clock.now())
