"""Every letter can be written, says by when and by which article, and cannot be bent by what it tells."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.letter import LetterKind
from tasks.letter_check import check
from tasks.letter_samples import (
    APPLICANT_KINDS,
    SAMPLE_APPLICANT,
    SAMPLE_COMMON,
    other_facts,
    sample_applicant,
    sample_facts,
)
from tasks.letters import Addressee, LetterUnrenderable, Texts, folder_of
from tasks.words import long_date, rupiah, short_date

FOLDER = Path(__file__).parents[2] / "config" / "mail"
TEXTS = Texts(FOLDER)
EVERY_KIND = pytest.mark.parametrize("kind", list(LetterKind))


def letter(kind, *, facts=None, applicant=None, **common):
    told = facts if facts is not None else sample_facts(kind)
    to = applicant or sample_applicant(kind)
    return TEXTS.render(kind, told, applicant=to, common={**SAMPLE_COMMON, **common})


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(FOLDER, tmp_path / "mail")


def words_of(html):
    body = html.partition("<body")[2].partition(">")[2]
    return set(re.findall(r"\w+", unescape(re.sub(r"<[^>]*>", " ", body))))


def test_the_citys_texts_have_no_fault():
    assert check(FOLDER) == []


@EVERY_KIND
def test_a_letter_begins_with_the_number_and_ends_with_how_to_reach_us(kind):
    written = letter(kind)
    number = sample_facts(kind).get("number", SAMPLE_COMMON["number"])

    assert not number or written.subject.startswith(f"[{number}] ")
    assert "Pemerintah Kota Tangerang Selatan" in written.text
    assert "ppid@tangsel.example" in written.text
    assert "otomatis" in written.text
    if number and kind is not LetterKind.COMMISSION_NOTICE:
        assert f"Simpan nomor pendaftaran ini: {number}" in written.text


@EVERY_KIND
def test_text_and_html_say_the_same_words(kind):
    written = letter(kind, task_url="https://ppid.example/t/1", public_url="https://ppid.example")

    text_words = {word.lower() for word in re.findall(r"\w+", written.text)}
    html_words = {word.lower() for word in words_of(written.html)}
    assert text_words - html_words <= {str(no) for no in range(1, 10)}  # a list numbers itself in HTML
    assert html_words - text_words <= {"ppid", "pemerintah", "kota", "tangerang", "selatan"}


@EVERY_KIND
def test_every_letter_names_an_article_and_never_a_repealed_regulation(kind):
    for facts in (sample_facts(kind), other_facts(kind)):
        text = letter(kind, facts=facts).text

        assert re.search(r"(UU 14/2008|PERKI 1/2021|PERKI 1/2013) Pasal \d", text)
        assert not re.search(r"PERKI 1/2010|PERKI 1/2017", text)


@EVERY_KIND
def test_html_needs_nothing_from_elsewhere(kind):
    html = letter(kind).html

    assert not re.search(r"<(img|script|link|iframe|style)\b|url\(|src=", html)
    assert html.count("<div") == html.count("</div")


@pytest.mark.parametrize(
    ("kind", "last_day"),
    [
        (LetterKind.RECEIPT, "Senin, 16 Maret 2026"),
        (LetterKind.INCOMPLETE, "Senin, 9 Maret 2026"),
        (LetterKind.LAPSED, "Selasa, 28 April 2026"),
        (LetterKind.EXTENSION, "Rabu, 1 April 2026"),
        (LetterKind.NOTICE, "Selasa, 5 Mei 2026"),
        (LetterKind.REFUSAL, "Selasa, 5 Mei 2026"),
        (LetterKind.NOT_HELD, "Selasa, 5 Mei 2026"),
        (LetterKind.RIGHT_TO_OBJECT, "Rabu, 6 Mei 2026"),
        (LetterKind.OBJECTION_RECEIPT, "Rabu, 6 Mei 2026"),
        (LetterKind.OBJECTION_ANSWER, "Rabu, 27 Mei 2026"),
        (LetterKind.DISPUTE_APPLICATION, "Rabu, 27 Mei 2026"),
        (LetterKind.OPD_TASK, "Jumat, 6 Maret 2026"),
        (LetterKind.OBJECTION_TASK, "Rabu, 6 Mei 2026"),
    ],
)
def test_the_last_day_stands_in_bold(kind, last_day):
    assert f"<strong>{last_day}</strong>" in letter(kind).html


@pytest.mark.parametrize("kind", [LetterKind.NOTICE, LetterKind.REFUSAL, LetterKind.NOT_HELD])
def test_an_answer_prints_all_seven_reasons_to_object(kind):
    text = letter(kind).text

    assert all(f"- ({code})" in text for code in "abcdefg")
    assert "UU 14/2008 Pasal 36 ayat (1)" in text


@pytest.mark.parametrize("kind", [LetterKind.NOTICE, LetterKind.REFUSAL, LetterKind.NOT_HELD])
def test_a_late_answer_says_so(kind):
    late = {**sample_facts(kind), "late": True}

    assert "melewati batas waktu" in letter(kind, facts=late).text
    assert "melewati batas waktu" not in letter(kind).text


def test_a_letter_about_what_the_city_does_not_hold_names_the_holder():
    assert "PT Kereta Contoh" in letter(LetterKind.NOT_HELD).text


def test_a_reminder_says_its_number_in_the_subject():
    subject = letter(LetterKind.OPD_REMINDER).subject

    assert subject.startswith("[001/PPID-TS/2026] Pengingat ke-3: ")


def test_an_opd_is_told_how_to_answer_by_mail_until_there_is_a_task_page():
    text = letter(LetterKind.OPD_TASK).text

    assert "ppid+001-ppid-ts-2026." in text
    for form in ("Bukan kewenangan kami", "Dikecualikan karena …", "Minta waktu … hari"):
        assert form in text
    assert "https://" not in text


def test_a_task_link_appears_once_there_is_a_public_address():
    written = letter(LetterKind.OPD_TASK, task_url="https://ppid.example/t/1")

    assert "https://ppid.example/t/1" in written.text
    assert 'href="https://ppid.example/t/1"' in written.html


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if kind not in APPLICANT_KINDS])
def test_only_letters_to_the_applicant_name_the_applicant(kind):
    written = letter(kind, applicant=SAMPLE_APPLICANT)

    assert SAMPLE_APPLICANT.address not in written.text + written.html
    if kind is LetterKind.COMMISSION_NOTICE:
        assert SAMPLE_APPLICANT.name not in written.text + written.html


def test_the_notice_to_the_commission_carries_the_count_of_days_and_no_identity():
    written = letter(LetterKind.COMMISSION_NOTICE)

    assert "hari kerja ke-1" in written.text and "cuti bersama Nyepi" in written.text
    assert "<table" in written.html


def test_a_letter_by_hand_carries_the_postal_address_and_no_word_of_replying_to_it():
    text = letter(LetterKind.RECEIPT, by_hand=True).text

    assert SAMPLE_APPLICANT.address in text
    assert "balas surel" not in text.lower()


HOSTILE = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        "**tebal**",
        "a\r\nBcc: x@y.example",
        "\u202eterbalik",
        "{{ number }}",
        "\ud800",
    ]
)


@given(name=HOSTILE, subject=HOSTILE, item=HOSTILE)
def test_what_people_wrote_stays_their_words(name, subject, item):
    facts = {**sample_facts(LetterKind.RECEIPT), "items": [{"no": 1, "text": item}], "faults": [item]}
    facts["subject"] = subject
    written = letter(LetterKind.RECEIPT, facts=facts, applicant=Addressee(name, name, "Ibu"))
    whole = written.subject + written.text + written.html

    assert "<script" not in written.html
    assert "<strong>tebal" not in written.html
    assert "\n" not in written.subject and "\r" not in whole and "\u202e" not in whole
    whole.encode("utf-8")


@pytest.mark.parametrize("name", ["subject", "received_on"])
def test_a_fact_that_is_not_told_stops_the_letter_and_is_named(name):
    common = {key: value for key, value in SAMPLE_COMMON.items() if key != name}

    with pytest.raises(LetterUnrenderable, match=name):
        TEXTS.render(LetterKind.EXTENSION, sample_facts(LetterKind.EXTENSION), applicant=None, common=common)


def test_a_fault_names_file_line_and_the_unknown_word(folder):
    text = folder / "extension.txt.j2"
    text.write_text(text.read_text() + "\n{{ notice_deu|tanggal }}\n{{ applicant.nmae }}\n")
    lines = len(text.read_text().splitlines())

    faults = check(folder)

    assert [(fault.line, fault.field) for fault in faults] == [(lines - 1, "notice_deu"), (lines, "nmae")]
    assert {Path(fault.file).name for fault in faults} == {"extension.txt.j2"}


def test_every_fault_is_listed_at_once(folder):
    (folder / "receipt.txt.j2").unlink()
    (folder / "notice.txt.j2").write_text("Yth.\n")
    (folder / "lapsed.txt.j2").write_text("Subject: x\n{% if %}\n")
    (folder / "surat_lain.txt.j2").write_text("Subject: x\n")

    faults = {(Path(fault.file).name, fault.line) for fault in check(folder)}

    assert faults == {
        ("receipt.txt.j2", 1),
        ("notice.txt.j2", 1),
        ("lapsed.txt.j2", 2),
        ("surat_lain.txt.j2", 1),
    }


@pytest.mark.parametrize(
    "attack",
    ['{% include "/etc/passwd" %}', '{% include "../people.yaml" %}', "{{ number.__class__.__mro__ }}"],
)
def test_a_text_reaches_nothing_outside_its_folder(folder, attack):
    text = folder / "withdrawn.txt.j2"
    text.write_text(f"Subject: x\n{attack}\n")

    assert next(fault.line for fault in check(folder)) == 2


def test_dates_and_money_read_as_in_official_letters():
    assert long_date("2026-03-02") == "Senin, 2 Maret 2026"
    assert short_date("2026-08-17") == "17 Agustus 2026"
    assert rupiah(1250000) == "Rp1.250.000"


def test_a_date_counted_past_the_last_decree_is_marked_as_an_estimate_and_the_foot_says_why():
    told = letter(LetterKind.EXTENSION, decreed_through="2026-03-20")

    assert "1 April 2026 (perkiraan)" in told.subject
    assert "Senin, 16 Maret 2026 kami perpanjang" in told.text
    assert told.text.count("hari libur nasional dan cuti bersama baru ada sampai 20 Maret 2026") == 1


def test_where_every_date_is_decreed_no_letter_speaks_of_estimates():
    assert "perkiraan" not in letter(LetterKind.EXTENSION, decreed_through="2026-12-31").text


def test_the_last_day_of_an_exemption_is_named_and_no_estimate():
    assert "31 Desember 2026 (perkiraan)" not in letter(LetterKind.REFUSAL, decreed_through="2026-06-30").text


def test_the_proposal_says_which_opd_for_which_items_why_and_how_to_forward():
    told = letter(LetterKind.PROPOSAL).text

    assert "(DSDABMBK) untuk butir 1, 2, karena permohonan menyebut “drainase”." in told
    assert "ppid request act 001-PPID-TS-2026 teruskan --by ppid --opd DSDABMBK" in told


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [(("exempt",), "seluruh"), (("exempt", "open"), "sebagian"), (("partly",), "sebagian")],
)
def test_a_refusal_says_whether_all_or_only_a_part_is_withheld(outcomes, said):
    facts = sample_facts(LetterKind.REFUSAL)
    facts["items"] = [{**facts["items"][1], "outcome": outcome} for outcome in outcomes]

    assert f"{said} informasi dikecualikan" in letter(LetterKind.REFUSAL, facts=facts).subject


@pytest.mark.parametrize("kind", [LetterKind.NOTICE, LetterKind.REFUSAL, LetterKind.NOT_HELD])
def test_a_notice_names_who_signed_it(kind):
    assert "Ditandatangani oleh: PPID, Kepala Dinas" in letter(kind).text


def test_an_objections_answer_tells_its_date_its_signer_and_where_a_dispute_goes():
    told = letter(LetterKind.OBJECTION_ANSWER).text

    assert "Senin, 4 Mei 2026" in told
    assert "Sekretaris Daerah selaku Atasan PPID" in told
    assert "Komisi Informasi Provinsi Banten" in told.split("Lembaga")[1]


def test_a_notice_that_gives_nothing_promises_no_date_and_no_cost():
    facts = {**sample_facts(LetterKind.NOTICE), "given": False}
    told = letter(LetterKind.NOTICE, facts=facts).text

    assert "Disediakan paling lambat" not in told and "Biaya" not in told


def test_a_withdrawn_objection_is_not_called_a_request():
    facts = {**sample_facts(LetterKind.WITHDRAWN), "number": "001/KEB/PPID-TS/2026"}
    told = letter(LetterKind.WITHDRAWN, facts=facts)

    assert "Keberatan dicabut" in told.subject
    assert "permohonan ini kami catat" not in told.text


def test_a_cost_note_without_a_cost_asks_for_no_payment():
    facts = {**sample_facts(LetterKind.COST_NOTE), "amount_idr": 0}
    told = letter(LetterKind.COST_NOTE, facts=facts)

    assert "tanpa biaya" in told.subject
    assert "membayar" not in told.text


def test_a_policy_without_texts_of_its_own_uses_those_of_the_programme(tmp_path, folder):
    assert folder_of(tmp_path) == folder
    assert folder_of(tmp_path / "elsewhere") == FOLDER
