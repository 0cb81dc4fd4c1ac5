"""The monthly letter to each head of an OPD: how it answered last month, and what is overdue."""

from __future__ import annotations

import asyncio

from prefect import flow

from flows.passes import step
from tasks.reports import opds
from tasks.service import current


@flow(name="monthly-letters", log_prints=False)
async def monthly_letters() -> int:
    """Owe the letters on last month; how many. Run twice, each head still gets one."""
    service = current()
    async with step("surat bulanan kepala OPD"):
        return await asyncio.to_thread(opds.owe_monthly_letters, service)
