"""What letters on paper say: the points the law asks for, in words, dates and numbers of Indonesian."""

from dataclasses import replace

import pytest

from domain.letter import LetterKind
from tasks.letter_samples import SAMPLE_COMMON, sample_facts
from tasks.paper import codes
from tasks.paper.catalog import ABOUT, Paper
from tasks.paper.samples import SAMPLE_PERSON, sample_sheet

from .papers import KEY, a_pdf, sample_pdf, text_of

#: What must be read in each letter, by the rule that asks for it.
SAYS = {
    Paper.REQUEST_FORM: (
        *("001/PPID-TS/2026", "Rukmini Wiratama", "3674015503900001", "Peneliti", "0812-0000-0001"),
        *("Tujuan penggunaan informasi", "☑ 2. Mendapatkan salinan", "☑ 5. Surel", "rangkap dua"),
        *("Hak-hak Pemohon", "10 hari kerja", "30 hari kerja", "14 hari kerja", "1. Realisasi anggaran"),
    ),
    Paper.RECEIPT: ("001/PPID-TS/2026", "Senin, 16 Maret 2026", "Rabu, 1 April 2026", "NIK terdiri atas 15"),
    Paper.INCOMPLETE: ("salinan KTP", "3 hari kerja sejak surat ini Saudara terima", "Jalan Contoh No. 1"),
    Paper.EXTENSION: (
        *("satu kali, 7 hari kerja", "tidak dapat diperpanjang lagi", "belum dikuasai atau didokumentasikan"),
        *("dokumen masih disusun OPD", "Rabu, 1 April 2026", "Pasal 22 ayat (8)"),
    ),
    Paper.NOTICE: (
        *("A. Informasi yang dapat diberikan", "B. Informasi yang tidak dapat diberikan"),
        *("Bentuk yang tersedia", "tidak dipungut biaya", "Jumat, 20 Maret 2026", "Penghitaman : ada"),
        *("Penolakan sebagian", "Pasal 17 huruf b", "UU 5/1999", "penawaran yang belum ditetapkan"),
        *("31 Desember 2026", "Surat keputusan pengecualiannya terlampir", "Selasa, 5 Mei 2026"),
    ),
    Paper.TEST_SHEET: (
        *("bila dibuka", "bila ditutup", "Jangka waktu", "Peserta pengujian", "Kepala Bagian Hukum"),
        *("Menyetujui", "Sekretaris Daerah selaku Atasan PPID", "bertempat di Tangerang Selatan"),
    ),
    Paper.EXEMPTION_DECREE: (
        *("Menimbang", "Mengingat", "MEMUTUSKAN", "Badan Publik", "Satuan kerja", "Jenis klasifikasi"),
        *("Undang-undang yang menjadi dasar", "Alasan menurut uji konsekuensi", "sampai dengan"),
        *("Ditetapkan di Tangerang Selatan", "sebagian: hanya bagian", "Rabu, 11 Maret 2026"),
    ),
    Paper.STATUS_SHEET: ("pemenang tender telah ditetapkan", "Klasifikasi menjadi", "terbuka", "Menyetujui"),
    Paper.STATUS_DECREE: ("diubah menjadi informasi terbuka", "Daftar Informasi Publik", "MEMUTUSKAN"),
    Paper.COPY_REQUEST: ("Salinan lunak", "Rp15.000", "Cara menerima", "Rukmini Wiratama"),
    Paper.COST_NOTE: ("Rp15.000", "Tunai di meja layanan PPID.", "Pasal 37", "huruf f", "20 Maret 2026"),
    Paper.DELIVERY_RECEIPT: ("Rabu, 18 Maret 2026", "realisasi-2025.xlsx", "Yang menerima", "Rp15.000"),
    Paper.OBJECTION_FORM: (
        *("001/KEB/PPID-TS/2026", "☑ c. permohonan tidak ditanggapi", "☐ a.", "☑ g.", "Kasus posisi"),
        *("Rabu, 6 Mei 2026", "Tujuan penggunaan", "Pekerjaan : Peneliti"),
    ),
    Paper.OBJECTION_RECEIPT: ("001/KEB/PPID-TS/2026", "Rabu, 6 Mei 2026", "huruf c", "14 hari kerja"),
    Paper.OBJECTION_ANSWER: (
        *("DIKABULKAN", "Informasi yang diminta terbuka.", "OPD diperintahkan", "Rabu, 13 Mei 2026"),
        *("Rabu, 27 Mei 2026", "480/TA/001/KEB/PPID-TS/2026", "Sekretaris Daerah selaku Atasan PPID"),
    ),
    Paper.POWER_OF_ATTORNEY: ("012/REG-PSI/2026", "Termohon", "Rabu, 10 Juni 2026", "meterai", "KHUSUS"),
    Paper.COMMISSION_NOTICE: (
        "001/KEB/PPID-TS/2026",
        "tidak memuat identitas",
        "cuti bersama Nyepi",
        "Rabu, 27 Mei 2026",
    ),
    Paper.DISPUTE_APPLICATION: (
        *("Rukmini Wiratama", "Jalan Contoh No. 1", "rukmini@pemohon.example", "0812-0000-0001"),
        *("Rabu, 27 Mei 2026", "tidak dipungut biaya", "menyatakan bahwa informasi", "Pasal 5 huruf b"),
    ),
}


