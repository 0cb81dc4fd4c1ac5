"""SIGKILL at random instants under CASE load: nothing acknowledged is lost, few letters go twice."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tasks.mail_message import message_id
from tasks.store.engine import open_engine, reading
from tasks.store.schema import cases, letters
from tasks.verify import verify
from tests.faults.case_process import CONNECTIONS
from tests.faults.counting_relay import counting_relay
from tests.faults.report import result
from tests.tasks.store_check import faults_in

PROCESS = Path(__file__).with_name("case_process.py")
SENDER = "ppid@tangsel.example"
CHECK_EVERY = 20


def started(url: str, home: Path, port: int, at_a_time: int) -> subprocess.Popen:
    command = [sys.executable, str(PROCESS), url, str(home), str(port), str(at_a_time)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    return process


def killed(process: subprocess.Popen, seconds: float) -> list[str]:
    """What it acknowledged before it was killed, after that long."""
    end = threading.Timer(seconds, process.kill)
    end.start()
    assert process.stdout is not None
    said = process.stdout.read()
    end.join()
    assert process.wait() == -9
    process.stdout.close()
    return said.splitlines()[:-1] if said and not said.endswith("\n") else said.splitlines()


@pytest.mark.parametrize("kills", [3, pytest.param(200, marks=pytest.mark.long)])
def test_nothing_is_lost_and_at_most_one_letter_a_connection_goes_twice(database_url, tmp_path, kills):
    instants = random.Random(kills)  # noqa: S311 the same instants each time, nothing secret
    engine, log, acknowledged = open_engine(database_url), tmp_path / "seals.log", []
    most_twice = 0
    with counting_relay() as relay:
        for kill in range(1, kills + 1):
            before = relay.taken.copy()
            process = started(database_url, tmp_path, relay.port, 16)
            acknowledged += killed(process, instants.uniform(0.0, 1.0))
            again = relay.taken - before
            twice = sum(before[key] > 0 for key in again)
            most_twice = max(most_twice, twice)
            assert all(count == 1 for count in again.values())
            if kill % CHECK_EVERY == 0:
                assert faults_in(engine, log) == []
        last = started(database_url, tmp_path, relay.port, 0)
        assert last.wait(300) == 0

    with reading(engine) as connection:
        known = {row.number for row in connection.execute(cases.select())}
        owed = connection.execute(letters.select()).all()
        assert verify(connection, log).broken is None
    assert faults_in(engine, log) == []
    assert set(acknowledged) <= known
    assert {row.state for row in owed} == {"sent"}
    assert set(relay.taken) == {message_id(row.key, SENDER) for row in owed}
    assert most_twice <= CONNECTIONS
    twice = sum(count - 1 for count in relay.taken.values())
    result(
        fault="SIGKILL",
        database=engine.dialect.name,
        kills=kills,
        cases=len(known),
        acknowledged=len(acknowledged),
        letters=len(owed),
        lost=0,
        sent_twice=twice,
        most_twice_after_one_kill=most_twice,
    )
    engine.dispose()
