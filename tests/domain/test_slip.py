"""When a deadline slips: which rungs are due, what each does, whom it tells; letters merge, effects never."""

from dataclasses import replace
from datetime import date

import pytest

from domain import slip
from domain.item import Outcome
from domain.ladder import CommissionMode, Effect, Ladders, Recipient, Rung, Via
from domain.letter import Letter, LetterKind
from domain.objection import ObjectionStage
from domain.request import Stage, TaskState, with_assignment
from domain.rule import ClockKind

from .builders import BOOK, HEALTH, a_request, an_objection, clock_of, on, take

R = Recipient
DAY = date(2026, 3, 16)
OPD_LADDER = (
    Rung(-1, (R.OPD,), via=Via.DIGEST),
    Rung(0, (R.OPD,), via=Via.DIGEST),
    Rung(1, (R.OPD, R.OPD_HEAD)),
    Rung(2, (R.COORDINATOR, R.OPD), Effect.TAKE_OVER),
    Rung(3, (R.ATASAN,)),
)


def a_book(kind=ClockKind.OPD_ANSWER, rungs=OPD_LADDER, **fields):
    return replace(BOOK, ladders=Ladders({kind: rungs}, **fields))


def a_letter(kind, *to, opd="", key="k"):
    return Letter(key=f"{key}:{kind}", kind=kind, number="001/PPID-TS/2026", to=to, opd=opd)


@pytest.mark.parametrize(
    ("today", "offsets"),
    [
        (date(2026, 3, 4), ()),
        (date(2026, 3, 5), (-1,)),
        (date(2026, 3, 8), (-1, 0)),
        (date(2026, 3, 9), (-1, 0, 1)),
        (date(2026, 3, 30), (-1, 0, 1, 2, 3)),
    ],
)
def test_rungs_come_due_on_their_working_days_and_stay_due(today, offsets):
    request = a_request(Stage.FORWARDED)
    clock = clock_of(request, ClockKind.OPD_ANSWER, "kesehatan")
    assert clock.due_on == date(2026, 3, 6)

    assert tuple(r.offset for r in slip.due_rungs(clock, a_book(), today)) == offsets


def test_a_fired_rung_and_a_met_clock_are_not_due():
    request = a_request(Stage.FORWARDED)
    clock = clock_of(request, ClockKind.OPD_ANSWER, "kesehatan")
    late = date(2026, 3, 30)

    assert [r.offset for r in slip.due_rungs(replace(clock, fired=(-1, 1)), a_book(), late)] == [0, 2, 3]
    assert slip.due_rungs(replace(clock, met_at=on(DAY)), a_book(), late) == ()


@pytest.mark.parametrize(
    ("mode", "action"),
    [
        (CommissionMode.AUTOMATIC, "escalate"),
        (CommissionMode.AFTER_APPROVAL, "ask_release"),
        (CommissionMode.OFF, "escalate"),
    ],
)
def test_the_commission_rung_acts_as_the_city_chose(mode, action):
    objection = an_objection(ObjectionStage.WITH_ATASAN)
    clock = clock_of(objection, ClockKind.OBJECTION_ANSWER)
    rung = Rung(1, (R.COMMISSION,), Effect.ESCALATE)

    act = slip.effect_act(objection, clock, rung, Ladders({}, commission=mode), on(DAY))

    assert act.action == action


def test_nothing_is_taken_over_that_is_no_longer_held():
    request = a_request(Stage.FORWARDED)
    clock = clock_of(request, ClockKind.OPD_ANSWER, "kesehatan")
    rung = OPD_LADDER[3]
    taken = with_assignment(request, "kesehatan", state=TaskState.TAKEN_OVER)
    answered = take(request, "answer", HEALTH, date(2026, 3, 5), outcome=Outcome.OPEN)

    assert slip.effect_act(request, clock, rung, Ladders({}), on(DAY)).opds == ("kesehatan",)
    assert slip.effect_act(taken, clock, rung, Ladders({}), on(DAY)) is None
    assert slip.effect_act(answered, clock, rung, Ladders({}), on(DAY)) is None


