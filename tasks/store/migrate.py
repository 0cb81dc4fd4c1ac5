"""Bringing the database to the schema this version wants.

Alembic is loaded only where a revision is missing: a core that holds it for months would hold 10 MB more.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

from tasks.failures import MustAct
from tasks.store.engine import writing

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
#: Alembic's own table and column.
_VERSION_TABLE: Final = "alembic_version"
_VERSION: Final = text("SELECT version_num FROM alembic_version")


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
    known = revisions()
    with writing(engine) as connection:
        current = _current(connection)
        if current == known[-1]:
            return
        if current is not None and current not in known:
            raise DatabaseIsNewer(current)
        _upgrade(connection)


def revisions() -> list[str]:
    """Ours, the oldest first: each file's name begins with its revision."""
    return sorted(path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    found: str | None = connection.execute(_VERSION).scalar_one_or_none()
    return found


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 see above
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
