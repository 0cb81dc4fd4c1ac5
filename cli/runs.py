"""`ppid runs`: the run list in Prefect, made anew from the cases."""

from __future__ import annotations

import asyncio
import os

from cli.options import commands_below
from config.settings import settings_from
from tasks.projector import Projector
from tasks.runs import RunBoard
from tasks.service import Service, open_service

app = commands_below("runs", "Daftar permohonan di Prefect.")


@app.command
def rebuild() -> int:
    """Susun ulang daftar permohonan di Prefect dari berkas perkara."""
    service = open_service(settings_from(os.environ))
    try:
        count = asyncio.run(_rebuild(service))
    finally:
        service.close()
    print(f"{count} permohonan disusun ulang.")
    return 0


async def _rebuild(service: Service) -> int:
    port = os.environ.get("PPID_PREFECT_PORT", "4200")
    api_url = os.environ.get("PREFECT_API_URL") or f"http://127.0.0.1:{port}/api"
    async with RunBoard(api_url) as board:
        return await Projector(service.acts, board).rebuild()
