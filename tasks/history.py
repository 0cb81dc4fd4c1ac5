"""What old registers tell: kept beside the case files, never among them.

An imported row has no clock, so nothing can ever remind anybody of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select

from domain.act import Act
from domain.errors import Refused
from domain.number import CaseKind
from domain.office import Actor
from tasks.act_checks import check_actor
from tasks.acts import Performed
from tasks.service import Service
from tasks.store.schema import cases, history

_CHUNK: Final = 1000


@dataclass(frozen=True, slots=True)
class OldYear:
    """A year known from old registers alone."""

    year: int
    requests: int
    sources: tuple[str, ...]

    @property
    def told(self) -> str:
        """Where the total comes from."""
        return "impor: " + "; ".join(self.sources)


def totals(connection: Connection) -> tuple[OldYear, ...]:
    """Every imported year, oldest first."""
    query = (
        select(history.c.year, history.c.source, func.sum(history.c.requests))
        .group_by(history.c.year, history.c.source)
        .order_by(history.c.year, history.c.source)
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for year, source, requests in connection.execute(query):
        found.setdefault(year, []).append((source, int(requests)))
    return tuple(
        OldYear(year, sum(count for _, count in parts), tuple(source for source, _ in parts))
        for year, parts in found.items()
    )


def keep(service: Service, rows: list[dict[str, Any]], batch: str, by: Actor) -> int:
    """Keep the rows of one file, all or none; how many.

    Raises:
        Refused: the file was imported before, a year is in the case files already, or *by* may not.
    """
    now = service.clock.now()

    def job(connection: Connection) -> Performed:
        check_actor(connection, Act(action="import", by=by, at=now), service.policy())
        _refuse_twice(connection, batch, {row["year"] for row in rows})
        named = {"batch": batch, "imported_at": now, "imported_by": by.name}
        for start in range(0, len(rows), _CHUNK):
            connection.execute(insert(history), [{**row, **named} for row in rows[start : start + _CHUNK]])
        return Performed("", "import", "", 0, 0)

    service.acts.writer.submit(job).result()
    return len(rows)


def check(connection: Connection, batch: str, years: set[int]) -> None:
    """What `keep` would refuse, before anything is kept.

    Raises:
        Refused: the file was imported before, or a year is in the case files already.
    """
    _refuse_twice(connection, batch, years)


def _refuse_twice(connection: Connection, batch: str, years: set[int]) -> None:
    known = select(history.c.imported_at).where(history.c.batch == batch).limit(1)
    at = connection.execute(known).scalar()
    if at is not None:
        raise Refused("FILE", f"berkas ini sudah diimpor pada {at:%Y-%m-%d}")
    live = (
        select(cases.c.year).where(cases.c.kind == str(CaseKind.REQUEST), cases.c.year.in_(years)).distinct()
    )
    doubled = sorted(connection.execute(live).scalars())
    if doubled:
        told = ", ".join(map(str, doubled))
        raise Refused(
            "year", f"tahun {told} sudah ada dalam berkas perkara; angkanya akan terhitung dua kali"
        )