def test_a_reminder_goes_to_those_not_told_yet_and_never_to_outsiders():
    request = a_request(Stage.FORWARDED)
    clock = clock_of(request, ClockKind.NOTICE)
    rung = Rung(1, (R.OWNER, R.ATASAN, R.APPLICANT, R.COMMISSION))
    book = a_book(ClockKind.NOTICE, (rung,))

    told = slip.reminder(request, clock, rung, book, DAY, told=(R.ATASAN,))

    assert told.to == (R.COORDINATOR,)
    assert slip.reminder(request, clock, rung, book, DAY, told=(R.ATASAN, R.COORDINATOR)) is None


def test_an_opds_reminder_tells_its_own_open_items_and_how_late_it_is():
    request = a_request(Stage.FORWARDED)
    clock = replace(clock_of(request, ClockKind.OPD_ANSWER, "kesehatan"), fired=(-1, 0))

    told = slip.reminder(request, clock, OPD_LADDER[2], a_book(), date(2026, 3, 9))

    assert (told.kind, told.opd, told.to) == (LetterKind.OPD_REMINDER, "kesehatan", (R.OPD, R.OPD_HEAD))
    assert [item["no"] for item in told.facts["items"]] == [1, 2]
    assert (told.facts["days_late"], told.facts["reminder_no"]) == (1, 3)


def test_each_rung_of_each_version_has_a_key_of_its_own():
    request = a_request(Stage.FORWARDED)
    clock = clock_of(request, ClockKind.OPD_ANSWER, "kesehatan")
    clocks = (clock, replace(clock, version=2), replace(clock, key="jalan"))

    keys = {slip.reminder(request, c, r, a_book(), DAY).key for c in clocks for r in OPD_LADDER}

    assert len(keys) == len(clocks) * len(OPD_LADDER)


def test_the_digest_takes_reminders_only_and_only_while_it_is_on():
    on_, off = Ladders({}), Ladders({}, digest=False)

    assert slip.goes_to_digest(OPD_LADDER[0], on_)
    assert not slip.goes_to_digest(OPD_LADDER[0], off)
    assert not slip.goes_to_digest(OPD_LADDER[2], on_)
    assert not slip.goes_to_digest(replace(OPD_LADDER[3], via=Via.DIGEST), on_)


def test_office_letters_merge_to_all_their_recipients():
    letters = (
        a_letter(LetterKind.OPD_REMINDER, R.OPD, R.OPD_HEAD, opd="jalan"),
        a_letter(LetterKind.REMINDER, R.ATASAN),
    )

    (merged,) = slip.merged(letters)

    assert merged.kind is LetterKind.REMINDER
    assert set(merged.to) == {R.OPD, R.OPD_HEAD, R.ATASAN}
    assert merged.opd == "jalan"


def test_what_was_done_is_told_before_a_mere_reminder():
    letters = (
        a_letter(LetterKind.TAKEOVER, R.OPD, R.COORDINATOR, opd="jalan"),
        a_letter(LetterKind.REMINDER, R.ATASAN),
    )

    (merged,) = slip.merged(letters)

    assert merged.kind is LetterKind.TAKEOVER
    assert set(merged.to) == {R.OPD, R.COORDINATOR, R.ATASAN}


def test_letters_to_people_outside_never_merge():
    outside = (
        a_letter(LetterKind.RIGHT_TO_OBJECT, R.APPLICANT),
        a_letter(LetterKind.COMMISSION_NOTICE, R.COMMISSION),
    )
    inside = (a_letter(LetterKind.REMINDER, R.COORDINATOR), a_letter(LetterKind.UNANSWERED, R.ATASAN))

    merged = slip.merged((outside[0], inside[0], outside[1], inside[1]))

    assert merged[:2] == outside
    assert len(merged) == 3
    assert slip.merged(()) == ()
