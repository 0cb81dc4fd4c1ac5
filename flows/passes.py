"""One pass of a run: how it names its steps and how it leaves (DESIGN decision 3)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, NoReturn

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State, StateDetails, StateType
from prefect.context import FlowRunContext
from prefect.exceptions import Pause

from domain.act import Act
from domain.errors import StaleFacts
from domain.office import SYSTEM
from domain.work import Case
from tasks.acts import Attached
from tasks.runs import FAR_AHEAD, RunView
from tasks.service import Service

log: Final = logging.getLogger(__name__)


class StepFailed(Exception):
    """A step of a pass failed; says which and of what kind, never the fault's own text (personal data)."""

    def __init__(self, step: str, kind: str) -> None:
        super().__init__(step, kind)
        self.step, self.kind = step, kind

    def __str__(self) -> str:
        return f"langkah '{self.step}' gagal ({self.kind})"


class NoPass(Exception):
    """`leave` was called outside a flow run."""


async def by_system(
    service: Service, case: Case, action: str, files: Sequence[Attached] = (), **fields: Any
) -> None:
    """The system's act on *case* as this pass read it, with the files it made, in one transaction.

    Raises:
        StaleFacts: the case changed since, perhaps by another pass of the same run.
    """
    at = service.clock.now()
    act = Act(action=action, by=SYSTEM, at=at, expect_version=case.version, **fields)
    await asyncio.wrap_future(service.acts.perform_with(case.number, act, files, service.documents))


@asynccontextmanager
async def step(name: str) -> AsyncIterator[None]:
    """Run the body as the step *name*; decided on stale facts, it does nothing and the pass looks again.

    Raises:
        StepFailed: the body raised; the first step to fail keeps its name through outer ones.
    """
    try:
        yield
    except StepFailed:
        raise
    except StaleFacts:
        log.info("pass.step_overtaken step=%s", name)
    except Exception as error:  # whatever it was, the run must say at which step
        raise StepFailed(name, type(error).__name__) from error


async def leave(view: RunView) -> NoReturn:
    """End the pass: the run goes back to the board as *view*, scheduled far ahead or at its backstop.

    Call it last and outside `step`. A closed case ends its run as completed.

    Raises:
        Pause: always; Prefect's engine takes it as the end of this pass.
        NoPass: there is no flow run around the call.
    """
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise NoPass
    run, client = context.flow_run, get_client()
    if run.name != view.name or set(run.tags) != set(view.tags):
        await client.update_flow_run(run.id, name=view.name, tags=view.tags)
    state = resting_state(view)
    # Forced: the server would refuse to take a running run back to a time that lies ahead.
    await client.set_flow_run_state(run.id, state, force=True)
    raise Pause(state=state)


def resting_state(view: RunView) -> State[None]:
    """Prefect's state of an idle run, named by the stage."""
    if view.closed:
        return State(type=StateType.COMPLETED, name=view.stage)
    details = StateDetails.model_validate({"scheduled_time": view.backstop_at or FAR_AHEAD})
    return State(type=StateType.SCHEDULED, name=view.stage, state_details=details)
