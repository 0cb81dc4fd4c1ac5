"""A row to be copied many times: bound for its database once, filled with a new number each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import Connection, Dialect, Table

from domain.number import for_files


class Mould:
    """One row of *table* made for *dialect*; *number* is what each copy replaces."""

    def __init__(self, table: Table, dialect: Dialect, row: Mapping[str, Any], number: str) -> None:
        self.place = {column.name: place for place, column in enumerate(table.columns)}
        self._values = bound(table, dialect, [row])[0]
        self._texts = [
            (place, value.replace(number, "\0").replace(for_files(number), "\1"))
            for place, value in enumerate(self._values)
            if isinstance(value, str) and (number in value or for_files(number) in value)
        ]

    def cast(self, number: str, file_name: str, **others: Any) -> list[Any]:
        """The row for *number*, *others* by their column's name (as the database takes them)."""
        values = list(self._values)
        for place, text in self._texts:
            values[place] = text.replace("\0", number).replace("\1", file_name)
        for name, value in others.items():
            values[self.place[name]] = value
        return values


def bound(table: Table, dialect: Dialect, rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """The rows as the driver takes them, in the order of the table's columns."""
    binds = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns]
    pairs = list(zip(table.columns, binds, strict=True))
    return [[bind(row[c.name]) if bind else row[c.name] for c, bind in pairs] for row in rows]


def insert(connection: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Write bound rows the fastest way the database has."""
    if not rows:
        return
    raw = connection.connection.driver_connection
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    if isinstance(raw, psycopg.Connection):
        with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copying:
            for row in rows:
                copying.write_row(row)
        return
    assert raw is not None  # noqa: S101 a connection in use has one
    marks = ", ".join("?" * len(table.columns))
    raw.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", rows)  # noqa: S608
