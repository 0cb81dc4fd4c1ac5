"""Objection: what was registered is laid before Atasan PPID."""

from __future__ import annotations

from domain.work import Job, jobs_of
from flows.passes import by_system, step
from tasks import cases
from tasks.service import Service


async def objection(service: Service, number: str) -> None:
    """The system's part of an objection; the answer is Atasan PPID's (UU 14/2008 Pasal 36)."""
    async with step(Job.PASS_TO_ATASAN):
        case = cases.read(service, number)
        if Job.PASS_TO_ATASAN in jobs_of(case, service.policy()):
            await by_system(service, case, "pass_to_atasan")
