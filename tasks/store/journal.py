"""The journal: append-only, chained per case, each commit sealed in one chain over all cases.

An entry's hash covers every column, the sealed part included, and the digest of the case's state after
the act. `tasks/verify.py` walks both chains; it needs no key.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, text

from domain.arrow import Happened
from tasks.store.family import Head
from tasks.store.hashing import canonical, digest, entry_hash, seal_hash
from tasks.store.page import Page, Sealable
from tasks.store.schema import seals

#: Serialises the seal chain between processes on PostgreSQL; any number will do, but only this one.
_SEAL_LOCK: Final = 7_220_108

_LAST_SEAL: Final = select(seals.c.hash).order_by(seals.c.id.desc()).limit(1)
_SEAL_OF: Final = select(seals.c.id).where(seals.c.hash == bindparam("hash"))
_INSERT_SEAL: Final = insert(seals)


def append(
    page: Page,
    case_id: int,
    event: Happened,
    *,
    version: int,
    state: str,
    sealed: bytes | None,
    head: Head,
) -> Head:
    """Put one entry behind *head*; returns the new head, which the caller keeps on the case."""
    row: dict[str, object] = {
        "number": event.number,
        "seq": head.seq + 1,
        "at": event.at.isoformat(),
        "action": event.action,
        "role": str(event.by.role),
        "actor": event.by.name or event.by.opd,
        "stage_before": event.stage_before,
        "stage_after": event.stage_after,
        "version": version,
        "facts": canonical(event.facts),
        "state_hash": digest(state),
        "prev_hash": head.hash,
    }
    hashed = entry_hash(row, sealed)
    page.enter({**row, "case_id": case_id, "sealed": sealed, "hash": hashed})
    return Head(head.seq + 1, hashed)


def seal(connection: Connection, entries: Sequence[Sealable]) -> str | None:
    """Seal the entries of this commit behind the last seal; returns the seal's hash."""
    if not entries:
        return None
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _SEAL_LOCK})
    previous = connection.execute(_LAST_SEAL).scalar() or ""
    ids = ",".join(str(entry.id) for entry in entries)
    hashed = seal_hash(previous, ids, [entry.hash for entry in entries])
    connection.execute(_INSERT_SEAL, {"entries": ids, "prev_hash": previous, "hash": hashed})
    return hashed


def is_sealed(connection: Connection, *, hashed: str) -> bool:
    """Whether a seal of that hash stands; it covers its entries, so they stand too."""
    return connection.execute(_SEAL_OF, {"hash": hashed}).first() is not None
