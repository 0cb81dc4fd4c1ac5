"""The office of the demo: who does what, when. People act here; reminders and escalations never do,
they come from the sweep alone.

A script is a generator; each `yield` ends its turn. It yields how many half working days to wait, a date
to wait for, or a condition on its case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection

from domain.act import Act, ExtensionGround, ObjectionReason
from domain.dispute_arrows import DisputeFiling
from domain.identity import ApplicantKind, Channel, Identity
from domain.item import Ground, Outcome
from domain.number import SAMPLE_SERIES
from domain.objection import Objection
from domain.objection_arrows import ObjectionFiling
from domain.office import Actor, Role
from domain.request import Request, Stage
from tasks import cases
from tasks.acts import Performed
from tasks.service import Service
from tasks.store.codec import Case

Pause = int | date | Callable[[], bool]
Script = Iterator[Pause]

#: Who sits at which desk (keys of people.yaml).
NAMES: Final = {Role.DESK: "loket", Role.COORDINATOR: "ppid", Role.LEGAL: "hukum"}
NEXT: Final = 1
A_DAY: Final = 2


class Desk:
    """One case in people's hands."""

    def __init__(self, service: Service, number: str) -> None:
        self.service, self.number = service, number

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return cases.read(self.service, self.number)

    @property
    def request(self) -> Request:
        """The case, which is a request."""
        case = self.case
        if not isinstance(case, Request):
            raise TypeError(self.number)
        return case

    def at(self, *stages: str) -> Callable[[], bool]:
        """A condition: the case stands at one of those stages."""
        return lambda: self.case.stage in stages

    def act(self, action: str, role: Role, **fields: Any) -> Performed:
        """Somebody of that role acts, now."""
        opd = fields.pop("opd", "")
        name = fields.pop("name", NAMES.get(role, ""))
        if role is Role.ATASAN:
            officers = self.service.policy().office.officers_in(role, self.service.clock.today())
            name = officers[0].key
        by = Actor(role, name=name, opd=opd)
        act = Act(action=action, by=by, at=self.service.clock.now(), **fields)
        return self.service.acts.perform(self.number, act).result()

    def opd(self, action: str, key: str, **fields: Any) -> Performed:
        """An OPD acts, now."""
        return self.act(action, Role.OPD, opd=key, **fields)

    def document(self, name: str) -> tuple[str, ...]:
        """An invented document, kept with the case."""
        service, now = self.service, self.service.clock.now()
        case_id = cases.read_family(service, self.number).file(self.number).id
        text = f"Dokumen contoh: {name}\nNomor permohonan: {self.number}\n".encode()
        kept: list[str] = []

        def job(connection: Connection) -> Performed:
            kept.append(service.documents.put(connection, case_id, name, "text/plain", text, now))
            return Performed(self.number, "", "", 0, 0, ())

        service.acts.writer.submit(job).result()
        return (kept[-1],)

    def sign(self, **fields: Any) -> Iterator[Pause]:
        """Sign the notice; where the applicant has no e-mail, the desk prints and sends it."""
        self.act("send_notice", Role.COORDINATOR, **fields)
        yield NEXT
        if not self.request.has_email:
            self.act("record_sent", Role.DESK, note="dikirim melalui pos tercatat")
            yield NEXT


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


def object_to(desk: Desk, *reasons: ObjectionReason) -> Desk:
    """The applicant objects today."""
    service = desk.service
    filing = ObjectionFiling(
        reasons=tuple(reasons), received_on=service.clock.today(), channel=desk.request.channel
    )
    done = service.acts.file_objection(filing, Actor(Role.APPLICANT), request=desk.number).result()
    return Desk(service, done.number)


def to_commission(objection: Desk, ki_number: str) -> Desk:
    """The Commission has registered the dispute; the coordinator records it."""
    service, case = objection.service, objection.case
    if not isinstance(case, Objection):
        raise TypeError(objection.number)
    filing = DisputeFiling(
        objection=case,
        received_on=service.clock.today(),
        ki_number=ki_number,
    )
    by = Actor(Role.COORDINATOR, NAMES[Role.COORDINATOR])
    done = service.acts.register_dispute(filing, by, objection=objection.number).result()
    return Desk(service, done.number)


def without_request(service: Service) -> Desk:
    """Reason b: periodic information is missing; an objection with no request before it."""
    applicant = Identity(
        name="Rangga Contoh",
        email="rangga@warga.example",
        nik="3674051707880002",
        id_document="KTP",
        address="Jl. Melati Contoh 8, Pamulang",
        purpose="memantau laporan keuangan kota",
    )
    filing = ObjectionFiling(
        reasons=(ObjectionReason.B,),
        received_on=service.clock.today(),
        channel=Channel.ONLINE,
        subject="Ringkasan laporan keuangan 2025 belum diumumkan",
        applicant=ApplicantKind.INDIVIDUAL,
    )
    done = service.acts.file_objection(
        filing, Actor(Role.APPLICANT), identity=applicant, series=SAMPLE_SERIES
    ).result()
    return Desk(service, done.number)


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
