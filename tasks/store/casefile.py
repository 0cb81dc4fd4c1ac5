"""Reading a family of cases and writing a decision: rows in, rows out. Never commits, never decides."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from domain.arrow import Decision, Happened
from domain.assistance import Assistance
from domain.clock import Clock, Clocks
from domain.errors import CaseNotFound
from domain.ladder import Recipient
from domain.letter import Letter
from domain.number import CaseKind, registration_number
from domain.objection import Objection
from domain.request import Request
from domain.rulebook import Rulebook
from tasks.store import journal as chain
from tasks.store.codec import Case, canonical, dump_case, kind_of, load_case
from tasks.store.engine import insert_unless
from tasks.store.family import Family, Filed, Head
from tasks.store.page import page_of, writing_page
from tasks.store.schema import cases, clocks, counters, letters, persons, runs

_COLUMNS: Final = (
    cases.c.id,
    cases.c.number,
    cases.c.kind,
    cases.c.root_id,
    cases.c.series,
    cases.c.state,
    cases.c.sealed,
    cases.c.person_id,
    cases.c.head_seq,
    cases.c.head_hash,
    persons.c.wrapped_key,
)
_JOINED: Final = cases.outerjoin(persons, persons.c.id == cases.c.person_id)
#: A root filed in this very transaction has no root id yet: it is its own.
_ROOT: Final = select(func.coalesce(cases.c.root_id, cases.c.id)).where(cases.c.number == bindparam("number"))
_ROOTS: Final = select(cases.c.number, func.coalesce(cases.c.root_id, cases.c.id).label("root")).where(
    cases.c.number.in_(bindparam("numbers", expanding=True))
)
_LOCK: Final = select(cases.c.id).where(cases.c.id == bindparam("root")).with_for_update()
_FAMILY: Final = (
    select(*_COLUMNS).select_from(_JOINED).where(cases.c.root_id == bindparam("root")).order_by(cases.c.id)
)
_LOCK_MANY: Final = (
    select(cases.c.id)
    .where(cases.c.id.in_(bindparam("roots", expanding=True)))
    .order_by(cases.c.id)  # everybody in one order: no two wait for each other
    .with_for_update()
)
_FAMILIES: Final = (
    select(*_COLUMNS)
    .select_from(_JOINED)
    .where(cases.c.root_id.in_(bindparam("roots", expanding=True)))
    .order_by(cases.c.root_id, cases.c.id)
)
_INSERT_CASE: Final = insert(cases).returning(cases.c.id)
_SET_ROOT: Final = update(cases).where(cases.c.id == bindparam("b_id")).values(root_id=bindparam("b_root"))
_UPDATE_CASE: Final = (
    update(cases)
    .where(cases.c.id == bindparam("b_id"))
    .values(
        {
            name: bindparam(name)
            for name in (
                "stage",
                "version",
                "received_on",
                "subject",
                "opds",
                "next_on",
                "next_kind",
                "state",
                "head_seq",
                "head_hash",
            )
        }
    )
)
_RESEAL: Final = update(cases).where(cases.c.id == bindparam("b_id")).values(sealed=bindparam("b_sealed"))
_WAKE: Final = (
    update(runs)
    .where(runs.c.root_id == bindparam("b_root"))
    .values(wanted=runs.c.wanted + 1, woken_at=bindparam("b_at"))
)
_INSERT_RUN: Final = insert(runs)
_COUNT_ON: Final = insert_unless(
    counters,
    ("kind", "series", "year", "last"),
    there=("kind", "series", "year"),
    change={"last": "counters.last + 1"},
    returning="last",
)
_CHANGING: Final = ("version", "start_on", "due_on", "running", "met_at", "next_rung_on")
_PUT_CLOCKS: Final = insert_unless(
    clocks,
    ("case_id", "kind", "key", *_CHANGING),
    there=("case_id", "kind", "key"),
    change={name: f"excluded.{name}" for name in _CHANGING},
)
_OWE: Final = insert_unless(
    letters,
    (
        *("key", "case_id", "number", "kind", "recipients", "opd", "facts", "documents", "meets"),
        *("by_hand", "state", "owed_at", "next_try_at", "sealed"),
    ),
    there=("key",),
)
_NOTHING_HIDDEN: Final[Mapping[str, bytes]] = MappingProxyType({})


def load_family(connection: Connection, number: str, *, lock: bool = False) -> Family:
    """The family of that case, locked against other acts when asked.

    Raises:
        CaseNotFound: no case of that number.
    """
    page = page_of(connection)
    root = page.roots.get(number) if page is not None else None
    if root is None:
        root = connection.execute(_ROOT, {"number": number}).scalar()
    if root is None:
        raise CaseNotFound(number)
    return load_family_of_root(connection, root, lock=lock)


def load_family_of_root(connection: Connection, root: int, *, lock: bool = False) -> Family:
    """The family whose root has that id, as it stands after the acts of this transaction so far."""
    page = page_of(connection)
    if page is not None:
        if root in page.families:
            return page.families[root]
        if root in page.unread:
            page.flush(connection)
    if lock and connection.dialect.name != "sqlite":  # SQLite's BEGIN IMMEDIATE has locked already
        connection.execute(_LOCK, {"root": root})
    rows = connection.execute(_FAMILY, {"root": root}).all()
    family = Family(tuple(_filed(row) for row in rows))
    if page is not None and lock:
        page.families[root] = family
    return family


def lock_families_of(connection: Connection, numbers: Sequence[str]) -> None:
    """`lock_families` by number; a number that does not exist is left for its act to refuse."""
    if not numbers:
        return
    found = connection.execute(_ROOTS, {"numbers": sorted(set(numbers))}).all()
    writing_page(connection).roots.update({row.number: row.root for row in found})
    lock_families(connection, [row.root for row in found])


def lock_families(connection: Connection, roots: Iterable[int]) -> None:
    """Lock and read those families with one query each, for acts of this transaction that follow."""
    page = writing_page(connection)
    wanted = sorted(set(roots) - page.families.keys())
    if page.unread & set(wanted):
        page.flush(connection)
    if not wanted:
        return
    if connection.dialect.name != "sqlite":
        connection.execute(_LOCK_MANY, {"roots": wanted})
    rows = connection.execute(_FAMILIES, {"roots": wanted}).all()
    for root, of_root in groupby(rows, key=lambda row: row.root_id):
        page.families[root] = Family(tuple(_filed(row) for row in of_root))


def next_number(connection: Connection, kind: CaseKind, series: str, year: int) -> str:
    """The next number of that kind, series and year; given back when the savepoint is undone."""
    place = {"kind": str(kind), "series": series, "year": year, "last": 1}
    count: int = connection.execute(_COUNT_ON, place).scalar_one()
    return registration_number(kind, series, year, count)


def insert_case(
    connection: Connection,
    decision: Decision[Any],
    *,
    series: str,
    root_id: int | None,
    person_id: str,
    wrapped_key: bytes | None,
    sealed: bytes | None,
    journal_note: bytes | None,
    book: Rulebook,
    at: datetime,
) -> Filed:
    """Write a new case with its first journal entry, clocks, letters and run."""
    case: Case = decision.case
    values = _case_values(case, book)
    values.update(
        number=case.number,
        kind=str(kind_of(case)),
        root_id=root_id,
        series=series,
        year=int(case.number.rsplit("/", 1)[1]),
        person_id=person_id,
        channel=str(case.channel) if isinstance(case, Request | Objection) else "",
        applicant=str(case.applicant) if isinstance(case, Request | Objection) else "",
        registered_at=case.registered_at,
        sealed=sealed,
        head_seq=0,
        head_hash="",
    )
    page = writing_page(connection)
    case_id: int = connection.execute(_INSERT_CASE, values).scalar_one()
    root = root_id or case_id
    if root_id is None:
        page.first(_SET_ROOT, {"b_id": case_id, "b_root": case_id})
        page.first(_INSERT_RUN, {"root_id": root, "number": case.number, "wanted": 1, "woken_at": at})
        page.families[root] = Family(())
    else:
        page.later(_WAKE, {"b_root": root, "b_at": at})
    filed = Filed(case_id, root, series, case, Head(0, ""), person_id, wrapped_key, sealed)
    return _write(connection, filed, (), decision, journal_note, book)


def save_decision(
    connection: Connection,
    filed: Filed,
    decision: Decision[Any],
    journal_note: bytes | None,
    book: Rulebook,
    hidden: Mapping[str, bytes] = _NOTHING_HIDDEN,
    *,
    wake: bool = True,
) -> Filed:
    """Write what an act changed: state, journal entry, clocks, letters, and the wake of its run.

    Args:
        hidden: by a letter's key, the facts it tells that may not stand in plain, sealed.
        wake: whether its run has something new to show.
    """
    if wake:
        writing_page(connection).later(_WAKE, {"b_root": filed.root_id, "b_at": decision.event.at})
    changed = replace(filed, case=decision.case)
    return _write(connection, changed, filed.case.clocks, decision, journal_note, book, hidden)


def reseal_identity(connection: Connection, filed: Filed, sealed: bytes) -> Filed:
    """Put another sealed identity on the case."""
    connection.execute(_RESEAL, {"b_id": filed.id, "b_sealed": sealed})
    changed = replace(filed, sealed=sealed)
    writing_page(connection).remember(changed)
    return changed


def owe(
    connection: Connection,
    case_id: int | None,
    owed: Iterable[Letter],
    at: datetime,
    hidden: Mapping[str, bytes] = _NOTHING_HIDDEN,
) -> None:
    """Write letters as ready to send; a key that is there already is left alone."""
    rows = [{**_letter_values(case_id, letter, at), "sealed": hidden.get(letter.key)} for letter in owed]
    if rows:
        writing_page(connection).later(_OWE, *rows)


def offer_again(connection: Connection, case_ids: Iterable[int], at: datetime, *, by_hand: bool) -> None:
    """The applicant's contact was mended: what could not be delivered to them is ready once more.

    A letter that came back after it was sent has lost the free text it told: that one stays with the desk.
    """
    writing_page(connection).flush(connection)
    stuck = select(letters.c.id, letters.c.recipients, letters.c.facts, letters.c.message_id).where(
        letters.c.case_id.in_(list(case_ids)), letters.c.state == "undeliverable"
    )
    for row in connection.execute(stuck).all():
        if str(Recipient.APPLICANT) not in json.loads(row.recipients):
            continue
        values: dict[str, object] = {"state": "ready", "next_try_at": at, "attempts": 0, "error": ""}
        if row.message_id:
            if "hidden" in json.loads(row.facts):
                continue
            values |= {"sealed": None, "sent_at": None}
        again = update(letters).where(letters.c.id == row.id).values(by_hand=by_hand, **values)
        connection.execute(again)


def put_clocks(connection: Connection, case_id: int, changed: Clocks, book: Rulebook) -> None:
    """Write the rows of those clocks, new or changed."""
    if not changed:
        return
    rows = [_clock_values(case_id, clock, book) for clock in changed]
    writing_page(connection).later(_PUT_CLOCKS, *rows)


# --- parts --------------------------------------------------------------------------------------


def _write(
    connection: Connection,
    filed: Filed,
    before: Clocks,
    decision: Decision[Any],
    journal_note: bytes | None,
    book: Rulebook,
    hidden: Mapping[str, bytes] = _NOTHING_HIDDEN,
) -> Filed:
    event: Happened = decision.event
    values = _case_values(filed.case, book)
    page = writing_page(connection)
    head = chain.append(
        page,
        filed.id,
        event,
        version=filed.case.version,
        state=str(values["state"]),
        sealed=journal_note,
        head=filed.head,
    )
    values.update(b_id=filed.id, head_seq=head.seq, head_hash=head.hash)
    page.later(_UPDATE_CASE, values)
    known = set(before)
    put_clocks(connection, filed.id, tuple(c for c in filed.case.clocks if c not in known), book)
    owe(connection, filed.id, decision.letters, event.at, hidden)
    written = replace(filed, head=head)
    page.remember(written)
    return written


def _case_values(case: Case, book: Rulebook) -> dict[str, object]:
    soonest = min((c for c in case.clocks if c.is_running), key=lambda c: c.due_on, default=None)
    return {
        "stage": str(case.stage),
        "version": case.version,
        "received_on": case.received_on,
        "subject": case.subject,
        "opds": f",{','.join(case.opds)}," if isinstance(case, Request | Assistance) and case.opds else "",
        "next_on": soonest.due_on if soonest else None,
        "next_kind": str(soonest.kind) if soonest else "",
        "state": dump_case(case),
    }


def _clock_values(case_id: int, clock: Clock, book: Rulebook) -> dict[str, object]:
    return {
        "case_id": case_id,
        "kind": str(clock.kind),
        "key": clock.key,
        "version": clock.version,
        "start_on": clock.start_on,
        "due_on": clock.due_on,
        "running": clock.is_running,
        "met_at": clock.met_at,
        "next_rung_on": book.next_rung_on(clock),
    }


def _letter_values(case_id: int | None, letter: Letter, at: datetime) -> dict[str, object]:
    return {
        "key": letter.key,
        "case_id": case_id,
        "number": letter.number,
        "kind": str(letter.kind),
        "recipients": canonical([str(r) for r in letter.to]),
        "opd": letter.opd,
        "facts": canonical(letter.facts),
        "documents": canonical(list(letter.documents)),
        "meets": str(letter.meets) if letter.meets else None,
        "by_hand": letter.by_hand,
        "state": "ready",
        "owed_at": at,
        "next_try_at": at,
    }


def _filed(row: Row[Any]) -> Filed:
    values = row._mapping
    return Filed(
        id=values["id"],
        root_id=values["root_id"],
        series=values["series"],
        case=load_case(values["kind"], values["state"]),
        head=Head(values["head_seq"], values["head_hash"]),
        person_id=values["person_id"],
        wrapped_key=values["wrapped_key"],
        sealed=values["sealed"],
    )
