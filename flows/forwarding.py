"""Forwarding: where the city lets the system, what was proposed is forwarded at once."""

from __future__ import annotations

from domain.request import Request
from domain.work import Job, jobs_of
from flows.passes import by_system, step
from tasks import cases
from tasks.service import Service


async def forwarding(service: Service, number: str) -> None:
    """The system's part of forwarding; run twice, it does nothing twice."""
    async with step(Job.FORWARD):
        await forward_as_proposed(service, number)


async def forward_as_proposed(service: Service, number: str) -> None:
    """Forward each item to the OPD proposed for it (`auto_forward` in people.yaml)."""
    request = cases.read(service, number)
    if not isinstance(request, Request) or Job.FORWARD not in jobs_of(request, service.policy()):
        return
    opds = tuple(p.opd for p in request.proposed)
    if opds:
        await by_system(service, request, "forward", opds=opds)
