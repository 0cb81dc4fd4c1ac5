"""Prefect is away, or has lost its memory: acts, letters and reminders go on, and the runs catch up."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import date

import pytest

from cli.composing import dispatcher_of
from cli.main import main
from domain.office import Role
from tasks import leases, sweep
from tasks.core import Core
from tasks.deployments import apply_deployments
from tasks.mailbox import Mailbox
from tasks.projector import Projector
from tasks.runs import NotDeployed, PrefectUnavailable, RunBoard, RunState, StateType
from tasks.store.engine import reading
from tasks.store.schema import letters
from tests.faults.up_process import ROOT, worker_of
from tests.faults.up_process import until as until_seen
from tests.flows.waiting import until
from tests.tasks.one_office import an_office, at, do, forwarded, register
from tests.tasks.store_check import faults_in

DAY = date(2026, 3, 2)
RESTS = "Menunggu jawaban OPD"


@pytest.fixture
def office(tmp_path):
    with an_office(tmp_path / "home") as service:
        yield service


@pytest.fixture
def dispatcher(office):
    mailbox = Mailbox(office.settings.home / "mail")
    mailbox.start()
    yield dispatcher_of(office, mailbox)
    mailbox.stop()


async def deploy(prefect) -> None:
    await apply_deployments(ROOT / "deployment.yaml", prefect.api_url, schedules=False)


async def come_to_rest(projector, board, numbers) -> list[str]:
    """The stages the board shows once every run shows its case."""

    async def look() -> list[RunState]:
        await projector.catch_up()
        if not projector.settled():
            return []
        found = [await board.find(number.replace("/", "-")) for number in numbers]
        return [await board.state_of(run) for run in found]

    def at_rest(shown: list[RunState]) -> bool:
        return bool(shown) and {run.kind for run in shown} == {StateType.SCHEDULED}

    return [run.stage for run in await until(look, at_rest)]


def stages_of(page):
    return {"selesai" if run.name.startswith("selesai") else "tanggal": run.tags for run in page}


async def sent_all(dispatcher) -> None:
    while await dispatcher.drain():
        pass


async def test_reminders_go_on_without_prefect_and_the_runs_catch_up(office, dispatcher, prefect):
    await deploy(prefect)
    worker = worker_of(office.settings.home, office.settings.config, DAY, prefect)
    worker.start()
    async with RunBoard(prefect.api_url) as board:
        projector = Projector(office.acts, board, real_time=False)
        core = Core(office, dispatcher, projector)
        numbers = [forwarded(office), register(office)]
        core.look_after()
        assert await come_to_rest(projector, board, numbers) == [RESTS, "Diterima"]

        os.kill(prefect.pid, signal.SIGKILL)
        until_seen(lambda: not prefect.is_running())
        do(office, numbers[1], "record_complete", Role.DESK)
        do(office, numbers[1], "forward", Role.COORDINATOR, opds=("BKAD",))
        numbers.append(register(office))  # its work waits for the worker, who waits for Prefect
        office.clock.set(at(date(2026, 3, 6)))
        core.look_after()
        office.clock.set(at(date(2026, 3, 6), 10))
        core.look_after()
        await sent_all(dispatcher)
        with pytest.raises(PrefectUnavailable):
            await projector.catch_up()
        with reading(office.engine) as connection:
            assert leases.marked(connection, "alarm.sweep") is not None
        assert sweep.pending(office.acts, office.clock.now()) == 0

        prefect.start()
        prefect.wait_ready()
        assert await come_to_rest(projector, board, numbers) == [RESTS, RESTS, "Diterima"]
        assert worker.is_running()
        worker.stop()
    await dispatcher.close()
    with reading(office.engine) as connection:
        assert {row.state for row in connection.execute(letters.select())} == {"kept"}
    assert faults_in(office.engine, office.settings.home / "seals.log") == []


async def test_with_prefects_database_gone_the_run_list_is_built_again(
    office, prefect, tmp_path, monkeypatch, capsys
):
    await deploy(prefect)
    async with RunBoard(prefect.api_url) as board:
        projector = Projector(office.acts, board, real_time=False)
        numbers = [forwarded(office), forwarded(office, "BKAD")]
        await projector.catch_up()

        prefect.stop()
        for path in (tmp_path / "prefect").glob("prefect.db*"):
            path.unlink()
        prefect.start()
        prefect.wait_ready()
        await deploy(prefect)
        do(office, numbers[0], "withdraw", Role.APPLICANT, note="sudah tahu")
        with pytest.raises(NotDeployed):  # the core still knows the old ids; it rests, then asks anew
            for _ in range(3):
                await projector.catch_up()
        await projector.catch_up()
        assert stages_of(await board.list_page()) == {"selesai": ("Dikbud",)}

        monkeypatch.setenv("PPID_HOME", str(office.settings.home))
        monkeypatch.setenv("PREFECT_API_URL", prefect.api_url)
        assert await asyncio.to_thread(main, ["runs", "rebuild"]) == 0
        assert "2 permohonan disusun ulang" in capsys.readouterr().out
        assert stages_of(await board.list_page()) == {"selesai": ("Dikbud",), "tanggal": ("BKAD",)}
        do(office, numbers[1], "withdraw", Role.APPLICANT, note="sudah tahu")
        await projector.catch_up()
        assert projector.settled()
        assert len(await board.list_page()) == 2
    assert faults_in(office.engine, office.settings.home / "seals.log") == []
