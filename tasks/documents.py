"""Documents of a case: the bytes encrypted in a folder, the facts about them in the store."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select

from domain.errors import Refused
from domain.text import clean_line
from tasks.failures import MustAct
from tasks.keys import Keyring
from tasks.store.schema import documents

LARGEST_BYTES: Final = 25 * 1024 * 1024
_SELECT: Final = select(documents).where(documents.c.id == bindparam("id"))

#: What may be attached, by the file's ending; anything else is refused by name.
MEDIA_TYPES: Final = {
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".json": "application/json",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".zip": "application/zip",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".eml": "message/rfc822",
}


class DocumentMissing(MustAct):
    """The store names a document whose bytes are not in the folder."""

    def __init__(self, document: str) -> None:
        super().__init__(document)
        self.document = document

    def __str__(self) -> str:
        return f"Berkas dokumen {self.document} tidak ada di folder documents/; pulihkan dari cadangan."


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document with its bytes."""

    id: str
    name: str
    media_type: str
    content: bytes


def read_attachment(path: Path) -> tuple[str, str, bytes]:
    """Name, media type and bytes of a file a person attaches.

    Raises:
        Refused: it is not there, is empty, too large, or of a kind that is not accepted.
    """
    if not path.is_file():
        raise Refused("attach", f"berkas {path} tidak ada")
    size = path.stat().st_size
    if size == 0 or size > LARGEST_BYTES:
        raise Refused("attach", f"{path.name}: ukuran harus 1 byte sampai {LARGEST_BYTES // 1024 // 1024} MB")
    media_type = MEDIA_TYPES.get(path.suffix.lower())
    if media_type is None:
        raise Refused(
            "attach", f"{path.name}: jenis berkas tidak diterima; yang bisa: {' '.join(MEDIA_TYPES)}"
        )
    return path.name, media_type, path.read_bytes()


class DocumentStore:
    """The folder of encrypted documents."""

    def __init__(self, folder: Path, keyring: Keyring) -> None:
        self.folder, self.keyring = folder, keyring

    def put(
        self,
        connection: Connection,
        case_id: int | None,
        name: str,
        media_type: str,
        content: bytes,
        at: datetime,
    ) -> str:
        """Keep a document of a case, or of the office itself (None); its id.

        The bytes are on disk before the row is committed.

        Raises:
            Refused: the name is not one line of at most 200 characters.
        """
        document = secrets.token_hex(16)
        name = clean_line("attach", name, longest=200)
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / document
        with target.open("wb") as file:
            file.write(self.keyring.seal_for_office(content, f"document:{document}"))
            file.flush()
            os.fsync(file.fileno())
        row = {
            "id": document,
            "case_id": case_id,
            "name": name,
            "media_type": media_type,
            "size_bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "stored_at": at,
        }
        connection.execute(insert(documents), row)
        return document

    def discard(self, kept: Iterable[str]) -> None:
        """Take the bytes of documents away whose rows were undone."""
        for document in kept:
            (self.folder / document).unlink(missing_ok=True)

    def get(self, connection: Connection, document: str) -> Document:
        """The document of that id.

        Raises:
            DocumentMissing: no such document, or its bytes are gone.
        """
        row = connection.execute(_SELECT, {"id": document}).first()
        path = self.folder / document
        if row is None or not path.is_file():
            raise DocumentMissing(document)
        content = self.keyring.open_for_office(path.read_bytes(), f"document:{document}")
        return Document(document, row.name, row.media_type, content)
