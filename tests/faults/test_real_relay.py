"""OpenSMTPD as the city's relay, killed and started again under load; run as root where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import smtplib
import socket
import subprocess
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tasks.mail_message import message_id
from tests.faults.counting_relay import counting_relay
from tests.faults.report import result
from tests.faults.test_relay_faults import SENDER, dispatcher_to
from tests.faults.up_process import until
from tests.tasks.store_check import faults_in

SMTPD = shutil.which("smtpd") or "/usr/sbin/smtpd"
#: Compiled into it: what one run leaves there, the next one hands on.
QUEUE = Path("/var/spool/smtpd/queue")
CONF = """\
listen on 127.0.0.1 port {port} hostname relay.example
action "on" relay host "smtp://127.0.0.1:{onward}"
match from any for any action "on"
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class OpenSmtpd:
    """The real server in a session of its own; what it takes it hands on to *onward*."""

    def __init__(self, folder: Path, onward: int) -> None:
        self.port, self._conf, self._log = free_port(), folder / "smtpd.conf", folder / "smtpd.log"
        self._conf.write_text(CONF.format(port=self.port, onward=onward))
        self.start()

    def start(self) -> None:
        with self._log.open("ab") as log:
            command = [SMTPD, "-d", "-f", str(self._conf)]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        until(self._answers, 20)

    def kill(self) -> None:
        """SIGKILL of all its processes: it started them in its own session."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _answers(self) -> bool:
        assert self.process.poll() is None, self._log.read_text()
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=2) as smtp:
                return smtp.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False


def waits() -> bool:
    """Whether letters lie in the relay's queue."""
    return any(path.is_file() for path in QUEUE.rglob("*"))


@contextmanager
def open_smtpd(folder: Path, onward: int):
    if not Path(SMTPD).exists():
        pytest.skip("OpenSMTPD is not installed (Debian: apt-get install opensmtpd)")
    if os.geteuid() != 0:
        pytest.skip("OpenSMTPD starts as root only")
    assert not waits(), f"letters of another OpenSMTPD wait in {QUEUE} and would be counted: remove them"
    server = OpenSmtpd(folder, onward)
    try:
        yield server
    finally:
        server.kill()


@pytest.mark.long
async def test_a_real_relay_takes_every_letter_and_may_be_killed_meanwhile(sqlite_office, tmp_path):
    office = sqlite_office
    for _ in range(10):
        office.noticed()
    with counting_relay() as onward, open_smtpd(tmp_path, onward.port) as smtpd:
        dispatcher = dispatcher_to(office, smtpd.port, seconds=10.0)
        assert await dispatcher.drain()
        smtpd.kill()
        for _ in range(10):
            office.noticed()
        while await dispatcher.drain():
            office.clock.advance(timedelta(minutes=5))
        smtpd.start()
        office.clock.advance(timedelta(hours=1))
        while await dispatcher.drain():
            pass
        await dispatcher.close()

        owed = {message_id(row.key, SENDER) for row in office.letters()}
        end = time.monotonic() + 60
        while set(onward.taken) < owed and time.monotonic() < end:
            time.sleep(0.1)  # noqa: ASYNC251 the real relay hands on in its own time
        until(lambda: not waits(), 60)
    assert {row.state for row in office.letters()} == {"sent"}
    assert set(onward.taken) == owed
    assert faults_in(office.engine, office.seal_log) == []
    twice = sum(onward.taken.values()) - len(owed)
    result(fault="OpenSMTPD killed", letters=len(owed), lost=0, sent_twice=twice)
