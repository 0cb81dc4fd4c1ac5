"""The list of exempt information (DIK); no annex, the columns of practice with ground, reason and end.

Law: UU 14/2008 Pasal 17, 19, 20; PP 61/2010 Pasal 4–11; PERKI 1/2021 Pasal 49–52.
"""

from __future__ import annotations

from typing import Final

from domain.item import GROUND_SHOWN_AS, Ground
from domain.office import Office
from tasks.registers.lists import OPENED, Listing
from tasks.registers.sheet import Cell, Column, Format, Layout

STATUS_SHOWN_AS: Final = {"in_force": "Dikecualikan", "opened": "Terbuka"}

LAYOUT: Final = Layout(
    key="dik",
    title="Daftar Informasi yang Dikecualikan",
    law="UU 14/2008 Pasal 17, 19 dan 20; PP 61/2010 Pasal 4–11; PERKI 1/2021 Pasal 49–52",
    columns=(
        Column("id", "No.", 9, no="1"),
        Column("title", "Informasi", 34, no="2"),
        Column("opd", "Dikuasai oleh", 22, no="3", on_screen=False),
        Column("ground", "Alasan (Pasal 17)", 24, no="4"),
        Column("basis", "Dasar hukum", 22, no="5", on_screen=False),
        Column("consequence", "Akibat bila dibuka", 26, no="6", on_screen=False),
        Column("benefit", "Manfaat bila ditutup", 20, no="7", on_screen=False),
        Column("decree", "Penetapan", 18, no="8", on_screen=False),
        Column("set_on", "Tanggal", 12, Format.DATE, "9"),
        Column("term", "Jangka waktu", 13, no="10"),
        Column("until", "Berakhir", 12, Format.DATE, "11"),
        Column("status", "Keadaan", 14, no="12"),
    ),
)


def row_of(listing: Listing, office: Office) -> dict[str, Cell]:
    """The exemption's row. The reasons name no applicant: they are those of the test sheet and its decree."""
    content = listing.content
    ground = str(content.get("ground", ""))
    opd = office.opd(listing.opd)
    decree = str(content.get("decree", ""))
    part = " (sebagian)" if content.get("part") == "partly" else ""
    return {
        "id": f"DIK-{listing.id}",
        "title": listing.title + part,
        "opd": opd.name if opd else listing.opd or None,
        "ground": f"{ground[:2]} huruf {ground[2:]}: {GROUND_SHOWN_AS[Ground(ground)]}" if ground else None,
        "basis": str(content.get("basis", "")) or None,
        "consequence": str(content.get("consequence", "")) or None,
        "benefit": str(content.get("benefit", "")) or None,
        "decree": decree or (f"permohonan {listing.source}" if listing.source else None),
        "set_on": listing.set_on,
        "term": _term(listing),
        "until": listing.until,
        "status": _status(listing),
    }


def _term(listing: Listing) -> str:
    if listing.until is None:
        return "permanen"
    months = (listing.until.year - listing.set_on.year) * 12 + listing.until.month - listing.set_on.month
    years, rest = divmod(max(months, 0), 12)
    parts = [f"{years} tahun" if years else "", f"{rest} bulan" if rest else ""]
    return " ".join(part for part in parts if part) or "kurang dari sebulan"


def _status(listing: Listing) -> str:
    if listing.status != OPENED:
        return STATUS_SHOWN_AS[listing.status]
    opened = listing.content.get("opened_on", "")
    return f"Terbuka sejak {opened} {listing.content.get('opened_because', '')}".strip()
