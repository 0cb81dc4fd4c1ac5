"""Marks of letters: alone at once, in a burst together; each caller hears what became of its own."""

import asyncio
from concurrent.futures import Future

import pytest

from tasks.marks import GATHER_SECONDS, Marks
from tasks.store.engine import StoreUnavailable


class HeldWriter:
    """Takes jobs and answers them when told to."""

    def __init__(self):
        self.jobs: list[Future] = []

    def submit(self, job, number=""):
        self.jobs.append(Future())
        return self.jobs[-1]


async def begun(*marks):
    tasks = [asyncio.create_task(mark) for mark in marks]
    await asyncio.sleep(0)
    return tasks


async def test_the_mark_of_the_only_letter_in_hand_is_written_at_once():
    writer = HeldWriter()
    await begun(Marks(writer, lambda: 1).write({"b_id": 1}))

    assert len(writer.jobs) == 1


async def test_marks_of_a_burst_wait_a_moment_for_each_other():
    writer = HeldWriter()
    marks = Marks(writer, lambda: 16)
    tasks = await begun(*(marks.write({"b_id": number}) for number in range(3)))
    assert writer.jobs == []

    await asyncio.sleep(GATHER_SECONDS * 3)
    assert len(writer.jobs) == 1
    writer.jobs[0].set_result(None)
    await asyncio.gather(*tasks)


async def test_when_every_letter_in_hand_waits_nobody_is_waited_for():
    writer = HeldWriter()
    marks = Marks(writer, lambda: 3)
    await begun(*(marks.write({"b_id": number}) for number in range(3)))

    assert len(writer.jobs) == 1


async def test_what_comes_during_a_commit_goes_into_the_next_one():
    writer = HeldWriter()
    marks = Marks(writer, lambda: 1)
    first = await begun(marks.write({"b_id": 1}))
    second = await begun(marks.write({"b_id": 2}), marks.write({"b_id": 3}))
    assert len(writer.jobs) == 1

    writer.jobs[0].set_result(None)
    await asyncio.gather(*first)
    await asyncio.sleep(0)
    assert len(writer.jobs) == 2
    writer.jobs[1].set_result(None)
    await asyncio.gather(*second)


async def test_a_commit_that_failed_is_told_to_each_whose_mark_it_carried():
    writer = HeldWriter()
    marks = Marks(writer, lambda: 2)
    tasks = await begun(marks.write({"b_id": 1}), marks.write({"b_id": 2}))
    writer.jobs[0].set_exception(StoreUnavailable())

    for task in tasks:
        with pytest.raises(StoreUnavailable):
            await task
