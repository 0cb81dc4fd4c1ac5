"""Receipt: who may hold what was asked, proposed to the coordinator with reasons."""

from __future__ import annotations

from domain.act import ProposedOpd
from domain.request import Request
from domain.routing import candidates
from domain.work import Job, jobs_of
from flows.passes import by_system, step
from tasks import cases
from tasks.service import Service


async def receipt(service: Service, number: str) -> None:
    """The system's part of receipt; run twice, it does nothing twice."""
    async with step(Job.PROPOSE_OPDS):
        await propose_opds(service, number)


async def propose_opds(service: Service, number: str) -> None:
    """Propose who holds each item; where no word is known the coordinator decides alone."""
    request = cases.read(service, number)
    if not isinstance(request, Request) or Job.PROPOSE_OPDS not in jobs_of(request, service.policy()):
        return
    today = service.clock.today()
    active = [opd for opd in service.policy().office.opds if opd.is_active(today)]
    items = {item.no: item.text for item in request.items}
    found = candidates(items, active, subject=request.subject)
    proposed = tuple(ProposedOpd(c.opd, tuple(c.items), c.reason) for c in found)
    await by_system(service, request, "propose_opds", proposed=proposed)
