"""Two workers of two hosts at one Prefect server and one PostgreSQL: what both may take is done once."""

from __future__ import annotations

from tasks.deployments import apply_deployments
from tasks.projector import Projector
from tasks.runs import RunBoard, StateType
from tests.faults.stages import DAY, STAGES, done_by_the_system, open_stages, works_by_itself
from tests.faults.up_process import ROOT, worker_of
from tests.faults.up_process import until as until_seen
from tests.flows.waiting import until
from tests.tasks.city import SECRET
from tests.tasks.one_office import an_office
from tests.tasks.store_check import faults_in


async def test_what_two_workers_may_both_take_is_done_once(tmp_path, prefect, postgresql_url):
    policy = works_by_itself(tmp_path / "policy")
    shared = {"PPID_DATABASE_URL": postgresql_url, "PPID_SECRET_KEY": SECRET}
    hosts = [tmp_path / "first", tmp_path / "second"]
    await apply_deployments(ROOT / "deployment.yaml", prefect.api_url, schedules=False)
    with an_office(tmp_path / "home", policy, DAY, **shared) as office:
        for host in hosts:
            host.mkdir()
        workers = [worker_of(host, policy, DAY, prefect, **shared) for host in hosts]
        for worker in workers:
            worker.start()
        until_seen(lambda: all("worker.ready" in (host / "worker.log").read_text() for host in hosts))
        numbers = [make(office) for make in STAGES.values() for _ in range(3)]
        async with RunBoard(prefect.api_url) as board:
            projector = Projector(office.acts, board, real_time=False)
            await projector.catch_up()
            runs = [await board.find(number.replace("/", "-")) for number in numbers]

            async def caught_up() -> bool:
                await projector.catch_up()
                if not projector.settled() or any(open_stages(office, number) for number in numbers):
                    return False
                return {(await board.state_of(run)).kind for run in runs} == {StateType.SCHEDULED}

            await until(caught_up, bool)
        for worker in workers:
            worker.stop()
        assert set(done_by_the_system(office).values()) == {1}
        assert faults_in(office.engine, tmp_path / "home" / "seals.log") == []
