"""Holding beside us: what Prefect's server and our worker cost with 100,000 runs Scheduled and nothing to do.

The first runs are made by the run board through the API, which is timed; the rest are their copies, put into
the server's SQLite file while it is down.

python -m bench.prefect_holding [--runs 100000] [--seconds 60]
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter, sleep
from typing import Final

from bench.figures import Figure, tell
from bench.machine import cpu_seconds_of, resident_mb_of
from bench.office import an_office, environ_of
from bench.places import SQLITE, a_place
from bench.prefect_place import a_prefect, a_worker
from bench.sink import a_sink
from tasks.runs import RunBoard, RunView

MADE: Final = 200
_SETTLED_SECONDS: Final = 20.0
_FRESH_UUID: Final = (
    "lower(hex(randomblob(4))||'-'||hex(randomblob(2))||'-4'||substr(hex(randomblob(2)),2)||'-a'||"
    "substr(hex(randomblob(2)),2)||'-'||hex(randomblob(6)))"
)


@dataclass(frozen=True, slots=True)
class _Held:
    """CPU seconds a minute and MB, of the server and of the worker."""

    cpu: tuple[float, float]
    memory: tuple[float, float]


def figures(runs: int, seconds: float) -> list[Figure]:
    """Runs created per second, then what server and worker cost; their floor is both without runs."""
    with a_sink() as sink, a_place(SQLITE) as place, an_office(place, sink):
        home, environ = place.home / "prefect", environ_of(place, sink)
        least = _held(home, environ, seconds / 2)
        with a_prefect(home) as prefect:
            rate = MADE / asyncio.run(_made(prefect.server.api_url))
        copies(home / "prefect.db", runs)
        held = _held(home, environ, seconds)
    facts: dict[str, object] = {"runs": runs, "seconds": seconds}
    told = [Figure("prefect_runs_created", rate, "1/s", facts={"runs": MADE, "by": "create_flow_run/bulk"})]
    for which, name in enumerate(("server", "worker")):
        cpu, memory = (held.cpu[which], least.cpu[which]), (held.memory[which], least.memory[which])
        told.append(Figure(f"holding_prefect_{name}_cpu", cpu[0], "s/min", floor=cpu[1], facts=facts))
        told.append(Figure(f"holding_prefect_{name}_memory", memory[0], "MB", floor=memory[1], facts=facts))
    return told


def _held(home: Path, environ: Mapping[str, str], seconds: float) -> _Held:
    """What server and worker cost while nothing is to be done."""
    with (
        a_prefect(home) as prefect,
        a_worker(prefect.server, environ, home / "worker.log") as worker,
    ):
        sleep(_SETTLED_SECONDS)
        before = prefect.cpu_seconds(), cpu_seconds_of(worker)
        sleep(seconds)
        after = prefect.cpu_seconds(), cpu_seconds_of(worker)
        server_cpu, worker_cpu = ((b - a) * 60 / seconds for a, b in zip(before, after, strict=True))
        return _Held((server_cpu, worker_cpu), (prefect.memory_mb(), resident_mb_of(worker)))


async def _made(api_url: str) -> float:
    views = [
        RunView(f"{place:06}-UKUR-2026", date(2026, 12, 8), "Menunggu jawaban OPD", ("Dikbud",))
        for place in range(MADE)
    ]
    async with RunBoard(api_url) as board:
        began = perf_counter()
        await board.create_many(views)
        return perf_counter() - began


def copies(database: Path, wanted: int) -> None:
    """Copy runs and their states until there are *wanted*; the server must be down."""
    with closing(sqlite3.connect(database)) as connection:
        run_columns = _columns(connection, "flow_run")
        state_columns = _columns(connection, "flow_run_state")
        (have,) = connection.execute("SELECT count(*) FROM flow_run").fetchone()
        copied = 0
        while have < wanted:
            count = min(have, wanted - have)
            copied += 1
            connection.execute("DROP TABLE IF EXISTS temp.fresh")
            connection.execute(
                f"CREATE TEMP TABLE fresh AS SELECT id AS old, state_id AS old_state, {_FRESH_UUID} AS id,"  # noqa: S608
                f" {_FRESH_UUID} AS state_id FROM flow_run LIMIT {count}"
            )
            mark = f"r.idempotency_key || '-{copied}'"
            _copy(connection, "flow_run", run_columns, {"id": "f.id", "state_id": "f.state_id",
                  "idempotency_key": mark}, "f.old")  # fmt: skip
            _copy(connection, "flow_run_state", state_columns, {"id": "f.state_id", "flow_run_id": "f.id"},
                  "f.old_state")  # fmt: skip
            have += count
        connection.commit()


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def _copy(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], fresh: dict[str, str], old: str
) -> None:
    values = ", ".join(fresh.get(column, f"r.{column}") for column in columns)
    names = ", ".join(columns)
    connection.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} r JOIN temp.fresh f ON r.id = {old}"  # noqa: S608
    )


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    asked = parser.parse_args()
    tell(*figures(asked.runs, asked.seconds))


if __name__ == "__main__":
    main()
