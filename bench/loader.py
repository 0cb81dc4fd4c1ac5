"""Fills a store with many cases: a few are made by the real acts, the rest are their copies.

A copy gets its own number, person, key, sealed identity, journal chain and letters' keys, and every commit
its seal, so `ppid verify`, acts and sweeps take it for their own. Only the text of letters already sent is
the pattern's. Rows go in by `executemany`, or by COPY on PostgreSQL.

python -m bench.loader [--db sqlite|postgresql] [--cases 100000]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, Final

import uvloop
from sqlalchemy import Connection, Table, func, select, text, update

from bench.figures import Figure, tell
from bench.mould import Mould, insert
from bench.office import all_left, an_office, running_core, whole_case
from bench.places import BOTH, POSTGRESQL, a_place
from bench.sink import a_sink
from domain.identity import Identity
from domain.number import CaseKind, for_files, registration_number
from tasks import verify
from tasks.service import Service
from tasks.store.engine import reading, writing
from tasks.store.hashing import HASHED, digest, seal_hash
from tasks.store.schema import cases, clocks, counters, journal, letters, persons, runs, seals

_CHUNK: Final = 2000
_SEALED_TOGETHER: Final = 50
_AT: Final = {column.name: place for place, column in enumerate(journal.columns)}
_TABLES: Final = (persons, cases, clocks, letters, journal, seals, runs)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A case that the real acts made, as rows to copy."""

    identity: Identity
    series: str
    year: int
    case: Mould
    clocks: list[Mould]
    letters: list[Mould]
    journal: list[Mould]
    run: Mould


def pattern_of(service: Service, number: str, *, with_letters: bool = True) -> Pattern:
    """The rows of that case; its letters should have left before."""
    with reading(service.engine) as connection:
        (case,) = _rows(connection, cases, cases.c.number == number)
        query = select(persons.c.wrapped_key).where(persons.c.id == case["person_id"])
        key = connection.execute(query).scalar()
        sealing = service.acts.sealing
        identity = sealing.open_identity(case["person_id"], key, case["sealed"], number)

        def moulds(table: Table, where: Any) -> list[Mould]:
            return [Mould(table, connection.dialect, row, number) for row in _rows(connection, table, where)]

        return Pattern(
            identity,
            case["series"],
            case["year"],
            Mould(cases, connection.dialect, case, number),
            moulds(clocks, clocks.c.case_id == case["id"]),
            moulds(letters, letters.c.case_id == case["id"]) if with_letters else [],
            moulds(journal, journal.c.case_id == case["id"]),
            moulds(runs, runs.c.root_id == case["id"])[0],
        )


