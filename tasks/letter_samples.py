"""Invented facts for every letter, to try a text before it is needed: the contract between texts and acts."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from domain.letter import LetterKind
from tasks.letters import Addressee

Facts = dict[str, Any]

SAMPLE_APPLICANT: Final = Addressee(
    "Rukmini Wiratama", "Jalan Contoh No. 1, Serpong", "Ibu", "0812-0000-0000 / rukmini@warga.example"
)

SAMPLE_COMMON: Final[Mapping[str, Any]] = {
    "number": "001/PPID-TS/2026",
    "subject": "Realisasi anggaran perbaikan drainase 2025",
    "received_on": "2026-03-02",
    "stage": "Menunggu jawaban OPD",
    "channel": "surel",
    "city": "Pemerintah Kota Tangerang Selatan",
    "ppid_mailbox": "ppid@tangsel.example",
    "public_url": "",
    "task_url": "",
    "by_hand": False,
    "reminder_no": 0,
    "to_label": "PPID",
    "request_number": "",
    "trace": [],
    "law": "UU 14/2008 Pasal 22 ayat (7)",
}

APPLICANT_KINDS: Final = frozenset(
    {
        LetterKind.RECEIPT,
        LetterKind.INCOMPLETE,
        LetterKind.LAPSED,
        LetterKind.EXTENSION,
        LetterKind.NOTICE,
        LetterKind.REFUSAL,
        LetterKind.NOT_HELD,
        LetterKind.BUNDLE,
        LetterKind.COST_NOTE,
        LetterKind.RIGHT_TO_OBJECT,
        LetterKind.OBJECTION_RECEIPT,
        LetterKind.OBJECTION_ANSWER,
        LetterKind.DISPUTE_APPLICATION,
        LetterKind.FULFILLED,
        LetterKind.WITHDRAWN,
        LetterKind.ASSISTANCE_RECEIPT,
        LetterKind.ASSISTANCE_ANSWER,
    }
)

_ITEMS: Final = [
    {"no": 1, "text": "Realisasi anggaran perbaikan drainase 2025 per kecamatan"},
    {"no": 2, "text": "Daftar penyedia jasa dan nilai kontraknya"},
]
_EMPTY: Final = dict.fromkeys(
    ("proposed_outcome_label", "note", "holder", "ground_label", "basis", "reason", "until", "permanent"), ""
)
_OPEN: Final = {
    **_EMPTY,
    **_ITEMS[0],
    "outcome": "open",
    "outcome_label": "Diberikan",
    "note": "berupa tabel, termasuk perubahan anggaran",
}
_EXEMPT: Final = {
    **_EMPTY,
    **_ITEMS[1],
    "outcome": "exempt",
    "outcome_label": "Dikecualikan",
    "proposed_outcome_label": "Dikecualikan",
    "ground_label": "Pasal 17 huruf b: mengganggu persaingan usaha yang sehat",
    "basis": "UU 5/1999",
    "reason": "penawaran yang belum ditetapkan pemenangnya",
    "until": "2026-12-31",
}
_PARTLY: Final = {**_EXEMPT, "no": 3, "outcome": "partly", "outcome_label": "Diberikan sebagian"}
_NOT_HELD: Final = {
    **_EMPTY,
    "no": 1,
    "text": "Jadwal kereta Serpong",
    "outcome": "not_held",
    "outcome_label": "Tidak dikuasai",
    "holder": "PT Kereta Contoh",
}
_LATER: Final = {
    **_EMPTY,
    "no": 4,
    "text": "Laporan triwulan pertama",
    "outcome": "not_documented",
    "outcome_label": "Belum dikuasai atau didokumentasikan",
    "until": "2026-04-30",
}
_REASONS: Final = [
    {"code": "c", "label": "permohonan tidak ditanggapi"},
    {"code": "g", "label": "informasi disampaikan melebihi waktu"},
]
_OBJECTION: Final = {
    "number": "001/KEB/PPID-TS/2026",
    "request_number": "001/PPID-TS/2026",
    "objection_received_on": "2026-03-17",
    "answer_due": "2026-05-06",
    "reasons": _REASONS,
}
_COMMISSION: Final = {
    "name": "Komisi Informasi Provinsi Banten",
    "address": "Kota Serang",
    "email": "ki-banten@contoh.example",
}
_NOTICE: Final = {
    "given": True,
    "signed_by": "PPID, Kepala Dinas Komunikasi dan Informatika",
    "items": [_OPEN],
    "form": "salinan lunak",
    "cost_idr": 0,
    "promised_on": "2026-03-20",
    "objection_last_day_if_received_today": "2026-05-05",
    "documents_follow": True,
    "late": False,
    "notice_due": "2026-03-16",
}
_TASK: Final = {"items": _ITEMS, "opd_due": "2026-03-06", "notice_due": "2026-03-16"}
_REPLY: Final = "ppid+001-ppid-ts-2026.k3v9abcdabcdabcd@tangsel.example"
_OPD: Final = "Dinas Sumber Daya Air, Bina Marga dan Bina Konstruksi"
_PROPOSAL: Final = [
    {"opd": "DSDABMBK", "name": _OPD, "items": [1, 2], "because": "permohonan menyebut “drainase”"}
]
_REVIEW: Final = {"review_due": "2026-03-11", "notice_due": "2026-03-16"}
_TRACE: Final = [
    {"on": "2026-03-17", "number": None, "reason": "hari ke-0, belum dihitung"},
    {"on": "2026-03-18", "number": None, "reason": "cuti bersama Nyepi"},
    {"on": "2026-03-25", "number": 1, "reason": ""},
]

_ASSISTANCE: Final = {
    "number": "001/BK/PPID-TS/2026",
    "asking_body": "Pemerintah Kabupaten Contoh",
    "subject": "Data ruas jalan perbatasan",
    "law": "PERKI 1/2021 Pasal 54 dan 55",
}
_GIVEN: Final = [{"opd": _OPD, "text": "peta terlampir", "documents": 1}]

_FACTS: Final[Mapping[LetterKind, Facts]] = {
    LetterKind.ASSISTANCE_RECEIPT: _ASSISTANCE,
    LetterKind.ASSISTANCE_NEW: _ASSISTANCE,
    LetterKind.ASSISTANCE_TASK: {**_ASSISTANCE, "opd_name": _OPD, "note": "mohon peta terbaru"},
    LetterKind.ASSISTANCE_COLLECTED: {
        **_ASSISTANCE,
        "answers": _GIVEN,
        "waiting_for": ["Dinas Perhubungan"],
    },
    LetterKind.ASSISTANCE_ANSWER: {
        **_ASSISTANCE,
        "answers": _GIVEN,
        "reasons_text": "Data kami sampaikan lengkap.",
        "documents": ["peta-jalan.pdf"],
    },
    LetterKind.RECEIPT: {
        "items": _ITEMS,
        "notice_due": "2026-03-16",
        "notice_due_extended": "2026-04-01",
        "faults": ["NIK terdiri atas 15 angka, seharusnya 16"],
        "completeness_due": "2026-03-05",
        "objection_hint": True,
        "perki_due": "2026-03-27",
    },
    LetterKind.INCOMPLETE: {
        "items": _ITEMS,
        "missing": ["salinan KTP"],
        "correction_working_days": 3,
        "presumed_last_day": "2026-03-09",
    },
    LetterKind.LAPSED: {"correction_due": "2026-03-09", "objection_last_day": "2026-04-28"},
    LetterKind.EXTENSION: {
        "ground": "informasi belum dikuasai atau didokumentasikan",
        "reason": "dokumen masih disusun OPD",
        "first_due": "2026-03-16",
        "notice_due": "2026-04-01",
    },
    LetterKind.NOTICE: {**_NOTICE, "items": [_OPEN, _LATER]},
    LetterKind.REFUSAL: {**_NOTICE, "items": [_OPEN, _EXEMPT, _PARTLY]},
    LetterKind.NOT_HELD: {**_NOTICE, "items": [_NOT_HELD], "form": "", "promised_on": None},
    LetterKind.BUNDLE: {"items": _ITEMS, "documents": ["realisasi-2025.xlsx", "kontrak-2025.pdf"]},
    LetterKind.COST_NOTE: {
        "amount_idr": 15000,
        "promised_on": "2026-03-20",
        "how_to_pay": "Tunai di meja layanan PPID.\nBawa nomor pendaftaran.",
    },
    LetterKind.RIGHT_TO_OBJECT: {
        "notice_due": "2026-03-16",
        "reasons": _REASONS,
        "objection_last_day": "2026-05-06",
    },
    LetterKind.OBJECTION_RECEIPT: {**_OBJECTION, "late": False},
    LetterKind.OBJECTION_ANSWER: {
        "number": "001/KEB/PPID-TS/2026",
        "request_number": "001/PPID-TS/2026",
        "granted": True,
        "reasons_text": "Informasi yang diminta terbuka.\n\nOPD diperintahkan menyerahkannya.",
        "fulfil_by": "2026-05-13",
        "dispute_last_day_if_received_today": "2026-05-27",
        "late": False,
        "answered_on": "2026-05-04",
        "signed_by": "Sekretaris Daerah selaku Atasan PPID",
        "commission": _COMMISSION,
    },
    LetterKind.DISPUTE_APPLICATION: {
        **_OBJECTION,
        "dispute_last_day": "2026-05-27",
        "relief": ["menyatakan bahwa informasi yang diminta terbuka", "memerintahkan Termohon memberikannya"],
        "commission": _COMMISSION,
    },
    LetterKind.FULFILLED: {"ordered_by": "putusan Atasan PPID tanggal 4 Mei 2026", "note": "dokumen dikirim"},
    LetterKind.WITHDRAWN: {"note": "atas permintaan Pemohon"},
    LetterKind.OPD_TASK: {**_TASK, "law": "PERKI 1/2021 Pasal 12", "how_to_answer": _REPLY},
    LetterKind.OPD_REMINDER: {
        **_TASK,
        "law": "PERKI 1/2021 Pasal 12",
        "rung_offset": 1,
        "days_late": 1,
        "reminder_no": 3,
    },
    LetterKind.OPD_DIGEST: {
        "number": "",
        "law": "",
        "opd_name": _OPD,
        "tasks": [
            {
                "number": f"00{no}/PPID-TS/2026",
                "subject": "Realisasi anggaran drainase",
                "items_open": 2,
                "opd_due": "2026-03-06",
                "days_left": days_left,
                "overdue": days_left < 0,
            }
            for no, days_left in ((1, -1), (2, 0), (3, 2))
        ],
        "more": 4,
    },
    LetterKind.OPD_RELEASED: {
        "cause": "moved",
        "reason": "butir dialihkan ke Dinas Cipta Karya dan Tata Ruang",
    },
    LetterKind.OPD_TIME_GIVEN: {
        "opd_due": "2026-03-17",
        "notice_due": "2026-04-01",
        "extended": True,
        "opd_due_before": "2026-03-06",
    },
    LetterKind.TAKEOVER: {"opd_name": _OPD, "opd_due": "2026-03-06", "items": _ITEMS},
    LetterKind.NEW_REQUEST: {
        "items": _ITEMS,
        "notice_due": "2026-03-16",
        "faults": ["salinan KTP belum ada"],
        "forward_due": "2026-03-03",
        "proposal": _PROPOSAL,
    },
    LetterKind.PROPOSAL: {
        "proposal": _PROPOSAL,
        "notice_due": "2026-03-16",
        "forward_due": "2026-03-03",
    },
    LetterKind.NOT_OURS: {"opd_name": _OPD, "reason": "jalan provinsi", "suggested_holder": "DCKTR"},
    LetterKind.TIME_ASKED: {
        "opd_name": _OPD,
        "days": 2,
        "reason": "arsip di gudang",
        "opd_due": "2026-03-06",
        "notice_due": "2026-03-16",
    },
    LetterKind.TEST_OPENED: {"items": [{**_EXEMPT, "opd": "DSDABMBK"}], **_REVIEW},
    LetterKind.APPROVAL_ASKED: {"items": [_EXEMPT], **_REVIEW},
    LetterKind.SENT_BACK: {"reason": "akibat bila ditutup belum dinilai", "review_due": "2026-03-12"},
    LetterKind.READY_TO_DRAFT: {
        "items": [_OPEN, _EXEMPT],
        "drafting_due": "2026-03-13",
        "notice_due": "2026-03-16",
    },
    LetterKind.REMINDER: {
        "what": "Pemeriksaan kelengkapan",
        "due": "2026-03-05",
        "rung_offset": 1,
        "days_late": 1,
        "notice_due": "2026-03-16",
        "reminder_no": 2,
    },
    LetterKind.UNANSWERED: {"notice_due": "2026-03-16", "opds_open": [_OPD]},
    LetterKind.OBJECTION_TASK: dict(_OBJECTION),
    LetterKind.ATASAN_REMINDER: {**_OBJECTION, "days_left": 5, "rung_offset": -5, "reminder_no": 2},
    LetterKind.ESCALATION_APPROVAL: {"answer_due": "2026-05-06", "number": "001/KEB/PPID-TS/2026"},
    LetterKind.COMMISSION_NOTICE: {
        **_OBJECTION,
        "to_label": "Komisi Informasi Provinsi Banten",
        "received_on": "2026-03-02",
        "notice_due": "2026-03-16",
        "notice_sent_on": None,
        "trace": _TRACE,
    },
    LetterKind.ORDER_TASK: {
        "ordered_by": "putusan Atasan PPID tanggal 4 Mei 2026",
        "due": "2026-05-13",
        "what": "menyerahkan daftar kontrak",
    },
    LetterKind.DISPUTE_TASK: {
        "what": "menghadiri mediasi",
        "due": "2026-06-10",
        "ki_number": "001/REG-PSI/2026",
        "rung_offset": -2,
        "reminder_no": 2,
    },
    LetterKind.OPD_MONTHLY: {
        "number": "",
        "law": "PERKI 1/2021 Pasal 12",
        "opd_name": _OPD,
        "period": "Mei 2026",
        "given": 9,
        "answered": 7,
        "in_time": 6,
        "share": 86,
        "median": "2,5",
        "open": 2,
        "overdue": 1,
        "overdue_numbers": ["003/PPID-TS/2026"],
        "rank": 4,
        "ranked": 12,
    },
    LetterKind.REPORT_APPROVAL: {
        "number": "",
        "year": 2026,
        "due": "2027-03-31",
        "sha256": "0" * 64,
        "sample": False,
        "late": False,
        "missing": ["kendala (obstacles)"],
        "reminder_no": 7,
    },
    LetterKind.EXEMPTION_EXPIRY: {
        "number": "",
        "law": "PP 61/2010 Pasal 11",
        "listing": "DIK-7",
        "title": "Nama pelapor dalam laporan hasil pemeriksaan",
        "opd_name": "Inspektorat",
        "ground_label": "Pasal 17 huruf a: menghambat proses penegakan hukum",
        "basis": "UU 31/2014",
        "until": "2026-12-31",
        "decide_by": "2026-11-16",
        "step": "last",
        "source_number": "004/PPID-TS/2026",
    },
    LetterKind.REPORT_COPY: {"number": "", "year": 2026, "sha256": "0" * 64, "sample": False},
    LetterKind.MEND_CONTACT: {
        "letter_kind_label": "tanda terima",
        "reason": "alamat tidak dikenal (550)",
        "letter_key": "001/PPID-TS/2026:receipt:1",
    },
}


def sample_facts(kind: LetterKind) -> Facts:
    """Facts a letter of that kind may tell, every branch that adds something switched on."""
    return deepcopy(_FACTS[kind])


def other_facts(kind: LetterKind) -> Facts:
    """The same letter the other way round: flags turned over, what may be missing missing."""
    return {name: _turned(name, value) for name, value in sample_facts(kind).items()}


def sample_applicant(kind: LetterKind) -> Addressee | None:
    """The invented applicant where the letter goes to one."""
    return SAMPLE_APPLICANT if kind in APPLICANT_KINDS else None


_MAY_BE_EMPTY: Final = frozenset(
    {
        "faults",
        "missing",
        "overdue_numbers",
        "proposal",
        "opds_open",
        "form",
        "perki_due",
        "promised_on",
        "note",
        "trace",
        "request_number",
        "waiting_for",
    }
)


def _turned(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if name in _MAY_BE_EMPTY:
        return type(value)() if isinstance(value, list | str) else None
    return 0 if name in ("days_late", "days_left", "rung_offset") else value
