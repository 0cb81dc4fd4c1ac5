"""The worker of type `ppid`: runs each pass in a thread of this process (DESIGN decision 4).

A process a run would cost 11 CPU-seconds, most of it importing Prefect; a thread costs about half of one.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any, Final
from uuid import UUID

import anyio
import anyio.abc
import anyio.to_thread
import httpx
from prefect import Flow
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import AsyncClientContext, SyncClientContext
from prefect.exceptions import Abort, Pause
from prefect.flow_engine import run_flow_async, run_flow_sync
from prefect.states import Scheduled
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult

from tasks.deployments import load_flow

log = logging.getLogger(__name__)

LIMIT: Final = 2
QUERY_SECONDS: Final = 1.0
SYNC_SECONDS: Final = 30.0
LONGEST_BACKOFF_SECONDS: Final = 30.0
#: No pass needs more; one that hangs would hold one of the few threads for ever.
PASS_SECONDS: Final = 600.0
GAVE_UP: Final = 2
AGAIN: Final = "Diulang setelah terputus"
CUT_OFF: Final = [StateType.PENDING, StateType.RUNNING]


class PpidWorkerResult(BaseWorkerResult):
    """How a pass ended: 0 when Prefect's engine reported its state, 1 when it could not, 2 when given up."""


class PpidWorker(BaseWorker[BaseJobConfiguration, BaseVariables, PpidWorkerResult]):
    """Runs flows of this project in threads, each with an event loop of its own.

    A thread each, because the engine blocks the loop it runs in while it connects.
    """

    type = "ppid"
    job_configuration = BaseJobConfiguration
    _description = "Runs the flows of the PPID service in its own process."

    def __init__(self, *args: Any, on_free: Callable[[], None] = lambda: None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._on_free = on_free
        self._threads = anyio.CapacityLimiter(self._limit or LIMIT)
        self._entrypoints: dict[UUID | None, str] = {}
        self._doubtful: set[UUID] = set()

    async def run(
        self,
        flow_run: FlowRun,
        configuration: BaseJobConfiguration | None = None,
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> PpidWorkerResult:
        """Run one pass to its end.

        Raises:
            ImportError, AttributeError, TypeError, LookupError: its flow cannot be loaded.
        """
        flow = _flow(await self._entrypoint(flow_run))
        if task_status is not None:
            task_status.started(os.getpid())
        code = await anyio.to_thread.run_sync(_pass, flow, flow_run, limiter=self._threads)
        return PpidWorkerResult(identifier=str(flow_run.id), status_code=code)

    async def _submit_run(self, flow_run: FlowRun) -> None:
        # The base class makes eight more calls to the API here, for what only a process needs.
        try:
            if not await self._propose_pending_state(flow_run):
                self._doubtful.add(flow_run.id)  # perhaps the server took it, and its answer was lost
                return
            try:
                await self._give_worker_labels_to_flow_run(flow_run.id)
            except httpx.HTTPError as error:  # for people to see; without it the run is taken as ours
                log.warning("worker.label_not_given run=%s kind=%s", flow_run.id, type(error).__name__)
            await self._run_here(flow_run)
        finally:
            self._submitting_flow_run_ids.discard(flow_run.id)
            self._release_limit_slot(flow_run.id)
            self._on_free()

    async def _run_here(self, flow_run: FlowRun) -> None:
        try:
            result = await self.run(flow_run)
        except Exception as error:  # one run that cannot start must not end the worker
            log.exception("worker.run_not_started run=%s", flow_run.id)
            await self._propose_crashed_state(flow_run, f"tidak dapat dimulai ({type(error).__name__})")
            self._doubtful.add(flow_run.id)
        else:
            if result.status_code == GAVE_UP:
                self._doubtful.add(flow_run.id)
            elif not result:
                await self._propose_crashed_state(flow_run, "terputus dari server Prefect")
                self._doubtful.add(flow_run.id)

    async def reclaim(self) -> int:
        """Schedule again the runs that a worker of this name left behind when it was cut off; how many."""
        return await self._schedule_again(None)

    async def settle_doubtful(self) -> int:
        """Schedule again what this worker let go while the server gave no answer; how many.

        Such a run may still stand there as Pending or Running, and nobody would ever wake it.
        """
        if not self._doubtful:
            return 0
        doubtful = self._doubtful - self._submitting_flow_run_ids
        again = await self._schedule_again(doubtful)
        self._doubtful -= doubtful
        return again

    async def _schedule_again(self, only: set[UUID] | None) -> int:
        left = await self.client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=CUT_OFF)),
                id=FlowRunFilterId(any_=list(only)) if only is not None else None,
            ),
            work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[self._work_pool_name])),
            sort=FlowRunSort.START_TIME_ASC,  # without sort and limit the server answers 422
            limit=200,
        )
        mine = [run for run in left if run.labels.get("prefect.worker.name", self.name) == self.name]
        for run in mine:
            await self.client.set_flow_run_state(run.id, Scheduled(name=AGAIN), force=True)
        return len(mine)

    async def _entrypoint(self, flow_run: FlowRun) -> str:
        known = self._entrypoints.get(flow_run.deployment_id)
        if known is None:
            if flow_run.deployment_id is None:
                raise LookupError("run without deployment")
            deployment = await self.client.read_deployment(flow_run.deployment_id)
            known = self._entrypoints[flow_run.deployment_id] = deployment.entrypoint or ""
        return known


