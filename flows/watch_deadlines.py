"""Watching deadlines: the sweep, on working days at 08.00 WIB and every 15 minutes."""

from __future__ import annotations

import asyncio

from prefect import flow

from flows.passes import step
from tasks import sweep
from tasks.service import current


@flow(name="watch-deadlines", log_prints=False)
async def watch_deadlines() -> dict[str, int]:
    """One sweep; how many rungs fired, letters are owed, and cases failed.

    Outside working hours, and while another sweeper is at it, it does nothing.
    """
    service = current()
    async with step("sapu tenggat"):
        swept = await asyncio.to_thread(sweep.run, service.acts, service.clock.now())
    if swept.failed:
        async with step("berkas yang gagal disapu"):
            raise RuntimeError(len(swept.failed))
    return {"fired": swept.fired, "letters": swept.letters, "failed": len(swept.failed)}
