"""Case files in the order of their registration, a page at a time: memory does not grow with the register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Row,
    ScalarSelect,
    Select,
    func,
    literal_column,
    select,
    tuple_,
)

from domain.number import LIVE_SERIES, SAMPLE_SERIES, CaseKind
from domain.rule import ClockKind
from tasks.store.codec import Case, load_case
from tasks.store.engine import reading
from tasks.store.schema import cases, clocks, counters, journal, persons

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
    order = _order(kind, wanted)
    after: tuple[int, ...] | None = None
    while True:
        further = query if after is None else query.where(tuple_(*order) > after)
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
        last = rows[-1]
        after = (last.id,) if len(order) == 1 else (last.year, last.id)


def count(engine: Engine, kind: CaseKind, wanted: Filter, *, at_most: int) -> int:
    """How many files the filter leaves; counting ends one past *at_most*, whatever the register's size."""
    with reading(engine) as connection:
        if not (wanted.stage or wanted.channel or wanted.opd):
            return _given(connection, kind, wanted)
        some = _narrowed(select(cases.c.id).select_from(cases), kind, wanted)
        # In the list's order, so that SQLite goes by the OPD's clocks here too.
        first = some.order_by(*_order(kind, wanted)).limit(at_most + 1).subquery()
        return int(connection.execute(select(func.count()).select_from(first)).scalar_one())


def _given(connection: Connection, kind: CaseKind, wanted: Filter) -> int:
    """How many numbers were given; they have no gaps, so nothing need be counted."""
    query = select(func.coalesce(func.sum(counters.c.last), 0))
    query = query.where(counters.c.kind == str(kind), counters.c.series == wanted.series)
    if wanted.year is not None:
        query = query.where(counters.c.year == wanted.year)
    return int(connection.execute(query).scalar_one())


def _filtered(kind: CaseKind, wanted: Filter) -> Select[Any]:
    return _narrowed(select(*_COLUMNS).select_from(_JOINED), kind, wanted).order_by(*_order(kind, wanted))


def _order(kind: CaseKind, wanted: Filter) -> tuple[Column[int], ...]:
    """The order of numbers; ids rise with them, and an OPD's files are found by their ids."""
    if not wanted.opd:
        return (cases.c.year, cases.c.id)
    return (clocks.c.case_id,) if kind is CaseKind.REQUEST else (cases.c.id,)


def _narrowed(query: Select[Any], kind: CaseKind, wanted: Filter) -> Select[Any]:
    query = query.where(cases.c.kind == str(kind), cases.c.series == wanted.series)
    if wanted.year is not None:
        # A range and not an equation: PostgreSQL would order by id alone and read all years before.
        query = query.where(cases.c.year.between(wanted.year, wanted.year))
    if wanted.stage:
        query = query.where(cases.c.stage == wanted.stage)
    if wanted.channel:
        query = query.where(cases.c.channel == wanted.channel)
    return _held(query, kind, wanted) if wanted.opd else query


def _held(query: Select[Any], kind: CaseKind, wanted: Filter) -> Select[Any]:
    """Each part of a request given to an OPD started a clock of it; help asked for starts none."""
    if kind is CaseKind.ASSISTANCE:
        return query.where(cases.c.opds.contains(f",{wanted.opd},", autoescape=True))
    # The literal lets both databases use the index over the OPDs' clocks only.
    of_opd = (clocks.c.kind == literal_column(f"'{ClockKind.OPD_ANSWER}'"), clocks.c.key == wanted.opd)
    if kind is not CaseKind.REQUEST:  # an objection or dispute belongs to the OPDs of its request
        return query.where(cases.c.root_id.in_(select(clocks.c.case_id).where(*of_opd)))
    query = query.join(clocks, clocks.c.case_id == cases.c.id).where(*of_opd)
    if wanted.year is None:
        return query
    return query.where(clocks.c.case_id >= _first_id(kind, wanted.series, wanted.year))


def _first_id(kind: CaseKind, series: str, year: int) -> ScalarSelect[int]:
    first = select(cases.c.id).where(cases.c.kind == str(kind), cases.c.series == series)
    first = first.where(cases.c.year.between(year, year)).order_by(cases.c.year, cases.c.id).limit(1)
    return first.correlate(None).scalar_subquery()


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
