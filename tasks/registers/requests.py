"""The register of requests: Lampiran VIII, and what Pasal 32 ayat (1) asks for beyond it.

Law: PERKI 1/2021 Pasal 32 and Lampiran VIII (R-S32, Q-6).
"""

from __future__ import annotations

from typing import Final

from domain.identity import Identity
from domain.item import TESTED, Item, Outcome
from domain.request import STAGE_SHOWN_AS, Request
from domain.result import RESULT_SHOWN_AS, Result, noticed_outcome, result_of
from tasks.registers.sheet import Cell, Column, Format, Layout
from tasks.registers.wording import asked, day_of, some_of, tick, withheld_because

_STATUS: Final = "Status informasi"
_FORM: Final = "Bentuk informasi yang dikuasai"
_KIND: Final = "Jenis permohonan"
_DAYS: Final = "Hari dan tanggal"
_COST: Final = "Biaya dan cara pembayaran"
_ARTICLE: Final = "Pasal 32 ayat (1)"

LAYOUT: Final = Layout(
    key="requests",
    title="Register Permohonan Informasi Publik",
    law="PERKI 1/2021 Pasal 32 dan Lampiran VIII",
    columns=(
        Column("number", "Nomor", 17, no="1"),
        Column("received", "Tanggal", 13, Format.DATE, no="2"),
        Column("name", "Nama", 16, no="3", personal=True),
        Column("address", "Alamat", 18, no="4", personal=True),
        Column("contact", "Nomor kontak", 19, no="5", personal=True),
        Column("occupation", "Pekerjaan", 10, no="6", personal=True, on_screen=False),
        Column("asked", "Informasi yang diminta", 34, no="7"),
        Column("purpose", "Tujuan penggunaan informasi", 16, no="8", personal=True, on_screen=False),
        Column("held", "Dikuasai: ya", 5, Format.TICK, "9", _STATUS, on_screen=False),
        Column(
            "elsewhere", "Dikuasai: tidak (badan publik lain)", 13, no="10", group=_STATUS, on_screen=False
        ),
        Column("undocumented", "Belum didokumentasikan", 6, Format.TICK, "11", _STATUS, on_screen=False),
        Column("soft", "Salinan lunak", 5, Format.TICK, "12", _FORM, on_screen=False),
        Column("hard", "Salinan cetak", 5, Format.TICK, "13", _FORM, on_screen=False),
        Column("view", "Melihat / mengetahui", 5, Format.TICK, "14", _KIND, on_screen=False),
        Column("copy", "Meminta salinan", 5, Format.TICK, "15", _KIND, on_screen=False),
        Column("decision", "Keputusan", 15, no="16"),
        Column("refused_because", "Alasan penolakan", 26, no="17", on_screen=False),
        Column("noticed", "Pemberitahuan tertulis", 12, Format.DATE, "18", _DAYS),
        Column("given", "Pemberian informasi", 12, Format.DATE, "19", _DAYS),
        Column("cost", "Biaya", 10, Format.MONEY, "20", _COST, on_screen=False),
        Column("way", "Cara", 12, no="21", group=_COST, on_screen=False),
        Column(
            "identity_no",
            "NIK / nomor SK pengesahan",
            18,
            no="d",
            group=_ARTICLE,
            personal=True,
            on_screen=False,
        ),
        Column("power", "Surat kuasa khusus", 7, no="g", group=_ARTICLE, personal=True, on_screen=False),
    ),
)

_HELD: Final = frozenset({Outcome.OPEN, Outcome.PARTLY, Outcome.EXEMPT, Outcome.ALREADY_PUBLISHED})


def row_of(request: Request, identity: Identity | None, *, paid_how: str = "") -> dict[str, Cell]:
    """The request's row.

    Args:
        identity: for a full copy; None leaves every personal cell empty.
        paid_how: how the applicant pays, as the cost note told.
    """
    row = _plain(request, in_full=identity is not None)
    row["way"] = _way(request, paid_how)
    if identity is not None:
        row |= _personal(identity)
    return row


def _plain(request: Request, *, in_full: bool) -> dict[str, Cell]:
    items = request.items
    answered = request.noticed_at is not None
    told = items if answered else ()
    return {
        "number": request.number,
        "received": request.received_on,
        "asked": asked(items, request.subject) if in_full else request.subject,
        "held": some_of(told, lambda item: noticed_outcome(item, request) in _HELD),
        "elsewhere": _elsewhere(told),
        "undocumented": some_of(told, lambda item: noticed_outcome(item, request) is Outcome.NOT_DOCUMENTED),
        "soft": some_of(told, lambda item: bool(item.documents)),
        "hard": tick(request.cost_idr is not None),
        "view": tick(not request.wants_copy),
        "copy": tick(request.wants_copy),
        "decision": _decision(request),
        "refused_because": withheld_because(
            (item for item in told if noticed_outcome(item, request) in TESTED), in_full=in_full
        ),
        "noticed": day_of(request.noticed_at),
        "given": request.handed_over_on or request.bundle_sent_on,
        "cost": request.cost_idr,
    }


def _personal(identity: Identity) -> dict[str, Cell]:
    proxy = f" (kuasa: {identity.proxy_name})" if identity.proxy_name else ""
    return {
        "name": identity.name + proxy,
        "address": identity.address,
        "contact": "; ".join(part for part in (identity.phone, identity.email) if part),
        "occupation": identity.occupation,
        "purpose": identity.purpose,
        "identity_no": identity.nik or identity.deed_number,
        "power": "ada" if identity.power_of_attorney else None,
    }


def _elsewhere(items: tuple[Item, ...]) -> str | None:
    absent = [item for item in items if item.outcome is Outcome.NOT_HELD]
    if not absent:
        return None
    holders = dict.fromkeys(item.holder for item in absent if item.holder)
    where = some_of(items, lambda item: item.outcome is Outcome.NOT_HELD) or ""
    return f"{where} {', '.join(holders)}".strip() if holders else f"{where} (tidak diketahui)"


def _decision(request: Request) -> str:
    result = result_of(request)
    if result is Result.PENDING:
        late = "; lewat waktu" if request.unanswered_on else ""
        return f"{STAGE_SHOWN_AS[request.stage]}{late}"
    ordered = f"; kemudian diberikan atas: {request.ordered_by}" if request.fulfilled_on else ""
    return f"{RESULT_SHOWN_AS[result]}{ordered}"


def _way(request: Request, paid_how: str) -> str | None:
    if request.cost_idr is None:
        return None
    paid = f"dibayar {request.paid_on.isoformat()}" if request.paid_on else "belum dibayar"
    return f"{paid_how}; {paid}" if paid_how else paid
