"""`ppid watch --once`: the sweep by hand, for trials and for an office without Prefect."""

from __future__ import annotations

import json as jsonlib
from dataclasses import asdict
from typing import Annotated

from cyclopts import Parameter

from cli.opening import opened
from cli.options import Json
from domain.errors import Refused
from tasks import digest, sweep


def watch(
    *,
    once: Annotated[bool, Parameter(negative=())] = False,
    json: Json = False,
) -> int:
    """Sapu tenggat sekali sekarang (hari kerja, mulai 08.00 WIB)."""
    if not once:
        raise Refused("--once", "penyapu yang terus berjalan adalah `ppid up`; di sini hanya --once")
    with opened(writes=False) as service:
        digest.run(service.acts, service.clock.now())
        swept = sweep.run(service.acts, service.clock.now())
    if json:
        print(jsonlib.dumps(asdict(swept)))
        return 1 if swept.failed else 0
    if swept.rested:
        print("Tidak disapu: bukan jam kerja, atau penyapu lain sedang bekerja.")
        return 0
    print(f"{swept.fired} anak tangga, {swept.letters} surat.")
    if swept.failed:
        print(f"Gagal, dicoba lagi pada sapuan berikut: {', '.join(swept.failed)}")
        return 1
    return 0
