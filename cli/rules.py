"""`ppid rules`: check the policy, see what a change would move, apply it, explain a case's dates."""

from __future__ import annotations

import json as jsonlib
import os
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cli.calendar import WARN_DAYS, reach_of
from cli.opening import opened
from cli.options import Json, commands_below
from cli.table import print_table
from config.faults import Fault, FaultList
from config.folder import config_folder
from config.loader import load_policy
from domain.clock import CLOCK_SHOWN_AS
from domain.number import from_files
from tasks import rules as policy
from tasks.clock import clock_from_env
from tasks.letter_check import check as check_letters
from tasks.letters import folder_of
from tasks.paper.check import check as check_papers

app = commands_below("rules", "Tenggat, tangga pengingat, OPD, dan orang.")
OpenCases = Annotated[bool, Parameter(name="--open-cases", negative=())]


@app.command
def check(folder: Path | None = None, /) -> int:
    """Periksa semua berkas kebijakan dan teks surat; setiap kesalahan disebut dengan baris dan pasalnya."""
    where = folder or config_folder(os.environ)
    today = clock_from_env(os.environ).today()
    faults = FaultList()
    book = None
    with faults.gathering():
        book = load_policy(where, on=today).rulebook
        reach = reach_of(book.calendar, today)
        if reach.undecreed_today:
            message = f"tidak ada keputusan hari libur untuk hari ini ({today})"
            faults.add(Fault(str(where / "calendar"), 1, "", message))
        elif reach.days_left < WARN_DAYS:
            print(f"PERINGATAN: kalender segera habis ({reach.days_left} hari); lihat `ppid calendar check`.")
    faults.faults += check_letters(folder_of(where))
    if book is not None:
        with faults.gathering():
            faults.faults += check_papers(where, book)
    faults.refuse_if_any()
    print(f"{where}: semua berkas dapat dipakai.")
    return 0


@app.command
def preview(
    folder: Path | None = None,
    /,
    *,
    open_cases: OpenCases = False,
    json: Json = False,
) -> int:
    """Tunjukkan tenggat berjalan yang akan bergeser: tanggal lama → baru, dan sebabnya."""
    with opened(writes=False) as service:
        found = list(policy.preview(service, folder or service.settings.config, open_cases=open_cases))
    if json:
        print(jsonlib.dumps([policy.as_dict(move) for move in found], ensure_ascii=False, indent=1))
        return 0
    rows = [
        (
            move.number,
            f"{CLOCK_SHOWN_AS[move.kind]} {move.key}".strip(),
            move.old_due_on,
            f"{move.new_due_on} (lebih cepat)" if move.is_shorter else move.new_due_on,
            "; ".join(move.because),
        )
        for move in found
    ]
    if rows:
        print_table(("Berkas", "Tenggat", "Lama", "Baru", "Sebab"), rows, whole=("Berkas", "Lama", "Baru"))
    print(f"{len(found)} tenggat bergeser.")
    return 0


@app.command
def apply(folder: Path | None = None, /, *, open_cases: OpenCases = False, shorten: str = "") -> int:
    """Terapkan, satu catatan jurnal per berkas. Tenggat yang dipercepat perlu --shorten KEPUTUSAN."""
    with opened(writes=False) as service:
        count = policy.apply(
            service, folder or service.settings.config, open_cases=open_cases, shorten=shorten
        )
    print(f"{count} berkas diperbarui.")
    return 0


@app.command
def explain(number: str, /, *, json: Json = False) -> int:
    """Jelaskan setiap tanggal berkas: peristiwa, pasal, dan setiap hari yang dihitung atau dilewati."""
    with opened(writes=False) as service:
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
        if clock["capped"]:
            print("  dimajukan supaya selesai sebelum hari terakhir pemberitahuan tertulis")
        for reading in clock["other_readings"]:
            print(f"  pembacaan lain: {reading['due']}: {reading['why']}")
    return 0
