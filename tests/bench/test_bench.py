"""The measurements themselves: what they count is all there, what they load the real code takes. No times."""

import asyncio
from contextlib import closing

import pytest
from sqlalchemy import select

from bench import case, dates, floor, growth, morning, queries
from bench.floor_bulk import Bulk
from bench.loader import Loader, pattern_of, settle
from bench.morning import FILED_EARLIER, FILED_LATER, MORNING, patterns, spread
from bench.office import an_office
from bench.places import SQLITE, a_place
from bench.sink import a_sink
from tasks import sweep
from tasks.clock import VirtualClock
from tasks.store.engine import reading
from tasks.store.schema import cases
from tests.tasks.store_check import faults_in


@pytest.fixture(scope="module")
def sink():
    with a_sink() as counting:
        yield counting


@pytest.fixture
def place():
    with a_place(SQLITE) as made:
        yield made


def test_case_counts_every_letter_it_owes_at_the_sink(place, sink):
    got = asyncio.run(case.measure(place, sink, 5, 4))

    assert got["owed"] == 5 * sum(case.LETTERS)


def test_the_floor_sends_as_many_letters(place, sink):
    rate, cpu_ms = asyncio.run(floor.cases(place, sink, 5, 4, case.LETTERS))

    assert (rate > 0, cpu_ms > 0) == (True, True)
    assert sink.count() == 5 * sum(case.LETTERS)


def test_copies_of_real_cases_pass_for_the_stores_own_and_are_swept(place, sink):
    clock = VirtualClock(FILED_EARLIER)
    with an_office(place, sink, clock) as service:
        due, later = asyncio.run(patterns(service, clock))
        Loader(service).copy([*spread(due, 20), *spread(later, 30)])
        settle(service)
        assert faults_in(service.engine, place.home / "seals.log") == []

        clock.set(MORNING)
        swept = sweep.run(service.acts, clock.now())

        assert (swept.fired, swept.failed) == (len(due) + 20, ())
        assert faults_in(service.engine, place.home / "seals.log") == []


def test_a_pattern_carries_the_letters_that_left(place, sink):
    clock = VirtualClock(FILED_LATER)
    with an_office(place, sink, clock) as service:
        _, later = asyncio.run(patterns(service, clock, only_later=True))
        with reading(service.engine) as connection:
            number = connection.execute(select(cases.c.number).limit(1)).scalar_one()

        assert len(pattern_of(service, number).letters) >= 3
        assert pattern_of(service, number, with_letters=False).letters == []
    assert len(later) > 1


def test_a_morning_without_digests_sends_a_letter_for_each_clock(sink):
    told = {figure.name: figure.facts for figure in morning.figures(SQLITE, 200, (100,))}

    assert told["bad_morning_100_letters"]["letters"] == 100
    assert told["bad_morning_100_digests"]["letters"] < 100


def test_a_decree_moves_every_clock_that_was_loaded(sink):
    told = {figure.name: figure.facts for figure in dates.redating(SQLITE, 200)}

    assert told["redate_preview"]["moved"] == told["redate_apply"]["moved"] >= 200


def test_the_floor_of_re_dating_moves_as_many_clocks(place):
    plain = Bulk(place)
    plain.load(700)
    plain.move(600)

    with closing(floor.Floor.connect(place)) as connection:
        moved = connection.execute("SELECT count(*) FROM b_clocks WHERE due = '2026-03-16'").fetchone()
        told = connection.execute("SELECT count(*) FROM b_events").fetchone()
    assert (moved, told) == ((1200,), (1300,))


def test_no_query_reads_a_whole_table():
    figures = queries.figures(SQLITE, 2_000, 1)

    assert [figure.facts["scans"] for figure in figures if figure.facts.get("scans")] == []


def test_growth_is_told_per_case(sink):
    (figure,) = growth.figures(SQLITE, 5)

    assert figure.value > 1_000
