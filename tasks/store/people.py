"""Persons: whose key seals what, found again by a blind index; and their erasure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from domain.identity import Identity, nik_fault
from tasks.keys import Keyring
from tasks.store.schema import persons

_BY_NIK = (
    select(persons.c.id, persons.c.wrapped_key)
    .where(persons.c.nik_index == bindparam("nik"), persons.c.erased_at.is_(None))
    .limit(1)
)
_INSERT = insert(persons)


@dataclass(frozen=True, slots=True)
class Held:
    """A person's id and the wrapped key; None once erased."""

    id: str
    wrapped_key: bytes | None


def person_for(connection: Connection, keyring: Keyring, identity: Identity) -> Held:
    """The person of that NIK, or a new one with a key of its own.

    Only a well-formed NIK joins two filings to one person: a name or address alone proves nothing.
    """
    nik = _nik_index(keyring, identity)
    if nik is not None:
        row = connection.execute(_BY_NIK, {"nik": nik}).first()
        if row is not None:
            return Held(row.id, row.wrapped_key)
    made = keyring.new_person()
    values = {
        "id": made.id,
        "wrapped_key": made.wrapped_key,
        "nik_index": nik,
        "email_index": _email_index(keyring, identity),
    }
    connection.execute(_INSERT, values)
    return Held(made.id, made.wrapped_key)


def reindex(connection: Connection, keyring: Keyring, person: str, identity: Identity) -> None:
    """Bring the blind indexes in line with a corrected identity."""
    values = {
        "nik_index": _nik_index(keyring, identity),
        "email_index": _email_index(keyring, identity),
    }
    connection.execute(update(persons).where(persons.c.id == person).values(values))


def erase(connection: Connection, person: str, at: datetime) -> None:
    """Destroy the person's key: what it sealed can never be read again; the chains stand."""
    gone = {"wrapped_key": None, "nik_index": None, "email_index": None, "erased_at": at}
    connection.execute(update(persons).where(persons.c.id == person).values(gone))


def _nik_index(keyring: Keyring, identity: Identity) -> str | None:
    return keyring.blind_index(identity.nik) if identity.nik and not nik_fault(identity.nik) else None


def _email_index(keyring: Keyring, identity: Identity) -> str | None:
    return keyring.blind_index(identity.email) if identity.email else None
