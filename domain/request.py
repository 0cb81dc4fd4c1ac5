"""A request for public information: its stages, its parts, and what can be read off it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain.act import ProposedOpd
from domain.clock import Clocks
from domain.identity import ApplicantKind, Channel
from domain.item import Item, Outcome


class Stage(StrEnum):
    """Where a request stands."""

    REGISTERED = "registered"
    INCOMPLETE = "incomplete"
    LAPSED = "lapsed"
    FORWARDED = "forwarded"
    LEGAL_REVIEW = "legal_review"
    DRAFTING = "drafting"
    ANSWERED = "answered"
    HANDOVER = "handover"
    FULFILMENT = "fulfilment"
    CLOSED = "closed"


STAGE_SHOWN_AS: Final = {
    Stage.REGISTERED: "Diterima",
    Stage.INCOMPLETE: "Menunggu kelengkapan",
    Stage.LAPSED: "Tidak dilengkapi",
    Stage.FORWARDED: "Menunggu jawaban OPD",
    Stage.LEGAL_REVIEW: "Uji konsekuensi",
    Stage.DRAFTING: "Penyusunan jawaban",
    Stage.ANSWERED: "Dijawab",
    Stage.HANDOVER: "Penyerahan",
    Stage.FULFILMENT: "Pelaksanaan putusan",
    Stage.CLOSED: "Selesai",
}

OPEN_STAGES: Final = frozenset(Stage) - {Stage.CLOSED}
#: An OPD may hold a part: the test of one item does not stop the answers to the others.
WITH_OPDS: Final = frozenset({Stage.FORWARDED, Stage.LEGAL_REVIEW})
#: No notice has been sent yet.
BEFORE_NOTICE: Final = frozenset(
    {
        Stage.REGISTERED,
        Stage.INCOMPLETE,
        Stage.LAPSED,
        Stage.FORWARDED,
        Stage.LEGAL_REVIEW,
        Stage.DRAFTING,
    }
)


class TaskState(StrEnum):
    """Where an OPD's part stands; released: others have answered all of it."""

    GIVEN = "given"
    ACCEPTED = "accepted"
    NOT_OURS = "not_ours"
    TAKEN_OVER = "taken_over"
    MOVED = "moved"
    DONE = "done"
    RELEASED = "released"


TASK_SHOWN_AS: Final = {
    TaskState.GIVEN: "menunggu",
    TaskState.ACCEPTED: "diterima OPD",
    TaskState.NOT_OURS: "bukan kewenangan OPD ini",
    TaskState.TAKEN_OVER: "diambil alih PPID",
    TaskState.MOVED: "dialihkan",
    TaskState.DONE: "dijawab",
    TaskState.RELEASED: "dijawab pihak lain",
}
OPEN_TASK: Final = frozenset({TaskState.GIVEN, TaskState.ACCEPTED, TaskState.NOT_OURS, TaskState.TAKEN_OVER})


@dataclass(frozen=True, slots=True)
class Assignment:
    """An OPD's part of a request: which items, since when, and where it stands."""

    opd: str
    items: tuple[int, ...]
    given_on: date
    state: TaskState = TaskState.GIVEN
    asked_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request. `received_on` and `registered_at` are two facts: the law counts from the first.

    Attributes:
        person: id of the key that seals the applicant's data.
        faults: papers missing at registration, in words (nothing personal).
        complete_on: when it was declared complete.
        has_email: whether letters reach the applicant by e-mail.
        unanswered_on: the day the statutory date had passed without a notice.
        noticed_at: when the notice was signed and sent on its way.
        notice_sent_at: when the relay, or the desk, sent it.
        notice_received_on: proven receipt by the applicant.
        extended_on: the one extension (UU Pasal 22 ayat (8)).
        signed_by: who signed the notice.
    """

    number: str
    person: str
    channel: Channel
    applicant: ApplicantKind
    received_on: date
    registered_at: datetime
    subject: str
    items: tuple[Item, ...]
    stage: Stage = Stage.REGISTERED
    version: int = 1
    clocks: Clocks = ()
    has_email: bool = True
    wants_copy: bool = True
    faults: tuple[str, ...] = ()
    complete_on: date | None = None
    asked_on: date | None = None
    assignments: tuple[Assignment, ...] = ()
    proposed: tuple[ProposedOpd, ...] = ()
    routed_on: date | None = None
    test_opened_on: date | None = None
    approved_on: date | None = None
    extended_on: date | None = None
    extension_ground: str = ""
    compiled_on: date | None = None
    draft: str = ""
    unanswered_on: date | None = None
    noticed_at: datetime | None = None
    notice_sent_at: datetime | None = None
    notice_received_on: date | None = None
    bundle_sent_on: date | None = None
    signed_by: str = ""
    cost_idr: int | None = None
    paid_on: date | None = None
    promised_on: date | None = None
    handed_over_on: date | None = None
    ordered_by: str = ""
    fulfilled_on: date | None = None
    duplicates: tuple[str, ...] = ()
    closed_because: str = ""

    @property
    def open_assignments(self) -> tuple[Assignment, ...]:
        """Parts an OPD, or the coordinator in its place, still has to answer."""
        return tuple(a for a in self.assignments if a.state in OPEN_TASK)

    def assignment(self, opd: str) -> Assignment | None:
        """The open part of that OPD, or None."""
        return next((a for a in self.open_assignments if a.opd == opd), None)

    def items_of(self, opd: str) -> tuple[Item, ...]:
        """The items that OPD was given."""
        numbers = {no for a in self.assignments if a.opd == opd for no in a.items}
        return tuple(item for item in self.items if item.no in numbers)

    @property
    def is_answered_by_opds(self) -> bool:
        """Every item is settled and no OPD's part is open."""
        return not self.open_assignments and all(item.is_settled for item in self.items)

    @property
    def needs_test(self) -> bool:
        """An exemption is proposed and not yet decided."""
        return any(item.needs_test for item in self.items)

    @property
    def outcomes(self) -> frozenset[Outcome]:
        """The outcomes given so far."""
        return frozenset(item.outcome for item in self.items if item.outcome is not None)

    @property
    def opds(self) -> tuple[str, ...]:
        """Every OPD that was given a part, in order."""
        return tuple(dict.fromkeys(a.opd for a in self.assignments))


def with_assignment(request: Request, opd: str, **fields: object) -> Request:
    """The request with the open part of that OPD changed."""
    changed = tuple(
        replace(a, **fields) if a.opd == opd and a.state in OPEN_TASK else a  # type: ignore[arg-type]
        for a in request.assignments
    )
    return replace(request, assignments=changed)


def settle_assignments(request: Request) -> Request:
    """The request with every open part closed whose items are all settled.

    A part is done where its OPD, or the coordinator in its place, answered; it is released where others
    answered all of it.
    """
    answered_by = {item.no: item.settled_by for item in request.items if item.is_settled}

    def settled(part: Assignment) -> Assignment:
        if part.state not in OPEN_TASK or not answered_by.keys() >= set(part.items):
            return part
        own = part.state is TaskState.TAKEN_OVER or part.opd in {answered_by[no] for no in part.items}
        return replace(part, state=TaskState.DONE if own else TaskState.RELEASED)

    return replace(request, assignments=tuple(settled(part) for part in request.assignments))


def parts_closed(before: Request, after: Request, *, but: str = "") -> tuple[Assignment, ...]:
    """The parts that were open and are not any more, except those of the OPD *but*."""
    still = {part.opd for part in after.open_assignments}
    return tuple(p for p in before.open_assignments if p.opd != but and p.opd not in still)
