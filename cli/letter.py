"""`ppid letter`: look at a letter on paper, make one for a case, ask whether one is genuine."""

from __future__ import annotations

import json as jsonlib
import os
from pathlib import Path
from typing import Final

from cli.composing import maker_of
from cli.opening import opened
from cli.options import As, By, Json, commands_below
from cli.table import print_table
from cli.words import permitted, role_named
from config.folder import config_folder
from config.loader import load_policy
from domain.errors import Refused
from domain.number import from_files
from domain.office import Role
from tasks.clock import clock_from_env
from tasks.paper import codes, kept
from tasks.paper import letters as on_paper
from tasks.paper.catalog import ABOUT
from tasks.paper.check import SAMPLE_AT
from tasks.paper.content import Around, content_of
from tasks.paper.samples import sample_sheet
from tasks.paper.templates import read_templates
from tasks.store.engine import reading
from tasks.words import long_date

app = commands_below("letter", "Surat PDF: lihat, buat, periksa.")
PICTURE: Final = ".png"
MAY_MAKE: Final = frozenset({Role.DESK, Role.COORDINATOR, Role.LEGAL, Role.ATASAN})


@app.command(name="list")
def list_() -> int:
    """Daftar surat yang ada, dengan nama templatnya."""
    rows = [(str(paper), about.title, about.code) for paper, about in ABOUT.items()]
    print_table(("Nama", "Surat", "Kode"), rows, whole=("Nama",))
    return 0


@app.command
def preview(name: str, /, *, case: str = "", to: Path) -> int:
    """Susun surat dengan templat yang ada di folder kebijakan; ditandai pratinjau dan tidak tercatat.

    Args:
        case: nomor berkas, data pemohonnya disamarkan; tanpa ini dipakai contoh rekaan.
        to: berkas PDF, atau PNG untuk gambar halaman pertamanya.
    """
    paper = on_paper.paper_named(name)
    if to.suffix.lower() not in (PICTURE, ".pdf"):
        raise Refused("--to", f"«{to.name}» harus berakhir .pdf atau .png")
    if case:
        with opened(writes=False) as service:
            folder, book, at = service.policy.folder, service.policy(), service.clock.now()
            sheet = on_paper.masked(on_paper.sheet_for(service, paper, from_files(case)))
    else:
        folder, at = config_folder(os.environ), SAMPLE_AT
        book = load_policy(folder, on=clock_from_env(os.environ).today()).rulebook
        sheet = sample_sheet(paper)
    templates = read_templates(folder)
    content = content_of(sheet, Around(templates.letterhead, book), at=at)
    if to.suffix.lower() == PICTURE:
        to.write_bytes(templates.pictures(paper, content, at=at)[0])
    else:
        to.write_bytes(templates.set(paper, content, at=at))
    print(f"{ABOUT[paper].title}: pratinjau ditulis di {to}")
    return 0


@app.command
def make(
    name: str,
    number: str,
    /,
    *,
    to: Path,
    by: By,
    as_: As = "",
) -> int:
    """Buat surat untuk berkas itu, simpan, dan catat hash-nya di jurnal; --by peran, --as nama."""
    paper = on_paper.paper_named(name)
    actor = permitted("Buat surat", role_named(by), as_, MAY_MAKE)
    with opened(writes=False) as service:
        maker = maker_of(service)
        try:
            made = on_paper.make(service, maker, paper, from_files(number), actor)
        finally:
            maker.close()
    to.write_bytes(made.content)
    print(f"{ABOUT[paper].title} {made.number}: ditulis di {to}, kode verifikasi {made.code}")
    return 0


@app.command
def verify(code: str, /, *, json: Json = False) -> int:
    """Periksa apakah surat dengan kode itu dibuat kantor ini; tidak ada data pribadi dalam jawabannya."""
    read = codes.read(code)
    if read is None:
        raise Refused("CODE", "kode verifikasi terdiri atas 16 huruf dan angka, misalnya ABCD-EFGH-IJKL-MNOP")
    with opened(writes=False) as service, reading(service.engine) as connection:
        found = kept.find(connection, read)
    if found is None:
        raise Refused("CODE", f"tidak ada surat dengan kode {read}; surat itu tidak dibuat sistem ini")
    on = found.made_on
    if json:
        told = {
            "genuine": True,
            "title": found.title,
            "number": found.letter_number,
            "date": on.isoformat(),
            "sha256": found.sha256,
        }
        print(jsonlib.dumps(told, ensure_ascii=False, indent=1))
        return 0
    print(f"Asli. {found.title}")
    print(f"Nomor   : {found.letter_number}")
    print(f"Tanggal : {long_date(on)}")
    print(f"SHA-256 : {found.sha256}")
    print("Bandingkan dengan berkas Anda: sha256sum BERKAS.pdf")
    return 0
