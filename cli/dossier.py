"""`ppid dossier`: the case file for the Commission."""

from __future__ import annotations

from pathlib import Path

from cli.opening import opened
from domain.number import from_files
from tasks import dossier as binder


def dossier(number: str, /, *, to: Path) -> int:
    """Susun berkas untuk Komisi Informasi di folder itu; perlu dilepas Atasan PPID dahulu."""
    with opened(writes=False) as service:
        paths = binder.write_to(service, from_files(number), to)
    print(f"{len(paths)} berkas ditulis di {to}")
    return 0
