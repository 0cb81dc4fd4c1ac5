"""What people look at, with a million requests in the register: the 95th percentile, and the plan.

python -m bench.queries [--db sqlite|postgresql] [--cases 1000000] [--times 40] [--plans]
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from time import perf_counter
from typing import Any, Final

from sqlalchemy import event, func, select

from bench.figures import Figure, percentile, tell
from bench.floor_bulk import Bulk
from bench.million import FILED_AT, fill
from bench.office import an_office
from bench.places import BOTH, SQLITE, a_place
from bench.sink import a_sink
from cli.board import open_requests
from cli.register import MOST_COUNTED
from cli.status import gather
from domain.number import CaseKind
from tasks import cases as reading_cases
from tasks.clock import VirtualClock
from tasks.registers.reading import Filter, count, entries
from tasks.service import Service
from tasks.store.engine import reading
from tasks.store.schema import cases
from tasks.view import timeline

P95_MS: Final = 50.0
#: What one screen shows.
ROWS: Final = 50
#: One of those in the patterns.
OPD: Final = "Setda"
FILTERS: Final = {
    "all": Filter(),
    "year": Filter(year=2026),
    "stage": Filter(stage="forwarded"),
    "stage_closed_of_year": Filter(year=2025, stage="closed"),
    "opd": Filter(opd=OPD),
    "opd_of_year": Filter(year=2026, opd=OPD),
    "opd_open": Filter(opd=OPD, stage="forwarded"),
    "channel": Filter(channel="online"),
    "channel_of_nobody": Filter(channel="phone", year=2026),
}

BIG: Final = ("cases", "clocks", "journal", "letters", "runs", "persons")

Query = Callable[[], object]


def queries(service: Service, numbers: list[str]) -> dict[str, Query]:
    """By name, the real code that answers."""
    engine = service.engine

    def listed(wanted: Filter) -> Query:
        return lambda: list(islice(entries(engine, CaseKind.REQUEST, wanted, page=ROWS), ROWS))

    def counted(wanted: Filter) -> Query:
        return lambda: count(engine, CaseKind.REQUEST, wanted, at_most=MOST_COUNTED)

    def one_case() -> object:
        number = random.choice(numbers)  # noqa: S311 no secret
        family = reading_cases.read_family(service, number)
        with reading(engine) as connection:
            return timeline(connection, family, service.policy())

    return {
        **{f"list_{name}": listed(wanted) for name, wanted in FILTERS.items()},
        **{f"count_{name}": counted(wanted) for name, wanted in FILTERS.items()},
        "dashboard_counts": lambda: gather(service),
        "open_soonest_first": lambda: open_requests(service),
        "one_case": one_case,
    }


@contextmanager
def watched(engine: Any) -> Iterator[list[tuple[str, Any]]]:
    """The statements sent meanwhile, with their values."""
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _ctx: Any, _many: bool) -> None:
        sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plan_of(service: Service, query: Query, db: str) -> list[str]:
    """The plan of each statement the query sends."""
    with watched(service.engine) as sent:
        query()
    explain = "EXPLAIN QUERY PLAN " if db == SQLITE else "EXPLAIN "
    plans = []
    with reading(service.engine) as connection:
        for statement, parameters in sent:
            if statement.lstrip().upper().startswith("SELECT"):
                rows = connection.exec_driver_sql(explain + statement, parameters).all()
                plans.append(" | ".join(str(row[-1]).strip() for row in rows))
    return plans


def scans(plans: list[str], db: str) -> list[str]:
    """Plans that read a whole table without an index."""
    if db == SQLITE:
        steps = [step for plan in plans for step in plan.split(" | ")]
        return [
            step
            for step in steps
            if step.startswith("SCAN") and "INDEX" not in step and step.split()[1] in BIG
        ]
    return [plan for plan in plans if any(f"Seq Scan on {table} " in plan for table in BIG)]


def figures(db: str, cases_wanted: int, times: int, *, plans: bool = False) -> list[Figure]:
    """Load, then ask each query *times*."""
    told = []
    clock = VirtualClock(FILED_AT[0])
    with a_sink() as sink, a_place(db) as place, an_office(place, sink, clock) as service:
        began = perf_counter()
        fill(service, clock, cases_wanted)
        seconds = perf_counter() - began
        with reading(service.engine) as connection:
            held = connection.execute(select(func.count()).select_from(cases)).scalar_one()
            some = select(cases.c.number).where(cases.c.id % max(1, held // 200) == 0)
            numbers = list(connection.execute(some).scalars())
        with a_place(db) as empty:
            least = held / Bulk(empty).load(held)
        told.append(
            Figure("bulk_load_register", held / seconds, "1/s", db, floor=least, facts={"cases": held})
        )
        for name, query in queries(service, numbers).items():
            taken = [_timed(query) for _ in range(times + 1)][1:]
            found = plan_of(service, query, db)
            least = percentile([plainly(service, query) for _ in range(times)], 0.95)
            facts: dict[str, object] = {
                "cases": held,
                "p50": percentile(taken, 0.5),
                "scans": scans(found, db),
            }
            if plans:
                facts["plans"] = found
            told.append(
                Figure(f"query_{name}", percentile(taken, 0.95), "ms", db, P95_MS, floor=least, facts=facts)
            )
    return told


def plainly(service: Service, query: Query) -> float:
    """The floor: the same statements and values by the driver alone, rows unread; milliseconds."""
    with watched(service.engine) as sent:
        query()
    with reading(service.engine) as connection:
        cursor = connection.connection.cursor()
        began = perf_counter()
        for statement, values in sent:
            if statement.lstrip().upper().startswith("SELECT"):
                cursor.execute(statement, values)
                cursor.fetchall()
        return (perf_counter() - began) * 1000


def _timed(query: Query) -> float:
    began = perf_counter()
    query()
    return (perf_counter() - began) * 1000


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", choices=BOTH)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--plans", action="store_true")
    asked = parser.parse_args()
    for db in [asked.db] if asked.db else BOTH:
        tell(*figures(db, asked.cases, asked.times, plans=asked.plans))


if __name__ == "__main__":
    main()
