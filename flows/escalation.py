"""Escalation: the dossier for Komisi Informasi Banten, once Atasan PPID has released it."""

from __future__ import annotations

from domain.number import for_files
from domain.work import Job, jobs_of
from flows.passes import by_system, step
from tasks import cases, dossier
from tasks.service import Service


async def escalation(service: Service, number: str) -> None:
    """The system's part before the Commission. Whether a deadline slipped, the sweep alone judges."""
    async with step(Job.BUILD_DOSSIER):
        case = cases.read(service, number)
        if Job.BUILD_DOSSIER not in jobs_of(case, service.policy()):
            return
        packed = dossier.as_zip(service, number)
        name = f"berkas-{for_files(number)}.zip"
        await by_system(service, case, "attach_dossier", [(name, "application/zip", packed)])
