"""Rebuilding the run list from the cases: a run is only a view and may be thrown away."""

from __future__ import annotations

from prefect import flow
from prefect.settings import PREFECT_API_URL

from flows.passes import step
from tasks.projector import Projector
from tasks.runs import RunBoard
from tasks.service import current


@flow(name="rebuild-runs", log_prints=False)
async def rebuild_runs() -> int:
    """Make every missing run anew and show each as its case stands; how many families."""
    service = current()
    async with step("susun ulang daftar"), RunBoard(str(PREFECT_API_URL.value())) as board:
        return await Projector(service.acts, board).rebuild()
