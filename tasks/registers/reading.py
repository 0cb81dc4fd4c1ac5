"""Case files in the order of their registration, a page at a time: memory does not grow with the register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Engine, Row, Select, func, select, tuple_

from domain.number import LIVE_SERIES, SAMPLE_SERIES, CaseKind
from tasks.store.codec import Case, load_case
from tasks.store.engine import reading
from tasks.store.schema import cases, journal, persons

PAGE: Final = 500

_COLUMNS: Final = (
    cases.c.id,
    cases.c.number,
    cases.c.kind,
    cases.c.root_id,
    cases.c.year,
    cases.c.state,
    cases.c.sealed,
    cases.c.person_id,
    persons.c.wrapped_key,
)
_JOINED: Final = cases.outerjoin(persons, persons.c.id == cases.c.person_id)
_ORDER: Final = (cases.c.year, cases.c.id)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which files a register lists; empty means all.

    Attributes:
        year: the year in the number.
        stage: the code's word.
        opd: the key of an OPD that was given a part of the request.
        series: real files, or samples: never both in one register.
    """

    year: int | None = None
    stage: str = ""
    opd: str = ""
    channel: str = ""
    series: str = LIVE_SERIES


@dataclass(frozen=True, slots=True)
class Entry:
    """A file with its family, root first; what opens its identity, and its notes in the journal."""

    id: int
    number: str
    case: Any
    family: tuple[Case, ...]
    person: str
    wrapped_key: bytes | None
    sealed: bytes | None
    notes: tuple[Row[Any], ...] = ()

    def of_family(self, number: str) -> Case | None:
        """The case of that number in the family, or None."""
        return next((case for case in self.family if case.number == number), None)


def series_in_use(engine: Engine) -> str:
    """The live series; the samples' one where the database holds nothing but samples."""
    with reading(engine) as connection:
        found = set(connection.execute(select(cases.c.series).distinct()).scalars())
    return SAMPLE_SERIES if found == {SAMPLE_SERIES} else LIVE_SERIES


def entries(
    engine: Engine, kind: CaseKind, wanted: Filter, *, noted: Sequence[str] = (), page: int = PAGE
) -> Iterator[Entry]:
    """The files of that kind in the order of their numbers.

    Args:
        noted: actions whose journal entries come with each file, for what is kept nowhere else.
    """
    query = _filtered(kind, wanted).limit(page)
    after: tuple[int, int] | None = None
    while True:
        further = query if after is None else query.where(tuple_(*_ORDER) > after)
        with reading(engine) as connection:
            rows = connection.execute(further).all()
            if not rows:
                return
            families = (
                _families(connection, [row.root_id for row in rows]) if kind is not CaseKind.REQUEST else {}
            )
            notes = _notes(connection, [row.id for row in rows], noted) if noted else {}
        for row in rows:
            case = load_case(row.kind, row.state)
            family = families.get(row.root_id, (case,))
            kept = tuple(notes.get(row.id, ()))
            yield Entry(row.id, row.number, case, family, row.person_id, row.wrapped_key, row.sealed, kept)
        after = (rows[-1].year, rows[-1].id)


def count(engine: Engine, kind: CaseKind, wanted: Filter) -> int:
    """How many files the filter leaves."""
    inner = _filtered(kind, wanted).order_by(None).subquery()
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(inner)).scalar_one())


def _filtered(kind: CaseKind, wanted: Filter) -> Select[Any]:
    query = select(*_COLUMNS).select_from(_JOINED).order_by(*_ORDER)
    query = query.where(cases.c.kind == str(kind), cases.c.series == wanted.series)
    if wanted.year is not None:
        query = query.where(cases.c.year == wanted.year)
    if wanted.stage:
        query = query.where(cases.c.stage == wanted.stage)
    if wanted.channel:
        query = query.where(cases.c.channel == wanted.channel)
    if wanted.opd:
        held = cases.c.opds.contains(f",{wanted.opd},", autoescape=True)
        if kind is not CaseKind.REQUEST:  # an objection or dispute belongs to the OPDs of its request
            root = cases.alias("root")
            held = cases.c.root_id.in_(
                select(root.c.id).where(root.c.opds.contains(f",{wanted.opd},", autoescape=True))
            )
        query = query.where(held)
    return query


def _families(connection: Any, roots: list[int]) -> dict[int, tuple[Case, ...]]:
    found: dict[int, list[Case]] = {}
    query = select(cases.c.root_id, cases.c.kind, cases.c.state).where(cases.c.root_id.in_(set(roots)))
    for row in connection.execute(query.order_by(cases.c.id)):
        found.setdefault(row.root_id, []).append(load_case(row.kind, row.state))
    return {root: tuple(family) for root, family in found.items()}


def _notes(connection: Any, ids: list[int], actions: Sequence[str]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    query = (
        select(journal.c.case_id, journal.c.seq, journal.c.action, journal.c.at, journal.c.sealed)
        .where(journal.c.case_id.in_(ids), journal.c.action.in_(list(actions)))
        .order_by(journal.c.case_id, journal.c.seq)
    )
    for row in connection.execute(query):
        found.setdefault(row.case_id, []).append(row)
    return found
