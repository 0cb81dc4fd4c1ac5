"""What the journal's hashes cover, and how: shared by who writes the chains and who checks them.

Imports nothing heavy, so that `ppid verify` answers at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Final

#: The columns an entry's hash covers, in this order.
HASHED: Final = (
    "number",
    "seq",
    "at",
    "action",
    "role",
    "actor",
    "stage_before",
    "stage_after",
    "version",
    "facts",
    "state_hash",
    "prev_hash",
)


def entry_hash(row: Mapping[str, object], sealed: bytes | None) -> str:
    """The hash of an entry's columns."""
    return digest(*(str(row[name]) for name in HASHED), sealed or b"")


def seal_hash(previous: str, ids: str, hashes: Sequence[str]) -> str:
    """The hash of one seal: the one before, which entries, and their hashes."""
    return digest(previous, ids, *hashes)


def canonical(value: object) -> str:
    """JSON with sorted keys and no blanks: the same text for the same value, everywhere."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(*parts: str | bytes) -> str:
    """SHA-256 over the parts, each preceded by its length so that none can borrow from its neighbour."""
    sha = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        sha.update(len(raw).to_bytes(8, "big"))
        sha.update(raw)
    return sha.hexdigest()
