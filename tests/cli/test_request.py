"""`ppid request`: what a person gets for a good file, a bad file, and an act."""

import io
import json
import sys

import pytest

from cli.casebook import ARROWS
from cli.words import WORD_OF
from domain.office import Role

from .conftest import REQUEST


def test_a_filed_request_gets_its_number_and_both_last_days(office):
    out = office.ok(f"request file {office.write('a.yaml', REQUEST)}")

    assert out.startswith("001/PPID-TS/2026: ")
    assert "Pemberitahuan tertulis: paling lambat 2026-03-16" in out
    assert "Pemeriksaan kelengkapan: paling lambat 2026-03-03" in out


def test_json_from_standard_input_is_as_good_as_a_file(office, monkeypatch):
    filing = {
        "applicant": "legal_entity",
        "channel": "online",
        "received_on": "2026-02-27",
        "subject": "Uji",
        "body": "Satu dokumen",
        "identity": {"name": "Yayasan Uji"},
    }
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(filing).encode())))
    told = office.json("request file -")

    assert told["number"] == "001/PPID-TS/2026"
    assert any("SK pengesahan" in missing for missing in told["missing"])


@pytest.mark.parametrize(
    ("nik", "fault"), [('"12"', "NIK harus 16 angka"), ("3674019903900001", "tanggal lahir"), ('""', "NIK")]
)
def test_a_bad_or_missing_nik_is_registered_and_named(office, nik, fault):
    text = REQUEST.replace('"3674015503900001"', nik)
    told = office.json(f"request file {office.write('a.yaml', text)}")

    assert told["number"] == "001/PPID-TS/2026"
    assert fault in told["missing"][0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("received_on: 2026-03-02", "received_on: 2026-03-03", ":3: received_on: tanggal 2026-03-03 masih"),
        ("received_on: 2026-03-02", "received_on: 20260302", ":3: received_on: harus berupa tanggal"),
        ("name: Ratna Contoh", "name: " + "A" * 900_000, ":9: identity.name: "),
        ("name: Ratna Contoh", r'name: "Ratna\r\nBcc: x"', ":9: identity.name: berisi ganti baris"),
        ("name: Ratna Contoh", r'name: "Ratna \u202e"', ":9: identity.name: berisi tanda pengubah arah"),
        ("subject: Anggaran", r'subject: "a\u202eb" #', ":4: subject: berisi tanda pengubah arah"),
        ("subject: Anggaran", r'subject: "a\nb" #', ":4: subject: berisi ganti baris"),
        ("email: ratna@", "email: ratna", ":10: identity.email: bukan alamat"),
        ("  purpose: penelitian", "  hobi: melukis", ":14: identity.hobi: kolom tidak dikenal"),
        ("channel: walk_in", "channel: walk_in\nchannel: online", ":3: channel: kunci ganda"),
        ("received_on: 2026-03-02", "received_on: 1999-03-02", ":3: received_on: tanggal 1999-03-02 sebelum"),
        ("channel: walk_in", "channel: merpati", ":2: channel: harus salah satu dari"),
        ("  - Salinan kontrak", "  - &a [*a, *a]", "jangkar dan alias YAML"),
        ("subject: Anggaran jalan lingkungan\n", "", "subject: wajib diisi"),
        ("  - Salinan kontrak\n  - Daftar penerima", "  []", "items: sebutkan sedikitnya satu"),
    ],
)
def test_a_bad_file_names_line_and_field_and_nothing_is_written(office, old, new, said):
    assert old in REQUEST
    err = office.refused(f"request file {office.write('a.yaml', REQUEST.replace(old, new, 1))}")

    assert said in err
    assert "a.yaml:" in err
    assert len(err) < 500
    assert not (office.home / "ppid.sqlite").exists() or office.json("request list") == []


def test_a_missing_file_is_said_in_a_sentence(office):
    assert "berkas tidak ada" in office.refused("request file tiada.yaml")


def test_reading_before_anything_is_filed_says_how_to_begin(office):
    assert "Belum ada data" in office.refused("request list")
    assert not office.home.exists()


def test_the_list_puts_the_soonest_date_first_and_filters(office):
    first = office.file()
    second = office.file(REQUEST.replace("walk_in", "phone"))
    office.act(first, "lengkap --by petugas")
    office.act(first, "teruskan --by ppid --opd Dikbud")

    assert [row["number"] for row in office.json("request list")] == [second, first]
    assert [row["number"] for row in office.json("request list --opd Dikbud")] == [first]
    assert [row["number"] for row in office.json("request list --stage registered")] == [second]
    assert office.json("request list --year 2025") == []
    assert office.json("request list --opd Dik%") == []


def test_square_brackets_in_a_subject_are_only_text(office):
    office.file(REQUEST.replace("Anggaran", "'[/b] Anggaran'").replace("' jalan lingkungan", "'"))

    assert "[/b] Anggaran" in office.ok("request list")
    assert "[/b] Anggaran" in office.ok("request show 001/PPID-TS/2026")


def test_a_case_is_shown_by_either_spelling_of_its_number_without_the_person(office):
    office.file()
    out = office.ok("request show 001-ppid-ts-2026")

    assert "001/PPID-TS/2026" in out
    assert "sisa 10 hari kerja" in out
    assert "Ratna" not in out


def test_opening_an_identity_is_journalled_and_not_for_everyone(office):
    number = office.file()
    told = office.json(f"request show {number} --identity --by petugas --as loket")
    entry = office.json(f"request show {number}")["journal"][-1]

    assert told["identity"]["name"] == "Ratna Contoh"
    assert (entry["action"], entry["role"], entry["actor"]) == ("read_identity", "desk", "loket")
    assert "tidak berwenang" in office.refused(f"request show {number} --identity --by opd")


