"""`ppid backup`: a copy of the record, made and checked while the office works."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cli.options import Json
from cli.verify import existing_store
from config.settings import settings_from
from tasks.backup import copy_record


def backup(
    *,
    to: Annotated[Path, Parameter(name="--to", help="Folder tujuan; kosong atau belum ada.")],
    as_json: Json = False,
) -> int:
    """Salin basis data, dokumen, segel, dan aturan; salinannya langsung diperiksa.

    Kunci rahasia tidak ikut disalin: simpan di tempat lain. Layanan boleh tetap berjalan.
    """
    settings = settings_from(os.environ)
    engine = existing_store(settings)
    try:
        copied = copy_record(engine, settings.home, settings.config, to)
    finally:
        engine.dispose()
    record = copied.record
    whole = record is None or record.broken is None
    if as_json:
        print(
            json.dumps(
                {
                    "to": str(to),
                    "documents": copied.documents,
                    "cases": record.cases if record else None,
                    "entries": record.entries if record else None,
                    "whole": whole if record else None,
                }
            )
        )
        return 0 if whole else 1
    print(f"Disalin ke {to}: {copied.documents} dokumen, segel, dan aturan.")
    if record is None:
        print(
            "Basis data ada di server: salin sekarang dengan pg_dump, sesudah perintah ini, bukan sebelumnya."
        )
    elif whole:
        print(f"Basis data utuh: {record.cases} berkas, {record.entries} entri jurnal, {record.seals} segel.")
    else:
        print(f"SALINAN TIDAK UTUH: {record.broken}. Jangan hapus salinan lama; jalankan `ppid verify`.")
    print("Kunci rahasia TIDAK ikut disalin; tanpa kunci itu data pribadi dan dokumen tidak dapat dibaca.")
    return 0 if whole else 1
