"""The real `ppid up` killed at random instants while people in another process act on its cases."""

from __future__ import annotations

import random
import threading
import time

import pytest

from domain.errors import DomainError
from domain.office import Role
from tasks.failures import TryAgain
from tasks.mail_message import message_id
from tasks.store.engine import reading
from tasks.store.schema import cases, letters
from tasks.verify import verify
from tests.faults.report import result
from tests.faults.test_up import did, filed, letters_left, sent_ids, service_beside
from tests.faults.up_process import Up, until, up
from tests.tasks.store_check import faults_in

CONNECTIONS = 4
STEPS = (
    ("record_complete", Role.DESK, {}),
    ("forward", Role.COORDINATOR, {"opds": ("Dikbud", "BKAD")}),
    ("withdraw", Role.APPLICANT, {"note": "sudah tahu"}),
)


class Office:
    """People who file and act beside the service, whether it lives or not."""

    def __init__(self, service) -> None:
        self.service, self.acknowledged = service, []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> Office:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._over.wait(0.2):
            try:
                number = filed(self.service)
                self.acknowledged.append(number)
                for action, role, fields in STEPS:
                    did(self.service, number, action, role, **fields)
            except (DomainError, TryAgain):
                continue


@pytest.mark.long
def test_killed_while_people_act_the_service_comes_back_and_every_letter_leaves(tmp_path, port, kills=6):
    instants = random.Random(kills)  # noqa: S311 the same instants each time, nothing secret
    with up(tmp_path, port):
        service = service_beside(tmp_path)
        filed(service)
    with Office(service) as office:
        for kill in range(kills):
            started = Up(tmp_path, port)
            if kill % 2:
                started.ready()
            time.sleep(instants.uniform(0.5, 6.0))  # while it starts, and while it works
            started.kill()
    with up(tmp_path, port) as last:
        until(lambda: letters_left(service))
        assert last.stop() == 0
    with reading(service.engine) as connection:
        known = {row.number for row in connection.execute(cases.select())}
        owed = connection.execute(letters.select()).all()
        assert verify(connection, tmp_path / "seals.log").broken is None
    kept = sent_ids(tmp_path)
    sender = service.policy().office.ppid_mailbox
    assert set(office.acknowledged) <= known
    assert {row.state for row in owed} == {"kept"}
    assert set(kept) == {message_id(row.key, sender) for row in owed}
    twice = sum(kept.values()) - len(owed)
    assert twice <= (kills + 1) * CONNECTIONS
    assert faults_in(service.engine, tmp_path / "seals.log") == []
    service.close()
    result(
        fault="ppid up killed", kills=kills + 1, cases=len(known), letters=len(owed), lost=0, sent_twice=twice
    )
