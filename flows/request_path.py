"""The flow of one request: does the system's work of the stage it finds, then waits as a dated run.

It never judges a clock and never sleeps. Between passes the run is Scheduled, named by its next date,
its state by the stage (DESIGN 3). The only parameter is the registration number.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from prefect import flow
from prefect.context import FlowRunContext

from domain.number import from_files
from domain.work import STAGE_OF, family_jobs
from flows.escalation import escalation
from flows.forwarding import forwarding
from flows.legal_review import legal_review
from flows.objection import objection
from flows.passes import leave, step
from flows.receipt import receipt
from flows.response import response
from tasks import cases, passes, sweep
from tasks.service import Service, current

Stage = Callable[[Service, str], Awaitable[None]]

STAGES: Final[dict[str, Stage]] = {
    "receipt": receipt,
    "forwarding": forwarding,
    "legal_review": legal_review,
    "response": response,
    "objection": objection,
    "escalation": escalation,
}
#: A stage's work may open the next stage's; more rounds than this means a loop, and the run says so.
_MOST_ROUNDS: Final = 12


@flow(name="request-path", log_prints=False, validate_parameters=True)
async def request_path(number: str) -> None:
    """One pass over the request of that number, and over its objections and disputes.

    Args:
        number: the registration number, with `-` for `/`; nothing personal ever.
    """
    service = current()
    root = from_files(number)
    async with step("periksa tenggat berkas ini"):
        if passes.backstop_is_due(service, root):
            sweep.run(service.acts, service.clock.now(), number=root)
    await do_the_systems_work(service, root)
    async with step("catat riwayat"):
        view = await passes.close(service, root, _run_id())
    await leave(view)


async def do_the_systems_work(service: Service, root: str) -> None:
    """Every open job of the family, each decided again on fresh facts.

    Raises:
        StepFailed: names the step.
    """
    for _ in range(_MOST_ROUNDS):
        jobs = family_jobs(cases.read_family(service, root).cases, service.policy())
        if not jobs:
            return
        number, job = jobs[0]
        await STAGES[STAGE_OF[job]](service, number)
    async with step("mengulang tanpa akhir"):
        raise RuntimeError(root)


def _run_id() -> str:
    context = FlowRunContext.get()
    return str(context.flow_run.id) if context and context.flow_run else ""
