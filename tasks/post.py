"""Incoming mail: to its case by the signed token, else to the desk's list; a bounce reopens its duty."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from domain.act import Act
from domain.arrow import Happened
from domain.errors import CaseNotFound, DomainError, Refused
from domain.office import SYSTEM, Actor
from domain.request_arrows import Filing
from tasks import leases
from tasks.act_checks import check_actor
from tasks.acts import Performed
from tasks.mailroom import Incoming, MailKind, read_message
from tasks.service import Service
from tasks.store import casefile
from tasks.store.engine import reading
from tasks.store.page import writing_page
from tasks.store.schema import letters, mailroom
from tasks.tokens import Tokens

#: How an incoming message is kept with its case, and what the journal calls its assignment by a person.
MESSAGE_NAME: Final = "surat-masuk.eml"
MESSAGE_TYPE: Final = "message/rfc822"
ASSIGNED: Final = "mail_assigned"

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
            return Performed("", "", "", 0, 0)
        return _file(service, connection, incoming, raw, source, told)

    service.acts.writer.submit(job).result()
    return "; ".join(told)


def waiting_for_desk(service: Service) -> list[ForDesk]:
    """The desk's list, oldest first."""
    with reading(service.engine) as connection:
        rows = connection.execute(_FOR_DESK).all()
    return [_for_desk(service, row) for row in rows]


def open_message(service: Service, message: int) -> Incoming:
    """One message of the desk's list, to read.

    Raises:
        Refused: no message of that number waits for the desk.
    """
    with reading(service.engine) as connection:
        return _incoming(service, _waiting(connection, message))


def assign(service: Service, message: int, number: str, by: Actor) -> Performed:
    """Put a message of the desk's list into the case it belongs to; the case's journal tells by whom.

    Raises:
        Refused: no such message waits, or the name may not act in that role.
        CaseNotFound: no case of that number.
    """
    now, book = service.clock.now(), service.policy()

    def job(connection: Connection) -> Performed:
        filed = casefile.load_family(connection, number, lock=True).file(number)
        check_actor(connection, Act(action=ASSIGNED, by=by, at=now), book)
        document = _move(service, connection, _waiting(connection, message), filed.id, number)
        stage = str(filed.case.stage)
        facts = {"message": message, "document": document}
        event = Happened(number, ASSIGNED, stage, stage, by, now, facts)
        return service.acts.note_event(connection, filed, event, filed.case, book)

    return service.acts.writer.submit(job).result()


def file_as_request(service: Service, message: int, filing: Filing, by: Actor) -> Performed:
    """Register a request that came as a message of the desk's list; the message is kept with it.

    Raises:
        Refused: no such message waits, or the filing cannot stand; nothing is written.
    """

    def keep(connection: Connection, done: Performed) -> None:
        filed = casefile.load_family(connection, done.number).file(done.number)
        _move(service, connection, _waiting(connection, message), filed.id, done.number)

    return service.acts.register(filing, by, beside=keep).result()


def _waiting(connection: Connection, message: int) -> Row[Any]:
    row = connection.execute(_FOR_DESK.where(mailroom.c.id == message)).first()
    if row is None:
        raise Refused("pesan", f"tidak ada pesan nomor {message} yang menunggu; lihat `ppid mail list`")
    return row


def _move(service: Service, connection: Connection, row: Row[Any], case_id: int, number: str) -> str:
    """Keep the message as a document of the case and take it off the list; the document's id."""
    raw = service.keyring.open_for_office(row.sealed, f"mail:{row.source}")
    now = service.clock.now()
    document = service.documents.put(connection, case_id, MESSAGE_NAME, MESSAGE_TYPE, raw, now)
    moved = update(mailroom).where(mailroom.c.id == row.id)
    connection.execute(moved.values(number=number, document=document, sealed=None))
    return document


def _incoming(service: Service, row: Row[Any]) -> Incoming:
    raw = service.keyring.open_for_office(row.sealed, f"mail:{row.source}")
    return read_message(raw, Tokens(service.keyring.token_key))


def _for_desk(service: Service, row: Row[Any]) -> ForDesk:
    incoming = _incoming(service, row)
    return ForDesk(row.id, row.kind, row.read_at, incoming.sender, incoming.subject)


def _file(
    service: Service, connection: Connection, incoming: Incoming, raw: bytes, source: str, told: list[str]
) -> Performed:
    _bounced(service, connection, incoming, told)
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
    return Performed(number, "mail", "", 0, 0)


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
    document = service.documents.put(connection, filed.id, MESSAGE_NAME, MESSAGE_TYPE, raw, now)
    return filed.number, document


def _bounced(service: Service, connection: Connection, incoming: Incoming, told: list[str]) -> None:
    """What a permanent bounce does: the letter is undeliverable, its duty open again."""
    if incoming.kind is not MailKind.BOUNCE_PERMANENT or not incoming.bounced_message_id:
        return
    found = connection.execute(_LEFT_HERE, {"message_id": incoming.bounced_message_id}).first()
    if found is None:
        return
    connection.execute(_RETURNED, {"b_id": found.id})
    told.append(f"surat {found.key} kembali; kewajibannya terbuka lagi")
    now = service.clock.now()
    if found.number:
        note = "Server penerima menolak surat ini untuk seterusnya."
        act = Act(action="record_bounce", by=SYSTEM, at=now, other=found.key, note=note)
        family = casefile.load_family(connection, found.number, lock=True)
        try:
            with writing_page(connection).all_or_nothing(connection):
                service.acts.act_on(connection, family, found.number, act, service.policy())
            return
        except DomainError:  # a dispute keeps no bounces: then the alarm alone tells
            told.append("dicatat sebagai peringatan")
    leases.mark(connection, "alarm.mail", f"{found.key}: kembali (bounce)", now)
