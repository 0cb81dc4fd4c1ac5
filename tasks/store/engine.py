"""Opening the database: SQLite by default, PostgreSQL past one machine.

SQLite runs in WAL with `synchronous=FULL`; writers begin IMMEDIATE, so two of them queue instead of
failing half-way.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, TextClause, bindparam, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InternalError, NoSuchModuleError, OperationalError

from tasks.failures import MustAct, TryAgain
from tasks.store.page import with_page, writing_page

#: The store's fault, not the act's: away, locked, full, or (InternalError) a PostgreSQL that only reads.
AWAY: Final = (OperationalError, InternalError)

#: How long anything waits for another process's lock.
_BUSY_MS: Final = 30_000
#: The same for the write lock: for so many seconds, a question every so many.
_WAITS: Final = ((0.5, 0.000_25), (2.5, 0.001), (27.0, 0.01))


class StoreUnavailable(TryAgain):
    """The database gives no answer, or is locked; nothing was written."""

    def __str__(self) -> str:
        return "Basis data tidak dapat dihubungi atau sedang terkunci; tidak ada yang tersimpan. Coba lagi."


class AnswerLost(StoreUnavailable):
    """The database went away between a commit and its answer, and cannot be asked: it may stand or not."""

    def __str__(self) -> str:
        return (
            "Basis data terputus saat menyimpan; belum pasti tersimpan atau tidak. "
            "Lihat dahulu apakah sudah tercatat, baru coba lagi."
        )


class DatabaseUrlUnusable(MustAct):
    """PPID_DATABASE_URL cannot be read."""

    def __str__(self) -> str:
        return "PPID_DATABASE_URL tidak dapat dipakai; contoh: postgresql+psycopg://pengguna@localhost/ppid"


def open_engine(url: str) -> Engine:
    """An engine for that SQLAlchemy URL; `postgresql://` is taken as psycopg.

    Raises:
        DatabaseUrlUnusable: the URL is malformed or names an unknown driver.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "sqlite":
            return _open_sqlite(parsed.database or "", str(parsed))
        if parsed.get_backend_name() != "postgresql":
            raise DatabaseUrlUnusable(url.split("@")[-1])
        return create_engine(parsed, pool_pre_ping=True, pool_size=8)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise DatabaseUrlUnusable(url.split("@")[-1]) from error


def _open_sqlite(path: str, url: str) -> Engine:
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY_MS}", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("reading", False):
            connection.exec_driver_sql("BEGIN")
        else:
            _begin_writing(connection)

    return engine


def _begin_writing(connection: Connection) -> None:
    """Wait for the write lock, asking often: SQLite's own handler soon sleeps 100 ms between two questions.

    Between two commits of a busy process the lock is free for less than a millisecond; asleep, everybody
    else would be served when that process has finished, the letters of a morning after its sweep.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101 what the dialect opens
    driver.execute("PRAGMA busy_timeout=0")
    try:
        for pause in _pauses():
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as busy:
                if busy.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
            else:
                return
            sleep(pause)
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # its no is told as that of any statement
    finally:
        driver.execute(f"PRAGMA busy_timeout={_BUSY_MS}")


def _pauses() -> Iterator[float]:
    """Seconds between two questions, as long as SQLite would wait itself: often at first, then less."""
    for seconds, pause in _WAITS:
        yield from itertools.repeat(pause, round(seconds / pause))


def insert_unless(
    table: Table,
    names: Sequence[str],
    *,
    there: Sequence[str],
    change: Mapping[str, str] = MappingProxyType({}),
    returning: str = "",
) -> TextClause:
    """An insert of those columns that, where a row with the same *there* stands, changes it or does nothing.

    Args:
        there: the columns of the unique key.
        change: column → SQL of its new value; ``excluded.name`` is what would have been inserted.

    Made once, at import: the words are the same for SQLite and PostgreSQL, and SQLAlchemy 2.0 compiles its
    own `on_conflict_…` constructs anew at each call, which took a third of an act's time.
    """
    values = ", ".join(f":{name}" for name in names)
    doing = ", ".join(f"{name} = {value}" for name, value in change.items())
    words = [
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({values})",  # noqa: S608 names of our own tables and columns
        f"ON CONFLICT ({', '.join(there)}) DO {'UPDATE SET ' + doing if doing else 'NOTHING'}",
        f"RETURNING {returning}" if returning else "",
    ]
    return text(" ".join(words)).bindparams(*(bindparam(name, type_=table.c[name].type) for name in names))


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes; committed at the end, rolled back on any error.

    Raises:
        StoreUnavailable: the database cannot be reached or stays locked.
    """
    try:
        with engine.begin() as opened:
            connection = with_page(opened)
            yield connection
            writing_page(connection).flush(connection)
    except AWAY as error:
        raise StoreUnavailable() from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise StoreUnavailable() from error
        raise


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads; it never waits for a writer.

    Raises:
        StoreUnavailable: the database cannot be reached.
    """
    try:
        with engine.connect().execution_options(reading=True) as connection, connection.begin():
            yield connection
    except AWAY as error:
        raise StoreUnavailable() from error
