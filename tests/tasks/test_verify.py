"""The record is whole, or the first bad entry is named: a changed byte, a cut tail, a changed case."""

import pytest
from sqlalchemy import delete, func, select, update

from domain.number import CaseKind
from domain.office import Actor, Role
from tasks.store.engine import reading, writing
from tasks.store.schema import cases, clocks, counters, journal, letters, runs, seals
from tasks.verify import verify

from .one_office import an_office, do, forwarded, register


@pytest.fixture
def office(tmp_path):
    with an_office(tmp_path / "home") as service:
        forwarded(service)
        register(service)
        yield service


def check(service):
    with reading(service.engine) as connection:
        return verify(connection, service.settings.home / "seals.log")


def change(service, *statements):
    with writing(service.engine) as connection:
        for statement in statements:
            connection.execute(statement)


def test_an_untouched_record_is_whole(office):
    found = check(office)

    assert found.broken is None
    assert (found.cases, found.entries) == (2, 4)


def test_reading_an_identity_leaves_it_whole(office):
    office.acts.read_identity("001/PPID-TS/2026", Actor(Role.DESK)).result()

    assert check(office).broken is None


@pytest.mark.parametrize("column", [c.name for c in journal.columns if c.name not in ("id", "case_id")])
def test_a_changed_byte_in_any_column_of_the_journal_is_found(office, column):
    kind = journal.c[column].type.python_type
    changed = {str: "x", int: 99, bytes: b"x"}[kind]
    change(office, update(journal).where(journal.c.id == 2).values({column: changed}))
    broken = check(office).broken

    assert broken is not None
    assert broken.number == "001/PPID-TS/2026"
    assert broken.seq in (2, 3)


def test_an_entry_moved_to_another_case_is_found(office):
    second = select(cases.c.id).where(cases.c.number == "002/PPID-TS/2026").scalar_subquery()
    change(office, update(journal).where(journal.c.id == 3).values(case_id=second, seq=2))

    assert check(office).broken is not None


def test_a_cut_tail_of_one_case_is_found_at_its_first_missing_entry(office):
    change(office, delete(journal).where(journal.c.id == 3))
    broken = check(office).broken

    assert broken.number == "001/PPID-TS/2026"
    assert broken.seq == 3


def test_a_tail_cut_together_with_its_case_head_and_seal_is_found(office):
    last = select(func.max(seals.c.id)).scalar_subquery()
    number = "001/PPID-TS/2026"
    do(office, number, "take_over", Role.COORDINATOR, opds=("Dikbud",))
    with reading(office.engine) as connection:
        previous = connection.execute(
            select(journal).where(journal.c.number == number, journal.c.seq == 3)
        ).one()
    change(
        office,
        delete(journal).where(journal.c.number == number, journal.c.seq == 4),
        update(cases).where(cases.c.number == number).values(head_seq=3, head_hash=previous.hash),
        delete(seals).where(seals.c.id == last),
    )

    assert check(office).broken is not None


def test_a_removed_entry_in_the_middle_is_found(office):
    change(office, delete(journal).where(journal.c.id == 2))

    assert check(office).broken.seq == 2


@pytest.mark.parametrize(
    "values", [{"state": "{}"}, {"stage": "closed"}, {"version": 9}, {"head_hash": "0" * 64}]
)
def test_a_changed_case_is_found(office, values):
    change(office, update(cases).where(cases.c.number == "001/PPID-TS/2026").values(values))

    assert check(office).broken.number == "001/PPID-TS/2026"


def test_a_cut_tail_of_the_seals_is_found(office):
    change(office, delete(seals).where(seals.c.id == select(func.max(seals.c.id)).scalar_subquery()))

    assert "tidak disegel" in check(office).broken.what


def test_a_changed_seal_is_found(office):
    change(office, update(seals).where(seals.c.id == 2).values(entries="1"))

    assert check(office).broken.number == "segel 2"


def test_a_case_taken_out_whole_is_found_by_the_gap_in_its_numbers(office):
    gone = select(cases.c.id).where(cases.c.number == "002/PPID-TS/2026").scalar_subquery()
    last = select(func.max(seals.c.id)).scalar_subquery()
    statements = [delete(table).where(table.c.case_id == gone) for table in (journal, clocks, letters)]
    change(
        office,
        *statements,
        delete(runs).where(runs.c.root_id == gone),
        delete(cases).where(cases.c.number == "002/PPID-TS/2026"),
        delete(seals).where(seals.c.id == last),
    )
    assert "2 nomor diberikan, tetapi ada 1 berkas" in check(office).broken.what

    change(office, update(counters).where(counters.c.kind == str(CaseKind.REQUEST)).values(last=1))
    assert check(office).broken.number.startswith("seals.log baris")


def test_a_seal_missing_in_the_log_after_a_crash_is_no_fault(office):
    log = office.settings.home / "seals.log"
    log.write_text("".join(log.read_text().splitlines(keepends=True)[:-1]) + "abc")

    assert check(office).broken is None
