"""The worker is killed in the middle of each stage's work: the next worker does it, once."""

from __future__ import annotations

import os
import signal

import pytest

from tasks.deployments import apply_deployments
from tasks.projector import Projector
from tasks.runs import RunBoard, StateType
from tasks.store.engine import writing
from tests.faults.stages import DAY, STAGES, done_by_the_system, open_stages, works_by_itself
from tests.faults.up_process import ROOT, worker_of
from tests.flows.waiting import until
from tests.tasks.one_office import an_office
from tests.tasks.store_check import faults_in


async def killed_at_work(office, board, worker, runs) -> str:
    """Kill the worker once it stands before the write of one of those cases; which case it was.

    The store's write lock is ours meanwhile: the pass runs up to its act, and no further.
    """

    async def at_work() -> str:
        for number, run in runs.items():
            if (await board.state_of(run)).kind is StateType.RUNNING:
                return number
        return ""

    with writing(office.engine):
        worker.start()
        number = await until(at_work, bool)
        os.kill(worker.pid, signal.SIGKILL)
        worker.stop()
    return number


@pytest.mark.parametrize("stages", [("response",), pytest.param(tuple(STAGES), marks=pytest.mark.long)])
async def test_work_cut_off_in_the_middle_is_done_once_by_the_next_worker(tmp_path, prefect, stages):
    home, policy = tmp_path / "home", works_by_itself(tmp_path / "policy")
    await apply_deployments(ROOT / "deployment.yaml", prefect.api_url, schedules=False)
    with an_office(home, policy, DAY) as office:
        numbers = {stage: make(office) for stage, make in STAGES.items() if stage in stages}
        async with RunBoard(prefect.api_url) as board:
            projector = Projector(office.acts, board, real_time=False)
            await projector.catch_up()
            runs = {n: await board.find(n.replace("/", "-")) for n in numbers.values()}
            worker = worker_of(home, policy, DAY, prefect)
            cut_off = []
            for _ in stages:
                left = {n: run for n, run in runs.items() if n not in cut_off}
                cut_off.append(await killed_at_work(office, board, worker, left))
                for stage, number in numbers.items():
                    assert stage in open_stages(office, number)  # nothing half done
            assert sorted(cut_off) == sorted(numbers.values())

            worker.start()

            async def caught_up() -> bool:
                await projector.catch_up()
                if not projector.settled() or any(open_stages(office, n) for n in numbers.values()):
                    return False
                kinds = {(await board.state_of(run)).kind for run in runs.values()}
                return kinds == {StateType.SCHEDULED}  # a pass records what it saw, then leaves

            await until(caught_up, bool)
            worker.stop()
        assert set(done_by_the_system(office).values()) == {1}
        assert faults_in(office.engine, home / "seals.log") == []
