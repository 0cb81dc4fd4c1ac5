"""Leases: who does a job that must be done by one at a time, for how long, and who takes over."""

from __future__ import annotations

import os
import secrets
import socket
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine, delete, select, update

from tasks.store.engine import insert_unless, writing
from tasks.store.schema import leases, marks


def holder_name() -> str:
    """This process, as it signs leases: host, process id, and a mark that no later process shares."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


_NEW_LEASE: Final = insert_unless(leases, ("name", "holder", "until"), there=("name",), returning="name")
_MARK: Final = insert_unless(
    marks,
    ("name", "value", "at"),
    there=("name",),
    change={"value": "excluded.value", "at": "excluded.at"},
)


def take(engine: Engine, name: str, holder: str, now: datetime, seconds: float) -> bool:
    """Take or renew the lease; False while somebody else, alive, holds it.

    A holder on this host whose process is gone loses the lease at once: a restart need not wait.
    """
    with writing(engine) as connection:
        until = now + timedelta(seconds=seconds)
        # Two may find no row at once: the second one's insert does nothing, and it reads the first one's.
        if connection.execute(_NEW_LEASE, {"name": name, "holder": holder, "until": until}).first():
            return True
        row = connection.execute(select(leases).where(leases.c.name == name).with_for_update()).first()
        if row is None:
            return False
        if row.holder != holder and row.until > now and not _is_gone(row.holder):
            return False
        connection.execute(update(leases).where(leases.c.name == name).values(holder=holder, until=until))
        return True


def give_back(engine: Engine, name: str, holder: str) -> None:
    """Let the lease go, if it is still ours."""
    with writing(engine) as connection:
        connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))


def mark(connection: Connection, name: str, value: str, at: datetime) -> None:
    """Remember that something happened at an instant (the last sweep, an alarm)."""
    connection.execute(_MARK, {"name": name, "value": value, "at": at})


def unmark(connection: Connection, name: str) -> None:
    """Forget it: what raised the alarm has passed."""
    connection.execute(delete(marks).where(marks.c.name == name))


def marked(connection: Connection, name: str) -> tuple[str, datetime] | None:
    """What was last remembered under that name, and when."""
    row = connection.execute(select(marks.c.value, marks.c.at).where(marks.c.name == name)).first()
    return (row.value, row.at) if row else None


def _is_gone(holder: str) -> bool:
    host, pid, _ = holder.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
