"""The register of disputes; no annex prescribes its columns, the yearly report asks for their content.

Law: PERKI 1/2021 Pasal 57 (R-S56); UU 14/2008 Pasal 37–50.
"""

from __future__ import annotations

from typing import Final

from domain.act import RULING_SHOWN_AS
from domain.dispute import DISPUTE_SHOWN_AS, Dispute, Party
from domain.identity import Identity
from tasks.registers.sheet import Cell, Column, Format, Layout

_COURT: Final = "Pengadilan"
_DONE: Final = "Pelaksanaan"

LAYOUT: Final = Layout(
    key="disputes",
    title="Register Sengketa Informasi Publik",
    law="UU 14/2008 Pasal 37–50; PERKI 1/2021 Pasal 57",
    columns=(
        Column("number", "Nomor", 20, no="1"),
        Column("received", "Diberitahukan Komisi", 12, Format.DATE, no="2"),
        Column("ki_number", "Nomor register Komisi Informasi", 18, no="3"),
        Column("objection", "Nomor keberatan", 20, no="4"),
        Column("request", "Nomor permohonan", 17, no="5", on_screen=False),
        Column("name", "Pemohon", 18, no="6", personal=True),
        Column("asked", "Informasi yang disengketakan", 30, no="7"),
        Column("reasons", "Alasan (Pasal 35)", 9, no="8", on_screen=False),
        Column("started", "Mediasi / sidang pertama", 12, Format.DATE, no="9", on_screen=False),
        Column("stage", "Tahap", 13, no="10"),
        Column("ruling", "Hasil", 14, no="11"),
        Column("decided", "Tanggal putusan", 12, Format.DATE, no="12"),
        Column("order", "Yang diperintahkan", 24, no="13", group=_DONE, on_screen=False),
        Column("comply_by", "Paling lambat", 12, Format.DATE, "14", _DONE, on_screen=False),
        Column("complied", "Dilaksanakan", 12, Format.DATE, "15", _DONE),
        Column("appealed", "Dibawa ke pengadilan", 12, Format.DATE, "16", _COURT, on_screen=False),
        Column("appealed_by", "Oleh", 10, no="17", group=_COURT, on_screen=False),
        Column("court_decided", "Putusan diterima", 12, Format.DATE, "18", _COURT, on_screen=False),
    ),
)

_PARTY: Final = {Party.APPLICANT: "Pemohon", Party.CITY: "Pemerintah Kota"}


def row_of(dispute: Dispute, identity: Identity | None) -> dict[str, Cell]:
    """The dispute's row; *identity* is for a full copy."""
    row: dict[str, Cell] = {
        "number": dispute.number,
        "received": dispute.received_on,
        "ki_number": dispute.ki_number or None,
        "objection": dispute.objection,
        "request": dispute.request or None,
        "asked": dispute.subject,
        "reasons": ", ".join(dispute.reasons),
        "started": dispute.started_on,
        "stage": DISPUTE_SHOWN_AS[dispute.stage],
        "ruling": RULING_SHOWN_AS[dispute.ruling] if dispute.ruling else None,
        "decided": dispute.decided_on,
        "order": dispute.order or None,
        "comply_by": dispute.comply_by,
        "complied": dispute.complied_on,
        "appealed": dispute.appealed_on,
        "appealed_by": _PARTY[dispute.appealed_by] if dispute.appealed_by else None,
        "court_decided": dispute.court_decided_on,
    }
    if identity is not None:
        row["name"] = identity.name
    return row
