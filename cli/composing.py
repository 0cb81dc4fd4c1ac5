"""Putting the service together for `up` and `demo`: database, mailbox or relay, dispatcher."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.settings import Settings
from domain.errors import DomainError
from tasks.dispatcher import Dispatcher
from tasks.letter_mail import Outlet
from tasks.letters import Texts, folder_of
from tasks.mail import RelaySettings, Tls
from tasks.mailbox import Mailbox
from tasks.paper.check import PaperTemplates
from tasks.paper.maker import Maker
from tasks.service import Service

LOOPBACK = "127.0.0.1"


class AlreadyRunning(DomainError):
    """Another `ppid up` works in the same folder."""

    def __init__(self, home: Path, process: str) -> None:
        super().__init__(home, process)
        self.home, self.process = home, process

    def __str__(self) -> str:
        return f"ppid up sudah berjalan di folder {self.home} (proses {self.process})."


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the folder against a second start; the lock goes with the process, however it ends.

    Raises:
        AlreadyRunning: another process holds it.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise AlreadyRunning(home, lock.read().strip() or "?") from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def outlet_of(settings: Settings, mailbox: Mailbox | None) -> Outlet:
    """Where letters go: the relay of the settings, or the embedded mailbox."""
    smtp = settings.smtp
    if smtp is not None:
        relay = RelaySettings(
            host=smtp.host,
            port=smtp.port,
            from_addr=smtp.sender,
            tls=smtp.tls,
            user=smtp.user,
            password=smtp.password,
            ca_file=smtp.ca_file,
        )
        return Outlet(relay, kept=False, public_url=settings.public_url, connections=smtp.connections)
    if mailbox is None:
        raise AssertionError("without a relay there is a mailbox")
    relay = RelaySettings(LOOPBACK, mailbox.port, "", tls=Tls.NONE)
    return Outlet(relay, kept=True, public_url=settings.public_url)


def dispatcher_of(service: Service, mailbox: Mailbox | None) -> Dispatcher:
    """The dispatcher with the city's texts and letter templates.

    Raises:
        ConfigFaults: a letter template cannot stand.
    """
    texts = Texts(folder_of(service.policy.folder))
    outlet = outlet_of(service.settings, mailbox)
    return Dispatcher(service.acts, texts, service.documents, outlet, maker_of(service))


def maker_of(service: Service) -> Maker:
    """Makes letters on paper with the city's templates.

    Raises:
        ConfigFaults: a template or `letters.yaml` cannot stand.
    """
    templates = PaperTemplates(service.policy.folder, service.policy())
    return Maker(templates, service.acts, service.settings.public_url)
