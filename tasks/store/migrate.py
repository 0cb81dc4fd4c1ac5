"""Bringing the database to the schema this version wants. Imports Alembic, so only `ppid up` needs it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from tasks.failures import MustAct
from tasks.store.engine import writing


class DatabaseIsNewer(MustAct):
    """The database was brought to a schema that this version does not know."""

    def __init__(self, revision: str) -> None:
        super().__init__(revision)
        self.revision = revision

    def __str__(self) -> str:
        return (
            f"Basis data ini sudah dipakai versi ppid yang lebih baru (revisi {self.revision}) dan tidak "
            "diubah. Pasang versi baru itu, atau pulihkan salinan dari sebelum pembaruan."
        )


def migrate(engine: Engine) -> None:
    """Run the revisions that are missing, in one transaction.

    Raises:
        StoreUnavailable: the database cannot be reached.
        DatabaseIsNewer: its revision is not among ours.
    """
    with writing(engine) as connection:
        config, current = _config(), _current(connection)
        scripts = ScriptDirectory.from_config(config)
        if current == scripts.get_current_head():
            return
        if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
            raise DatabaseIsNewer(current)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
