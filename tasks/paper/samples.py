"""Invented facts for every letter on paper, to try a template before it is needed and to look at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from domain.act import REASON_SHOWN_AS, ObjectionReason
from domain.identity import Identity
from domain.letter import LetterKind
from tasks.letter_samples import SAMPLE_COMMON, other_facts, sample_facts
from tasks.paper.catalog import ABOUT, OF_LETTER, Paper
from tasks.paper.content import Sheet

SAMPLE_PERSON: Final = Identity(
    name="Rukmini Wiratama",
    email="rukmini@pemohon.example",
    phone="0812-0000-0001",
    address="Jalan Contoh No. 1, Serpong, Kota Tangerang Selatan",
    nik="3674015503900001",
    id_document="KTP",
    occupation="Peneliti",
    purpose="Penelitian tentang pemeliharaan drainase kota",
)
_POOR: Final = Identity(name="Bagus Umpamanto")

_OFFICERS: Final = [
    {"name": "", "position": "PPID, Kepala Dinas Komunikasi dan Informatika", "unit": ""},
    {"name": "", "position": "Kepala Bagian Hukum Sekretariat Daerah", "unit": "Sekretariat Daerah"},
]
_ITEM: Final = {
    "no": 1,
    "text": "Realisasi anggaran perbaikan drainase 2025 per kecamatan",
    "outcome": "open",
    "outcome_label": "Diberikan",
    "note": "",
    "holder": "",
    "opd": "Dinas Sumber Daya Air, Bina Marga dan Bina Konstruksi",
    "ground_label": "",
    "basis": "",
    "reason": "",
    "until": None,
    "permanent": False,
    "proposed_outcome_label": "",
    "protects": "",
    "if_closed": "",
    "becomes": "terbuka",
}
_WITHHELD: Final = {
    **_ITEM,
    "no": 2,
    "text": "Dokumen penawaran penyedia jasa pada tender yang belum ditetapkan pemenangnya",
    "outcome": "exempt",
    "outcome_label": "Dikecualikan",
    "ground_label": "Pasal 17 huruf b UU 14/2008: mengganggu persaingan usaha yang sehat",
    "basis": "UU 5/1999 Pasal 22 dan 23",
    "reason": "penawaran yang diketahui pesaing sebelum pemenang ditetapkan membuka persekongkolan tender",
    "until": "2026-12-31",
    "proposed_outcome_label": "Dikecualikan",
    "protects": "melindungi hak kekayaan intelektual dan persaingan usaha yang sehat",
}
_CHOSEN: Final = (ObjectionReason.C, ObjectionReason.G)
_OWN: Final[Mapping[Paper, Mapping[str, Any]]] = {
    Paper.REQUEST_FORM: {"items": [_ITEM, _WITHHELD], "wants_copy": True, "by_email": True},
    Paper.TEST_SHEET: {
        "items": [_WITHHELD],
        "participants": _OFFICERS,
        "approver": "Sekretaris Daerah selaku Atasan PPID",
    },
    Paper.EXEMPTION_DECREE: {
        "items": [_WITHHELD, {**_WITHHELD, "no": 3, "outcome": "partly"}],
        "approved_on": "2026-03-11",
    },
    Paper.STATUS_SHEET: {
        "items": [_WITHHELD],
        "participants": _OFFICERS,
        "approver": "Sekretaris Daerah selaku Atasan PPID",
        "because": "pemenang tender telah ditetapkan",
    },
    Paper.STATUS_DECREE: {
        "items": [_WITHHELD],
        "because": "jangka waktu pengecualian berakhir",
        "becomes": "informasi terbuka",
    },
    Paper.COPY_REQUEST: {"items": [_ITEM], "amount_idr": 15000, "how_to_pay": ""},
    Paper.DELIVERY_RECEIPT: {
        "items": [_ITEM],
        "amount_idr": 15000,
        "paid_on": "2026-03-17",
        "promised_on": "2026-03-20",
        "handed_over_on": "2026-03-18",
        "documents": ["realisasi-2025.xlsx"],
    },
    Paper.OBJECTION_FORM: {
        **sample_facts(LetterKind.OBJECTION_RECEIPT),
        "notice_sent_on": None,
        "notice_due": "2026-03-16",
        "all_reasons": [
            {
                "code": str(r),
                "label": REASON_SHOWN_AS[r],
                "chosen": r in _CHOSEN,
            }
            for r in ObjectionReason
        ],
    },
    Paper.POWER_OF_ATTORNEY: {
        "number": "001/SGK/PPID-TS/2026",
        "objection_number": "001/KEB/PPID-TS/2026",
        "request_number": "001/PPID-TS/2026",
        "ki_number": "012/REG-PSI/2026",
        "hearing_on": "2026-06-10",
        "representatives": [{"name": "", "position": officer["position"]} for officer in _OFFICERS],
    },
}
#: What the acts tell beyond the samples of the mails.
_TOLD_BESIDE: Final[Mapping[Paper, Mapping[str, Any]]] = {
    Paper.OBJECTION_ANSWER: {"reasons": sample_facts(LetterKind.OBJECTION_RECEIPT)["reasons"]},
    Paper.COMMISSION_NOTICE: {"dispute_last_day": "2026-05-27"},
}
#: The letter of an act that shows most of its paper.
_SHOWN_BY: Final = {papers[0]: kind for kind, papers in OF_LETTER.items()} | {
    Paper.NOTICE: LetterKind.REFUSAL
}


def sample_sheet(paper: Paper) -> Sheet:
    """The letter with every branch that adds something switched on."""
    if paper in _OWN:
        facts = {**SAMPLE_COMMON, **_OWN[paper]}
    else:
        facts = {**SAMPLE_COMMON, **sample_facts(_SHOWN_BY[paper]), **_TOLD_BESIDE.get(paper, {})}
    return _sheet(paper, facts, SAMPLE_PERSON)


def other_sheets(paper: Paper) -> list[Sheet]:
    """The same letter the other way round, once for each letter that carries it."""
    if paper in _OWN:
        facts = {name: _turned(value) for name, value in _OWN[paper].items()}
        return [_sheet(paper, {**SAMPLE_COMMON, **facts}, _POOR)]
    kinds = [kind for kind, papers in OF_LETTER.items() if papers[0] is paper]
    return [_sheet(paper, {**SAMPLE_COMMON, **other_facts(kind)}, _POOR) for kind in kinds]


def _sheet(paper: Paper, facts: Mapping[str, Any], person: Identity) -> Sheet:
    number = str(facts["number"])
    kept = person if ABOUT[paper].personal else None
    return Sheet(paper, f"{number.replace('/', '-')}:{paper}", number, facts, kept)


def _turned(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return None if isinstance(value, str) and value[:4].isdigit() and value[4:5] == "-" else value
