"""`ppid dossier`: the case file for the Commission, or for the applicant."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from cli.opening import opened
from domain.number import from_files
from tasks import dossier as binder
from tasks.dossier import Reader


def dossier(
    number: str,
    /,
    *,
    to: Path,
    for_: Annotated[Literal["majelis", "pemohon"], Parameter(name="--for")] = "majelis",
) -> int:
    """Susun berkas perkara (satu PDF dan satu ZIP) di folder itu; perlu dilepas Atasan PPID dahulu.

    Args:
        to: Folder tujuan.
        for_: Untuk siapa. Dokumen yang dikecualikan tidak pernah masuk berkas pemohon,
            dan masuk berkas majelis hanya setelah Atasan PPID menyerahkannya (serahkan_dikecualikan).
    """
    with opened(writes=False) as service:
        paths = binder.write_to(service, from_files(number), to, Reader(for_))
    for path in paths:
        print(f"{path} ({path.stat().st_size} bita)")
    return 0