class Loader:
    """Writes copies into an office's store; use while nobody else writes."""

    def __init__(self, service: Service) -> None:
        self.service = service
        with reading(service.engine) as connection:
            self._next = {table: _last_id(connection, table) for table in (cases, letters, journal, seals)}
            last = select(seals.c.hash).order_by(seals.c.id.desc()).limit(1)
            self._last_seal = connection.execute(last).scalar() or ""

    def copy(self, parts: Sequence[tuple[Pattern, int]]) -> int:
        """So many copies of each pattern, behind the last number of their series; how many in all."""
        series, year = parts[0][0].series, parts[0][0].year
        with writing(self.service.engine) as connection:
            last = _last_number(connection, series, year)
        wanted = [pattern for pattern, count in parts for _ in range(count)]
        for start in range(0, len(wanted), _CHUNK):
            self._write(wanted[start : start + _CHUNK], series, year, last + start)
        return len(wanted)

    def _write(self, chunk: Sequence[Pattern], series: str, year: int, last: int) -> None:
        rows: dict[Table, list[list[Any]]] = {table: [] for table in _TABLES}
        for place, pattern in enumerate(chunk, start=last + 1):
            self._copy(pattern, registration_number(CaseKind.REQUEST, series, year, place), place, rows)
        for start in range(0, len(rows[journal]), _SEALED_TOGETHER):
            rows[seals].append(self._seal(rows[journal][start : start + _SEALED_TOGETHER]))
        with writing(self.service.engine) as connection:
            for table in _TABLES:
                insert(connection, table, rows[table])
            counted = (counters.c.kind == "request", counters.c.series == series, counters.c.year == year)
            connection.execute(update(counters).where(*counted).values(last=last + len(chunk)))

    def _copy(self, pattern: Pattern, number: str, place: int, rows: dict[Table, list[list[Any]]]) -> None:
        keyring, file_name, case_id = self.service.keyring, for_files(number), self._id(cases)
        person, email = keyring.new_person(), f"salinan{place}@pemohon.example"
        rows[persons].append([person.id, person.wrapped_key, None, keyring.blind_index(email), None])
        identity = replace(pattern.identity, email=email)
        sealed = self.service.acts.sealing.seal_identity(person.id, person.wrapped_key, number, identity)
        ids = {"id": case_id, "root_id": case_id, "person_id": person.id}
        case = pattern.case.cast(number, file_name, sealed=sealed, **ids)
        head = ""
        for entry in pattern.journal:
            fresh = entry.cast(
                number, file_name, id=self._id(journal), case_id=case_id, prev_hash=head, sealed=None
            )
            if entry is pattern.journal[-1]:
                fresh[_AT["state_hash"]] = digest(case[pattern.case.place["state"]])
            head = fresh[_AT["hash"]] = digest(*(str(fresh[_AT[name]]) for name in HASHED), b"")
            rows[journal].append(fresh)
        case[pattern.case.place["head_hash"]] = head
        rows[cases].append(case)
        rows[clocks] += [clock.cast(number, file_name, case_id=case_id) for clock in pattern.clocks]
        for letter in pattern.letters:
            rows[letters].append(letter.cast(number, file_name, id=self._id(letters), case_id=case_id))
        wanted = pattern.run.cast(number, file_name, root_id=case_id, run_id=None)
        wanted[pattern.run.place["projected"]] = wanted[pattern.run.place["wanted"]]
        rows[runs].append(wanted)

    def _seal(self, entries: Sequence[list[Any]]) -> list[Any]:
        ids = ",".join(str(entry[_AT["id"]]) for entry in entries)
        hashed = seal_hash(self._last_seal, ids, [entry[_AT["hash"]] for entry in entries])
        row = [self._id(seals), ids, self._last_seal, hashed]
        self._last_seal = hashed
        return row

    def _id(self, table: Table) -> int:
        self._next[table] += 1
        return self._next[table]


def settle(service: Service) -> None:
    """Give the database its statistics, PostgreSQL its counters of ids; every run counts as shown."""
    with writing(service.engine) as connection:
        if connection.dialect.name == POSTGRESQL:
            for table in (cases, letters, journal, seals):
                query = (
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"  # noqa: S608
                )
                connection.execute(text(query))
        connection.execute(update(runs).values(projected=runs.c.wanted))  # no Prefect is part of this
    with service.engine.connect().execution_options(isolation_level="AUTOCOMMIT", reading=True) as connection:
        # What autovacuum does within a minute; without it PostgreSQL counts by reading whole tables.
        vacuums = connection.dialect.name == POSTGRESQL
        connection.execute(text("VACUUM ANALYZE" if vacuums else "ANALYZE"))


def _rows(connection: Connection, table: Table, where: Any) -> list[dict[str, Any]]:
    query = select(table).where(where).order_by(*table.primary_key.columns)
    return [dict(row._mapping) for row in connection.execute(query)]


def _last_id(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one())


def _last_number(connection: Connection, series: str, year: int) -> int:
    where = (counters.c.kind == "request", counters.c.series == series, counters.c.year == year)
    return int(connection.execute(select(counters.c.last).where(*where)).scalar_one())


async def _a_pattern(service: Service, acts: int) -> Pattern:
    async with running_core(service):
        number = await whole_case(service, 1, acts)
        await all_left(service)
    return pattern_of(service, number)


def figures(db: str, count: int) -> list[Figure]:
    """How fast copies are written, and that `verify` finds them whole."""
    with a_sink() as sink, a_place(db) as place, an_office(place, sink) as service:
        pattern = uvloop.run(_a_pattern(service, 3))
        began = perf_counter()
        Loader(service).copy([(pattern, count)])
        seconds = perf_counter() - began
        settle(service)
        with reading(service.engine) as connection:
            found = verify.verify(connection)
        facts: dict[str, object] = {"cases": count, "seconds": seconds, "whole": found.broken is None}
        return [Figure("bulk_load", count / seconds, "1/s", db, facts=facts)]


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", choices=BOTH)
    parser.add_argument("--cases", type=int, default=100_000)
    asked = parser.parse_args()
    for db in [asked.db] if asked.db else BOTH:
        tell(*figures(db, asked.cases))


if __name__ == "__main__":
    main()
