"""`ppid import`: what was kept before this service, from old registers and lists."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cli.opening import opened
from cli.options import As, By, commands_below
from cli.table import print_table
from cli.words import role_named
from config.history import load_mapping
from domain.errors import Refused
from domain.office import Actor
from tasks import history as kept
from tasks.old_registers import faults_told, read_register
from tasks.registers import lists
from tasks.registers.list_files import keep_list, read_list
from tasks.store.engine import reading

Apply = Annotated[bool, Parameter(negative=())]

app = commands_below("import", "Impor register lama dan daftar informasi.")


@app.command
def history(
    source: Path,
    /,
    *,
    mapping: Path | None = None,
    apply: Apply = False,
    by: By = "coordinator",
    as_: As = "",
) -> int:
    """Periksa register lama (.csv, .xlsx); dengan --apply --as NAMA simpan. Tidak pernah diingatkan."""
    with opened() as service:
        today = service.clock.today()
        found = read_register(source, load_mapping(mapping), service.policy().office, today)
        print_table(("Tahun", "Permohonan"), list(found.by_year.items()), title=f"{source.name}")
        if found.faults:
            print("\n".join(faults_told(found.faults)))
            print(f"{len(found.faults)} kesalahan; tidak ada yang disimpan.")
            return 1
        if not found.rows:
            raise Refused("FILE", "tidak ada baris yang dapat diimpor")
        batch = hashlib.sha256(source.read_bytes()).hexdigest()
        if not apply:
            with reading(service.engine) as connection:
                kept.check(connection, batch, {row["year"] for row in found.rows})
            print(f"{len(found.rows)} baris dapat diimpor. Belum disimpan; tambahkan --apply --as NAMA.")
            return 0
        if not as_:
            raise Refused("--as", "sebutkan nama petugas yang mengimpor")
        count = kept.keep(service, found.rows, batch, Actor(role_named(by), as_))
        print(f"{count} baris disimpan sebagai riwayat; tidak ada tenggat dan tidak ada pengingat.")
    return 0


@app.command
def dip(source: Path, /, *, apply: Apply = False, by: By = "coordinator", as_: As = "") -> int:
    """Periksa Daftar Informasi Publik (.csv, .xlsx); dengan --apply --as NAMA masukkan yang belum ada."""
    return _list(source, lists.DIP, apply, by, as_)


@app.command
def dik(source: Path, /, *, apply: Apply = False, by: By = "coordinator", as_: As = "") -> int:
    """Periksa daftar informasi dikecualikan (.csv, .xlsx); --apply --as NAMA memasukkan yang belum ada."""
    return _list(source, lists.DIK, apply, by, as_)


def _list(source: Path, kind: str, apply: bool, by: By, name: str) -> int:
    with opened() as service:
        found = read_list(source, kind, service.policy().office, service.clock.today())
        if found.faults:
            print("\n".join(faults_told(found.faults)))
            print(f"{len(found.faults)} kesalahan; tidak ada yang disimpan.")
            return 1
        if not apply:
            print(f"{len(found.rows)} baris dapat dimasukkan. Belum disimpan; tambahkan --apply --as NAMA.")
            return 0
        if not name:
            raise Refused("--as", "sebutkan nama petugas yang memasukkan")
        count = keep_list(service, found, Actor(role_named(by), name))
        print(f"{count} baris dimasukkan; {len(found.rows) - count} sudah ada.")
    return 0
