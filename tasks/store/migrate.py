"""Bringing the database to the schema this version wants. Imports Alembic, so only `ppid up` needs it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from tasks.store.engine import writing


def migrate(engine: Engine) -> None:
    """Run the revisions that are missing, in one transaction.

    Raises:
        StoreUnavailable: the database cannot be reached.
    """
    with writing(engine) as connection:
        if _current(connection) == ScriptDirectory.from_config(_config()).get_current_head():
            return
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
