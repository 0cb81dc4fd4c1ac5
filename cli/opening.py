"""Opening the service for one command; the embedded database is made on first use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from config.settings import settings_from
from tasks.service import Service, open_service
from tasks.store.migrate import migrate


@contextmanager
def opened() -> Iterator[Service]:
    """The service of the environment, with its schema up to date.

    Raises:
        SettingsUnusable, ConfigFaults: the environment or the policy cannot stand.
        StoreUnavailable: the database gives no answer.
    """
    service = open_service(settings_from(os.environ))
    try:
        migrate(service.engine)
        yield service
    finally:
        service.close()