async def serve(
    pool: str,
    *,
    name: str = "ppid",
    limit: int = LIMIT,
    query_seconds: float = QUERY_SECONDS,
    stop: asyncio.Event | None = None,
    nudge: asyncio.Event | None = None,
    on_ready: Callable[[], None] = lambda: None,
) -> None:
    """Take and run what is due in *pool* until *stop* is set, then wait for the passes under way.

    Args:
        query_seconds: how long a due run waits at most; setting *nudge* makes the worker look at once.
    """
    stop, nudge = stop or asyncio.Event(), nudge or asyncio.Event()
    # Nothing is taken before it is due: a run taken early would hold its thread until then.
    worker = PpidWorker(work_pool_name=pool, name=name, limit=limit, prefetch_seconds=0, on_free=nudge.set)
    async with worker:
        await worker.reclaim()
        on_ready()
        synced_at = asyncio.get_running_loop().time()
        pause = query_seconds
        while not stop.is_set():
            nudge.clear()
            now = asyncio.get_running_loop().time()
            try:
                await worker.settle_doubtful()
                await worker.get_and_submit_flow_runs()
                if now - synced_at > SYNC_SECONDS:
                    await worker.sync_with_backend()
                    synced_at = now
                pause = query_seconds
            except httpx.HTTPError as error:
                pause = min(2 * pause + 0.1, LONGEST_BACKOFF_SECONDS)
                log.warning("worker.api_unavailable kind=%s again_in=%.1f", type(error).__name__, pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(nudge.wait(), pause)


class WorkerThread:
    """The worker in a thread of this process, for the demo: its flows share the process and its clock."""

    def __init__(self, pool: str, *, limit: int = LIMIT, query_seconds: float = QUERY_SECONDS) -> None:
        self._pool, self._limit, self._query_seconds = pool, limit, query_seconds
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._main, name="ppid-worker", daemon=True)

    def start(self, timeout_seconds: float = 30.0) -> None:
        """Return once the worker takes runs.

        Raises:
            WorkerNotReady: it ended or was not ready in time.
        """
        self._thread.start()
        if not self._ready.wait(timeout_seconds) or self._failure is not None:
            raise WorkerNotReady(self._pool) from self._failure

    def nudge(self) -> None:
        """Make the worker look for due runs now. From any thread."""
        self._loop.call_soon_threadsafe(self._nudge.set)

    def stop(self, grace_seconds: float = 30.0) -> None:
        """Return once the passes under way have ended, or *grace_seconds* have passed. Safe to repeat.

        A pass that has left its run may still wait for Prefect itself: once, on a busy machine, for minutes.
        The thread ends with the process, and what a pass did stands; the next worker takes the rest up.
        """
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._halt)
            self._thread.join(grace_seconds)
            if self._thread.is_alive():
                log.warning("worker.pass_not_ended after=%.0f", grace_seconds)

    def _halt(self) -> None:
        self._stop.set()
        self._nudge.set()

    def _main(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception as error:  # handed to whoever started the thread
            self._failure = error
            log.exception("worker.ended")
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop, self._nudge = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        await serve(
            self._pool,
            limit=self._limit,
            query_seconds=self._query_seconds,
            stop=self._stop,
            nudge=self._nudge,
            on_ready=self._ready.set,
        )


class WorkerNotReady(Exception):
    """The worker thread did not start."""


_flow = cache(load_flow)


def _pass(flow: Flow[..., Any], flow_run: FlowRun) -> int:
    # Without deployment_id the engine starts no observer for "suspend" (a thread, a client and a
    # websocket a run); it reads the whole run again before the flow's own code sees it.
    bare = flow_run.model_copy(update={"deployment_id": None})
    try:
        state = asyncio.run(_async_pass(flow, bare)) if flow.isasync else _sync_pass(flow, bare)
    except TimeoutError:
        log.warning("worker.pass_given_up run=%s after=%.0f", flow_run.id, PASS_SECONDS)
        return GAVE_UP
    except (Pause, Abort):
        return 0  # left by `leave`, or cancelled by a person: the server has the state already
    except Exception:  # the engine itself failed: the base worker marks the run Crashed
        log.exception("worker.pass_lost run=%s", flow_run.id)
        return 1
    if isinstance(state, State) and state.is_failed():
        log.warning("worker.pass_failed run=%s %s", flow_run.id, state.message)
    return 0


async def _async_pass(flow: Flow[..., Any], run: FlowRun) -> object:
    async with asyncio.timeout(PASS_SECONDS), AsyncClientContext():
        return await run_flow_async(flow, flow_run=run, parameters=run.parameters, return_type="state")


def _sync_pass(flow: Flow[..., Any], run: FlowRun) -> object:
    with SyncClientContext():
        return run_flow_sync(flow, flow_run=run, parameters=run.parameters, return_type="state")


async def _serve_until_signalled(pool: str, limit: int, query_seconds: float) -> None:
    stop, nudge, loop = asyncio.Event(), asyncio.Event(), asyncio.get_running_loop()

    def halt() -> None:
        stop.set()
        nudge.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, halt)

    def ready() -> None:
        print(f"worker.ready pool={pool} limit={limit}", flush=True)  # into worker.log

    await serve(pool, limit=limit, query_seconds=query_seconds, stop=stop, nudge=nudge, on_ready=ready)


def main() -> None:
    """Serve one pool until SIGTERM or SIGINT; PREFECT_API_URL says where."""
    arguments = argparse.ArgumentParser(prog="python -m flows.worker", description=__doc__)
    arguments.add_argument("--pool", default="ppid")
    arguments.add_argument("--limit", type=int, default=LIMIT)
    arguments.add_argument("--query-seconds", type=float, default=QUERY_SECONDS)
    given = arguments.parse_args()
    asyncio.run(_serve_until_signalled(given.pool, given.limit, given.query_seconds))


if __name__ == "__main__":
    main()
