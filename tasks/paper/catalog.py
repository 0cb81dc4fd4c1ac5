"""Every letter there is on paper: its template, title, code, who signs it, and which mail carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.letter import LetterKind
from domain.number import CaseKind
from domain.office import Role


class Paper(StrEnum):
    """A letter on paper; the value names its template in `config/letters/`."""

    REQUEST_FORM = "request_form"
    RECEIPT = "receipt"
    INCOMPLETE = "incomplete"
    EXTENSION = "extension"
    NOTICE = "notice"
    TEST_SHEET = "test_sheet"
    EXEMPTION_DECREE = "exemption_decree"
    STATUS_SHEET = "status_sheet"
    STATUS_DECREE = "status_decree"
    COPY_REQUEST = "copy_request"
    COST_NOTE = "cost_note"
    DELIVERY_RECEIPT = "delivery_receipt"
    OBJECTION_FORM = "objection_form"
    OBJECTION_RECEIPT = "objection_receipt"
    OBJECTION_ANSWER = "objection_answer"
    POWER_OF_ATTORNEY = "power_of_attorney"
    COMMISSION_NOTICE = "commission_notice"
    DISPUTE_APPLICATION = "dispute_application"


@dataclass(frozen=True, slots=True)
class About:
    """What is fixed about a letter on paper.

    Attributes:
        title: as the law's annex or the office calls it.
        code: in the letter's number.
        signer: the role whose officer signs for the city.
        of: the kind of case it belongs to.
        personal: whether the applicant's data stand in it.
    """

    title: str
    code: str
    signer: Role
    of: CaseKind = CaseKind.REQUEST
    personal: bool = True


_PPID, _DESK, _ATASAN = Role.COORDINATOR, Role.DESK, Role.ATASAN

ABOUT: Final[Mapping[Paper, About]] = MappingProxyType(
    {
        Paper.REQUEST_FORM: About("Formulir Permohonan Informasi", "FP", _DESK),
        Paper.RECEIPT: About("Tanda Bukti Penerimaan Permohonan Informasi", "TT", _DESK),
        Paper.INCOMPLETE: About("Surat Keterangan Tidak Lengkap", "TL", _PPID),
        Paper.EXTENSION: About("Pemberitahuan Perpanjangan Waktu", "PW", _PPID),
        Paper.NOTICE: About("Pemberitahuan Tertulis", "PT", _PPID),
        Paper.TEST_SHEET: About("Lembar Pengujian Konsekuensi", "UK", _PPID, personal=False),
        Paper.EXEMPTION_DECREE: About(
            "Surat Keputusan tentang Klasifikasi Informasi yang Dikecualikan", "KP", _PPID, personal=False
        ),
        Paper.STATUS_SHEET: About(
            "Lembar Pengujian atas Pengubahan Klasifikasi Informasi", "UP", _PPID, personal=False
        ),
        Paper.STATUS_DECREE: About(
            "Surat Keputusan tentang Pengubahan Klasifikasi Informasi", "KU", _PPID, personal=False
        ),
        Paper.COPY_REQUEST: About("Formulir Permintaan Salinan Informasi", "FS", _DESK),
        Paper.COST_NOTE: About("Pemberitahuan Biaya Salinan", "BY", _PPID),
        Paper.DELIVERY_RECEIPT: About("Tanda Terima Penyerahan Informasi", "TP", _DESK),
        Paper.OBJECTION_FORM: About(
            "Formulir Pengajuan Keberatan atas Permohonan Informasi", "FK", _DESK, CaseKind.OBJECTION
        ),
        Paper.OBJECTION_RECEIPT: About("Tanda Bukti Penerimaan Keberatan", "TK", _DESK, CaseKind.OBJECTION),
        Paper.OBJECTION_ANSWER: About("Tanggapan atas Keberatan", "TA", _ATASAN, CaseKind.OBJECTION),
        Paper.POWER_OF_ATTORNEY: About("Surat Kuasa Khusus", "SK", _ATASAN, CaseKind.DISPUTE, personal=False),
        Paper.COMMISSION_NOTICE: About(
            "Pemberitahuan kepada Komisi Informasi", "KI", _PPID, CaseKind.OBJECTION, personal=False
        ),
        Paper.DISPUTE_APPLICATION: About(
            "Permohonan Penyelesaian Sengketa Informasi Publik", "PS", _PPID, CaseKind.OBJECTION
        ),
    }
)

#: What a mail carries, first the letter itself. The order is the order of the attachments.
OF_LETTER: Final[Mapping[LetterKind, tuple[Paper, ...]]] = MappingProxyType(
    {
        LetterKind.RECEIPT: (Paper.RECEIPT, Paper.REQUEST_FORM),
        LetterKind.INCOMPLETE: (Paper.INCOMPLETE,),
        LetterKind.EXTENSION: (Paper.EXTENSION,),
        LetterKind.NOTICE: (Paper.NOTICE,),
        LetterKind.NOT_HELD: (Paper.NOTICE,),
        LetterKind.REFUSAL: (Paper.NOTICE, Paper.EXEMPTION_DECREE),
        LetterKind.COST_NOTE: (Paper.COST_NOTE, Paper.COPY_REQUEST),
        LetterKind.OBJECTION_RECEIPT: (Paper.OBJECTION_RECEIPT, Paper.OBJECTION_FORM),
        LetterKind.OBJECTION_ANSWER: (Paper.OBJECTION_ANSWER,),
        LetterKind.DISPUTE_APPLICATION: (Paper.DISPUTE_APPLICATION,),
        LetterKind.COMMISSION_NOTICE: (Paper.COMMISSION_NOTICE,),
    }
)
