"""The morning digest: one letter a day to each OPD, with all it still holds and nothing else."""

import json
from datetime import date

from sqlalchemy import update

from domain.office import Role
from tasks import digest
from tasks.store.engine import writing
from tasks.store.schema import cases, letters

from .city import march


def tasks_of(office, opd: str = "Dikbud") -> list[dict]:
    (told,) = office.rows(letters, letters.c.key == digest.digest_key(opd, office.clock.now()))
    return json.loads(told.facts)["tasks"]


def test_each_opd_with_a_task_gets_one_however_often_it_runs(office):
    office.forwarded("Dikbud", "BKAD")
    office.forwarded("Dikbud")
    office.go(march(4, 8))

    assert digest.run(office.acts, office.clock.now()) == 2
    digest.run(office.acts, office.clock.now())

    assert sorted(row.opd for row in office.letters(kind="opd_digest")) == ["BKAD", "Dikbud"]
    assert len(tasks_of(office)) == 2
    assert len(tasks_of(office, "BKAD")) == 1


def test_a_day_off_or_a_city_without_digests_sends_none(office):
    office.forwarded()

    assert digest.run(office.acts, march(7, 8)) == 0
    office.with_ladders(digest=False)
    assert digest.run(office.acts, march(4, 8)) == 0
    assert office.letters(kind="opd_digest") == []


def test_it_lists_open_items_days_left_and_what_is_overdue_soonest_first(office):
    late = office.forwarded()
    office.go(march(6))
    fresh = office.forwarded()
    office.go(march(9, 8))

    digest.run(office.acts, office.clock.now())

    told = tasks_of(office)
    assert [task["number"] for task in told] == [late, fresh]
    assert [(task["overdue"], task["items_open"]) for task in told] == [(True, 2), (False, 2)]
    assert told[0]["opd_due"] == date(2026, 3, 5).isoformat()


def test_what_was_answered_or_taken_over_is_not_listed(office):
    held, answered, taken = office.forwarded(), office.forwarded(), office.forwarded()
    office.do(answered, "answer", Role.OPD, opd="Dikbud")
    office.do(taken, "take_over", Role.COORDINATOR, opds=("Dikbud",))
    office.go(march(4, 8))

    digest.run(office.acts, office.clock.now())

    assert [task["number"] for task in tasks_of(office)] == [held]


def test_one_unreadable_case_costs_nobody_the_digest(office):
    bad, good = office.forwarded(), office.forwarded()
    with writing(office.engine) as connection:
        connection.execute(update(cases).where(cases.c.number == bad).values(state="{"))
    office.go(march(4, 8))

    digest.run(office.acts, office.clock.now())

    assert [task["number"] for task in tasks_of(office)] == [good]


def test_an_opd_that_holds_nothing_gets_none(office):
    office.drafted()
    office.go(march(4, 8))

    assert digest.run(office.acts, office.clock.now()) == 0


def test_many_tasks_are_counted_beyond_those_listed_but_every_urgent_one_is_told(office):
    urgent = [office.forwarded() for _ in range(3)]
    office.go(march(4, 7))
    [office.forwarded() for _ in range(2)]
    office.go(march(4, 8))

    digest.run(office.acts, office.clock.now(), most_listed=2)

    (told,) = office.rows(letters, letters.c.key == digest.digest_key("Dikbud", office.clock.now()))
    assert [task["number"] for task in tasks_of(office)] == urgent
    assert json.loads(told.facts)["more"] == 2
