"""`ppid mail`: incoming messages filed to their cases, and letters that did not leave."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

from cyclopts import Parameter
from sqlalchemy import Row, select

from cli import casebook
from cli.opening import opened
from cli.options import As, By, Json, commands_below
from cli.table import print_table
from cli.words import in_jakarta, permitted, role_named
from domain.act import WIB
from domain.errors import Refused
from domain.identity import ApplicantKind, Channel, Identity
from domain.ladder import RECIPIENT_SHOWN_AS
from domain.letter import LETTER_SHOWN_AS
from domain.number import from_files
from domain.office import Role
from domain.request_arrows import LONGEST_ITEM, LONGEST_SUBJECT, Filing
from tasks import post
from tasks.mail_parts import LIMITS
from tasks.mailroom import MAIL_SHOWN_AS, Incoming, iter_maildir
from tasks.store.engine import reading
from tasks.store.schema import letters

app = commands_below("mail", "Surat masuk dan surat yang tertahan.")

#: Who works through the desk's list.
DESKS: Final = frozenset({Role.DESK, Role.COORDINATOR})


@app.command
def read(source: Path, /) -> int:
    """Baca satu pesan atau satu Maildir: ke berkasnya menurut token, selainnya ke daftar meja layanan."""
    count = 0
    with opened() as service:
        for path, raw in _messages(source):
            print(f"{path.name}: {post.file_message(service, raw)}")
            count += 1
    print(f"{count} pesan dibaca.")
    return 0


@app.command(name="list")
def list_(*, json: Json = False) -> int:
    """Daftar pesan tanpa nomor berkas, dan surat yang disimpan di sini atau tidak terkirim."""
    stuck = select(letters).order_by(letters.c.id)
    with opened(writes=False) as service:
        desk = post.waiting_for_desk(service)
        with reading(service.engine) as connection:
            rows = connection.execute(stuck.where(letters.c.state.in_(("kept", "undeliverable")))).all()
    if json:
        messages = [
            {
                "id": m.id,
                "kind": m.kind,
                "read_at": m.read_at.isoformat(),
                "sender": m.sender,
                "subject": m.subject,
            }
            for m in desk
        ]
        stuck_letters = [
            {"key": row.key, "kind": row.kind, "state": row.state, "error": row.error} for row in rows
        ]
        print(jsonlib.dumps({"desk": messages, "letters": stuck_letters}, indent=1))
        return 0
    print(f"Pesan yang menunggu petugas: {len(desk)}")
    if desk:
        told = [
            (m.id, MAIL_SHOWN_AS[m.kind], in_jakarta(m.read_at.isoformat()), m.sender, m.subject)
            for m in desk
        ]
        print_table(("No.", "Jenis", "Dibaca", "Pengirim", "Pokok"), told, whole=("No.", "Dibaca"))
    states = {"kept": "disimpan di sini", "undeliverable": "tidak terkirim"}
    print(f"Surat yang tidak keluar: {len(rows)}")
    if rows:
        held = [
            (row.number, LETTER_SHOWN_AS[row.kind], _to(row), states[row.state], row.error or None, row.key)
            for row in rows
        ]
        print_table(("Berkas", "Surat", "Kepada", "Keadaan", "Sebab", "Kunci"), held, whole=("Berkas",))
    return 0


def _to(row: Row[Any]) -> str:
    named = ", ".join(RECIPIENT_SHOWN_AS[one] for one in jsonlib.loads(row.recipients))
    return f"{named} ({row.opd})" if row.opd else named


@app.command
def show(message: int, /) -> int:
    """Baca satu pesan yang menunggu petugas (nomornya dari `ppid mail list`)."""
    with opened(writes=False) as service:
        told = post.open_message(service, message)
    when = f"{told.received_at.astimezone(WIB):%Y-%m-%d %H.%M} WIB" if told.received_at else "tidak terbaca"
    print(f"Dari: {told.sender}\nPokok: {told.subject}\nDiterima: {when}")
    for attachment in told.attachments:
        print(f"Lampiran: {attachment.name} ({len(attachment.content)} bita)")
    print(f"\n{told.text}")
    return 0


@app.command
def assign(message: int, number: str, /, *, by: By = "desk", as_: As = "") -> int:
    """Tempatkan satu pesan yang menunggu petugas ke berkasnya."""
    with opened(writes=False) as service:
        actor = permitted("Tempatkan surel", role_named(by), as_, DESKS)
        done = post.assign(service, message, from_files(number), actor)
    print(f"Pesan {message} ditempatkan ke berkas {done.number}.")
    return 0


@app.command
def request(
    message: int,
    /,
    *,
    name: str,
    nik: str = "",
    id_document: str = "",
    address: str = "",
    phone: str = "",
    purpose: str = "",
    subject: str = "",
    item: Annotated[tuple[str, ...], Parameter(consume_multiple=True)] = (),
    by: By = "desk",
    as_: As = "",
    json: Json = False,
) -> int:
    """Daftarkan permohonan dari satu pesan: alamat, pokok, isi, dan hari terimanya diambil dari pesan itu."""
    with opened(writes=False) as service:
        actor = permitted("Daftarkan", role_named(by), as_, DESKS)
        told = post.open_message(service, message)
        identity = Identity(
            name=name,
            email=told.sender,
            nik=nik,
            id_document=id_document,
            address=address,
            phone=phone,
            purpose=purpose,
        )
        filing = Filing(
            applicant=ApplicantKind.INDIVIDUAL,
            channel=Channel.EMAIL,
            received_on=_received_on(told, service.clock.today()),
            identity=identity,
            subject=(subject or told.subject)[:LONGEST_SUBJECT],
            items=item or (told.text[:LONGEST_ITEM],),
        )
        done = post.file_as_request(service, message, filing, actor)
        casebook.tell(service, done, as_json=json)
    return 0


def _received_on(message: Incoming, today: date) -> date:
    """The day the mail server took it in; its clock may be wrong, and no message came tomorrow."""
    return min(message.received_at.astimezone(WIB).date(), today) if message.received_at else today


def _messages(source: Path) -> Iterator[tuple[Path, bytes]]:
    if source.is_dir():
        try:
            yield from iter_maildir(source)
        except NotADirectoryError as error:
            raise Refused("SOURCE", f"{source} bukan Maildir (tidak ada new/ dan cur/)") from error
        return
    if not source.is_file():
        raise Refused("SOURCE", f"{source} tidak ada")
    with source.open("rb") as file:
        yield source, file.read(LIMITS.message_bytes + 1)
