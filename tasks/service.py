"""The service of one process: database, keys, policy and acts, opened together from the settings.

Flows find it through `current()`: a worker's process opens it from its environment, the demo hands over
its own with a virtual clock.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy import Engine

from config.faults import ConfigFaults
from config.loader import load_policy
from config.settings import Settings, settings_from
from domain.rulebook import Rulebook
from tasks import nudge
from tasks.acts import Acts
from tasks.clock import Clock, clock_from_env
from tasks.documents import DocumentStore
from tasks.keys import Keyring, secret_from_file
from tasks.store.engine import open_engine

log = structlog.get_logger()


class PolicyHolder:
    """The rulebook in force; a changed folder is taken up whole, or not at all.

    Raises:
        ConfigFaults: the folder cannot be used at the start.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder, self._clock = folder, clock
        self._book = load_policy(folder, on=clock.today()).rulebook
        self._stamp = _stamp(folder)

    def __call__(self) -> Rulebook:
        """The rulebook in force."""
        return self._book

    def reload(self) -> bool:
        """Take up the folder if it changed; False when it did not, or is faulty and the old rules stay."""
        stamp = _stamp(self.folder)
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            self._book = load_policy(self.folder, on=self._clock.today()).rulebook
        except ConfigFaults as faults:
            log.error("policy.refused", faults=len(faults.faults))
            return False
        log.info("policy.taken_up")
        return True


@dataclass(slots=True)
class Service:
    """What acts need, opened once per process."""

    settings: Settings
    clock: Clock
    engine: Engine
    keyring: Keyring
    policy: PolicyHolder
    acts: Acts
    documents: DocumentStore
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    def close(self) -> None:
        """Finish what was submitted and let the database go."""
        self.acts.close()
        self.engine.dispose()


def open_service(settings: Settings, clock: Clock | None = None) -> Service:
    """Open the service; makes the secret of the embedded default on first use. Does not migrate.

    Raises:
        ConfigFaults: the policy cannot stand.
        SecretUnusable: the secret is too short.
        DatabaseUrlUnusable: the URL cannot be read.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    telling = clock or clock_from_env(os.environ)
    policy = PolicyHolder(settings.config, telling)
    secret = settings.secret_key or secret_from_file(settings.home / "secret.key")
    keyring = Keyring(secret)
    engine = open_engine(settings.database_url)
    after: list[Callable[[], None]] = [partial(nudge.send, settings.home)]

    def committed() -> None:
        for call in after:
            call()

    acts = Acts(engine, keyring, policy, telling, seal_log=settings.home / "seals.log", after=committed)
    documents = DocumentStore(settings.home / "documents", keyring)
    return Service(settings, telling, engine, keyring, policy, acts, documents, after)


_lock = threading.Lock()
_current: Service | None = None


def use(service: Service | None) -> None:
    """Make *service* the one flows of this process act through."""
    global _current
    with _lock:
        _current = service


def current() -> Service:
    """The process's service, opened from the environment if nobody handed one over.

    Raises:
        ConfigFaults, SettingsUnusable, SecretUnusable: it cannot be opened.
    """
    global _current
    with _lock:
        if _current is None:
            _current = open_service(settings_from(os.environ))
        return _current


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    files = sorted((*folder.glob("*.yaml"), *folder.glob("calendar/*.yaml")))
    return tuple((str(f), f.stat().st_mtime_ns, f.stat().st_size) for f in files)
