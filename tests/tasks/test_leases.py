"""Leases: one at a time, and the next at once when the holder is gone."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from tasks import leases
from tasks.store.engine import reading, writing

from .city import march

NOW = march(2)


def a_dead_process() -> str:
    """A name as a process of this host signs that has ended."""
    code = "from tasks.leases import holder_name; print(holder_name())"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_lease_is_held_by_one_until_given_back(engine):
    first, second = leases.holder_name(), leases.holder_name()

    assert leases.take(engine, "sweep", first, NOW, 60)
    assert not leases.take(engine, "sweep", second, NOW, 60)
    assert leases.take(engine, "sweep", first, NOW, 60)
    leases.give_back(engine, "sweep", second)
    assert not leases.take(engine, "sweep", second, NOW, 60)
    leases.give_back(engine, "sweep", first)
    assert leases.take(engine, "sweep", second, NOW, 60)


def test_a_lease_that_ran_out_is_taken_over(engine):
    assert leases.take(engine, "sweep", leases.holder_name(), NOW, 60)
    assert leases.take(engine, "sweep", leases.holder_name(), NOW + timedelta(seconds=61), 60)


def test_a_dead_process_loses_its_lease_at_once(engine):
    assert leases.take(engine, "dispatcher", a_dead_process(), NOW, 3600)
    assert leases.take(engine, "dispatcher", leases.holder_name(), NOW, 60)


def test_of_many_who_reach_for_a_free_lease_one_gets_it(engine):
    def reach(_):
        return leases.take(engine, "sweep", leases.holder_name(), NOW, 60)

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(reach, range(8))) == 1


def test_a_mark_keeps_the_last_value(engine):
    for value in ("1", "2"):
        with writing(engine) as connection:
            leases.mark(connection, "alarm.mail", value, NOW)

    with reading(engine) as connection:
        assert leases.marked(connection, "alarm.mail") == ("2", NOW)
        assert leases.marked(connection, "none") is None
