"""`ppid mail`: incoming messages filed to their cases, and letters that did not leave."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from sqlalchemy import select

from cli.opening import opened
from cli.table import print_table
from domain.errors import Refused
from tasks import post
from tasks.mail_parts import LIMITS
from tasks.mailroom import iter_maildir
from tasks.store.engine import reading
from tasks.store.schema import letters

app = App(name="mail", help="Surat masuk dan surat yang tertahan.", result_action="return_value")


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
def list_(*, json: Annotated[bool, Parameter(name="--json", negative=())] = False) -> int:
    """Daftar pesan tanpa nomor berkas, dan surat yang disimpan di sini atau tidak terkirim."""
    stuck = select(letters.c.key, letters.c.kind, letters.c.state, letters.c.error).order_by(letters.c.id)
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
        print(jsonlib.dumps({"desk": messages, "letters": [dict(row._mapping) for row in rows]}, indent=1))
        return 0
    print(f"Pesan yang menunggu petugas: {len(desk)}")
    if desk:
        told = [(m.id, m.kind, f"{m.read_at:%Y-%m-%d %H:%M}", m.sender, m.subject) for m in desk]
        print_table(("No.", "Jenis", "Dibaca", "Pengirim", "Pokok"), told, whole=("No.", "Dibaca"))
    states = {"kept": "disimpan di sini", "undeliverable": "tidak terkirim"}
    print(f"Surat yang tidak keluar: {len(rows)}")
    for row in rows:
        print(f"  {row.key}: {states[row.state]}{f' ({row.error})' if row.error else ''}")
    return 0


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
