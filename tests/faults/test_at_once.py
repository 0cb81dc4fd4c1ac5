"""Many at once, the same wake again and again, a clock that jumps: each thing happens once."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

from domain.errors import DomainError
from domain.office import Role
from flows.request_path import do_the_systems_work
from tasks import sweep
from tasks.store.schema import journal, letters
from tests.tasks.city import PEOPLE, City, march
from tests.tasks.one_desk import desk_of
from tests.tasks.store_check import faults_in


def whole(office) -> bool:
    return faults_in(office.engine, office.seal_log) == []


def test_twenty_items_answered_at_once_all_succeed(office):
    number = office.forwarded("Dikbud", items=tuple(f"Salinan {n}" for n in range(1, 21)))
    answers = [office.act("answer", Role.OPD, opd="Dikbud", items=(n,)) for n in range(1, 21)]

    done = [future.result() for future in [office.acts.perform(number, act) for act in answers]]

    assert len({one.version for one in done}) == 20
    assert all(item.outcome for item in office.case(number).items)
    assert whole(office)


def test_of_twenty_withdrawals_by_two_processes_one_wins_and_the_rest_are_told(office):
    number = office.forwarded()
    with office.beside() as other:
        places = [office, other] * 10
        tried = [p.acts.perform(number, p.act("withdraw", Role.APPLICANT, note="sudah tahu")) for p in places]
        refusals = [future.exception() for future in tried]

    assert sum(refusal is None for refusal in refusals) == 1
    assert all(isinstance(r, DomainError) and str(r) for r in refusals if r)
    assert whole(office)


def test_two_processes_filing_64_at_once_leave_no_gap(office):
    with office.beside() as other, ThreadPoolExecutor(16) as pool:
        numbers = list(pool.map(lambda n: (office, other)[n % 2].register(PEOPLE[n % 2]), range(64)))

    assert sorted(numbers) == [f"{n:03d}/PPID-TS/2026" for n in range(1, 65)]
    assert whole(office)


async def test_the_same_wake_ten_times_in_two_workers_does_the_work_once(office):
    number = office.drafted()
    with office.beside() as other:
        desks = [desk_of(place) for place in (office, other)]
        passes = [do_the_systems_work(desks[nth % 2], number) for nth in range(10)]
        told = await asyncio.gather(*passes, return_exceptions=True)

    done = Counter(row.action for row in office.rows(journal) if row.role == "system")
    assert done == {"compile": 1}
    assert told.count(None) >= 1
    assert whole(office)


def test_a_host_whose_clock_is_an_hour_behind_repeats_nothing(office):
    number = office.forwarded()
    office.sweep(march(6, 9))
    fired = office.fired(number)
    with City(office.url, office.home, march(6, 8)) as behind:
        behind.sweep()
        behind.do(number, "answer", Role.OPD, opd="Dikbud")

    assert office.fired(number) == fired
    assert office.case(number).stage == "drafting"
    assert whole(office)


def test_a_clock_that_was_a_day_ahead_and_came_back_fires_nothing_twice(office):
    number = office.forwarded()
    with City(office.url, office.home, march(7, 9) + timedelta(days=2)) as ahead:
        ahead.sweep()
    early = Counter((row.clock, row.clock_key, row.rung) for row in office.fired(number))
    office.sweep_until(date(2026, 3, 12))

    later = Counter((row.clock, row.clock_key, row.rung) for row in office.fired(number))
    assert early
    assert set(later.values()) == {1}
    assert early <= later
    assert whole(office)


def test_five_working_days_down_every_effect_comes_in_order_and_one_letter_tells_all(office):
    numbers = [office.forwarded(), office.forwarded("Dikbud", "BKAD"), office.register(PEOPLE[1])]
    office.sweep(march(9, 9))  # Monday to Monday, and nothing swept

    for number in numbers:
        rungs = [(row.clock, row.clock_key, row.rung) for row in office.fired(number)]
        per_clock: dict[tuple[str, str], list[int]] = {}
        for clock, key, rung in rungs:
            per_clock.setdefault((clock, key), []).append(rung)
        assert rungs
        assert all(offsets == sorted(offsets) for offsets in per_clock.values())
        keys = Counter(row.letter_key for row in office.fired(number) if row.letter_key)
        told = {row.key for row in office.letters(number)} | {
            row.key for row in office.rows(letters, letters.c.number == "")
        }
        assert set(keys) <= told
    before = len(office.letters())
    office.sweep(march(9, 10))
    assert len(office.letters()) == before
    assert whole(office)


def test_two_sweeps_and_two_people_at_once_agree(postgresql_office):
    office = postgresql_office
    numbers = [office.forwarded() for _ in range(12)]
    office.go(march(9, 9))
    with office.beside() as other, ThreadPoolExecutor(4) as pool:
        sweeps = [pool.submit(sweep.run, place.acts, office.clock.now()) for place in (office, other)]
        answers = [
            place.acts.perform(number, place.act("answer", Role.OPD, opd="Dikbud"))
            for number, place in zip(numbers, (office, other) * 6, strict=True)
        ]
        for one in sweeps:
            one.result()
        refused = [future.exception() for future in answers]

    assert all(refusal is None or isinstance(refusal, DomainError) for refusal in refused)
    assert whole(office)
