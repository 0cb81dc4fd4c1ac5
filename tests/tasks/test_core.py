"""The core's own watch: it sweeps when Prefect does not, and raises an alarm only when that is true."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from config.settings import settings_from
from domain.act import WIB
from domain.office import Role
from tasks import leases, sweep
from tasks.clock import VirtualClock
from tasks.core import Core
from tasks.service import open_service
from tasks.store.engine import reading
from tasks.store.migrate import migrate

from .one_office import do, register

OPENING = datetime(2026, 3, 2, 9, 0, tzinfo=WIB)


@pytest.fixture
def service(tmp_path):
    opened = open_service(settings_from({"PPID_HOME": str(tmp_path)}), VirtualClock(OPENING))
    migrate(opened.engine)
    yield opened
    opened.close()


def alarm(service, name="alarm.sweep"):
    with reading(service.engine) as connection:
        return leases.marked(connection, name)


def test_a_service_that_was_down_catches_up_without_an_alarm(service):
    Core(service, None, None).look_after()

    assert sweep.last_finished(service.acts) == OPENING
    assert alarm(service) is None


def test_prefect_silent_for_half_an_hour_raises_the_alarm_and_the_core_sweeps(service):
    core = Core(service, None, None)
    core.look_after()
    service.clock.advance(timedelta(minutes=31))
    core.look_after()

    assert sweep.last_finished(service.acts) == OPENING + timedelta(minutes=31)
    assert alarm(service) is not None


def test_the_alarm_goes_away_once_sweeps_finish_again(service):
    core = Core(service, None, None)
    service.clock.advance(timedelta(minutes=31))
    core.look_after()
    raised = alarm(service)
    core.look_after()

    assert raised is not None
    assert alarm(service) is None


def test_a_reminder_due_the_day_its_clock_starts_is_no_missed_one(service):
    core = Core(service, None, None)
    core.look_after()
    service.clock.advance(timedelta(minutes=2))
    number = register(service)
    do(service, number, "record_complete", Role.DESK)  # to be forwarded the same day: rung 0 is today's

    service.clock.advance(timedelta(minutes=2))
    core.look_after()
    assert sweep.pending(service.acts, service.clock.now()) == 1
    assert alarm(service, "alarm.ledger") is None


def test_a_reminder_that_a_finished_sweep_left_out_raises_the_alarm(service):
    core = Core(service, None, None)
    do(service, register(service), "record_complete", Role.DESK)
    service.clock.advance(timedelta(minutes=2))
    with service.engine.begin() as connection:
        leases.mark(connection, sweep.FINISHED, "", service.clock.now())

    service.clock.advance(timedelta(minutes=2))
    core.look_after()
    assert alarm(service, "alarm.ledger") is not None
