"""The yearly report: before Atasan PPID in February, reminded until 31 March."""

from __future__ import annotations

import asyncio

from prefect import flow

from flows.passes import step
from tasks.reports import yearly
from tasks.service import current


@flow(name="yearly-report", log_prints=False)
async def yearly_report() -> str:
    """Do what the day asks of last year's report. Run twice, it does nothing twice."""
    service = current()
    async with step("laporan tahunan"):
        return await asyncio.to_thread(yearly.look_after, service)
