"""The floor of bulk work: the same rows in a plain program, with the same durability and no rules.

A case is a row of state, two clocks and one event more for each change; five hundred share a commit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from time import perf_counter
from typing import Any, Final

from bench.floor import Floor, worded
from bench.places import Place

_STATE: Final = json.dumps(
    {
        "stage": "forwarded",
        "clocks": [{"kind": "opd_answer", "due": "2026-03-13"}] * 4,
        "items": ["x" * 60] * 8,
    }
)
_EVENT: Final = '{"moves": [{"old": "2026-03-13", "new": "2026-03-16"}]}'
_KINDS: Final = ("answer", "notice")
_TOGETHER: Final = 500
_TABLES: Final = (
    "CREATE TABLE b_cases (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, state TEXT NOT NULL)",
    "CREATE TABLE b_events (case_id INTEGER, seq INTEGER, facts TEXT, PRIMARY KEY (case_id, seq))",
    "CREATE TABLE b_clocks (case_id INTEGER, kind TEXT, due TEXT NOT NULL, PRIMARY KEY (case_id, kind))",
    "CREATE INDEX b_due ON b_clocks (due)",
)


class Bulk:
    """Cases of a plain program: loaded, looked at, moved."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def load(self, count: int) -> float:
        """Write *count* cases; seconds."""
        with closing(Floor.connect(self.place)) as connection:
            cursor = connection.cursor()
            for statement in _TABLES:
                cursor.execute(statement)
            began = perf_counter()
            for ids in _parts(range(1, count + 1)):
                self._many(cursor, "INSERT INTO b_cases VALUES (?, 1, ?)", [(one, _STATE) for one in ids])
                self._many(cursor, "INSERT INTO b_events VALUES (?, 1, ?)", [(one, _EVENT) for one in ids])
                clocks = [(one, kind, "2026-03-13") for one in ids for kind in _KINDS]
                self._many(cursor, "INSERT INTO b_clocks VALUES (?, ?, ?)", clocks)
                connection.commit()
            return perf_counter() - began

    def look(self) -> float:
        """Read every case and its dates; seconds."""
        with closing(Floor.connect(self.place)) as connection:
            began = perf_counter()
            for _, state in connection.cursor().execute("SELECT id, state FROM b_cases"):
                json.loads(state)
            return perf_counter() - began

    def move(self, count: int) -> float:
        """Move both clocks of the first *count* cases, each with an event; seconds."""
        with closing(Floor.connect(self.place)) as connection:
            cursor = connection.cursor()
            began = perf_counter()
            for ids in _parts(range(1, count + 1)):
                states = [(_STATE, one) for one in ids]
                self._many(cursor, "UPDATE b_cases SET version = 2, state = ? WHERE id = ?", states)
                self._many(cursor, "INSERT INTO b_events VALUES (?, 2, ?)", [(one, _EVENT) for one in ids])
                days = [("2026-03-16", one, kind) for one in ids for kind in _KINDS]
                self._many(cursor, "UPDATE b_clocks SET due = ? WHERE case_id = ? AND kind = ?", days)
                connection.commit()
            return perf_counter() - began

    def _many(self, cursor: Any, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        cursor.executemany(worded(self.place.db, statement), rows)


def _parts(ids: range) -> Iterator[range]:
    return (ids[start : start + _TOGETHER] for start in range(0, len(ids), _TOGETHER))
