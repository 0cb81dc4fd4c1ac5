"""All measurements, one after the other: `python -m bench [--quick]`; or `make bench`, `make bench-quick`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from time import perf_counter

from bench import case, dates, growth, holding, latency, morning, prefect_holding, queries, viewlag
from bench.figures import Figure, tell
from bench.machine import described
from bench.places import BOTH, SQLITE

Measuring = Callable[[], Sequence[Figure]]


def full() -> Iterator[Measuring]:
    """As the bars are set: about 50 minutes on two quiet cores."""
    yield dates.single_dates
    for db in BOTH:
        yield partial(case.best_of, 3, db, 2000, 64)
        yield partial(case.best_of, 1, db, 2000, 64, as_configured=True)
        yield partial(latency.figures, db, 300)
        yield partial(morning.figures, db, 100_000, (1_000, 10_000))
        yield partial(holding.figures, db, (1_000, 100_000), 60.0)
        yield partial(dates.redating, db, 100_000)
        yield partial(growth.figures, db, 5_000)
    yield partial(viewlag.figures, SQLITE, 300.0, 500)
    yield partial(prefect_holding.figures, 100_000, 60.0)
    for db in BOTH:
        yield partial(queries.figures, db, 1_000_000, 40)


def quick() -> Iterator[Measuring]:
    """The same code on small loads, in four to eight minutes: enough to see that something became slow."""
    yield dates.single_dates
    for db in BOTH:
        yield partial(case.best_of, 1, db, 200, 64)
        yield partial(latency.figures, db, 50)
        yield partial(morning.figures, db, 3_000, (1_000,))
        yield partial(holding.figures, db, (1_000,), 10.0)
        yield partial(dates.redating, db, 4_000)
        yield partial(growth.figures, db, 200)
    yield partial(viewlag.figures, SQLITE, 30.0, 20)
    yield partial(prefect_holding.figures, 2_000, 10.0)
    for db in BOTH:
        yield partial(queries.figures, db, 10_000, 10)


def main() -> None:
    """Measure everything; at the end, what did not reach its bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    print("MACHINE " + json.dumps(described()), flush=True)
    began, missed, told = perf_counter(), [], 0
    for measuring in quick() if parser.parse_args().quick else full():
        for figure in measuring():
            tell(figure)
            told += 1
            if figure.met is False:
                missed.append(
                    f"{figure.name} {figure.db}: {figure.value:.4g} {figure.unit}, bar {figure.bar:g}"
                )
    print(f"{told} figures in {(perf_counter() - began) / 60:.1f} minutes; {len(missed)} short of their bar")
    print("\n".join(missed))


if __name__ == "__main__":
    main()
