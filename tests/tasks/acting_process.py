"""A process of its own that files and acts; tests run it beside themselves, or kill it.

Usage: acting_process.py URL HOME COUNT; a COUNT of 0 goes on until killed, sweeping now and then.
"""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.tasks.city import PEOPLE, City, at, march


def main(url: str, home: str, count: int) -> None:
    with City(url, Path(home)) as city:
        print("ready", flush=True)
        for _ in range(count):
            print(city.drafted(), flush=True)
        if not count:
            forever(city)


def forever(city: City) -> None:
    """Cases that are answered, cases that slip, and a week gone by between them."""
    days = 0
    while True:
        city.noticed(PEOPLE[0])
        city.forwarded("Dikbud", "BKAD", person=PEOPLE[1])
        days += 3
        city.sweep(max(at(march(2).date() + timedelta(days=days)), city.clock.now()))
        print("round", flush=True)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
