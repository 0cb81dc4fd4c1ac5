"""Response: the OPDs' answers become a draft notice; after the notice, the documents follow."""

from __future__ import annotations

from domain.act import Act
from domain.office import SYSTEM
from domain.request import Request
from domain.work import Job, jobs_of
from flows.passes import step
from tasks import cases, drafts
from tasks.service import Service


async def response(service: Service, number: str) -> None:
    """The system's part of the answer; signing stays with the PPID."""
    async with step(Job.COMPILE):
        await compile_draft(service, number)
    async with step(Job.SEND_BUNDLE):
        if Job.SEND_BUNDLE in jobs_of(cases.read(service, number), service.policy()):
            act = Act(action="send_bundle", by=SYSTEM, at=service.clock.now())
            await service.acts.aperform(number, act)


async def compile_draft(service: Service, number: str) -> None:
    """Lay out the notice from the answers and keep it with the case, for the PPID to read and sign."""
    request = cases.read(service, number)
    if not isinstance(request, Request) or Job.COMPILE not in jobs_of(request, service.policy()):
        return
    text = drafts.draft_notice(request, service)
    name = f"konsep-jawaban-v{request.version}.txt"
    document = await cases.keep_document(service, number, name, "text/plain", text.encode())
    act = Act(action="compile", by=SYSTEM, at=service.clock.now(), documents=(document,))
    await service.acts.aperform(number, act)
