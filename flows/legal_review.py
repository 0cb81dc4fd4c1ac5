"""Legal review: the worksheet of the consequence test is opened for the reviewers."""

from __future__ import annotations

from domain.work import Job, jobs_of
from flows.passes import by_system, step
from tasks import cases
from tasks.service import Service


async def legal_review(service: Service, number: str) -> None:
    """The system's part of the consequence test; verdicts are people's (UU 14/2008 Pasal 19)."""
    async with step(Job.OPEN_TEST):
        case = cases.read(service, number)
        if Job.OPEN_TEST in jobs_of(case, service.policy()):
            await by_system(service, case, "open_test")
