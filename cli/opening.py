"""Opening the service for one command; the embedded database is made by the first command that writes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import structlog
from sqlalchemy import Engine, inspect

from cli.verify import NoStoreYet
from config.settings import settings_from
from tasks.service import Service, open_service
from tasks.store.engine import reading
from tasks.store.migrate import migrate
from tasks.store.schema import metadata

_WARNING: Final = 30


@contextmanager
def opened(*, writes: bool = True) -> Iterator[Service]:
    """The service of the environment.

    A database on a server is brought to its schema by `ppid up` alone; the embedded one by any command.

    Args:
        writes: make the embedded database where there is none yet.

    Raises:
        SettingsUnusable, ConfigFaults: the environment or the policy cannot stand.
        NoStoreYet: there is no database, and the command only reads.
        StoreUnavailable: the database gives no answer.
    """
    quiet_logs()
    settings = settings_from(os.environ)
    place = settings.database_url.removeprefix("sqlite:///")
    embedded = place != settings.database_url
    if embedded and not writes and not os.path.exists(place):  # noqa: PTH110 the URL holds text
        raise NoStoreYet(place)
    service = open_service(settings)
    try:
        tables = _tables(service.engine)
        if not tables >= set(metadata.tables):
            if not embedded or not (writes or "journal" in tables):
                raise NoStoreYet(place if embedded else "basis data ini")
            migrate(service.engine)  # none yet, or from before a new version added some
        yield service
    finally:
        service.close()


def quiet_logs() -> None:
    """Log events to stderr, warnings and up: standard output belongs to the answer."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(_WARNING), logger_factory=_to_stderr
    )


def _to_stderr(*_names: Any) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)


def _tables(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return set(inspect(connection).get_table_names())
