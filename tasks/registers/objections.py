"""The register of objections: Lampiran XI, and the reason of the answer that Pasal 43 asks for.

Law: PERKI 1/2021 Pasal 43 and Lampiran XI (R-S43).
"""

from __future__ import annotations

from typing import Final

from domain.act import REASON_SHOWN_AS, ObjectionReason
from domain.dispute import Dispute
from domain.identity import Identity
from domain.objection import OBJECTION_SHOWN_AS, Objection
from domain.office import Office
from domain.request import Request
from domain.rule import ClockKind
from tasks.registers.sheet import Cell, Column, Format, Layout
from tasks.registers.wording import asked, day_of, tick

_REASONS: Final = "Alasan pengajuan keberatan (UU 14/2008 Pasal 35 ayat (1))"

LAYOUT: Final = Layout(
    key="objections",
    title="Register Keberatan",
    law="PERKI 1/2021 Pasal 43 dan Lampiran XI",
    columns=(
        Column("number", "Nomor", 20, no="1"),
        Column("received", "Tanggal", 13, Format.DATE, no="2"),
        Column("name", "Nama", 16, no="3", personal=True),
        Column("address", "Alamat", 18, no="4", personal=True, on_screen=False),
        Column("contact", "Nomor kontak", 19, no="5", personal=True),
        Column("occupation", "Pekerjaan", 10, no="6", personal=True, on_screen=False),
        Column("request", "Nomor pendaftaran permohonan", 17, no="7"),
        Column("asked", "Informasi yang diminta", 34, no="8"),
        Column("purpose", "Tujuan penggunaan informasi", 16, no="9", personal=True, on_screen=False),
        *(
            Column(
                f"reason_{reason}", str(reason), 5, Format.TICK, str(10 + index), _REASONS, on_screen=False
            )
            for index, reason in enumerate(ObjectionReason)
        ),
        Column("decision", "Keputusan Atasan PPID", 16, no="17"),
        Column("because", "Alasan keputusan (Pasal 43)", 26, no="", personal=True, on_screen=False),
        Column("answered", "Hari dan tanggal tanggapan", 12, Format.DATE, no="18"),
        Column("by", "Nama dan posisi Atasan PPID", 18, no="19", on_screen=False),
        Column("reaction", "Tanggapan Pemohon", 18, no="20"),
    ),
)

#: Printed under the table: what the seven letters stand for.
LEGEND: Final = "; ".join(f"{reason} = {told}" for reason, told in REASON_SHOWN_AS.items()) + "."


def row_of(
    objection: Objection,
    request: Request | None,
    disputes: tuple[Dispute, ...],
    identity: Identity | None,
    office: Office,
) -> dict[str, Cell]:
    """The objection's row.

    Args:
        request: what is objected to; None for reason b alone.
        disputes: those that followed this objection.
        identity: for a full copy; None leaves every personal cell empty.
    """
    in_full = identity is not None
    information = asked(request.items, request.subject) if request and in_full else objection.subject
    row: dict[str, Cell] = {
        "number": objection.number,
        "received": objection.received_on,
        "request": objection.request or None,
        "asked": information,
        **{f"reason_{reason}": tick(reason in objection.reasons) for reason in ObjectionReason},
        "decision": _decision(objection),
        "answered": day_of(objection.answered_at),
        "by": _atasan(objection, office),
        "reaction": _reaction(objection, disputes),
    }
    if identity is not None:
        row |= {
            "name": identity.name,
            "address": identity.address,
            "contact": "; ".join(part for part in (identity.phone, identity.email) if part),
            "occupation": identity.occupation,
            "purpose": identity.purpose,
            "because": objection.answer,
        }
    return row


def _decision(objection: Objection) -> str:
    if objection.answered_at is not None:
        return "Dikabulkan" if objection.granted else "Ditolak"
    if objection.closed_because == "withdraw":
        return "Dicabut pemohon"
    if objection.escalated_on is not None:
        return f"Tidak ditanggapi; diteruskan ke Komisi Informasi {objection.escalated_on.isoformat()}"
    return OBJECTION_SHOWN_AS[objection.stage]


def _atasan(objection: Objection, office: Office) -> str | None:
    if not objection.answered_by:
        return None
    officer = office.officer(objection.answered_by)
    return officer.title if officer else objection.answered_by


def _reaction(objection: Objection, disputes: tuple[Dispute, ...]) -> str | None:
    if disputes:
        return "Mengajukan sengketa: " + ", ".join(dispute.number for dispute in disputes)
    windows = [clock for clock in objection.clocks if clock.kind is ClockKind.DISPUTE_WINDOW]
    if objection.stage == "closed" and windows:
        return f"Tidak mengajukan sengketa sampai {max(clock.due_on for clock in windows).isoformat()}"
    return None
