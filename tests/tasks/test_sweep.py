"""The sweep: each rung once, on its day, in order, whatever went wrong before."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text, update

from domain.act import ExtensionGround, ObjectionReason
from domain.identity import Channel
from domain.ladder import CommissionMode
from domain.objection_arrows import ObjectionFiling
from domain.office import Actor, Role
from tasks import digest, sweep
from tasks.store.engine import reading, writing
from tasks.store.schema import cases, clocks, letters

from .city import PEOPLE, at, march
from .store_check import faults_in


def rungs(office, number, clock="opd_answer"):
    return [row.rung for row in office.fired(number) if row.clock == clock]


def recipients(row):
    return set(re.findall(r"\w+", row.recipients))


def an_objection_of(office, number="", reason=ObjectionReason.D, passed_on=True):
    filing = ObjectionFiling(
        reasons=(reason,),
        received_on=office.clock.today(),
        channel=Channel.ONLINE,
        subject="" if number else "Informasi berkala APBD",
    )
    who = None if number else PEOPLE[0]
    filed = office.acts.file_objection(filing, Actor(Role.DESK), request=number, identity=who).result().number
    if passed_on:
        office.do(filed, "pass_to_atasan", Role.DESK)
    return filed


# --- when it fires --------------------------------------------------------------------------------


def test_nothing_fires_before_eight_or_on_a_day_off(office):
    office.forwarded()

    for instant in (march(5, 7, 59), march(7, 9), march(8, 9), march(18, 9)):
        assert office.sweep(instant).rested
    assert office.sweep(march(25, 8)).fired


def test_the_first_minute_of_the_working_day_fires(office):
    number = office.forwarded()

    assert office.sweep(march(4, 8)).fired == 1
    assert rungs(office, number) == [-1]


def test_each_rung_fires_once_however_often_the_sweep_runs(office):
    number = office.forwarded()

    for day in (4, 5, 6, 9, 10):
        for hour in (8, 12, 16):
            office.sweep(march(day, hour))

    assert rungs(office, number) == [-1, 0, 1, 2, 3]
    assert sweep.pending(office.acts, office.clock.now()) == 0
    assert faults_in(office.engine) == []


def test_two_sweepers_at_once_fire_each_rung_once(postgresql_office):
    office = postgresql_office
    numbers = [office.forwarded("Dikbud", "BKAD") for _ in range(10)]
    office.go(march(10))

    with office.beside() as other, ThreadPoolExecutor(2) as crowd:
        list(crowd.map(lambda place: sweep.run(place.acts, office.clock.now()), (office, other)))

    assert all(
        len(office.fired(n)) == len({(r.clock, r.clock_key, r.rung) for r in office.fired(n)})
        for n in numbers
    )
    assert all(rungs(office, number).count(3) == 2 for number in numbers)
    assert sweep.pending(office.acts, office.clock.now()) == 0
    assert faults_in(office.engine) == []


def test_two_who_fire_the_same_clock_without_the_lease_fire_it_once(office):
    number = office.forwarded()
    office.go(march(10))
    ((due,),) = sweep._chunks(office.acts, office.clock.today(), number, set())

    with office.beside() as other:
        firings = [sweep._Firing(p.acts, office.clock.now(), office.book, {}) for p in (office, other)]
        turns = [firing.submit([due]) for firing in firings]
        assert sorted(turn.result()[0].rungs for turn in turns) == [0, 5]
    assert rungs(office, number) == [-1, 0, 1, 2, 3]


# --- after an outage ------------------------------------------------------------------------------


def test_a_missed_week_is_caught_up_in_order_with_one_letter_to_all(office):
    number = office.forwarded()

    swept = office.sweep(march(10))

    rows = [row for row in office.fired(number) if row.clock == "opd_answer"]
    assert [row.rung for row in rows] == [-1, 0, 1, 2, 3]
    assert [row.outcome for row in rows] == ["", "", "", "take_over", ""]
    assert office.case(number).assignments[0].state == "taken_over"
    told = {row.letter_key for row in rows if not row.letter_key.startswith("digest:")}
    assert len(told) == 1
    (letter,) = office.rows(letters, letters.c.key == told.pop())
    assert recipients(letter) == {"opd", "opd_head", "coordinator", "atasan"}
    assert swept.failed == ()
    assert faults_in(office.engine) == []


def test_a_missed_statutory_day_is_recorded_and_the_applicant_told(office):
    number = office.forwarded()

    office.sweep(march(30))

    assert rungs(office, number, "notice") == [-3, -1, 0, 1]
    assert office.case(number).unanswered_on == date(2026, 3, 30)
    (right,) = office.letters(number, "right_to_object")
    assert recipients(right) == {"applicant"}
    (unanswered,) = office.letters(number, "unanswered")
    assert recipients(unanswered) == {"coordinator", "atasan"}


def test_an_objection_slept_through_goes_to_the_commission_at_once(office):
    office.with_ladders(commission=CommissionMode.AFTER_APPROVAL)
    objection = an_objection_of(office, reason=ObjectionReason.B)

    office.sweep(at(date(2026, 5, 4)))

    assert rungs(office, objection, "objection_answer") == [-10, -5, -1, 1]
    (asked,) = office.letters(objection, "escalation_approval")
    assert {"atasan", "coordinator"} <= recipients(asked)


# --- the digest -----------------------------------------------------------------------------------


def test_digest_rungs_of_the_day_share_one_letter_per_opd(office):
    numbers = [office.forwarded(), office.forwarded()]

    office.sweep(march(4))

    (told,) = office.letters(kind="opd_digest")
    assert {row.letter_key for n in numbers for row in office.fired(n)} >= {told.key}
    assert all(number in told.facts for number in numbers)


def test_a_rung_gets_a_letter_of_its_own_once_the_days_digest_has_left(office):
    number = office.forwarded()
    with writing(office.engine) as connection:
        connection.execute(
            letters.insert().values(
                key="digest:Dikbud:2026-03-04", number="", kind="opd_digest", recipients="[]", facts="{}",
                by_hand=False, state="sent", owed_at=march(4, 7), message_id="x", sent_at=march(4, 7),
            )
        )  # fmt: skip

    office.sweep(march(4))

    (told,) = office.letters(number, "opd_reminder")
    assert [row.letter_key for row in office.fired(number) if row.clock == "opd_answer"] == [told.key]


def test_what_the_days_digest_told_before_the_sweep_gets_no_second_letter(office):
    number = office.forwarded()
    office.go(march(4, 8))
    digest.run(office.acts, office.clock.now())
    with writing(office.engine) as connection:
        left = {"state": "sent", "sent_at": march(4, 8), "message_id": "x"}
        connection.execute(letters.update().where(letters.c.kind == "opd_digest").values(**left))

    office.sweep(march(4))

    assert office.letters(number, "opd_reminder") == []
    told = [row.letter_key for row in office.fired(number) if row.clock == "opd_answer"]
    assert told == ["digest:Dikbud:2026-03-04"]


def test_one_case_that_cannot_be_fired_costs_none_of_its_group(office):
    bad, good = office.forwarded(), office.forwarded()
    with writing(office.engine) as connection:
        connection.execute(cases.update().where(cases.c.number == bad).values(state="{"))

    swept = office.sweep(march(10))

    assert swept.failed == (bad,)
    assert rungs(office, good) == [-1, 0, 1, 2, 3]


def test_without_digests_each_rung_is_a_letter(office):
    office.with_ladders(digest=False)
    number = office.forwarded()

    office.sweep(march(4))
    office.sweep(march(5))

    assert len(office.letters(number, "opd_reminder")) == 2
    assert office.letters(kind="opd_digest") == []


# --- dates that move ------------------------------------------------------------------------------


def extend(office, number):
    office.do(
        number, "extend", Role.COORDINATOR, extension=ExtensionGround.NOT_YET_HELD, note="masih dikumpulkan"
    )


def test_after_an_extension_a_fired_rung_fires_again_on_its_new_day(office):
    number = office.forwarded()
    office.sweep_until(date(2026, 3, 13))
    assert rungs(office, number, "notice") == [-3, -1]

    extend(office, number)
    office.sweep(march(13, 10))
    assert rungs(office, number, "notice") == [-3, -1]
    office.sweep_until(date(2026, 4, 1))

    assert rungs(office, number, "notice") == [-3, -1, -3, -1, 0]
    assert faults_in(office.engine) == []


def test_a_rung_whose_new_day_is_past_stays_fired(office):
    number = office.forwarded()
    office.sweep_until(date(2026, 3, 13))

    office.do(number, "correct", Role.DESK, changes={"received_on": "2026-02-26"}, note="stempel surat")
    clock = next(c for c in office.case(number).clocks if c.kind == "notice")
    office.sweep(march(13, 11))

    assert clock.due_on == date(2026, 3, 12)
    assert rungs(office, number, "notice").count(-3) == 1
    assert rungs(office, number, "notice").count(-1) == 1


# --- what a rung does -----------------------------------------------------------------------------


def test_what_the_applicant_does_not_complete_lapses(office):
    number = office.register(replace(PEOPLE[0], id_document=""))
    office.do(number, "ask_completion", Role.DESK, note="KTP")
    last = next(c for c in office.case(number).clocks if c.kind == "correction").due_on

    office.sweep_until(last)
    assert office.case(number).stage == "incomplete"
    office.sweep_until(office.book.rung_day(last, 1))

    assert office.case(number).stage == "lapsed"
    assert len(office.letters(number, "lapsed")) == 1


def test_an_answered_request_closes_when_the_objection_window_is_past(office):
    number = office.answered()
    last = next(c for c in office.case(number).clocks if c.kind == "objection_window").due_on

    office.sweep(at(last))
    assert office.case(number).stage == "answered"
    office.sweep(at(office.book.rung_day(last, 1)))

    assert office.case(number).stage == "closed"


def test_a_request_with_an_open_objection_stays_open_and_closes_with_it(office):
    number = office.answered()
    objection = an_objection_of(office, number)
    office.sweep(at(date(2026, 4, 1)))
    office.do(objection, "answer", Role.ATASAN, name="sekda", granted=False, note="tetap")
    office.go(at(date(2026, 4, 20)))
    office.do(objection, "record_sent", Role.DESK)
    window = next(c for c in office.case(number).clocks if c.kind == "objection_window").due_on
    office.sweep(at(office.book.rung_day(window, 1)))

    refused = [row for row in office.fired(number) if row.clock == "objection_window"]
    assert refused[0].outcome.startswith("tidak dilakukan")
    assert office.case(number).stage == "answered"
    office.sweep(at(date(2026, 8, 3)))

    assert office.case(objection).stage == "closed"
    assert office.case(number).stage == "closed"
    assert faults_in(office.engine) == []


@pytest.mark.parametrize(
    ("mode", "commission", "asked", "stage_note"),
    [
        (CommissionMode.AUTOMATIC, 1, 0, "escalated_on"),
        (CommissionMode.AFTER_APPROVAL, 0, 1, "awaiting_release_since"),
        (CommissionMode.OFF, 0, 0, "escalated_on"),
    ],
)
def test_the_commission_learns_of_it_as_the_city_chose(office, mode, commission, asked, stage_note):
    office.with_ladders(commission=mode)
    objection = an_objection_of(office, reason=ObjectionReason.B)

    last = next(c for c in office.case(objection).clocks if c.kind == "objection_answer").due_on
    office.sweep(at(last))
    office.sweep(at(office.book.rung_day(last, 1)))

    assert len(office.letters(objection, "commission_notice")) == commission
    assert len(office.letters(objection, "escalation_approval")) == asked
    assert len(office.letters(objection, "dispute_application")) == 1
    assert getattr(office.case(objection), stage_note) == office.clock.today()


def test_a_released_notice_leaves_for_the_commission_once(office):
    office.with_ladders(commission=CommissionMode.AFTER_APPROVAL)
    objection = an_objection_of(office, reason=ObjectionReason.B)
    office.sweep(at(date(2026, 5, 4)))

    office.do(objection, "release_escalation", Role.ATASAN, name="sekda")

    assert len(office.letters(objection, "commission_notice")) == 1
    for told in office.letters(objection, "commission_notice"):
        assert PEOPLE[0].name not in told.facts


# --- one bad case ---------------------------------------------------------------------------------


def test_a_corrupt_case_is_named_and_stops_nobody(office):
    bad, *good = [office.forwarded() for _ in range(4)]
    with writing(office.engine) as connection:
        connection.execute(update(cases).where(cases.c.number == bad).values(state='{"number":'))

    swept = office.sweep(march(10))

    assert swept.failed == (bad,)
    assert all(rungs(office, number) == [-1, 0, 1, 2, 3] for number in good)
    assert office.fired(bad) == []
    assert office.sweep(march(10, 10)).failed == (bad,)


def test_more_bad_cases_than_a_page_holds_hide_nobody(sqlite_office):
    office = sqlite_office
    good = office.forwarded()
    with writing(office.engine) as connection:
        row = connection.execute(cases.select()).one()._mapping
        for no in range(2, 610):
            values = {**row, "id": no, "root_id": no, "number": f"{no:03d}/PPID-TS/2026", "state": "{"}
            connection.execute(cases.insert().values(values))
            connection.execute(
                clocks.insert().values(
                    case_id=no, kind="notice", key="", version=1, start_on=march(2).date(),
                    due_on=march(3).date(), running=True, next_rung_on=march(2).date(),
                )
            )  # fmt: skip

    swept = office.sweep(march(10))

    assert len(swept.failed) == 608
    assert rungs(office, good) == [-1, 0, 1, 2, 3]


# --- cost and care --------------------------------------------------------------------------------


def test_the_due_query_reads_its_index(office):
    office.forwarded()
    sql = str(sweep._DUE.compile(office.engine, compile_kwargs={"render_postcompile": True}))
    with reading(office.engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            sql = "EXPLAIN " + sql.replace("%(today)s::DATE", "'2026-03-02'").replace(
                "%(param_1)s::INTEGER", "500"
            )
            plan = connection.exec_driver_sql(sql).all()
        else:
            plan = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + sql, ("2026-03-02", 500, 0)).all()

    assert "ix_clocks_next_rung_on" in repr(plan)


def test_a_sweep_of_one_case_leaves_the_others(office):
    first, second = office.forwarded(), office.forwarded()
    office.go(march(4))

    sweep.run(office.acts, office.clock.now(), number=first)

    assert rungs(office, first) == [-1]
    assert rungs(office, second) == []


def test_a_sweep_not_run_for_half_an_hour_is_overdue_on_working_days_from_eight(office):
    assert sweep.is_overdue(office.acts, march(2, 9))
    office.sweep(march(3, 8))

    assert not sweep.is_overdue(office.acts, march(3, 8, 20))
    assert sweep.is_overdue(office.acts, march(3, 8, 40))
    assert not sweep.is_overdue(office.acts, march(7, 12))
    assert not sweep.is_overdue(office.acts, march(4, 8, 10))
    assert sweep.is_overdue(office.acts, march(4, 8, 31) + timedelta(minutes=1))
