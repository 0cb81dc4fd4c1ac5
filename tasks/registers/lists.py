"""The lists of public and of exempt information (DIP, DIK): kept, changed and told by whom.

An approved consequence test enters its items by itself, in the transaction of the approval; what an order
or a lapse opens leaves the one list and enters the other (R-11.2, R-P11.3).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, bindparam, insert, select, update

from domain.exemption import next_step_on
from domain.item import TESTED, Item
from domain.request import Request
from domain.rulebook import Rulebook
from tasks.store.engine import reading
from tasks.store.schema import listing_events, listings

DIP: Final = "dip"
DIK: Final = "dik"
IN_FORCE: Final = "in_force"
OPENED: Final = "opened"
_PAGE: Final = 500
_INSERT: Final = insert(listings).returning(listings.c.id)
_KNOWN: Final = select(listings).where(
    listings.c.kind == DIK, listings.c.source == bindparam("source"), listings.c.status == IN_FORCE
)


@dataclass(frozen=True, slots=True)
class Listing:
    """One row of a list."""

    id: int
    kind: str
    opd: str
    title: str
    content: Mapping[str, Any]
    status: str
    until: date | None
    next_on: date | None
    source: str
    item_no: int
    set_on: date
    changed_at: datetime


def put(
    connection: Connection,
    kind: str,
    title: str,
    *,
    at: datetime,
    by: str,
    set_on: date,
    opd: str = "",
    content: Mapping[str, Any] | None = None,
    until: date | None = None,
    next_on: date | None = None,
    source: str = "",
    item_no: int = 0,
) -> int:
    """Enter one row; its id."""
    row = {
        "kind": kind,
        "opd": opd,
        "title": title,
        "content": json.dumps(dict(content or {}), ensure_ascii=False, default=str),
        "status": IN_FORCE,
        "until": until,
        "next_on": next_on,
        "source": source,
        "item_no": item_no,
        "set_on": set_on,
        "changed_at": at,
        "changed_by": by,
    }
    made: int = connection.execute(_INSERT, row).scalar_one()
    note(connection, made, "enter", at, by, {"until": until, "source": source})
    return made


def change(
    connection: Connection,
    listing: int,
    action: str,
    *,
    at: datetime,
    by: str,
    facts: Mapping[str, Any],
    **values: Any,
) -> None:
    """Change a row, and tell who did what."""
    fields = {**values, "changed_at": at, "changed_by": by}
    connection.execute(update(listings).where(listings.c.id == listing).values(fields))
    note(connection, listing, action, at, by, facts)


def note(
    connection: Connection, listing: int, action: str, at: datetime, by: str, facts: Mapping[str, Any]
) -> None:
    """Tell what happened to a row."""
    told = json.dumps({k: v for k, v in facts.items() if v}, ensure_ascii=False, default=str)
    row = {"listing_id": listing, "at": at, "action": action, "actor": by, "facts": told}
    connection.execute(insert(listing_events), row)


def enter_exemptions(
    connection: Connection, request: Request, book: Rulebook, *, at: datetime, today: date
) -> None:
    """Enter what an approval has just exempted; an item that is listed already is left alone."""
    rows = connection.execute(_KNOWN, {"source": request.number}).all()
    listed = {row.item_no for row in rows}
    for item in request.items:
        verdict = item.verdict
        if item.no in listed or verdict is None or not verdict.approved_by or verdict.outcome not in TESTED:
            continue
        put(
            connection,
            DIK,
            item.text,
            at=at,
            by=verdict.approved_by,
            set_on=today,
            opd=_holder(item, request),
            content={
                "ground": str(verdict.ground or ""),
                "basis": verdict.basis,
                "consequence": verdict.reason,
                "permanent": verdict.permanent,
                "part": str(verdict.outcome),
            },
            until=verdict.until,
            next_on=next_step_on(verdict.until, today, book),
            source=request.number,
            item_no=item.no,
        )


def open_ordered(connection: Connection, request: Request, *, at: datetime, today: date) -> None:
    """What an order told the city to give is open to everybody from now on (R-11.2)."""
    for row in connection.execute(_KNOWN, {"source": request.number}).all():
        open_up(connection, as_listing(row), f"atas {request.ordered_by}", at=at, by="", today=today)


def open_up(
    connection: Connection, listing: Listing, because: str, *, at: datetime, by: str, today: date
) -> None:
    """Take an exemption off the list of exempt information and enter it in that of public information."""
    content = {**listing.content, "opened_on": today.isoformat(), "opened_because": because}
    change(
        connection,
        listing.id,
        "open",
        at=at,
        by=by,
        facts={"because": because},
        status=OPENED,
        next_on=None,
        content=json.dumps(content, ensure_ascii=False),
    )
    put(
        connection,
        DIP,
        listing.title,
        at=at,
        by=by,
        set_on=today,
        opd=listing.opd,
        content={"remark": f"Dibuka {because}"},
        source=listing.source,
        item_no=listing.item_no,
    )


def find(connection: Connection, listing: int) -> Listing | None:
    """The row of that id, or None."""
    row = connection.execute(select(listings).where(listings.c.id == listing)).first()
    return as_listing(row) if row else None


def listed(
    engine: Engine, kind: str, *, year: int | None = None, opd: str = "", status: str = ""
) -> Iterator[Listing]:
    """The rows of that list, a page at a time, in the order they were entered."""
    query = select(listings).where(listings.c.kind == kind).order_by(listings.c.id).limit(_PAGE)
    if year is not None:
        query = query.where(listings.c.set_on.between(date(year, 1, 1), date(year, 12, 31)))
    if opd:
        query = query.where(listings.c.opd == opd)
    if status:
        query = query.where(listings.c.status == status)
    last = 0
    while True:
        with reading(engine) as connection:
            rows = connection.execute(query.where(listings.c.id > last)).all()
        if not rows:
            return
        for row in rows:
            yield as_listing(row)
        last = rows[-1].id


def as_listing(row: Row[Any]) -> Listing:
    """The row as a value."""
    return Listing(
        id=row.id,
        kind=row.kind,
        opd=row.opd,
        title=row.title,
        content=json.loads(row.content),
        status=row.status,
        until=row.until,
        next_on=row.next_on,
        source=row.source,
        item_no=row.item_no,
        set_on=row.set_on,
        changed_at=row.changed_at,
    )


def _holder(item: Item, request: Request) -> str:
    if item.proposal is not None and item.proposal.by_opd != "PPID":
        return item.proposal.by_opd
    return next((part.opd for part in request.assignments if item.no in part.items), "")
