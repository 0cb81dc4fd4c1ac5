"""A process of ours that ends is started again, with an alarm until it has proved itself."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import dataclass, field

import pytest

from tasks import alarms, leases
from tasks.child import Child
from tasks.failures import TryAgain
from tasks.keeping import Keeper, Kept
from tasks.store.engine import reading

LIVES = "import time; time.sleep(600)"
DIES = "raise SystemExit(3)"


@dataclass
class Seen:
    """What the keeper said, and the alarms as they came and went."""

    said: list[str] = field(default_factory=list)
    alarms: list[str | None] = field(default_factory=list)

    async def alarm(self, name, sentence):
        assert name == "alarm.worker"
        self.alarms.append(sentence)

    def pauses(self):
        return [line.split("dalam ")[1].split(" ")[0] for line in self.said if "dijalankan lagi" in line]


def keeper_of(child, seen, settle=None, **seconds):
    kept = Kept("Pekerja", "alarm.worker", child, *([settle] if settle else []))
    known = {"first_pause_seconds": 0.01, "longest_pause_seconds": 0.01, "proved_seconds": 0.01}
    return Keeper(kept, seen.alarm, seen.said.append, **{**known, **seconds})


@pytest.fixture
def child_of(tmp_path):
    started = []

    def start(code):
        child = Child(["-c", code], os.environ, tmp_path / "child.log")
        child.start()
        started.append(child)
        return child

    yield start
    for child in started:
        child.stop()


async def kept_until(keeper, met):
    stop = asyncio.Event()
    working = asyncio.create_task(keeper.run(stop))
    async with asyncio.timeout(60):
        while not met():  # noqa: ASYNC110 what we wait for is in another process
            await asyncio.sleep(0.02)
    stop.set()
    await working


async def test_a_killed_process_runs_again_and_the_alarm_passes(child_of):
    child, seen = child_of(LIVES), Seen()
    first = child.pid
    os.kill(first, signal.SIGKILL)

    await kept_until(keeper_of(child, seen), lambda: "Pekerja berjalan kembali." in seen.said)

    assert child.is_running()
    assert child.pid != first
    assert seen.said[0].startswith("Pekerja berhenti (kode -9); dijalankan lagi")
    assert [bool(sentence) for sentence in seen.alarms] == [False, True, False]


async def test_one_that_dies_at_each_start_is_tried_after_pauses_that_grow_to_a_bound(child_of):
    child, seen = child_of(DIES), Seen()
    keeper = keeper_of(child, seen, first_pause_seconds=0.5, longest_pause_seconds=1.6, proved_seconds=60)

    await kept_until(keeper, lambda: len(seen.pauses()) == 4)

    assert seen.pauses() == ["0", "1", "2", "2"]
    assert seen.alarms[-1] is not None


async def test_a_process_that_is_up_but_not_ready_is_settled_again_without_a_second_start(child_of):
    child, seen, turns = child_of(LIVES), Seen(), []
    os.kill(child.pid, signal.SIGKILL)

    async def settle():
        turns.append(child.pid)
        if len(turns) == 1:
            raise TryAgain

    await kept_until(keeper_of(child, seen, settle), lambda: "Pekerja berjalan kembali." in seen.said)

    assert len(turns) == 2
    assert turns[0] == turns[1]
    assert any("belum siap" in line for line in seen.said)


async def test_a_database_that_is_away_keeps_nobody_from_being_started(child_of):
    child, seen = child_of(LIVES), Seen()
    os.kill(child.pid, signal.SIGKILL)

    async def away(name, sentence):
        raise TryAgain

    keeper = Keeper(
        Kept("Pekerja", "alarm.worker", child),
        away,
        seen.said.append,
        first_pause_seconds=0,
        proved_seconds=0,
    )
    await kept_until(keeper, lambda: "Pekerja berjalan kembali." in seen.said)

    assert child.is_running()


def test_an_alarm_stands_until_it_is_taken_back(office):
    for sentence in ("Pekerja berhenti", None, None):
        alarms.put(office.acts, "alarm.worker", sentence, office.clock.now())
        with reading(office.engine) as connection:
            marked = leases.marked(connection, "alarm.worker")
        assert (marked[0] if marked else None) == sentence
