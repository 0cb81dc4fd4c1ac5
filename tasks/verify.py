"""Checks that the record is whole: every case's chain, the seals over all commits, and where each ends.

Needs no key, and neither pydantic nor Alembic, so that it answers at once on a small store. A changed
byte in any column of the journal, a cut tail, a changed case and a case taken out whole are found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from tasks.store.hashing import digest, entry_hash, seal_hash
from tasks.store.schema import cases, counters, journal, seals

_CHUNK: Final = 2000
_ENTRIES: Final = select(journal).order_by(journal.c.case_id, journal.c.seq)
_CASES: Final = select(
    cases.c.id,
    cases.c.number,
    cases.c.stage,
    cases.c.version,
    cases.c.state,
    cases.c.head_seq,
    cases.c.head_hash,
).order_by(cases.c.id)
_SEALS: Final = select(seals).order_by(seals.c.id)
_COUNTED: Final = (
    select(counters.c.kind, counters.c.series, counters.c.year, counters.c.last, func.count(cases.c.id))
    .select_from(
        counters.outerjoin(
            cases,
            (cases.c.kind == counters.c.kind)
            & (cases.c.series == counters.c.series)
            & (cases.c.year == counters.c.year),
        )
    )
    .group_by(counters.c.kind, counters.c.series, counters.c.year, counters.c.last)
)


@dataclass(frozen=True, slots=True)
class Broken:
    """The first thing that does not fit; *number* and *seq* say which entry, where it is one."""

    number: str
    seq: int | None
    what: str

    def __str__(self) -> str:
        entry = f", entri {self.seq}" if self.seq is not None else ""
        return f"{self.number}{entry}: {self.what}"


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and the first bad entry; None means the record is whole."""

    cases: int
    entries: int
    seals: int
    broken: Broken | None = None


class _Walk:
    """One pass over the store; stops at the first thing that does not fit."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.hashes: dict[int, tuple[str, str, int]] = {}
        self.seals: set[str] = set()
        self.cases = 0

    def look(self, log: Path | None) -> Iterator[Broken]:
        yield from self._chains()
        yield from self._seals()
        yield from self._numbers()
        if log is not None and log.is_file():
            yield from self._log(log)

    def _rows(self, query: Any) -> Iterator[Row[Any]]:
        yield from self.connection.execution_options(yield_per=_CHUNK).execute(query)

    def _chains(self) -> Iterator[Broken]:
        filed = {row.id: row for row in self._rows(_CASES)}
        self.cases = len(filed)
        for case_id, chain in groupby(self._rows(_ENTRIES), key=lambda row: row.case_id):
            case = filed.pop(case_id, None)
            if case is None:
                first = next(chain)
                yield Broken(first.number, first.seq, "berkasnya sudah tidak ada")
                return
            yield from self._chain(case, chain)
        for case in filed.values():
            yield Broken(case.number, None, "tidak ada satu pun entri jurnal")

    def _chain(self, case: Row[Any], chain: Iterator[Row[Any]]) -> Iterator[Broken]:
        previous, seq, last = "", 0, None
        for row in chain:
            seq += 1
            fault = _fault_of(row, case.number, seq, previous)
            if fault:
                yield Broken(case.number, min(seq, row.seq), fault)
                return
            self.hashes[row.id] = (row.hash, row.number, row.seq)
            previous, last = row.hash, row
        if last is None or (case.head_seq, case.head_hash) != (seq, previous):
            missing = seq + 1 if case.head_seq > seq else seq
            yield Broken(
                case.number, missing, f"berkas berakhir pada entri {case.head_seq}, jurnal pada {seq}"
            )
        elif last.state_hash != digest(case.state):
            yield Broken(case.number, seq, "isi berkas diubah sesudah entri ini")
        elif (last.stage_after, last.version) != (case.stage, case.version):
            yield Broken(case.number, seq, "tahap atau versi berkas tidak sesuai dengan entri ini")

    def _seals(self) -> Iterator[Broken]:
        previous, unsealed = "", dict(self.hashes)
        for row in self._rows(_SEALS):
            ids = [int(part) if part.isdigit() else -1 for part in row.entries.split(",")]
            gone = [one for one in ids if one not in unsealed]
            if gone:
                yield Broken(
                    f"segel {row.id}", None, f"entri jurnal no. {gone[0]} hilang atau disegel dua kali"
                )
                return
            hashed = seal_hash(previous, row.entries, [unsealed.pop(one)[0] for one in ids])
            if row.prev_hash != previous or row.hash != hashed:
                yield Broken(f"segel {row.id}", None, "rantai segel putus: isi segel atau entrinya berubah")
                return
            self.seals.add(row.hash)
            previous = row.hash
        for _, number, seq in unsealed.values():
            yield Broken(number, seq, "entri ini tidak disegel; ekor rantai segel terpotong")
            return

    def _numbers(self) -> Iterator[Broken]:
        """Numbers are given without gaps, so a case taken out whole leaves one."""
        for kind, series, year, last, count in self.connection.execute(_COUNTED):
            if last != count:
                yield Broken(
                    f"{kind} {series}/{year}", None, f"{last} nomor diberikan, tetapi ada {count} berkas"
                )

    def _log(self, log: Path) -> Iterator[Broken]:
        """Each seal written to the log beside the database must still be there.

        A seal may be missing in the log: a crash right after its commit, or another machine's commit.
        """
        with log.open(encoding="ascii", errors="replace") as lines:
            for position, line in enumerate(lines, start=1):
                if line.endswith("\n") and line.strip() not in self.seals:
                    yield Broken(
                        f"{log.name} baris {position}", None, "segel ini tidak ada lagi di basis data"
                    )
                    return


def verify(connection: Connection, log: Path | None = None) -> Verified:
    """Walk the whole record; stops at the first thing that does not fit.

    Args:
        log: the file with one seal a line that lies beside the database, if there is one.
    """
    walk = _Walk(connection)
    broken = next(walk.look(log), None)
    return Verified(walk.cases, len(walk.hashes), len(walk.seals), broken)


def _fault_of(row: Row[Any], number: str, seq: int, previous: str) -> str | None:
    if row.number != number:
        return f"bernomor {row.number}, padahal milik {number}"
    if row.seq != seq:
        return f"entri {seq} hilang"
    if row.prev_hash != previous:
        return "tidak menyambung dengan entri sebelumnya"
    if row.hash != entry_hash(dict(row._mapping), row.sealed):
        return "isinya berubah"
    return None
