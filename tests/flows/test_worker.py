"""The worker of type ppid: passes, failures, and what is left behind, on a real server."""

from __future__ import annotations

import os
import threading
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Running

from flows.worker import WorkerThread
from tasks.runs import RunBoard, RunState, RunView, StateType
from tests.flows.sample_flows import PASSES
from tests.flows.waiting import until

StartRun = Callable[..., Awaitable[UUID]]


def rests_after(passes: int, run: RunState) -> bool:
    return run.runs == passes and run.kind is StateType.SCHEDULED


def is_of_kind(kind: StateType, run: RunState) -> bool:
    return run.kind is kind


async def test_a_run_is_woken_and_left_three_times_and_keeps_its_parameter(
    board: RunBoard, worker: WorkerThread, number: str
) -> None:
    view = RunView(number, date(2026, 12, 24), "Diterima", ("Dinkes",))
    run_id = await board.create(view)

    for nth in (1, 2, 3):
        assert await board.wake(run_id, view)
        worker.nudge()
        run = await until(partial(board.state_of, run_id), partial(rests_after, nth))

        assert (run.name, run.stage) == (f"2026-12-0{nth} · {number}", f"Langkah {nth}")
        assert (run.tags, run.number) == (("Dishub",), number)


async def test_a_failed_pass_names_its_step_and_hides_the_text_of_the_fault(
    board: RunBoard, worker: WorkerThread, start_run: StartRun, number: str
) -> None:
    run_id = await start_run("failing/failing", number=number)
    worker.nudge()

    run = await until(partial(board.state_of, run_id), partial(is_of_kind, StateType.FAILED))

    assert "langkah 'usulkan OPD' gagal (OSError)" in run.message
    assert "rahasia" not in run.message


async def test_the_worker_goes_on_after_a_failed_pass(
    board: RunBoard, worker: WorkerThread, start_run: StartRun, number: str
) -> None:
    failing = await start_run("failing/failing", number=number)
    run_id = await board.create(RunView(number, None, "Diterima"), wake=True)
    worker.nudge()

    failed = await until(partial(board.state_of, failing), partial(is_of_kind, StateType.FAILED))
    passed = await until(partial(board.state_of, run_id), partial(rests_after, 1))

    assert (failed.kind, passed.kind) == (StateType.FAILED, StateType.SCHEDULED)


async def test_a_pass_runs_in_this_process_in_a_thread_of_its_own(
    board: RunBoard, worker: WorkerThread, number: str
) -> None:
    run_id = await board.create(RunView(number, None, "Diterima"), wake=True)
    worker.nudge()
    await until(partial(board.state_of, run_id), partial(rests_after, 1))

    [(process, thread)] = [(process, thread) for passed, process, thread in PASSES if passed == number]
    assert process == os.getpid()
    assert thread != threading.get_ident()


async def test_a_run_cut_off_in_its_pass_is_taken_up_by_the_next_worker(
    board: RunBoard, client: PrefectClient, number: str
) -> None:
    run_id = await board.create(RunView(number, None, "Diterima"))
    await client.set_flow_run_state(run_id, Running(), force=True)

    follower = WorkerThread("ppid", query_seconds=0.3)
    follower.start()
    try:
        taken_up = await until(partial(board.state_of, run_id), partial(rests_after, 1))
    finally:
        follower.stop()

    assert taken_up.runs == 1


async def test_a_scheduled_run_appears_and_fires(worker: WorkerThread, client: PrefectClient) -> None:
    """Guards the pins: with SQLAlchemy 2.1 the scheduler creates no run, and only its log says so."""

    async def scheduled() -> list[FlowRun]:
        runs = await client.read_flow_runs(sort=FlowRunSort.EXPECTED_START_TIME_ASC, limit=200)
        return [run for run in runs if run.auto_scheduled]

    fired = await until(scheduled, lambda runs: any(run.state and run.state.is_completed() for run in runs))

    assert fired
