"""The page of one transaction: rows that its acts write, collected and written together before the commit.

A statement costs its trip through SQLAlchemy whether it carries one row or sixty. Acts that share a commit
put their rows on the page and each table is written once. What an act needs to read back is kept here as
well: the families it changed, so that the next act of the commit decides on fresh facts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Executable, insert

from tasks.store.family import Family, Filed
from tasks.store.schema import journal

_OPTION: Final = "page"
_INSERT_ENTRIES: Final = insert(journal).returning(journal.c.id, sort_by_parameter_order=True)


@dataclass(frozen=True, slots=True)
class Sealable:
    """A journal entry that stands in the store and is to be sealed with its commit."""

    id: int
    hash: str


@dataclass(slots=True)
class Page:
    """What one transaction still has to write, and the families it holds locked.

    Attributes:
        families: by root id, as they stand after the acts so far.
        roots: by a case's number, the root of its family, where it was looked up together with others.
        unread: roots with rows on the page whose family is not in *families*.
    """

    families: dict[int, Family] = field(default_factory=dict)
    roots: dict[str, int] = field(default_factory=dict)
    unread: set[int] = field(default_factory=set)
    _first: dict[Executable, list[dict[str, Any]]] = field(default_factory=dict)
    _later: dict[Executable, list[dict[str, Any]]] = field(default_factory=dict)
    _entries: list[dict[str, Any]] = field(default_factory=list)
    _written: list[Sealable] = field(default_factory=list)

    def first(self, statement: Executable, row: dict[str, Any]) -> None:
        """Have *statement* carry that row, before everything given to `later`."""
        self._first.setdefault(statement, []).append(row)

    def later(self, statement: Executable, *rows: dict[str, Any]) -> None:
        """Have *statement* carry those rows; rows of one statement keep their order."""
        self._later.setdefault(statement, []).extend(rows)

    def enter(self, entry: dict[str, Any]) -> None:
        """Have the journal get that entry."""
        self._entries.append(entry)

    def remember(self, filed: Filed) -> None:
        """That case has changed: whoever loads its family in this transaction sees it so."""
        family = self.families.get(filed.root_id)
        if family is None:
            self.unread.add(filed.root_id)
        else:
            self.families[filed.root_id] = family.with_file(filed)

    def flush(self, connection: Connection) -> None:
        """Write what stands on the page; needed before a query that must see it."""
        for rows_of in (self._first, self._later):
            for statement, rows in rows_of.items():
                connection.execute(statement, rows)
            rows_of.clear()
        if self._entries:
            ids = connection.execute(_INSERT_ENTRIES, self._entries).scalars().all()
            pairs = zip(ids, self._entries, strict=True)
            self._written += [Sealable(number, entry["hash"]) for number, entry in pairs]
            self._entries.clear()
        self.unread.clear()

    def take_written(self) -> list[Sealable]:
        """The journal entries written so far and not yet sealed; they are the caller's to seal."""
        written, self._written = self._written, []
        return written

    @contextmanager
    def all_or_nothing(self, connection: Connection) -> Iterator[None]:
        """A savepoint: what is written inside stands whole, or is undone whole when an error leaves it."""
        self.flush(connection)
        written = len(self._written)
        savepoint = connection.begin_nested()
        try:
            yield
            self.flush(connection)
        except BaseException:  # whatever ends it, nothing half done may wait on the page
            savepoint.rollback()
            self._forget(written)
            raise
        savepoint.commit()

    def _forget(self, written: int) -> None:
        for pending in (self._first, self._later, self._entries, self.families, self.unread):
            pending.clear()
        del self._written[written:]


def with_page(connection: Connection) -> Connection:
    """That connection with a fresh page for its transaction."""
    return connection.execution_options(**{_OPTION: Page()})


def page_of(connection: Connection) -> Page | None:
    """The page of the transaction; none where it only reads."""
    page: Page | None = connection.get_execution_options().get(_OPTION)
    return page


def writing_page(connection: Connection) -> Page:
    """The page of a transaction that `tasks.store.engine.writing` opened."""
    page: Page = connection.get_execution_options()[_OPTION]
    return page
