"""The dossier for the Commission, or for the applicant: one PDF with bookmarks, and everything as one ZIP.

What is exempt is never in it, unless Atasan PPID let it go to the panel by name (UU 14/2008 Pasal 54). What
is said in mediation never is (PERKI 1/2013 Pasal 50): the cases keep no record of it in the first place.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row

from domain.dispute import Dispute, dossier_may_go
from domain.errors import Refused
from domain.item import Outcome
from domain.letter import LETTER_SHOWN_AS, LetterKind
from domain.number import for_files
from domain.request import Request
from domain.work import bundle_of
from tasks import cases, dossier_parts, dossier_pdf
from tasks.clock import date_in_jakarta
from tasks.paper import casefacts, kept
from tasks.paper.catalog import ABOUT
from tasks.paper.content import Around, Sheet, content_of
from tasks.paper.templates import Templates, read_templates
from tasks.service import Service
from tasks.store.codec import kind_of
from tasks.store.engine import reading
from tasks.store.family import Family
from tasks.view import timeline

_ZIP_DATE: Final = (2000, 1, 1, 0, 0, 0)
_COLUMNS: Final = (
    *("id", "number", "seq", "at", "action", "role", "stage_before", "stage_after"),
    *("version", "facts", "state_hash", "prev_hash", "hash"),
)


class Reader(StrEnum):
    """Who gets the dossier."""

    PANEL = "majelis"
    APPLICANT = "pemohon"


def gather(service: Service, number: str, reader: Reader = Reader.PANEL) -> dict[str, bytes]:
    """The dossier's files by name; ``berkas-….pdf`` holds all of it but the documents.

    Raises:
        CaseNotFound: no case of that number.
        Refused: no dispute, or its file not released by Atasan PPID.
        DocumentMissing: the bytes of a document are gone.
        TemplateBroken: a template cannot be set.
    """
    family = cases.read_family(service, number)
    _check_released(family)
    templates = read_templates(service.policy.folder)
    to_applicant = reader is Reader.APPLICANT
    with reading(service.engine) as connection:
        entries = dossier_parts.entries_of(connection, family)
        sent = dossier_parts.sent_letters(connection, family, to_applicant=to_applicant)
        at = dossier_parts.last_instant(entries)
        keys = {row.key for row in sent}
        papers = _papers(connection, service, family, keys, also_made=not to_applicant)
        papers += _forms(service, family, templates, at, {name for name, _ in papers})
        texts = _texts(service, family, sent)
        files = {"00-riwayat.md": timeline(connection, family, service.policy()).encode()}
        files["01-tenggat.md"] = _traces(service, family).encode()
        files["02-bukti-pengiriman.md"] = _proofs(sent, entries).encode()
        files |= {f"10-surat-{name}.txt": text for name, text in texts.items()}
        files |= {f"20-{name}.pdf": content for name, content in papers}
        files["90-jurnal.json"] = _journal(entries).encode()
        files |= _documents(connection, service, family)
        if not to_applicant:
            files |= _exempt_documents(connection, service, family)
    files = {name: files[name] for name in sorted(files)}
    told = _told(service, family, entries, sent, files, texts)
    first = dossier_pdf.opening(service.policy.folder, told, at)
    index = [f"# Berkas {family.root.number}", "", *(f"- {name}" for name in files), ""]
    return {
        f"berkas-{for_files(family.root.number)}.pdf": dossier_pdf.joined(first, papers, told["title"]),
        "daftar-isi.md": "\n".join(index).encode(),
        "daftar-isi.json": _index(family, files).encode(),
        **files,
    }


def as_zip(service: Service, number: str, reader: Reader = Reader.PANEL) -> bytes:
    """The dossier as one ZIP file; the same bytes for the same case.

    Raises:
        CaseNotFound, Refused, DocumentMissing, TemplateBroken: see `gather`.
    """
    return _packed(gather(service, number, reader))


def write_to(service: Service, number: str, folder: Path, reader: Reader = Reader.PANEL) -> list[Path]:
    """Write the dossier's PDF and its ZIP into *folder*; their paths.

    Raises:
        CaseNotFound, Refused, DocumentMissing, TemplateBroken: see `gather`; nothing is written.
    """
    files = gather(service, number, reader)
    name, pdf = next((name, content) for name, content in files.items() if name.startswith("berkas-"))
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name, (folder / name).with_suffix(".zip")]
    paths[0].write_bytes(pdf)
    paths[1].write_bytes(_packed(files))
    return paths


def _packed(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _check_released(family: Family) -> None:
    disputes = [case for case in family.cases if isinstance(case, Dispute)]
    if not disputes:
        raise Refused("berkas", "belum ada sengketa yang terdaftar di Komisi Informasi")
    # Once released it stays the office's own file, also after the dispute (court, archive); what is exempt
    # leaves it at the end, see `_exempt_documents`.
    if all(dispute.dossier_released_on is None for dispute in disputes):
        raise Refused("berkas", f"Atasan PPID belum melepas berkas {disputes[-1].number}")


# --- letters ------------------------------------------------------------------------------------


def _papers(
    connection: Connection, service: Service, family: Family, sent: set[str], *, also_made: bool
) -> list[tuple[str, bytes]]:
    """The letters on paper as they left and, where *also_made*, as somebody made them for the case."""
    filed = {one.id: one for one in family.files}
    found: list[tuple[str, bytes]] = []
    for row in kept.of_cases(connection, filed):
        if row.letter_key in sent or (also_made and row.letter_key.rpartition(":")[2].isdigit()):
            name = f"{row.id:05d}-{row.paper}-{for_files(filed[row.case_id].number)}"
            found.append((name, kept.content_of(service.keyring, filed[row.case_id], row)))
    return found


def _forms(
    service: Service, family: Family, templates: Templates, at: datetime, there: set[str]
) -> list[tuple[str, bytes]]:
    """Forms, test sheet and decree, set anew from the case where none was kept; marked as copies."""
    book, made = service.policy(), list[tuple[str, bytes]]()
    around = Around(templates.letterhead, book, copy=True)
    for filed in family.files:
        for paper in casefacts.MADE_FOR.get(kind_of(filed.case), ()):
            if any(f"-{paper}-" in name for name in there):
                continue
            try:
                facts = casefacts.facts_of(paper, family, filed.number, book, date_in_jakarta(at))
            except Refused:  # nothing such a letter could tell: no test was held
                continue
            person = service.acts.sealing.identity_of(filed) if ABOUT[paper].personal else None
            sheet = Sheet(paper, "", filed.number, facts, person)
            content = templates.set(paper, content_of(sheet, around, at=at), at=at)
            made.append((f"salinan-{paper}-{for_files(filed.number)}", content))
    return made


def _texts(service: Service, family: Family, sent: Sequence[Row[Any]]) -> dict[str, bytes]:
    """The words of each letter as they left, by a name for its file."""
    filed, sealing = {one.id: one for one in family.files}, service.acts.sealing
    texts: dict[str, bytes] = {}
    for row in sent:
        if row.sealed is None:
            continue
        owner = filed[row.case_id]
        words = sealing.open_text(owner.person_id, owner.wrapped_key, row.key, row.sealed)
        head = f"Dikirim: {row.sent_at}\nMessage-ID: {row.message_id}\nJawaban relai: {row.reply}\n\n"
        texts[f"{row.id:05d}-{row.kind}"] = head.encode() + words
    return texts


# --- parts --------------------------------------------------------------------------------------


def _told(
    service: Service,
    family: Family,
    entries: Sequence[Row[Any]],
    sent: Sequence[Row[Any]],
    files: Mapping[str, bytes],
    texts: Mapping[str, bytes],
) -> dict[str, Any]:
    """What the opening pages are set from."""
    book, office = service.policy(), service.policy().office
    head = read_templates(service.policy.folder).letterhead
    proofs = [(*p[:4], "; ".join(part for part in p[4:] if part)) for p in map(dossier_parts.proof_row, sent)]
    return {
        "title": f"Berkas perkara {family.root.number}",
        "subtitle": "Penyelesaian sengketa informasi publik",
        "office": head.office,
        "city": office.city,
        "cover": dossier_parts.cover_rows(family, office.commission),
        "note": "Disusun dari berkas elektronik. Setiap surat dan dokumen ada dalam ZIP dengan nama dan "
        "jumlah pemeriksa (SHA-256) seperti dalam Daftar bukti. Keterangan dalam mediasi tidak dimuat "
        "(PERKI 1/2013 Pasal 50).",
        "applicant": dossier_parts.applicant_rows(service.acts.sealing.identity_of(family.root)),
        "respondent": [
            ("Badan Publik", office.city),
            ("Alamat", head.address),
            ("Kontak", head.contact),
        ],
        "timeline": dossier_parts.timeline_rows(entries),
        "proofs": proofs,
        "receipts": dossier_parts.receipt_rows(entries),
        "tests": dossier_parts.test_rows(family),
        "clocks": dossier_parts.clocks_told(family, book),
        "journal": dossier_parts.journal_rows(entries),
        "evidence": [
            (f"T-{no}", name, str(len(content)), hashlib.sha256(content).hexdigest())
            for no, (name, content) in enumerate(files.items(), start=1)
        ],
        "letters": [
            {"title": _text_title(name), "lines": text.decode("utf-8", "replace").splitlines()}
            for name, text in texts.items()
        ],
    }


def _text_title(name: str) -> str:
    number, _, kind = name.partition("-")
    return f"{number} {LETTER_SHOWN_AS[LetterKind(kind)]}"


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


def _traces(service: Service, family: Family) -> str:
    lines = ["# Perhitungan setiap tenggat", ""]
    for told in dossier_parts.clocks_told(family, service.policy()):
        lines += [f"## {told['title']}", "", told["summary"], ""]
        lines += [*(f"- {day['on']}: {day['number']} {day['reason']}" for day in told["days"]), ""]
    return "\n".join(lines)


def _proofs(sent: Sequence[Row[Any]], entries: Sequence[Row[Any]]) -> str:
    """When each letter left, to whom, and what the relay answered; then what proves that it arrived."""
    lines = [
        "# Bukti pengiriman dan penerimaan",
        "",
        "| Dikirim (WIB) | Berkas | Surat | Kepada | Keadaan | Jawaban server surel | Message-ID |",
        "|---|---|---|---|---|---|---|",
        *(_table_row(dossier_parts.proof_row(row)) for row in sent),
        *("", "## Dicatat petugas", "", "| Waktu (WIB) | Berkas | Catatan | Hari |", "|---|---|---|---|"),
        *(_table_row(row) for row in dossier_parts.receipt_rows(entries)),
    ]
    return "\n".join(lines) + "\n"


def _table_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(' '.join(cell.split()).replace('|', '/') or '–' for cell in cells)} |"


def _journal(entries: Sequence[Row[Any]]) -> str:
    told: list[dict[str, Any]] = [{name: getattr(row, name) for name in _COLUMNS} for row in entries]
    return json.dumps(told, ensure_ascii=False, indent=1)


def _documents(connection: Connection, service: Service, family: Family) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for case in family.cases:
        if isinstance(case, Request):
            files |= _named(connection, service, f"50-dokumen-{for_files(case.number)}", bundle_of(case))
    return files


def _exempt_documents(connection: Connection, service: Service, family: Family) -> dict[str, bytes]:
    """What is withheld, for the panel's eyes: only once somebody answers for that by name."""
    disputes = [case for case in family.cases if isinstance(case, Dispute)]
    if not any(one.exempt_released_on is not None and dossier_may_go(one) for one in disputes):
        return {}
    files: dict[str, bytes] = {}
    for case in family.cases:
        for item in case.items if isinstance(case, Request) else ():
            if item.outcome is Outcome.EXEMPT:
                start = f"60-DIKECUALIKAN-{for_files(case.number)}-butir-{item.no}"
                files |= _named(connection, service, start, item.documents)
    return files


def _named(
    connection: Connection, service: Service, start: str, documents: Sequence[str]
) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for document in documents:
        found = service.documents.get(connection, document)
        files[f"{start}-{document[:8]}-{_as_file_name(found.name)}"] = found.content
    return files


def _as_file_name(name: str) -> str:
    """The name somebody gave a document, without a way out of the folder."""
    return name.replace("/", "-").replace("\\", "-").lstrip(".") or "dokumen"
