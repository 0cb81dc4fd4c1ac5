"""A Prefect server and a worker of their own, as `ppid up` starts them, for one measurement."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import httpx

from bench.machine import children_of, cpu_seconds_of, resident_mb_of
from tasks.child import Child
from tasks.prefect_server import HOST, PrefectServer
from tasks.runs import FAR_AHEAD

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class PrefectPlace:
    """A server that holds `deployment.yaml`."""

    server: PrefectServer
    pid: int

    def cpu_seconds(self) -> float:
        """CPU of the server so far."""
        return cpu_seconds_of(self.pid)

    def memory_mb(self) -> float:
        """Resident memory of the server."""
        return resident_mb_of(self.pid)


async def plain_lags(server: PrefectServer, number: str, times: int) -> list[float]:
    """The floor of showing: set a run's state and read it back, by the API and nothing else; seconds each."""
    lags = []
    async with httpx.AsyncClient(base_url=server.api_url + "/") as plain:
        wanted = {"flow_runs": {"name": {"like_": number}}, "limit": 1}
        found = await plain.post("flow_runs/filter", json=wanted)
        run = found.raise_for_status().json()[0]["id"]
        for turn in range(times):
            name = f"Ukur {turn}"
            state = {
                "type": "SCHEDULED",
                "name": name,
                "state_details": {"scheduled_time": FAR_AHEAD.isoformat()},
            }
            began = perf_counter()
            set_to = await plain.post(f"flow_runs/{run}/set_state", json={"state": state, "force": True})
            set_to.raise_for_status()
            shown = (await plain.get(f"flow_runs/{run}")).json()["state_name"]
            lags.append(perf_counter() - began)
            if shown != name:
                raise AssertionError(f"the run shows {shown}")
    return lags


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def a_prefect(home: Path, database_url: str | None = None) -> Iterator[PrefectPlace]:
    """A server on a free port, `deployment.yaml` applied."""
    server = PrefectServer(home, free_port(), database_url)
    known = set(children_of(os.getpid()))
    server.start()
    try:
        server.wait_ready()
        (pid,) = set(children_of(os.getpid())) - known
        deploy(server)
        yield PrefectPlace(server, pid)
    finally:
        server.stop()


def deploy(server: PrefectServer) -> None:
    """Apply `deployment.yaml`, schedules and all, by a process that imports Prefect."""
    command = [sys.executable, "-m", "tasks.deployments", str(ROOT / "deployment.yaml"), server.api_url]
    subprocess.run(command, env={**os.environ, **server.env()}, cwd=ROOT, check=True)  # noqa: S603 ours


@contextmanager
def a_worker(server: PrefectServer, environ: Mapping[str, str], log: Path, *more: str) -> Iterator[int]:
    """A worker for the pool of `deployment.yaml`; its process id."""
    worker = Child(["-m", "flows.worker", *more], {**os.environ, **server.env(), **environ}, log, cwd=ROOT)
    worker.start()
    try:
        assert worker.pid is not None  # noqa: S101 it was just started
        yield worker.pid
    finally:
        worker.stop()