@pytest.mark.parametrize("paper", Paper)
def test_a_letter_says_what_the_law_asks_for(paper):
    text = text_of(sample_pdf(paper))

    assert [words for words in SAYS[paper] if words not in text] == []


@pytest.mark.parametrize("paper", Paper)
def test_no_letter_cites_a_repealed_regulation(paper):
    """PERKI 1/2021 Pasal 62 and 63 repealed PERKI 1/2010 and 1/2017, which its annexes still name (Q-18)."""
    text = text_of(sample_pdf(paper))

    assert not [old for old in ("PERKI 1/2017", "PERKI 1/2010", "Nomor 1 Tahun 2017") if old in text]


@pytest.mark.parametrize("paper", [paper for paper in Paper if not ABOUT[paper].personal])
def test_a_letter_that_may_not_name_the_applicant_does_not(paper):
    text = text_of(a_pdf(replace(sample_sheet(paper), person=SAMPLE_PERSON)))

    assert "Rukmini" not in text
    assert "rukmini@" not in text


def notice(kind: LetterKind, **facts) -> str:
    told = {**SAMPLE_COMMON, **sample_facts(kind), **facts}
    return text_of(a_pdf(replace(sample_sheet(Paper.NOTICE), facts=told)))


def test_an_item_another_body_holds_names_that_body():
    assert "Badan publik yang menguasainya: PT Kereta Contoh" in notice(LetterKind.NOT_HELD)


def test_an_item_not_yet_documented_says_when_it_will_be_provided():
    assert "Disediakan paling lambat Kamis, 30 April 2026" in notice(LetterKind.NOTICE)


def test_a_late_answer_admits_it_and_names_the_ground_for_an_objection():
    assert "huruf g" in notice(LetterKind.NOTICE, late=True)


def test_a_date_past_the_last_decree_is_marked_as_an_estimate():
    assert "Senin, 4 Januari 2027 (perkiraan)" in notice(LetterKind.NOTICE, promised_on="2027-01-04")


def test_a_letter_carries_its_code_and_the_address_only_once_there_is_one():
    sheet = sample_sheet(Paper.RECEIPT)
    code = codes.code_of(KEY, sheet.key, "receipt")

    assert code in text_of(a_pdf(sheet, public_url=""))
    assert "http" not in text_of(a_pdf(sheet, public_url=""))
    assert f"https://ppid.example/surat/{code}" in text_of(a_pdf(sheet)).replace(" ", "")


def test_a_preview_says_so_and_has_no_code():
    assert "PRATINJAU" in text_of(a_pdf(sample_sheet(Paper.RECEIPT), key=b""))


def test_a_code_is_read_however_somebody_types_it():
    code = codes.code_of(KEY, "001:notice", "notice")

    assert codes.read(f" {code.lower().replace('-', ' ')} ") == code
    assert codes.read("ABCD-EFGH") is None
