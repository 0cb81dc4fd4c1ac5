"""The dossier for the Commission: timeline, clocks with their traces, letters as sent, journal, documents.

What is exempt is never in it, and nothing said in mediation is (PERKI 1/2013 Pasal 50): the cases keep
no record of that in the first place.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from domain.act import WIB
from domain.dispute import Dispute, dossier_may_go
from domain.errors import Refused
from domain.ladder import RECIPIENT_SHOWN_AS, Recipient
from domain.letter import LETTER_SHOWN_AS, LetterKind
from domain.number import for_files
from domain.request import Request
from domain.work import bundle_of
from tasks import cases
from tasks.service import Service
from tasks.store.engine import reading
from tasks.store.family import Family
from tasks.store.schema import journal, letters
from tasks.view import action_shown, timeline

_MINUTE: Final = "%Y-%m-%d %H.%M"
#: Acts by which a person records that a letter left by hand, arrived, or came back.
_ARRIVED: Final = ("record_sent", "record_receipt", "record_bounce")
_STATES: Final = {"sent": "terkirim", "kept": "disimpan di sini", "undeliverable": "tidak terkirim"}
_ZIP_DATE: Final = (2000, 1, 1, 0, 0, 0)
_COLUMNS: Final = (
    "id",
    "number",
    "seq",
    "at",
    "action",
    "role",
    "stage_before",
    "stage_after",
    "version",
    "facts",
    "state_hash",
    "prev_hash",
    "hash",
)


def gather(service: Service, number: str) -> dict[str, bytes]:
    """The dossier's files by name.

    Raises:
        CaseNotFound: no case of that number.
        Refused: no dispute, its file not released by Atasan PPID, or the dispute over.
        DocumentMissing: the bytes of a document are gone.
    """
    family = cases.read_family(service, number)
    _check_released(family)
    book = service.policy()
    with reading(service.engine) as connection:
        files = {"00-riwayat.md": timeline(connection, family, book).encode()}
        files["01-tenggat.md"] = _traces(service, family).encode()
        files["02-bukti-pengiriman.md"] = _proofs(connection, family).encode()
        files |= _letters(connection, service, family)
        files["90-jurnal.json"] = _journal(connection, family).encode()
        files |= _documents(connection, service, family)
    names = sorted(files)
    index = [f"# Berkas {family.root.number}", "", *(f"- {name}" for name in names), ""]
    return {
        "daftar-isi.md": "\n".join(index).encode(),
        "daftar-isi.json": _index(family, {name: files[name] for name in names}).encode(),
        **{name: files[name] for name in names},
    }


def _check_released(family: Family) -> None:
    disputes = [case for case in family.cases if isinstance(case, Dispute)]
    if not disputes:
        raise Refused("berkas", "belum ada sengketa yang terdaftar di Komisi Informasi")
    if any(dossier_may_go(dispute) for dispute in disputes):
        return
    last = disputes[-1]
    if last.dossier_released_on is None:
        raise Refused("berkas", f"Atasan PPID belum melepas berkas {last.number}")
    raise Refused("berkas", f"sengketa {last.number} sudah selesai")


def _index(family: Family, files: Mapping[str, bytes]) -> str:
    """The index for machines: the cases with their clocks, and each file with its digest."""
    cases_told = [
        {
            "number": case.number,
            "stage": str(case.stage),
            "received_on": case.received_on.isoformat(),
            "clocks": [
                {
                    "kind": str(clock.kind),
                    "key": clock.key,
                    "start": clock.start_on.isoformat(),
                    "due": clock.due_on.isoformat(),
                    "first_due": clock.first_due_on.isoformat(),
                    "met_at": clock.met_at.isoformat() if clock.met_at else None,
                    "law": clock.law,
                }
                for clock in case.clocks
            ],
        }
        for case in family.cases
    ]
    listed = [
        {"name": name, "size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
    ]
    told = {"number": family.root.number, "cases": cases_told, "files": listed}
    return json.dumps(told, ensure_ascii=False, indent=1)


def as_zip(service: Service, number: str) -> bytes:
    """The dossier as one ZIP file; the same bytes for the same case.

    Raises:
        CaseNotFound, Refused, DocumentMissing: see `gather`.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in gather(service, number).items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def write_to(service: Service, number: str, folder: Path) -> list[Path]:
    """Write the dossier's files into *folder*; their paths.

    Raises:
        CaseNotFound, Refused, DocumentMissing: see `gather`; nothing is written.
    """
    files = gather(service, number)
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content)
        paths.append(path)
    return paths