def test_an_unknown_action_tells_what_the_role_can_do_now(office):
    number = office.file()
    err = office.refused(f"request act {number} goreng --by petugas")

    assert "«goreng» tidak dikenal" in err
    assert "lengkap (Nyatakan lengkap)" in err
    assert "kirim_pemberitahuan" not in err


def test_a_wrong_stage_is_told_in_the_offices_words_with_what_can_be_done_now(office):
    number = office.file()

    assert office.refused(f"request act {number} pay --by petugas").strip() == (
        "bayar (Catat pembayaran) tidak dapat dilakukan pada tahap «Diterima». Yang kini dapat dilakukan"
        " Petugas Pelayanan Informasi: lengkap (Nyatakan lengkap), minta_kelengkapan (Minta kelengkapan),"
        " catat_terkirim (Catat pemberitahuan terkirim), catat_kembali (Catat surat kembali),"
        " cabut (Cabut permohonan), tautkan (Tautkan permohonan serupa), perbaiki (Perbaiki isian register),"
        " keberatan (Ajukan keberatan)."
    )


def test_a_role_that_may_not_is_told_who_may(office):
    number = office.file()
    err = office.refused(f"request act {number} teruskan --by petugas")

    assert "Petugas Pelayanan Informasi tidak berwenang: teruskan (Teruskan ke OPD)" in err
    assert "Yang berwenang: PPID, Sistem." in err


def test_an_act_in_an_officers_name_is_refused_without_it_and_tells_who_may(office):
    number = office.file()
    err = office.refused(f'request act {number} perpanjang --by ppid --note "arsip dicari"')

    assert err.startswith("--as: «Perpanjang tujuh hari kerja» dilakukan atas nama pejabat")
    assert "ppid (PPID, Kepala Dinas Komunikasi dan Informatika)" in err


def test_every_action_a_person_may_take_has_an_indonesian_word():
    persons = {
        str(action)
        for arrows in ARROWS.values()
        for action, arrow in arrows.items()
        if arrow.roles != {Role.SYSTEM}
    }

    assert persons <= set(WORD_OF)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("teruskan --by ppid --opd Bulan", "OPD «Bulan» tidak dikenal"),
        ("teruskan --by opd --opd Dikbud", "tidak berwenang"),
        ("kirim_pemberitahuan --by ppid --as ppid", "tidak dapat dilakukan pada tahap"),
        ("lengkap --by raja", "peran «raja» tidak dikenal"),
        ("lengkap --by petugas --as siapa", "«siapa» tidak memegang peran"),
        ("lengkap --by petugas --on 2026-03-05", "masih di depan"),
        ("lengkap --by petugas --on 2026-02-01", "sebelum permohonan diterima"),
        ("lengkap --by petugas --on besok", "bukan tanggal"),
        ("lengkap --by petugas --attach tiada.pdf", "tidak ada"),
        ("lengkap --by petugas --version 7", "sudah berubah"),
        ("object --by pemohon --reason z", "«z» tidak dikenal"),
        ("object --by opd --opd Dikbud --reason c", "tidak berwenang"),
    ],
)
def test_an_act_the_rules_refuse_changes_nothing(office, line, said):
    number = office.file()
    if line.startswith("teruskan"):
        office.act(number, "lengkap --by petugas")
    before = office.json(f"request show {number}")

    assert said in office.refused(f"request act {number} {line}")
    assert office.json(f"request show {number}") == before


def test_several_opds_and_items_may_follow_one_option(office):
    number = office.file()
    office.act(number, "lengkap --by petugas")
    office.act(number, "teruskan --by ppid --opd Dikbud BKAD --item 1 2")
    held = office.json(f"request show {number}")["assignments"]

    assert [(part["opd"], part["items"]) for part in held] == [("Dikbud", [1, 2]), ("BKAD", [1, 2])]


def test_an_answer_keeps_its_document_with_the_case(office):
    number = office.file()
    office.act(number, "lengkap --by petugas")
    office.act(number, "teruskan --by ppid --opd Dikbud")
    paper = office.write("kontrak.txt", "isi")
    office.act(number, f"jawab --by opd --opd Dikbud --attach {paper}")
    told = office.json(f"request show {number}")

    assert [kept["name"] for kept in told["documents"]] == ["kontrak.txt"]
    assert told["items"][0]["documents"] == [told["documents"][0]["id"]]


def test_an_objection_and_its_dispute_get_numbers_of_their_own(office):
    number = office.answered()
    objection = office.act(number, "keberatan --by pemohon --reason d")["number"]
    office.act(objection, "pass_to_atasan --by petugas")
    office.act(objection, 'jawab --by sekda --as sekda --rejected --note "tetap"')
    office.at("2026-04-06")
    dispute = office.act(objection, "sengketa --by ppid --other 012/KI-BTN/2026")["number"]

    assert objection == "001/KEB/PPID-TS/2026"
    assert dispute == "001/SGK/PPID-TS/2026"
    assert [c["number"] for c in office.json(f"request show {number}")["family"]] == [
        number,
        objection,
        dispute,
    ]


def test_an_objection_for_reason_b_needs_no_request(office):
    text = REQUEST.replace("items:\n  - Salinan kontrak\n  - Daftar penerima\n", "reasons: [b]\n")
    told = office.json(f"request object {office.write('k.yaml', text)}")

    assert told["number"] == "001/KEB/PPID-TS/2026"
