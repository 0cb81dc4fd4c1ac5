"""The arrows of a case: who may do what from which stage, and the one function that takes them.

A table of arrows per kind of case is the whole workflow; `advance` reads it and nothing else sets a
stage. The diagrams in `docs/` and the test over every action, stage and role come from the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from domain.act import Act, ProposedOpd
from domain.clock import Clocks, end, meet, put
from domain.errors import Refused, RoleNotPermitted, StaleFacts, UnknownAction, WrongStage
from domain.letter import Letter
from domain.office import ROLE_SHOWN_AS, Actor, Role
from domain.rule import ClockKind
from domain.rulebook import Rulebook


class AnyCase(Protocol):
    """What the three aggregates share."""

    @property
    def number(self) -> str: ...
    @property
    def stage(self) -> StrEnum: ...
    @property
    def version(self) -> int: ...
    @property
    def received_on(self) -> date: ...
    @property
    def clocks(self) -> Clocks: ...


C = TypeVar("C", bound=AnyCase)


@dataclass(frozen=True, slots=True)
class Scene(Generic[C]):
    """What a decision sees besides the case: the act, the policy, the other cases of the family."""

    act: Act
    book: Rulebook
    family: tuple[AnyCase, ...] = ()


Guard = Callable[[C, Scene[C]], None]
Step = Callable[[C, Scene[C]], C]
Route = Callable[[C], StrEnum]
Write = Callable[[C, C, Scene[C]], tuple[Letter, ...]]
FollowUp = tuple[str, Act]
Tells = Callable[[C, C, Scene[C]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Arrow(Generic[C]):
    """One row of a table.

    Attributes:
        targets: where it may lead; empty when the stage stays. With several, `route` chooses.
        law: article, or "kebijakan kota".
        named: a person answers for it by name; the system alone acts without one.
        guards: conditions beyond stage and role; each raises `Refused` with the field's name.
        step: changes the fields the action is about.
        meets, starts: clocks met and started; `ends_all` stops the running ones.
        letters: what is owed afterwards, from the case before and after.
        tells: facts for the journal beyond those of the act itself.
        follow: acts on other cases of the family, in the same transaction.
    """

    shown_as: str
    sources: frozenset[StrEnum]
    roles: frozenset[Role]
    law: str
    targets: tuple[StrEnum, ...] = ()
    route: Route[C] | None = None
    named: bool = False
    guards: tuple[Guard[C], ...] = ()
    step: Step[C] | None = None
    meets: tuple[ClockKind, ...] = ()
    starts: tuple[ClockKind, ...] = ()
    ends: tuple[ClockKind, ...] = ()
    ends_all: bool = False
    letters: tuple[Write[C], ...] = ()
    tells: Tells[C] | None = None
    follow: Callable[[C, Scene[C]], tuple[FollowUp, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """What an act did; becomes one journal entry. Holds no personal data."""

    number: str
    action: str
    stage_before: str
    stage_after: str
    by: Actor
    at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision(Generic[C]):
    """The outcome of an act, to be written in one transaction."""

    case: C
    event: Happened
    letters: tuple[Letter, ...] = ()
    follow: tuple[FollowUp, ...] = ()


def advance(case: C, scene: Scene[C], arrows: Mapping[StrEnum, Arrow[C]]) -> Decision[C]:
    """Take the arrow the act names.

    Raises:
        UnknownAction: no such action for this kind of case.
        WrongStage: the arrow does not start from the case's stage.
        RoleNotPermitted: the actor's role may not take it.
        StaleFacts: the act was decided on an older version.
        Refused: a guard says no.
    """
    act = scene.act
    action, arrow = _arrow(arrows, act.action)
    if act.expect_version is not None and act.expect_version != case.version:
        raise StaleFacts(case.number, act.expect_version, case.version)
    if case.stage not in arrow.sources:
        raise WrongStage(action, case.stage, actions_from(arrows, case.stage, act.by.role))
    if act.by.role not in arrow.roles:
        roles = tuple(sorted(ROLE_SHOWN_AS[role] for role in arrow.roles))
        raise RoleNotPermitted(action, act.by.role, roles, actions_from(arrows, case.stage, act.by.role))
    if arrow.named:
        _check_named(arrow, scene)
    for guard in arrow.guards:
        guard(case, scene)
    after = arrow.step(case, scene) if arrow.step else case
    after = _set(after, clocks=_clocks_after(after, arrow, scene))
    stage = _target(after, arrow)
    after = _set(after, stage=stage, version=case.version + 1)
    letters = tuple(letter for write in arrow.letters for letter in write(case, after, scene))
    follow = arrow.follow(after, scene) if arrow.follow else ()
    facts = {**facts_of(act), **(arrow.tells(case, after, scene) if arrow.tells else {})}
    event = Happened(case.number, action, case.stage, stage, act.by, act.at, facts)
    return Decision(after, event, letters, follow)


def actions_from(arrows: Mapping[StrEnum, Arrow[C]], stage: StrEnum, role: Role) -> tuple[str, ...]:
    """What that role may do from that stage, guards apart."""
    return tuple(str(a) for a, arrow in arrows.items() if stage in arrow.sources and role in arrow.roles)


def facts_of(act: Act) -> dict[str, Any]:
    """The act's fields that are set and not personal: what the journal tells in the open.

    Free text and corrected values may hold personal data: the journal keeps those sealed.
    """
    skip = {"action", "by", "at", "note", "changes", "expect_version"}
    facts: dict[str, Any] = {}
    for name in Act.__dataclass_fields__:
        value = getattr(act, name)
        if name in skip or value in ((), "", None, False):
            continue
        facts[name] = _plain(value)
    if act.changes:
        facts["changed"] = sorted(act.changes)
    return facts


def _plain(value: object) -> object:
    if isinstance(value, ProposedOpd):
        return {"opd": value.opd, "items": list(value.items), "because": value.because}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, StrEnum) else value


def _check_named(arrow: Arrow[C], scene: Scene[C]) -> None:
    """Who approves, signs or decides does so by name: whoever drafted may not approve, so both are known.

    Raises:
        Refused: no name was given; tells who holds the role that day, acting officers among them.
    """
    act, office = scene.act, scene.book.office
    if act.by.name or act.by.role is Role.SYSTEM:
        return
    holders = [f"{one.key} ({one.title})" for one in office.officers_in(act.by.role, act.today)]
    known = ", ".join(holders) or "belum ada; lengkapi people.yaml"
    role = ROLE_SHOWN_AS[act.by.role]
    raise Refused(
        "as",
        f"«{arrow.shown_as}» dilakukan atas nama pejabat; sebutkan namanya. Pemegang peran {role}: {known}",
    )


def _arrow(arrows: Mapping[StrEnum, Arrow[C]], action: str) -> tuple[StrEnum, Arrow[C]]:
    for known, arrow in arrows.items():
        if known == action:
            return known, arrow
    raise UnknownAction(action, tuple(str(known) for known in arrows))


def _target(after: C, arrow: Arrow[C]) -> StrEnum:
    if not arrow.targets:
        return after.stage
    if arrow.route is None:
        return arrow.targets[0]
    return arrow.route(after)


def _clocks_after(case: C, arrow: Arrow[C], scene: Scene[C]) -> Clocks:
    act, clocks = scene.act, case.clocks
    for kind in arrow.meets:
        clocks = meet(clocks, kind, act.at)
    if arrow.ends:
        clocks = end(clocks, act.at, *arrow.ends)
    if arrow.ends_all:
        clocks = end(clocks, act.at)
    for kind in arrow.starts:
        cap = scene.book.cap_for(kind, clocks, received_on=case.received_on)
        clock = scene.book.start_clock(kind, act.day, received_on=case.received_on, cap=cap)
        clocks = put(clocks, clock)
    return clocks


def _set(case: C, **fields: Any) -> C:
    return replace(case, **fields)  # type: ignore[type-var]
