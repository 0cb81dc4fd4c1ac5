"""Past one machine: three hosts as processes with folders of their own, on one PostgreSQL, Prefect's too.

Each host acts, offers itself as dispatcher (one leads) and runs a worker. Measured with one, two and three:
acts per second against PostgreSQL, then passes per second against the Prefect server. At the end the record
is verified and every letter counted.

It needs a PostgreSQL with `pg_trgm`, which Prefect asks for and the wheel for tests lacks: give the address
of one where databases may be made.

python -m bench.hosts --url postgresql://postgres@127.0.0.1:5432/postgres [--cases 300] [--passes 60]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from time import perf_counter
from typing import Final

import psycopg
import uvloop
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from bench.figures import Figure, tell
from bench.machine import cpu_seconds_of
from bench.office import DESK, a_filing, all_left, an_office, environ_of, running_core, whole_case
from bench.places import POSTGRESQL, Place, a_place_on
from bench.prefect_place import PrefectPlace, a_prefect, a_worker
from bench.sink import Sink, a_sink
from cli.logs import log_to
from config.settings import settings_from
from tasks import verify
from tasks.projector import Projector
from tasks.runs import RunBoard
from tasks.service import Service, open_service
from tasks.store.engine import reading
from tasks.store.schema import letters

HOSTS: Final = (1, 2, 3)
_AT_ONCE: Final = 32
_PATIENCE: Final = 300.0


def figures(url: str, count: int, passes: int) -> list[Figure]:
    """Acts per second and passes per second by the number of hosts."""
    told = []
    with a_sink() as sink, a_place_on(url) as place, an_office(place, sink) as service:
        for hosts in HOSTS:
            told.append(_acts(place, sink, hosts, count))
        with _prefect_database(place) as its_url, a_prefect(place.home / "prefect", its_url) as prefect:
            for hosts in HOSTS:
                told.append(_passes(place, sink, service, prefect, hosts, passes))
        told.append(_whole(service, sink))
    return told


def _acts(place: Place, sink: Sink, hosts: int, count: int) -> Figure:
    running = [_host(place, sink, number, hosts, count) for number in range(hosts)]
    for host in running:
        assert host.stdout is not None  # noqa: S101 it is a pipe
        host.stdout.readline()
    began = perf_counter()
    for host in running:
        assert host.stdin is not None  # noqa: S101 it is a pipe
        host.stdin.write(b"go\n")
        host.stdin.flush()
    reports = [json.loads(host.stdout.readline()) for host in running if host.stdout]
    seconds = perf_counter() - began
    for host in running:
        host.communicate()
    acts = sum(report["acts"] for report in reports)
    facts: dict[str, object] = {
        "hosts": hosts,
        "acts": acts,
        "cpu_ms_per_act": sum(report["cpu"] for report in reports) / acts * 1000,
    }
    return Figure(f"acts_per_second_{hosts}_hosts", acts / seconds, "1/s", POSTGRESQL, facts=facts)


def _host(place: Place, sink: Sink, number: int, hosts: int, count: int) -> subprocess.Popen[bytes]:
    home = place.home.parent / f"host-{hosts}-{number}"
    home.mkdir()
    environ = {**os.environ, **environ_of(place, sink), "PPID_HOME": str(home)}
    first = 100_000 * (hosts * 3 + number)
    command = [sys.executable, "-m", "bench.hosts", "--host", str(first), "--cases", str(count // hosts)]
    return subprocess.Popen(  # noqa: S603 our own interpreter, no outside input
        command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


async def be_host(first: int, count: int) -> None:
    """Act on *count* cases when told to, with a core beside that sends if it leads."""
    settings = settings_from(os.environ)
    log_to(settings.home / "core.log")
    service = open_service(settings)
    turns = iter(range(first, first + count))

    async def one_after_another() -> None:
        for turn in turns:
            await whole_case(service, turn)

    async with running_core(service):
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        before = cpu_seconds_of(os.getpid())
        await asyncio.gather(*(one_after_another() for _ in range(_AT_ONCE)))
        await all_left(service)
        report = {"acts": 7 * count, "cpu": cpu_seconds_of(os.getpid()) - before}
        print(json.dumps(report), flush=True)
    service.close()


@contextmanager
def _prefect_database(place: Place) -> Iterator[str]:
    with psycopg.connect(place.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE prefect_bench")
        url = make_url(place.url).set(database="prefect_bench", drivername="postgresql+asyncpg")
        try:
            yield url.render_as_string(hide_password=False)
        finally:
            connection.execute("DROP DATABASE prefect_bench WITH (FORCE)")


def _passes(
    place: Place, sink: Sink, service: Service, prefect: PrefectPlace, hosts: int, count: int
) -> Figure:
    with ExitStack() as stack:
        workers = [stack.enter_context(_worker(place, sink, prefect, hosts, n)) for n in range(hosts)]
        seconds = uvloop.run(_burst(service, prefect, hosts, count))
        used = sum(cpu_seconds_of(worker) for worker in workers)
    facts: dict[str, object] = {
        "hosts": hosts,
        "passes": count,
        "workers_cpu_s": used,
        "prefect_cpu_s": prefect.cpu_seconds(),
    }
    return Figure(f"passes_per_second_{hosts}_hosts", count / seconds, "1/s", POSTGRESQL, facts=facts)


@contextmanager
def _worker(place: Place, sink: Sink, prefect: PrefectPlace, hosts: int, number: int) -> Iterator[int]:
    home = place.home.parent / f"worker-{hosts}-{number}"
    home.mkdir()
    environ = environ_of(place, sink) | {"PPID_HOME": str(home)}
    with a_worker(prefect.server, environ, home / "worker.log") as worker:
        yield worker


async def _burst(service: Service, prefect: PrefectPlace, hosts: int, count: int) -> float:
    """Seconds until the runs of *count* filings have made their pass."""
    async with RunBoard(prefect.server.api_url) as board:
        projector = Projector(service.acts, board)
        async with running_core(service, projector):
            await _filed(service, 2, 900_000 + hosts * 1000)  # every worker has imported what it needs
            await _until(projector)
            began = perf_counter()
            await _filed(service, count, 910_000 + hosts * 1000)
            await _until(projector)
            return perf_counter() - began


async def _filed(service: Service, count: int, first: int) -> None:
    filings = [service.acts.register(a_filing(service, first + turn), DESK) for turn in range(count)]
    await asyncio.gather(*(asyncio.wrap_future(filing) for filing in filings))


async def _until(projector: Projector) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not projector.settled():  # noqa: ASYNC110 what it waits for happens in other processes
            await asyncio.sleep(0.1)


def _whole(service: Service, sink: Sink) -> Figure:
    with reading(service.engine) as connection:
        found = verify.verify(connection)
        owed = connection.execute(select(func.count()).select_from(letters)).scalar_one()
    keys = Counter(key for _, key in sink.seen())
    facts: dict[str, object] = {
        "cases": found.cases,
        "entries": found.entries,
        "verified": found.broken is None,
        "letters": owed,
        "arrived": len(keys),
    }
    twice = sum(times > 1 for times in keys.values())
    return Figure("letters_twice_on_3_hosts", float(twice), "letters", POSTGRESQL, 0.0, facts=facts)


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--passes", type=int, default=60)
    parser.add_argument("--url", default="")
    parser.add_argument("--host", type=int)
    asked = parser.parse_args()
    if asked.host is not None:
        uvloop.run(be_host(asked.host, asked.cases))
        return
    tell(*figures(asked.url, asked.cases, asked.passes))


if __name__ == "__main__":
    main()
