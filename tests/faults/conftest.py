"""The offices and databases of the tasks' tests, and a port for a Prefect server of one's own."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tasks.prefect_server import PrefectServer
from tests.tasks.conftest import (  # noqa: F401 fixtures
    database_url,
    engine,
    migrated_sqlite,
    office,
    postgresql,
    postgresql_office,
    postgresql_url,
    sqlite_office,
    sqlite_url,
)


@pytest.fixture
def prefect(tmp_path, port) -> Iterator[PrefectServer]:
    """A Prefect server of one's own, to be killed and started at will; the test applies its deployments."""
    server = PrefectServer(tmp_path / "prefect", port)
    server.start()
    try:
        server.wait_ready()
        yield server
    finally:
        server.stop()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
