"""The office of the demo: who does what, when. People act here; reminders and escalations never do,
they come from the sweep alone.

A script is a generator; each `yield` ends its turn. It yields how many half working days to wait, a date
to wait for, or a condition on its case.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from cli.demo_desk import A_DAY, NEXT, Desk, Script, object_to, to_commission
from domain.act import ExtensionGround, ObjectionReason
from domain.item import Ground, Outcome
from domain.office import Role
from domain.request import Stage


def opening(desk: Desk, *opds: str) -> Script:
    """Checked the next morning and forwarded the same day, to those proposed or those named."""
    yield NEXT
    desk.act("record_complete", Role.DESK)
    yield NEXT
    chosen = opds or tuple(p.opd for p in desk.request.proposed)
    desk.act("forward", Role.COORDINATOR, opds=chosen)
    yield A_DAY


def budget(desk: Desk) -> Script:
    """S01: three units answer, each its part; the notice goes out on time."""
    yield from opening(desk, "Dikbud", "BKAD")
    desk.opd("accept", "Dikbud")
    desk.opd("answer", "BKAD", items=(2,), documents=desk.document("laporan-realisasi.txt"))
    yield A_DAY
    desk.opd("answer", "Dikbud", items=(1, 3, 4), documents=desk.document("dpa-rka-kontrak.txt"))
    desk.opd("answer", "BKAD", items=(1, 3, 4), note="dijawab Dikbud") if _open(desk, "BKAD") else None
    yield A_DAY
    yield from desk.sign()
    desk.act("record_receipt", Role.DESK, note="tanda terima surel")
    yield NEXT


def extended(desk: Desk) -> Script:
    """S02: the OPD asks for time, then the one extension is needed."""
    yield from opening(desk, "Dikbud")
    desk.opd("accept", "Dikbud")
    desk.opd("ask_time", "Dikbud", days=3, note="arsip 2012 di gudang")
    yield NEXT
    desk.act("give_time", Role.COORDINATOR, opds=("Dikbud",), days=1)
    yield A_DAY
    desk.act(
        "extend",
        Role.COORDINATOR,
        extension=ExtensionGround.NOT_YET_HELD,
        note="arsip tahun 2012 masih dicari dan belum didokumentasikan",
    )
    yield 4 * A_DAY
    desk.opd("answer", "Dikbud", documents=desk.document("spj-dak-2012.txt"))
    yield A_DAY
    yield from desk.sign()


def exempt(desk: Desk) -> Script:
    """S03: one item is tested and exempt, approved; the applicant objects, wins, and it is fulfilled."""
    yield from opening(desk, "Diskominfo")
    desk.opd("answer", "Diskominfo", items=(2, 3), documents=desk.document("kontrak-2024.txt"))
    desk.opd(
        "propose_exemption",
        "Diskominfo",
        items=(1,),
        ground=Ground.B,
        note="rincian HPS dapat mengganggu persaingan usaha pada tender berikutnya",
    )
    yield A_DAY
    verdict = {
        "items": (1,),
        "outcome": Outcome.EXEMPT,
        "ground": Ground.B,
        "basis": "UU 5/1999 tentang Larangan Praktik Monopoli",
        "note": "bila dibuka, peserta tender berikutnya tahu harga satuan; bila ditutup, publik menunggu",
        "until": date(2026, 12, 31),
    }
    desk.act("record_verdict", Role.LEGAL, **verdict)
    yield NEXT
    desk.act("send_back", Role.ATASAN, note="pertimbangan kepentingan publik belum ditulis")
    yield NEXT
    desk.act("record_verdict", Role.LEGAL, **verdict)
    yield NEXT
    desk.act("approve", Role.ATASAN)
    yield A_DAY
    yield from desk.sign()
    desk.act("record_receipt", Role.APPLICANT)
    yield 5 * A_DAY
    raised = object_to(desk, ObjectionReason.A)
    yield 8 * A_DAY
    raised.act(
        "answer",
        Role.ATASAN,
        granted=True,
        note="Tender sudah selesai, sehingga HPS tidak lagi mengganggu persaingan usaha.",
    )
    yield 3 * A_DAY
    desk.act("fulfil", Role.COORDINATOR, items=(1,), documents=desk.document("hps-2024.txt"), note="HPS")
    yield NEXT
    raised.act("record_receipt", Role.APPLICANT)
    yield NEXT


def silent(desk: Desk) -> Script:
    """S04: the OPD is late through every rung, nobody answers, the objection slips, the Commission
    takes it up; it is settled in mediation and carried out."""
    yield from opening(desk, "Inspektorat")
    yield lambda: desk.request.unanswered_on is not None
    yield 3 * A_DAY
    raised = object_to(desk, ObjectionReason.C, ObjectionReason.G)
    yield lambda: getattr(raised.case, "escalated_on", None) is not None
    yield 6 * A_DAY
    dispute = to_commission(raised, "REG-041/KI-BTN/2026")
    yield 5 * A_DAY
    dispute.act("start_mediation", Role.COORDINATOR)
    yield NEXT
    dispute.act("release_dossier", Role.ATASAN)
    yield 4 * A_DAY
    dispute.act(
        "agree",
        Role.COORDINATOR,
        note="Ringkasan LHP diserahkan dengan nama pelapor dihitamkan.",
        until=dispute.service.clock.today().replace(day=28),
        other="Kesepakatan mediasi REG-041/KI-BTN/2026",
    )
    yield 2 * A_DAY
    desk.act("fulfil", Role.COORDINATOR, documents=desk.document("ringkasan-lhp.txt"), note="ringkasan LHP")
    yield NEXT
    dispute.act("comply", Role.COORDINATOR, note="ringkasan LHP diserahkan")
    yield NEXT
    dispute.act("close", Role.COORDINATOR)
    yield NEXT


def wrong_unit(desk: Desk) -> Script:
    """S05: the first OPD says "not ours"; re-routed, without the statutory clock noticing."""
    yield from opening(desk, "Disperkimta")
    desk.opd(
        "not_ours", "Disperkimta", note="hibah PTSL dikelola Bagian Pemerintahan", holder="BagPemerintahan"
    )
    yield NEXT
    desk.act("reroute", Role.COORDINATOR, opds=("Disperkimta", "BagPemerintahan"), note="dialihkan")
    yield 2 * A_DAY
    desk.opd("accept", "BagPemerintahan")
    desk.opd("answer", "BagPemerintahan", documents=desk.document("nphd-ptsl.txt"))
    yield A_DAY
    yield from desk.sign()


def paid(desk: Desk) -> Script:
    """S06: received on a holiday; copies cost money, are paid and handed over."""
    yield from opening(desk, "BagUmum")
    desk.opd("answer", "BagUmum", documents=desk.document("belanja-modal-2011.txt"))
    yield A_DAY
    yield from desk.sign(amount_idr=45_000)
    desk.act("cost_note", Role.DESK, amount_idr=45_000, note="Tunai di loket PPID, Senin sampai Jumat.")
    yield 2 * A_DAY
    desk.act("pay", Role.DESK, note="kuitansi 12/2026")
    yield NEXT
    desk.act("hand_over", Role.DESK, documents=())
    yield NEXT


def land(desk: Desk) -> Script:
    """S07: a walk-in without e-mail; letters are printed and posted, the receipt slip proves the day."""
    yield from opening(desk, "KecSerpong")
    desk.opd("answer", "KecSerpong", items=(1,), documents=desk.document("keterangan-girik.txt"))
    desk.opd(
        "out_of_reach",
        "KecSerpong",
        items=(2,),
        note="buku C rusak terkena banjir dan sedang direstorasi",
        until=date(2026, 9, 30),
    )
    yield A_DAY
    yield from desk.sign()
    desk.act("record_receipt", Role.DESK, note="resi pos")
    yield NEXT


def published(desk: Desk) -> Script:
    """S08: already published; the hospital points to the page."""
    yield from opening(desk, "RSUTangsel")
    note = "dimuat pada halaman profil rumah sakit, bagian informasi berkala"
    desk.opd("answer", "RSUTangsel", outcome=Outcome.ALREADY_PUBLISHED, note=note)
    yield NEXT
    yield from desk.sign()


def elsewhere(desk: Desk) -> Script:
    """S09: the city does not hold it; the notice names who does."""
    yield from opening(desk, "DLH")
    desk.opd("not_held", "DLH", holder="Kementerian Energi dan Sumber Daya Mineral", note="di luar kota")
    yield A_DAY
    yield from desk.sign()


def incomplete(desk: Desk) -> Script:
    """S10: papers are missing; asked once, never completed; it lapses by itself."""
    yield NEXT
    desk.act("ask_completion", Role.DESK, note="mohon lampirkan identitas")
    yield NEXT


def personal(desk: Desk) -> Script:
    """S11: names of children are personal; figures are given, names withheld."""
    yield from opening(desk, "Dinkes")
    desk.opd(
        "propose_exemption",
        "Dinkes",
        ground=Ground.H,
        note="nama dan alamat anak adalah data kesehatan pribadi",
    )
    yield A_DAY
    desk.act(
        "record_verdict",
        Role.LEGAL,
        outcome=Outcome.PARTLY,
        ground=Ground.H,
        basis="UU 27/2022 tentang Pelindungan Data Pribadi; UU 17/2023 tentang Kesehatan",
        note="jumlah per kelurahan dibuka; nama dan alamat dihitamkan",
        permanent=True,
    )
    yield NEXT
    desk.act("approve", Role.ATASAN)
    yield A_DAY
    yield from desk.sign()


def at_once(desk: Desk) -> Script:
    """S12: the PPID holds it itself and answers without forwarding."""
    yield NEXT
    desk.act("record_complete", Role.DESK)
    yield NEXT
    desk.act("answer", Role.COORDINATOR, documents=desk.document("struktur-organisasi.txt"))
    yield NEXT
    yield from desk.sign()


def missing_report(desk: Desk) -> Script:
    """The reason-b objection is granted and the report published."""
    yield 10 * A_DAY
    desk.act("answer", Role.ATASAN, granted=True, note="Ringkasan akan dimuat dalam lima hari kerja.")
    yield 4 * A_DAY
    desk.act("fulfil", Role.COORDINATOR, note="ringkasan dimuat pada halaman informasi berkala")
    yield NEXT


def _open(desk: Desk, opd: str) -> bool:
    request = desk.request
    return request.stage is Stage.FORWARDED and request.assignment(opd) is not None


SCRIPTS: Final[dict[str, Callable[[Desk], Script]]] = {
    "S01": budget,
    "S02": extended,
    "S03": exempt,
    "S04": silent,
    "S05": wrong_unit,
    "S06": paid,
    "S07": land,
    "S08": published,
    "S09": elsewhere,
    "S10": incomplete,
    "S11": personal,
    "S12": at_once,
}
