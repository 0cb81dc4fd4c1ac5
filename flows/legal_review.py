"""Legal review: the worksheet of the consequence test is opened for the reviewers."""

from __future__ import annotations

from domain.act import Act
from domain.office import SYSTEM
from domain.work import Job, jobs_of
from flows.passes import step
from tasks import cases
from tasks.service import Service


async def legal_review(service: Service, number: str) -> None:
    """The system's part of the consequence test; verdicts are people's (UU 14/2008 Pasal 19)."""
    async with step(Job.OPEN_TEST):
        if Job.OPEN_TEST in jobs_of(cases.read(service, number), service.policy()):
            act = Act(action="open_test", by=SYSTEM, at=service.clock.now())
            await service.acts.aperform(number, act)
