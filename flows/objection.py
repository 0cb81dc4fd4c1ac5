"""Objection: what was registered is laid before Atasan PPID."""

from __future__ import annotations

from domain.act import Act
from domain.office import SYSTEM
from domain.work import Job, jobs_of
from flows.passes import step
from tasks import cases
from tasks.service import Service


async def objection(service: Service, number: str) -> None:
    """The system's part of an objection; the answer is Atasan PPID's (UU 14/2008 Pasal 36)."""
    async with step(Job.PASS_TO_ATASAN):
        if Job.PASS_TO_ATASAN in jobs_of(cases.read(service, number), service.policy()):
            act = Act(action="pass_to_atasan", by=SYSTEM, at=service.clock.now())
            await service.acts.aperform(number, act)
