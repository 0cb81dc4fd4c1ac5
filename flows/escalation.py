"""Escalation: the dossier for Komisi Informasi Banten, once Atasan PPID has released it."""

from __future__ import annotations

from domain.act import Act
from domain.number import for_files
from domain.office import SYSTEM
from domain.work import Job, jobs_of
from flows.passes import step
from tasks import cases, dossier
from tasks.service import Service


async def escalation(service: Service, number: str) -> None:
    """The system's part before the Commission. Whether a deadline slipped, the sweep alone judges."""
    async with step(Job.BUILD_DOSSIER):
        if Job.BUILD_DOSSIER not in jobs_of(cases.read(service, number), service.policy()):
            return
        packed = dossier.as_zip(service, number)
        name = f"berkas-{for_files(number)}.zip"
        document = await cases.keep_document(service, number, name, "application/zip", packed)
        act = Act(action="attach_dossier", by=SYSTEM, at=service.clock.now(), documents=(document,))
        await service.acts.aperform(number, act)
