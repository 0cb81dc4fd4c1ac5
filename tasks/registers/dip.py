"""The list of public information (DIP), by Lampiran I.

Law: PERKI 1/2021 Pasal 21 ayat (2), 45 and Lampiran I (R-S21.2, R-S45.7).
"""

from __future__ import annotations

from typing import Final

from domain.office import Office
from tasks.registers.lists import Listing
from tasks.registers.sheet import Cell, Column, Layout

CATEGORY_SHOWN_AS: Final = {
    "berkala": "Berkala",
    "serta-merta": "Serta-merta",
    "setiap-saat": "Setiap saat",
}

LAYOUT: Final = Layout(
    key="dip",
    title="Daftar Informasi Publik",
    law="PERKI 1/2021 Pasal 21 ayat (2), Pasal 45 dan Lampiran I",
    columns=(
        Column("no", "No.", 9, no="1"),
        Column("title", "Ringkasan isi informasi", 44, no="2"),
        Column("opd", "Pejabat/unit yang menguasai informasi", 26, no="3"),
        Column("responsible", "Penanggung jawab pembuatan atau penerbitan", 24, no="4"),
        Column("made", "Waktu dan tempat pembuatan", 20, no="5"),
        Column("form", "Bentuk informasi yang tersedia", 18, no="6"),
        Column("retention", "Jangka waktu penyimpanan (retensi arsip)", 16, no="7"),
        Column("category", "Kelompok", 12),
        Column("remark", "Keterangan", 26, on_screen=False),
    ),
)


def row_of(listing: Listing, office: Office) -> dict[str, Cell]:
    """The entry's row."""
    content = listing.content
    opd = office.opd(listing.opd)
    told: dict[str, Cell] = {
        name: str(content.get(name, "")) or None
        for name in ("responsible", "made", "form", "retention", "remark")
    }
    category = str(content.get("category", ""))
    return {
        "no": f"DIP-{listing.id}",
        "title": listing.title,
        "opd": opd.name if opd else listing.opd or None,
        "category": CATEGORY_SHOWN_AS.get(category, category) or None,
        **told,
    }
