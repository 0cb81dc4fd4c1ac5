"""The real `ppid up` loses its worker, its Prefect server and its life, and nobody's letter."""

from __future__ import annotations

import asyncio
import email
from collections import Counter

from config.settings import settings_from
from domain.act import Act
from domain.office import Actor, Role
from tasks import leases
from tasks.clock import RealClock
from tasks.runs import PrefectUnavailable, RunBoard
from tasks.service import open_service
from tasks.store.engine import reading
from tasks.store.schema import letters
from tests.faults.up_process import PREFECT, WORKER, module_of, until, up
from tests.tasks.one_office import a_filing
from tests.tasks.store_check import faults_in


def service_beside(home):
    """A second process of the office, as `ppid request` is: same folder, same database."""
    return open_service(settings_from({"PPID_HOME": str(home)}), RealClock())


def filed(service) -> str:
    filing = a_filing(received_on=service.clock.today())
    return service.acts.register(filing, Actor(Role.DESK)).result().number


def did(service, number, action, role, **fields):
    act = Act(action=action, by=Actor(role), at=service.clock.now(), **fields)
    return service.acts.perform(number, act).result()


def letters_left(service) -> bool:
    """Whether every letter owed so far has left."""
    with reading(service.engine) as connection:
        return connection.execute(letters.select().where(letters.c.state == "ready")).first() is None


def alarms(service) -> dict[str, bool]:
    with reading(service.engine) as connection:
        names = ("alarm.worker", "alarm.prefect")
        return {name: leases.marked(connection, name) is not None for name in names}


def sent_ids(home) -> Counter:
    found = (home / "mail" / "new").glob("*")
    return Counter(email.message_from_bytes(path.read_bytes())["Message-ID"] for path in found)


def stage_shown(api_url, number) -> str:
    async def look() -> str:
        async with RunBoard(api_url) as board:
            try:
                run = await board.find(number.replace("/", "-"))
                return (await board.state_of(run)).stage if run else ""
            except PrefectUnavailable:
                return ""

    return asyncio.run(look())


def test_worker_server_and_service_killed_in_turn_nothing_is_lost(tmp_path, port):
    with up(tmp_path, port) as first:
        service = service_beside(tmp_path)
        number = filed(service)
        until(lambda: stage_shown(first.api_url, number) == "Diterima")

        worker = first.kill_child(WORKER)
        until(lambda: first.children().get(WORKER, worker) != worker)
        assert "Pekerja berhenti (kode -9)" in first.said()
        assert alarms(service)["alarm.worker"]

        server = first.kill_child(PREFECT)
        did(service, number, "record_complete", Role.DESK)
        did(service, number, "forward", Role.COORDINATOR, opds=("Dikbud", "BKAD"))
        until(lambda: letters_left(service))  # nothing that leaves waits for Prefect
        until(lambda: first.children().get(PREFECT, server) != server)
        assert "Server Prefect berhenti (kode -9)" in first.said()
        assert alarms(service)["alarm.prefect"]
        until(lambda: stage_shown(first.api_url, number) == "Menunggu jawaban OPD")

        children = first.children()
        first.kill()
        until(lambda: not any(module_of(pid) for pid in children.values()), 10)

    with up(tmp_path, port) as second:
        until(lambda: letters_left(service))
        assert stage_shown(second.api_url, number) == "Menunggu jawaban OPD"
        children = second.children()
        assert second.stop() == 0
        assert not any(module_of(pid) for pid in children.values())

    assert set(sent_ids(tmp_path).values()) == {1}
    assert faults_in(service.engine, tmp_path / "seals.log") == []
    service.close()
