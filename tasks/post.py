"""Incoming mail: to its case by the signed token, else to the desk's list; a bounce reopens its duty."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from domain.act import Act
from domain.errors import CaseNotFound, DomainError
from domain.office import SYSTEM
from tasks import leases
from tasks.acts import Performed
from tasks.mailroom import Incoming, MailKind, read_message
from tasks.service import Service
from tasks.store import casefile
from tasks.store.engine import reading
from tasks.store.journal import Written
from tasks.store.schema import letters, mailroom
from tasks.tokens import Tokens

_KNOWN: Final = select(mailroom.c.id).where(mailroom.c.source == bindparam("source"))
_LEFT_HERE: Final = (
    select(letters.c.id, letters.c.key, letters.c.number)
    .where(letters.c.message_id == bindparam("message_id"), letters.c.state.in_(("sent", "kept")))
    .limit(1)
)
_RETURNED: Final = (
    update(letters)
    .where(letters.c.id == bindparam("b_id"))
    .values(state="undeliverable", error="kembali (bounce)")
)
_FOR_DESK: Final = select(mailroom).where(mailroom.c.number == "").order_by(mailroom.c.id)


@dataclass(frozen=True, slots=True)
class ForDesk:
    """A message no case claims; a person decides."""

    id: int
    kind: str
    read_at: datetime
    sender: str
    subject: str


def file_message(service: Service, raw: bytes) -> str:
    """File one message; what was done with it, in words. The same message again does nothing.

    Raises:
        StoreUnavailable: the database gives no answer; nothing was filed.
    """
    incoming = read_message(raw, Tokens(service.keyring.token_key))
    source = hashlib.sha256(raw).hexdigest()
    told: list[str] = []

    def job(connection: Connection) -> Performed:
        if connection.execute(_KNOWN, {"source": source}).first() is not None:
            told.append("sudah pernah dibaca")
            return Performed("", "", "", 0, 0, ())
        return _file(service, connection, incoming, raw, source, told)

    service.acts.writer.submit(job).result()
    return "; ".join(told)


def waiting_for_desk(service: Service) -> list[ForDesk]:
    """The desk's list, oldest first."""
    tokens = Tokens(service.keyring.token_key)
    with reading(service.engine) as connection:
        rows = connection.execute(_FOR_DESK).all()
    return [_for_desk(service, row, tokens) for row in rows]


def _for_desk(service: Service, row: Row[Any], tokens: Tokens) -> ForDesk:
    incoming = read_message(service.keyring.open_for_office(row.sealed, f"mail:{row.source}"), tokens)
    return ForDesk(row.id, row.kind, row.read_at, incoming.sender, incoming.subject)


def _file(
    service: Service, connection: Connection, incoming: Incoming, raw: bytes, source: str, told: list[str]
) -> Performed:
    entries = _bounced(service, connection, incoming, told)
    number, document = _kept_with_case(service, connection, incoming, raw, told)
    row = {
        "source": source,
        "number": number,
        "kind": str(incoming.kind),
        "read_at": service.clock.now(),
        "document": document,
        "sealed": None if document else service.keyring.seal_for_office(raw, f"mail:{source}"),
    }
    connection.execute(insert(mailroom), row)
    if not told:
        told.append(f"ke berkas {number}" if number else "ke daftar meja layanan")
    return Performed(number, "mail", "", 0, 0, entries)


def _kept_with_case(
    service: Service, connection: Connection, incoming: Incoming, raw: bytes, told: list[str]
) -> tuple[str, str]:
    """Number and document; both empty where no case claims the message."""
    if not incoming.number:
        return "", ""
    try:
        filed = casefile.load_family(connection, incoming.number).file(incoming.number)
    except CaseNotFound:
        told.append("token sah, tetapi berkasnya tidak ada: ke daftar meja layanan")
        return "", ""
    now = service.clock.now()
    name, media = "surat-masuk.eml", "message/rfc822"
    return filed.number, service.documents.put(connection, filed.id, name, media, raw, now)


def _bounced(
    service: Service, connection: Connection, incoming: Incoming, told: list[str]
) -> tuple[Written, ...]:
    """What a permanent bounce does: the letter is undeliverable, its duty open again."""
    if incoming.kind is not MailKind.BOUNCE_PERMANENT or not incoming.bounced_message_id:
        return ()
    found = connection.execute(_LEFT_HERE, {"message_id": incoming.bounced_message_id}).first()
    if found is None:
        return ()
    connection.execute(_RETURNED, {"b_id": found.id})
    told.append(f"surat {found.key} kembali; kewajibannya terbuka lagi")
    now = service.clock.now()
    if found.number:
        note = "Server penerima menolak surat ini untuk seterusnya."
        act = Act(action="record_bounce", by=SYSTEM, at=now, other=found.key, note=note)
        family = casefile.load_family(connection, found.number, lock=True)
        try:
            return service.acts.act_on(connection, family, found.number, act, service.policy()).entries
        except DomainError:  # a dispute keeps no bounces: then the alarm alone tells
            told.append("dicatat sebagai peringatan")
    leases.mark(connection, "alarm.mail", f"{found.key}: kembali (bounce)", now)
    return ()
