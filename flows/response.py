"""Response: the OPDs' answers become a draft notice; after the notice, the documents follow."""

from __future__ import annotations

from domain.request import Request
from domain.work import Job, jobs_of
from flows.passes import by_system, step
from tasks import cases, drafts
from tasks.service import Service


async def response(service: Service, number: str) -> None:
    """The system's part of the answer; signing stays with the PPID."""
    async with step(Job.COMPILE):
        await compile_draft(service, number)
    async with step(Job.SEND_BUNDLE):
        case = cases.read(service, number)
        if Job.SEND_BUNDLE in jobs_of(case, service.policy()):
            await by_system(service, case, "send_bundle")


async def compile_draft(service: Service, number: str) -> None:
    """Lay out the notice from the answers and keep it with the case, for the PPID to read and sign."""
    request = cases.read(service, number)
    if not isinstance(request, Request) or Job.COMPILE not in jobs_of(request, service.policy()):
        return
    text = drafts.draft_notice(request, service)
    name = f"konsep-jawaban-v{request.version}.txt"
    await by_system(service, request, "compile", [(name, "text/plain", text.encode())])
