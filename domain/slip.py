"""When deadlines slip: which rungs of a clock are due, what each does, and whom it tells.

Pure: the sweep asks, this answers, `tasks/sweep.py` acts. After an outage every skipped rung's effect
happens, in order; only the letters merge into one, to all their recipients.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import TypeAlias

from domain import assistance_letters, dispute_letters, objection_letters, request_facts
from domain.act import Act
from domain.assistance import Assistance
from domain.clock import CLOCK_SHOWN_AS, Clock
from domain.dispute import Dispute
from domain.ladder import OWNER_OF, CommissionMode, Effect, Ladders, Recipient, Rung, Via
from domain.letter import Fact, Letter, LetterKind
from domain.objection import Objection
from domain.office import SYSTEM
from domain.request import OPEN_TASK, Request, TaskState
from domain.rule import ClockKind
from domain.rulebook import Rulebook

Case: TypeAlias = Request | Objection | Dispute | Assistance

_OUTSIDERS = frozenset({Recipient.APPLICANT, Recipient.COMMISSION})
_REMINDERS = frozenset({LetterKind.REMINDER, LetterKind.OPD_REMINDER, LetterKind.ATASAN_REMINDER})


def due_rungs(clock: Clock, book: Rulebook, today: date) -> tuple[Rung, ...]:
    """The rungs that have come due and not fired for this version of the clock, soonest first."""
    if not clock.is_running:
        return ()
    return tuple(
        rung
        for rung in book.ladders.of(clock.kind)
        if rung.offset not in clock.fired and book.rung_day(clock.due_on, rung.offset) <= today
    )


def effect_act(case: Case, clock: Clock, rung: Rung, ladders: Ladders, at: datetime) -> Act | None:
    """The system's act a rung calls for; None where it only tells people, or nothing is left to do."""
    if rung.effect is Effect.TAKE_OVER:
        held = case.assignment(clock.key) if isinstance(case, Request) else None
        if held is None or held.state is TaskState.TAKEN_OVER:
            return None
        return Act(action="take_over", by=SYSTEM, at=at, opds=(clock.key,))
    if rung.effect is Effect.ESCALATE:
        waits = ladders.commission is CommissionMode.AFTER_APPROVAL
        return Act(action="ask_release" if waits else "escalate", by=SYSTEM, at=at)
    actions = {
        Effect.RECORD_UNANSWERED: "record_unanswered",
        Effect.LAPSE: "lapse",
        Effect.CLOSE: "close",
    }
    action = actions.get(rung.effect)
    return Act(action=action, by=SYSTEM, at=at) if action else None


def goes_to_digest(rung: Rung, ladders: Ladders) -> bool:
    """Whether the OPD's morning digest tells this rung instead of a letter of its own."""
    return rung.via is Via.DIGEST and ladders.digest and rung.effect is Effect.REMIND


def reminder(
    case: Case, clock: Clock, rung: Rung, book: Rulebook, today: date, *, told: Iterable[Recipient] = ()
) -> Letter | None:
    """The letter a rung owes to those the effect's own letters have not told; None when all are told."""
    to = tuple(r for r in _resolved(clock, rung) if r not in set(told) and r not in _OUTSIDERS)
    if not to:
        return None
    kind = _kind(clock.kind, to)
    tag = ":".join(p for p in (str(clock.kind), clock.key, f"{rung.offset:+d}", f"v{clock.version}") if p)
    return replace(_letter(case, kind, tag, to, _facts(case, clock, rung, book, today)), opd=clock.key)


def merged(letters: Iterable[Letter]) -> tuple[Letter, ...]:
    """Letters inside the office become one, to all their recipients; those to people outside stay.

    The one that stays is the last that tells what was done or asked; a mere reminder only if all are.
    """
    outside: list[Letter] = []
    inside: list[Letter] = []
    for letter in letters:
        (outside if _OUTSIDERS & set(letter.to) else inside).append(letter)
    if len(inside) <= 1:
        return (*outside, *inside)
    everyone = tuple(dict.fromkeys(r for letter in inside for r in letter.to))
    opd = next((letter.opd for letter in reversed(inside) if letter.opd), "")
    kept = next((letter for letter in reversed(inside) if letter.kind not in _REMINDERS), inside[-1])
    return (*outside, replace(kept, to=everyone, opd=opd))


def _resolved(clock: Clock, rung: Rung) -> tuple[Recipient, ...]:
    owner = OWNER_OF[clock.kind]
    return tuple(dict.fromkeys(owner if r is Recipient.OWNER else r for r in rung.to))


def _kind(kind: ClockKind, to: tuple[Recipient, ...]) -> LetterKind:
    if kind is ClockKind.OPD_ANSWER and {Recipient.OPD, Recipient.OPD_HEAD} & set(to):
        return LetterKind.OPD_REMINDER
    if kind is ClockKind.OBJECTION_ANSWER:
        return LetterKind.ATASAN_REMINDER
    return LetterKind.REMINDER


def _facts(case: Case, clock: Clock, rung: Rung, book: Rulebook, today: date) -> dict[str, Fact]:
    left = book.working_days_left(clock.due_on, today)
    facts: dict[str, Fact] = {
        "what": CLOCK_SHOWN_AS[clock.kind],
        "due": clock.due_on.isoformat(),
        "rung_offset": rung.offset,
        "reminder_no": len(clock.fired) + 1,
        "days_left": left,
        "days_late": max(-left, 0),
        "law": clock.law,
    }
    if clock.kind is ClockKind.OPD_ANSWER and isinstance(case, Request):
        opd = book.office.opd(clock.key)
        part = [
            item
            for a in case.assignments
            if a.opd == clock.key and a.state in OPEN_TASK
            for item in case.items
            if item.no in a.items and not item.is_settled
        ]
        facts["opd_due"] = clock.due_on.isoformat()
        facts["opd_name"] = opd.name if opd else clock.key
        facts["items"] = request_facts.item_facts(part, book)
    return facts


def _letter(
    case: Case, kind: LetterKind, tag: str, to: tuple[Recipient, ...], facts: dict[str, Fact]
) -> Letter:
    if isinstance(case, Request):
        return request_facts.letter(case, kind, tag, to, **facts)
    if isinstance(case, Objection):
        return objection_letters.letter(case, kind, tag, to, **facts)
    if isinstance(case, Assistance):
        return assistance_letters.letter(case, kind, tag, to, **facts)
    return dispute_letters.letter(case, kind, tag, to, **facts)
