"""`ppid mail`: incoming messages filed to their cases, and letters that did not leave."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App
from sqlalchemy import select

from cli.opening import opened
from tasks import post
from tasks.mailroom import iter_maildir
from tasks.store.engine import reading
from tasks.store.schema import letters, mailroom

app = App(name="mail", help="Surat masuk dan surat yang tertahan.", result_action="return_value")


@app.command
def read(source: Path, /) -> int:
    """Baca satu pesan atau satu Maildir: ke berkasnya menurut token, selainnya ke daftar meja layanan."""
    messages = list(iter_maildir(source)) if source.is_dir() else [(source, source.read_bytes())]
    with opened() as service:
        for path, raw in messages:
            filed = post.file_message(service, raw)
            print(f"{path.name}: {filed}")
    print(f"{len(messages)} pesan dibaca.")
    return 0


@app.command(name="list")
def list_() -> int:
    """Daftar pesan tanpa nomor berkas, dan surat yang disimpan di sini atau tidak terkirim."""
    with opened() as service, reading(service.engine) as connection:
        desk = connection.execute(
            select(mailroom).where(mailroom.c.number == "").order_by(mailroom.c.id)
        ).all()
        stuck = connection.execute(
            select(letters.c.key, letters.c.state, letters.c.error)
            .where(letters.c.state.in_(("kept", "undeliverable")))
            .order_by(letters.c.id)
        ).all()
    for row in desk:
        print(f"pesan {row.id}\t{row.kind}\t{row.read_at:%Y-%m-%d %H:%M}")
    for row in stuck:
        state = "disimpan di sini" if row.state == "kept" else "tidak terkirim"
        print(f"{row.key}\t{state}\t{row.error}")
    return 0
