"""Growth: what a closed case leaves behind, in the database and in `var/`, and what it comes to.

python -m bench.growth [--db sqlite|postgresql] [--cases 2000]
"""

from __future__ import annotations

import argparse
import asyncio
from typing import Final

import uvloop
from sqlalchemy import text

from bench import floor
from bench.case import LETTERS
from bench.figures import Figure, tell
from bench.office import all_left, an_office, running_core, whole_case
from bench.places import BOTH, SQLITE, a_place
from bench.sink import a_sink
from tasks.service import Service
from tasks.store.engine import reading
from tasks.store.schema import metadata

TOLD_AT: Final = 100_000


def figures(db: str, count: int) -> list[Figure]:
    """Bytes per whole case of CASE, by table, and what 100,000 of them come to."""
    with a_sink() as sink, a_place(db) as place, an_office(place, sink) as service:
        before = place.bytes()
        uvloop.run(_cases(service, count))
        by_table = _by_table(db, service, count)
        per_case = (place.bytes() - before) / count
        beside = sum(
            p.stat().st_size for p in place.home.rglob("*") if p.is_file() and "sqlite" not in p.name
        )
    with a_sink() as sink, a_place(db) as place:
        empty = place.bytes() if db != SQLITE else 0
        asyncio.run(floor.cases(place, sink, count, 32, LETTERS))
        least = (place.bytes(floor.FILE) - empty) / count
    facts: dict[str, object] = {
        "cases": count,
        "by_table": by_table,
        "other_files_per_case": beside / count,
        f"database_mb_at_{TOLD_AT}": per_case * TOLD_AT / 1e6,
    }
    return [Figure("bytes_per_closed_case", per_case, "B", db, floor=least, facts=facts)]


async def _cases(service: Service, count: int) -> None:
    turns = iter(range(count))

    async def one_after_another() -> None:
        for turn in turns:
            await whole_case(service, turn)

    async with running_core(service):
        await asyncio.gather(*(one_after_another() for _ in range(32)))
        await all_left(service)


def _by_table(db: str, service: Service, count: int) -> dict[str, float]:
    """Bytes per case of each table with its indexes; SQLite tells them only where it is built to."""
    if db == SQLITE:
        return {}
    with reading(service.engine) as connection:
        sizes = {
            name: connection.execute(text(f"SELECT pg_total_relation_size('{name}')")).scalar_one() / count
            for name in metadata.tables
        }
    return {name: size for name, size in sorted(sizes.items(), key=lambda pair: -pair[1]) if size > 50}


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", choices=BOTH)
    parser.add_argument("--cases", type=int, default=2000)
    asked = parser.parse_args()
    for db in [asked.db] if asked.db else BOTH:
        tell(*figures(db, asked.cases))


if __name__ == "__main__":
    main()
