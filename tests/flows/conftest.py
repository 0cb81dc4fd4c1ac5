"""One real Prefect server on loopback for all tests that need Prefect; it takes some ten seconds to start."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from prefect.client.orchestration import PrefectClient, get_client
from prefect.context import refresh_global_settings_context

from flows.worker import WorkerThread
from tasks.deployments import apply_deployments
from tasks.prefect_server import PrefectServer
from tasks.runs import RunBoard

SAMPLES = Path(__file__).with_name("sample_deployments.yaml")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    server = PrefectServer(tmp_path_factory.mktemp("prefect"), free_port())
    server.start()
    os.environ.update(server.env())
    refresh_global_settings_context()
    try:
        server.wait_ready()
        asyncio.run(apply_deployments(SAMPLES, server.api_url))
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def worker(prefect_server: PrefectServer) -> Iterator[WorkerThread]:
    thread = WorkerThread("ppid", query_seconds=0.3)
    thread.start()
    yield thread
    thread.stop()


@pytest.fixture
async def board(prefect_server: PrefectServer) -> AsyncIterator[RunBoard]:
    async with RunBoard(prefect_server.api_url) as opened:
        yield opened


@pytest.fixture
async def client(prefect_server: PrefectServer) -> AsyncIterator[PrefectClient]:
    async with get_client() as opened:
        yield opened


@pytest.fixture
def start_run(client: PrefectClient) -> Callable[..., Awaitable[UUID]]:
    """Start a run of a deployment as a person does with the button on the page."""

    async def start(deployment: str, **parameters: str) -> UUID:
        found = await client.read_deployment_by_name(deployment)
        run = await client.create_flow_run_from_deployment(found.id, parameters=parameters)
        return run.id

    return start


_numbers = count(1)


@pytest.fixture
def number() -> str:
    """A registration number no other test uses."""
    return f"{next(_numbers):03}-UJI-2026"
