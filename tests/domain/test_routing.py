"""Routing: the real samples reach their holder, and each proposal says by which words."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import config
from config.loader import load_policy
from config.samples import load_samples
from domain.office import Opd
from domain.routing import MOST_PER_ITEM, Candidate, candidates

OPDS = load_policy(Path(config.__file__).parent).office.opds
SAMPLES = load_samples()
#: The holders named in the samples by hand, as keys; any of them first is right.
HOLDERS = {
    "S01": {"Dikbud"},
    "S02": {"Dikbud"},
    "S03": {"Diskominfo"},
    "S04": {"Inspektorat"},
    "S05": {"BKAD", "BagPemerintahan"},
    "S06": {"BagUmum"},
    "S07": {"KecSerpong"},
    "S08": {"RSUTangsel"},
    "S09": {"DLH"},
    "S10": {"Bappelitbangda", "Dishub"},
    "S11": {"Dinkes"},
    "S12": {"BagOrganisasi"},
}


def unit(key: str, name: str, *subjects: str, parent: str = "", until: date | None = None) -> Opd:
    return Opd(key, name, f"{key}@kota.example", f"kepala.{key}@kota.example", parent, subjects, None, until)


def first(text: str, subject: str = "") -> str:
    found = candidates({1: text}, OPDS, subject=subject)
    return found[0].opd if found else ""


def test_most_of_the_real_requests_reach_their_holder_first() -> None:
    by_body = [s.id for s in SAMPLES if first(s.body, s.subject) in HOLDERS[s.id]]
    by_items = [
        s.id
        for s in SAMPLES
        if candidates(dict(enumerate(s.items, 1)), OPDS, subject=s.subject)[0].opd in HOLDERS[s.id]
    ]

    assert len(by_body) >= 10
    assert len(by_items) >= 10


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("Anggaran perbaikan jalan rusak di Jalan Ciater Raya tahun 2025", "DSDABMBK"),
        ("Jumlah kasus demam berdarah per puskesmas", "Dinkes"),
        ("Daftar pedagang dan sewa kios Pasar Ciputat", "Disperindag"),
        ("Dokumen AMDAL apartemen di Pamulang", "DLH"),
        ("Risalah rapat paripurna DPRD tentang APBD 2026", "Setwan"),
        ("Jumlah pegawai PPPK dan tenaga honorer", "BKPSDM"),
        ("SK tim penertiban PKL oleh Satpol PP", "SatpolPP"),
        ("Jumlah kartu keluarga per kelurahan", "Disdukcapil"),
        ("Daftar penerima PKH di Kelurahan Serua", "Dinsos"),
        ("Notulen rapat Badan Pendapatan Daerah", "Bapenda"),
        ("Surat Dinas Pemadam Kebakaran tahun 2020", "Damkar"),
    ],
)
def test_other_requests_reach_the_office_that_keeps_the_matter(text: str, holder: str) -> None:
    assert first(text) == holder


def test_a_proposal_names_the_words_that_speak_for_it() -> None:
    (best, *_) = candidates({1: "Salinan DPA dan Laporan Realisasi Anggaran"}, OPDS)

    assert best.opd == "BKAD"
    assert best.because == ("laporan realisasi anggaran", "dpa")


def test_items_of_one_request_go_to_different_offices() -> None:
    found = {c.opd: c.items for c in candidates({1: "data anak stunting", 2: "rambu lalu lintas"}, OPDS)}

    assert found == {"Dinkes": (1,), "Dishub": (2,)}


def test_the_longer_name_at_a_place_hides_the_shorter_one() -> None:
    assert first("catatan girik di Kecamatan Serpong Utara") == "KecSerpongUtara"
    assert first("catatan girik di Kecamatan Serpong") == "KecSerpong"


def test_a_sub_unit_that_keeps_the_matter_comes_before_its_named_parent() -> None:
    opds = [unit("Setda", "Sekretariat Daerah"), unit("BagUmum", "Bagian Umum", "mebeuler", parent="Setda")]

    assert [c.opd for c in candidates({1: "mebeuler Sekretariat Daerah"}, opds)] == ["BagUmum", "Setda"]


def test_no_dice_are_thrown_among_many_equal_offices() -> None:
    opds = [unit(f"Kel{number}", f"Kelurahan {number}", "girik") for number in range(MOST_PER_ITEM + 1)]

    assert candidates({1: "catatan girik"}, opds) == ()


def test_the_subject_line_speaks_for_items_that_say_little() -> None:
    assert first("salinannya", subject="Data anak stunting") == "Dinkes"


def test_an_unknown_matter_gets_no_proposal() -> None:
    assert candidates({1: "halo apa kabar"}, OPDS) == ()
    assert candidates({1: "stunting"}, []) == ()
    assert candidates({}, OPDS) == ()


@given(st.lists(st.sampled_from(" ".join(s.body for s in SAMPLES).split()), max_size=40))
def test_whatever_the_words_the_proposals_are_few_sorted_and_explained(words: list[str]) -> None:
    found = candidates({1: " ".join(words), 2: " ".join(reversed(words))}, OPDS)

    assert len(found) <= 2 * MOST_PER_ITEM
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
    assert all(c.because and set(c.items) <= {1, 2} for c in found)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("dak",), "permohonan menyebut “dak”"),
        (("dak", "sekolah"), "permohonan menyebut “dak” dan “sekolah”"),
        (("a", "b", "c", "d", "e"), "permohonan menyebut “a”, “b”, “c” dan “d”"),
    ],
)
def test_a_proposal_gives_its_reason_as_part_of_a_sentence(words, reason):
    assert Candidate("Dikbud", (1,), words, 1.0).reason == reason