def _traces(service: Service, family: Family) -> str:
    book = service.policy()
    lines = ["# Perhitungan setiap tenggat", ""]
    for case in family.cases:
        for clock in case.clocks:
            told = book.explain(clock, received_on=case.received_on)
            lines += [f"## {case.number}: {clock.kind} {clock.key}".rstrip(), ""]
            lines += [f"Mulai {clock.start_on}, hari terakhir {clock.due_on}. Dasar: {clock.law}.", ""]
            if told is not None:
                lines += [
                    f"- {d.on}: {d.number if d.number is not None else '–'} {d.reason}" for d in told.days
                ]
            lines.append("")
    return "\n".join(lines)


def _proofs(connection: Connection, family: Family) -> str:
    """When each letter left, to whom, and what the relay answered; then what proves that it arrived."""
    lines = [
        "# Bukti pengiriman dan penerimaan",
        "",
        "| Dikirim (WIB) | Berkas | Surat | Kepada | Keadaan | Jawaban server surel | Message-ID |",
        "|---|---|---|---|---|---|---|",
    ]
    ids = [filed.id for filed in family.files]
    query = select(letters).where(letters.c.case_id.in_(ids), letters.c.sent_at.is_not(None))
    lines += [_proof(row) for row in connection.execute(query.order_by(letters.c.sent_at, letters.c.id))]
    receipts = (journal.c.case_id.in_(ids), journal.c.action.in_(_ARRIVED))
    lines += ["", "## Dicatat petugas", "", "| Waktu (WIB) | Berkas | Catatan | Hari |", "|---|---|---|---|"]
    recorded = connection.execute(select(journal).where(*receipts).order_by(journal.c.id))
    lines += [_receipt(row) for row in recorded]
    return "\n".join(lines) + "\n"


def _proof(row: Row[Any]) -> str:
    to = ", ".join(RECIPIENT_SHOWN_AS[Recipient(one)] for one in json.loads(row.recipients))
    to += " (dicetak dan dikirim petugas)" if row.by_hand else ""
    told = (
        row.sent_at.astimezone(WIB).strftime(_MINUTE),
        row.number,
        LETTER_SHOWN_AS[LetterKind(row.kind)],
        f"{to} ({row.opd})" if row.opd else to,
        _STATES.get(row.state, row.state) + (f"; {row.error}" if row.error else ""),
        row.reply,
        row.message_id,
    )
    return f"| {' | '.join(_cell(one) for one in told)} |"


def _receipt(row: Row[Any]) -> str:
    at = datetime.fromisoformat(row.at).astimezone(WIB)
    day = json.loads(row.facts).get("on") or at.date().isoformat()
    return f"| {at.strftime(_MINUTE)} | {row.number} | {action_shown(row.action, row.number)} | {day} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "/") or "–"


def _letters(connection: Connection, service: Service, family: Family) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for filed in family.files:
        rows = connection.execute(
            select(letters).where(letters.c.case_id == filed.id).order_by(letters.c.id)
        ).all()
        for row in rows:
            if row.sealed is None or row.sent_at is None:  # not sent yet
                continue
            packed = service.keyring.open(filed.person_id, filed.wrapped_key, row.sealed, f"letter:{row.key}")
            head = f"Dikirim: {row.sent_at}\nMessage-ID: {row.message_id}\nJawaban relai: {row.reply}\n\n"
            name = f"10-surat-{row.id:05d}-{row.kind}.txt"
            files[name] = head.encode() + zlib.decompress(packed)
    return files


def _journal(connection: Connection, family: Family) -> str:
    ids = [filed.id for filed in family.files]
    rows = connection.execute(select(journal).where(journal.c.case_id.in_(ids)).order_by(journal.c.id)).all()
    entries: list[dict[str, Any]] = [{name: getattr(row, name) for name in _COLUMNS} for row in rows]
    return json.dumps(entries, ensure_ascii=False, indent=1)


def _documents(connection: Connection, service: Service, family: Family) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for case in family.cases:
        if not isinstance(case, Request):
            continue
        for document in bundle_of(case):
            found = service.documents.get(connection, document)
            files[f"50-dokumen-{for_files(case.number)}-{document[:8]}-{_as_file_name(found.name)}"] = (
                found.content
            )
    return files


def _as_file_name(name: str) -> str:
    """The name somebody gave a document, without a way out of the folder."""
    return name.replace("/", "-").replace("\\", "-").lstrip(".") or "dokumen"
