"""A copy of the record while the office works: database, documents, seals and rules; never the secret.

The order matters. Seals first, then the database: a copied database may hold more commits than the copied
log tells, never fewer, and `ppid verify` finds the copy whole. Documents last: every file the copied
database names is there, for an act keeps its files before it commits.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, inspect

from tasks.failures import MustAct
from tasks.store.engine import open_engine, reading
from tasks.verify import Verified, verify

DATABASE: Final = "ppid.sqlite"
SEALS: Final = "seals.log"
DOCUMENTS: Final = "documents"
CONFIG: Final = "config"


class TargetNotEmpty(MustAct):
    """A copy never overwrites another."""

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        self.target = target

    def __str__(self) -> str:
        return f"{self.target} sudah berisi; sebutkan folder yang kosong atau belum ada."


@dataclass(frozen=True, slots=True)
class Copied:
    """What lies in the target now.

    Attributes:
        documents: files copied.
        record: what `verify` found in the copied database; None where the database is on a server and is
            copied by its own tool.
    """

    documents: int
    record: Verified | None


def copy_record(engine: Engine, home: Path, config: Path, target: Path) -> Copied:
    """Copy the record of *home* into *target* while acts go on; writers do not wait for it.

    Raises:
        TargetNotEmpty: something lies there already.
        OSError: the disk says no; what was copied so far stays in *target*.
    """
    if target.exists() and any(target.iterdir()):
        raise TargetNotEmpty(target)
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (home / SEALS).is_file():
        shutil.copy2(home / SEALS, target / SEALS)
    embedded = engine.dialect.name == "sqlite"
    if embedded:
        _copy_database(engine, target / DATABASE)
    if (home / DOCUMENTS).is_dir():
        shutil.copytree(home / DOCUMENTS, target / DOCUMENTS)
    shutil.copytree(config, target / CONFIG, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    count = sum(path.is_file() for path in (target / DOCUMENTS).rglob("*"))
    return Copied(count, _verified(target) if embedded else None)


def _copy_database(engine: Engine, target: Path) -> None:
    with (
        closing(sqlite3.connect(engine.url.database or "")) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)


def _verified(target: Path) -> Verified:
    engine = open_engine(f"sqlite:///{target / DATABASE}")
    try:
        with reading(engine) as connection:
            if not inspect(connection).has_table("journal"):
                return Verified(0, 0, 0)
            return verify(connection, target / SEALS)
    finally:
        engine.dispose()
