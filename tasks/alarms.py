"""Alarms: marks that stand while their cause does; `ppid status` and the screen show them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from tasks import leases
from tasks.acts import Acts, Performed
from tasks.store.engine import reading


def put(acts: Acts, name: str, value: str | None, now: datetime) -> None:
    """Raise the alarm *name*, or with None take it back; nothing is written where neither changes anything.

    Raises:
        StoreUnavailable: the database gave no answer.
    """
    with reading(acts.engine) as connection:
        stands = leases.marked(connection, name) is not None
    if value is None and not stands:
        return

    def job(connection: Connection) -> Performed:
        if value is not None:
            leases.mark(connection, name, value, now)
        else:
            leases.unmark(connection, name)
        return Performed("", "", "", 0, 0)

    acts.writer.submit(job).result()
