"""`ppid register`: registers on screen and as files, public unless a named officer asks for the full one."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Final

from cyclopts import Parameter

from cli.opening import opened
from cli.options import As, By, Json, commands_below
from cli.table import print_table
from cli.words import role_named
from domain.errors import Refused
from domain.identity import CHANNEL_SHOWN_AS
from domain.office import Actor, Role
from tasks.registers import deciding, reading
from tasks.registers import export as registers
from tasks.registers.export import LISTS, REGISTERS, ListRegister, Register
from tasks.registers.reading import Filter
from tasks.registers.sheet import Format, Sheet
from tasks.service import Service

app = commands_below("register", "Lihat dan cetak register.")

KINDS: Final = {
    "permohonan": "requests",
    "keberatan": "objections",
    "sengketa": "disputes",
    **{kind: kind for kind in (*REGISTERS, *LISTS)},
}
#: Rows on one screen; more are for a file.
SCREEN_ROWS: Final = 200
#: A filtered register is counted up to here, so that looking at it costs the same however large it is.
MOST_COUNTED: Final = 2_000
Full = Annotated[bool, Parameter(negative=())]


@app.command
def show(
    kind: str,
    /,
    *,
    year: int | None = None,
    stage: str = "",
    opd: str = "",
    channel: str = "",
    series: str = "",
    json: Json = False,
) -> int:
    """Tampilkan register di layar, tanpa identitas: requests, objections, disputes, dip, dik."""
    register = register_named(kind)
    with opened(writes=False) as service:
        wanted = filter_of(service, register, year, stage, opd, channel, series)
        sheet = _sheet(service, register, wanted, None)
        if json:
            _print_json(sheet)
        else:
            _print(sheet, _total(service, register, wanted))
    return 0


@app.command
def export(
    kind: str,
    /,
    *,
    to: Path,
    year: int | None = None,
    stage: str = "",
    opd: str = "",
    channel: str = "",
    series: str = "",
    full: Full = False,
    by: By = "coordinator",
    as_: As = "",
) -> int:
    """Tulis register ke .xlsx, .csv, atau .pdf; tanpa identitas, kecuali --full --as NAMA (tercatat)."""
    register = register_named(kind)
    with opened(writes=False) as service:
        wanted = filter_of(service, register, year, stage, opd, channel, series)
        reader = Actor(role_named(by), as_) if full else None
        sheet = _sheet(service, register, wanted, reader)
        made = registers.write(service, sheet, to, legend=register.legend)
    for path in made:
        print(path)
    if full:
        print("Memuat data pribadi; pembacaannya dicatat dalam jurnal setiap berkas.")
    return 0


@app.command(name="open")
def open_(number: str, /, *, decree: str, as_: As) -> int:
    """Buka informasi yang dikecualikan (DIK-7) dengan penetapan; ditetapkan Atasan PPID."""
    with opened(writes=False) as service:
        deciding.open_exemption(service, number, Actor(Role.ATASAN, as_), decree)
    print(f"{number}: terbuka, dan dimuat dalam Daftar Informasi Publik.")
    return 0


@app.command
def renew(number: str, /, *, until: str, decree: str, as_: As) -> int:
    """Tetapkan akhir baru pengecualian (DIK-7) setelah uji konsekuensi; ditetapkan Atasan PPID."""
    with opened(writes=False) as service:
        deciding.renew_exemption(service, number, Actor(Role.ATASAN, as_), decree, _day("--until", until))
    print(f"{number}: dikecualikan sampai {until}.")
    return 0


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(option, f"«{text}» bukan tanggal; tulis 2026-12-31") from error


def _sheet(
    service: Service, register: Register | ListRegister, wanted: Filter, reader: Actor | None
) -> Sheet:
    if isinstance(register, Register):
        return registers.sheet_of(service, register, wanted, full_for=reader)
    if reader is not None:
        raise Refused("--full", "daftar informasi tidak memuat data pribadi; hanya ada satu salinan")
    return registers.list_sheet(service, register, wanted)


def register_named(word: str) -> Register | ListRegister:
    """The register somebody named.

    Raises:
        Refused: there is none of that name.
    """
    key = KINDS.get(word.strip().lower())
    if key is None:
        raise Refused("KIND", f"register «{word}» tidak dikenal; yang ada: {', '.join(KINDS)}")
    return LISTS[key] if key in LISTS else REGISTERS[key]


def filter_of(
    service: Service,
    register: Register | ListRegister,
    year: int | None,
    stage: str,
    opd: str,
    channel: str,
    series: str,
) -> Filter:
    """What somebody typed as a filter; stages and channels also by their Indonesian names.

    Raises:
        Refused: a stage, OPD or channel nobody knows.
    """
    if opd and service.policy().office.opd(opd) is None:
        raise Refused("--opd", f"OPD «{opd}» tidak dikenal")
    return Filter(
        year=year,
        stage=_known("--stage", stage, register.stages),
        opd=opd,
        channel=_known("--channel", channel, CHANNEL_SHOWN_AS),
        series=series or reading.series_in_use(service.engine),
    )


def _known(option: str, word: str, shown: Mapping[Any, str]) -> str:
    if not word:
        return ""
    typed = word.strip().lower()
    for key, name in shown.items():
        if typed in (str(key), name.lower()):
            return str(key)
    raise Refused(option, f"«{word}» tidak dikenal; yang ada: {', '.join(map(str, shown))}")


def _total(service: Service, register: Register | ListRegister, wanted: Filter) -> int | None:
    if not isinstance(register, Register):
        return None
    return reading.count(service.engine, register.kind, wanted, at_most=MOST_COUNTED)


def _print(sheet: Sheet, total: int | None) -> None:
    """The first rows; *total* as counted, or None where the rest is few and read to its end."""
    seen = [index for index, column in enumerate(sheet.columns) if column.on_screen]
    headings = [sheet.columns[index].heading for index in seen]
    rows = iter(sheet.rows)
    page = [[_on_screen(row[index]) for index in seen] for row in islice(rows, SCREEN_ROWS)]
    further = sum(1 for _ in rows) if total is None else total - len(page)
    whole = [c.heading for c in sheet.columns if c.format is Format.DATE or c.key == "number"]
    mark = " (CONTOH)" if sheet.sample else ""
    print_table(headings, page, title=f"{sheet.layout.title}{mark} · {sheet.layout.law}", whole=whole)
    for note in sheet.notes:
        print(note)
    if total is not None and total > MOST_COUNTED:
        print(f"lebih dari {MOST_COUNTED} baris. Selebihnya: pakai `ppid register export`.")
        return
    print(
        f"{len(page) + further} baris."
        + (f" {further} lagi: pakai `ppid register export`." if further else "")
    )


def _on_screen(cell: object) -> object:
    return cell.isoformat() if isinstance(cell, date) else cell


def _print_json(sheet: Sheet) -> None:
    keys = [column.key for column in sheet.columns]
    rows = [dict(zip(keys, map(_on_screen, row), strict=True)) for row in sheet.rows]
    print(jsonlib.dumps(rows, ensure_ascii=False, indent=1))
