"""Incoming mail: to its case by the signed token, else to the desk's list; a bounce reopens its duty."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, insert, select, update

from domain.act import Act
from domain.errors import CaseNotFound
from domain.office import SYSTEM
from tasks.acts import Performed
from tasks.mailroom import Incoming, MailKind, read_message
from tasks.service import Service
from tasks.store import casefile
from tasks.store.journal import Written
from tasks.store.schema import letters, mailroom
from tasks.tokens import Tokens


def file_message(service: Service, raw: bytes) -> str:
    """File one message; what was done with it, in words. The same message again does nothing.

    Raises:
        StoreUnavailable: the database gives no answer; nothing was filed.
    """
    incoming = read_message(raw, Tokens(service.keyring.token_key))
    source = hashlib.sha256(raw).hexdigest()
    told: list[str] = []

    def job(connection: Connection) -> Performed:
        known = connection.execute(select(mailroom.c.id).where(mailroom.c.source == source)).first()
        if known is not None:
            told.append("sudah pernah dibaca")
            return Performed("", "", "", 0, 0, ())
        return _file(service, connection, incoming, raw, source, told)

    service.acts.writer.submit(job).result()
    return told[-1]


def _file(
    service: Service, connection: Connection, incoming: Incoming, raw: bytes, source: str, told: list[str]
) -> Performed:
    now = service.clock.now()
    entries = _bounced(service, connection, incoming, told) if incoming.bounced_message_id else ()
    number, document = "", ""
    if incoming.number:
        try:
            filed = casefile.load_family(connection, incoming.number).file(incoming.number)
        except CaseNotFound:
            told.append("token sah, tetapi berkasnya tidak ada: ke daftar meja layanan")
        else:
            number = filed.number
            document = service.documents.put(
                connection, filed.id, "surat-masuk.eml", "message/rfc822", raw, now
            )
    row = {
        "source": source,
        "number": number,
        "kind": str(incoming.kind),
        "read_at": now,
        "document": document,
        "sealed": None if document else service.keyring.seal_for_office(raw, f"mail:{source}"),
    }
    connection.execute(insert(mailroom), row)
    if not told:
        told.append(f"ke berkas {number}" if number else "ke daftar meja layanan")
    return Performed(number, "mail", "", 0, 0, entries)


def _bounced(
    service: Service, connection: Connection, incoming: Incoming, told: list[str]
) -> tuple[Written, ...]:
    found = connection.execute(
        select(letters.c.id, letters.c.key, letters.c.number).where(
            letters.c.message_id == incoming.bounced_message_id
        )
    ).first()
    if found is None or incoming.kind is not MailKind.BOUNCE_PERMANENT:
        return ()
    connection.execute(
        update(letters)
        .where(letters.c.id == found.id)
        .values(state="undeliverable", error="kembali (bounce)")
    )
    told.append(f"surat {found.key} kembali; kewajibannya terbuka lagi")
    if not found.number:
        return ()
    act = Act(
        action="record_bounce",
        by=SYSTEM,
        at=service.clock.now(),
        other=found.key,
        note="Server penerima menolak surat ini untuk seterusnya.",
    )
    family = casefile.load_family(connection, found.number, lock=True)
    return service.acts.act_on(connection, family, found.number, act, service.policy()).entries
