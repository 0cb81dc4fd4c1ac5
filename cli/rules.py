"""`ppid rules`: check the policy, see what a change would move, apply it, explain a case's dates."""

from __future__ import annotations

import json as jsonlib
import os
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from cli.opening import opened
from config.folder import config_folder
from config.loader import load_policy
from domain.clock import CLOCK_SHOWN_AS
from domain.number import from_files
from tasks import rules as policy
from tasks.clock import clock_from_env
from tasks.letter_check import check as check_letters

app = App(name="rules", help="Tenggat, tangga pengingat, OPD, dan orang.", result_action="return_value")
OpenCases = Annotated[bool, Parameter(name="--open-cases", negative=())]


@app.command
def check(folder: Path | None = None, /) -> int:
    """Periksa semua berkas kebijakan dan teks surat; setiap kesalahan disebut dengan baris dan pasalnya."""
    where = folder or config_folder(os.environ)
    load_policy(where, on=clock_from_env(os.environ).today())
    faults = check_letters(where / "mail") if (where / "mail").is_dir() else []
    for fault in faults:
        print(fault)
    if faults:
        return 1
    print(f"{where}: semua berkas dapat dipakai.")
    return 0


@app.command
def preview(
    folder: Path | None = None,
    /,
    *,
    open_cases: OpenCases = False,
    json: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Tunjukkan tenggat berjalan yang akan bergeser: tanggal lama → baru, dan sebabnya."""
    with opened() as service:
        found = list(policy.preview(service, folder or service.settings.config, open_cases=open_cases))
    if json:
        print(jsonlib.dumps([policy.as_dict(move) for move in found], ensure_ascii=False, indent=1))
        return 0
    table = Table(title=f"{len(found)} tenggat bergeser")
    for heading in ("Berkas", "Tenggat", "Lama", "Baru", "Sebab"):
        table.add_column(heading, no_wrap=heading in ("Berkas", "Lama", "Baru"))
    for move in found:
        what = f"{CLOCK_SHOWN_AS[move.kind]} {move.key}".strip()
        shorter = " (lebih cepat)" if move.is_shorter else ""
        table.add_row(
            move.number, what, str(move.old_due_on), f"{move.new_due_on}{shorter}", "; ".join(move.because)
        )
    Console(soft_wrap=True).print(table)
    return 0


@app.command
def apply(folder: Path | None = None, /, *, open_cases: OpenCases = False, shorten: str = "") -> int:
    """Terapkan, satu catatan jurnal per berkas. Tenggat yang dipercepat perlu --shorten KEPUTUSAN."""
    with opened() as service:
        count = policy.apply(
            service, folder or service.settings.config, open_cases=open_cases, shorten=shorten
        )
    print(f"{count} berkas diperbarui.")
    return 0


@app.command
def explain(number: str, /, *, json: Annotated[bool, Parameter(name="--json", negative=())] = False) -> int:
    """Jelaskan setiap tanggal berkas: peristiwa, pasal, dan setiap hari yang dihitung atau dilewati."""
    with opened() as service:
        told = policy.explain(service, from_files(number))
    if json:
        print(jsonlib.dumps(told, ensure_ascii=False, indent=1))
        return 0
    for clock in told:
        print(f"\n{clock['number']}: {clock['shown_as']} {clock['key']}".rstrip())
        print(f"  sejak {clock['start']} ({clock['counts_from']}), hari terakhir {clock['due']}")
        print(f"  dasar: {clock['law']} [{clock['rule']}]")
        for day in clock["trace"]:
            print(
                f"    {day['on']}  {day['number'] if day['number'] is not None else '–':>3}  {day['reason']}"
            )
        for reading in clock["other_readings"]:
            print(f"  pembacaan lain: {reading['due']}: {reading['why']}")
    return 0
