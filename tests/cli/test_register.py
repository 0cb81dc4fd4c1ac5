"""`ppid register`, `ppid report` and `ppid import` as an officer types them."""

import json
from pathlib import Path

import openpyxl
from alembic import command
from alembic.config import Config

import config
from tasks.store import migrate
from tasks.store.engine import open_engine, writing

SAMPLE = Path(config.__file__).parent / "sample" / "history.csv"


def test_the_register_is_shown_without_names_and_filtered(office):
    office.file()
    (row,) = office.json("register show permohonan --channel walk_in --stage Diterima")

    assert row["number"] == "001/PPID-TS/2026"
    assert row["decision"] == "Diterima"
    assert not any("Ratna" in str(value) for value in row.values())
    assert office.json("register show requests --year 2025") == []
    assert "Salinan publik" in office.ok("register show requests")


def test_a_full_copy_needs_a_name_and_says_that_it_is_journalled(office):
    number = office.file()
    path = office.folder / "register.xlsx"

    assert office.refused(f"register export requests --to {path} --full").startswith("--as: ")
    assert not path.exists()
    told = office.ok(f"register export requests --to {path} --full --as ppid")

    assert "dicatat dalam jurnal" in told
    page = openpyxl.load_workbook(path).active
    assert "Ratna Contoh" in [cell.value for row in page.iter_rows() for cell in row]
    shown = office.json(f"request show {number}")
    assert [e["shown_as"] for e in shown["journal"]][-1] == "Identitas dibaca untuk register"
    assert "Utuh" in office.ok("verify")


def test_an_unknown_kind_stage_opd_or_file_is_refused(office):
    office.file()
    path = office.folder / "x.docx"

    for line in (
        "register show buku",
        "register show requests --stage terbang",
        "register show requests --opd Bulan",
        "register show dip --channel online",
        f"register export requests --to {path}",
        f"register export dik --to {office.folder / 'x.csv'} --full --as ppid",
    ):
        assert office.refused(line)


def test_the_yearly_report_is_written_and_each_figure_explained(office):
    number = office.answered()
    folder = office.folder / "laporan"

    told = office.ok(f"report annual 2026 --to {folder}")

    assert sorted(path.name for path in folder.iterdir()) == [
        "laporan-layanan-2026-ringkasan.pdf",
        "laporan-layanan-2026.json",
        "laporan-layanan-2026.pdf",
        "laporan-layanan-2026.xlsx",
    ]
    assert "Belum ditulis" in told
    figures = json.loads((folder / "laporan-layanan-2026.json").read_text())["figures"]
    assert (figures["requests"], figures["time.answer.median"]) == (1, 2.0)
    explained = office.ok("report annual 2026 --explain time.answer.median")
    assert f"{number}: 2 hari kerja" in explained
    assert "requests" in office.refused("report annual 2026 --explain entah")


def test_the_table_of_opds_is_shown_and_explained(office):
    number = office.answered()

    assert "Dinas Pendidikan dan Kebudayaan" in office.ok("report opd --quarter 2026-Q1")
    assert number in office.ok("report opd --explain Dikbud.in_time")
    assert office.refused("report opd --quarter 2026-Q7").startswith("--period: ")


def test_history_is_checked_first_and_stands_beside_the_live_year(office):
    office.file()

    assert "Belum disimpan" in office.ok(f"import history {SAMPLE}")
    assert "5 baris disimpan" in office.ok(f"import history {SAMPLE} --apply --as ppid")
    told = office.ok("report annual 2026")
    for year, count in ((2018, 24), (2019, 13), (2020, 31), (2021, 18), (2022, 21), (2026, 1)):
        assert any(f"│ {year}" in line and f" {count} " in line for line in told.splitlines()), year
    assert "Sapuan" in office.ok("status")


def test_faults_of_an_old_register_are_listed_and_nothing_is_kept(office):
    path = office.write("lama.csv", "year,requests,source\n2019,x,buku\n2020,4,buku\n")

    code, out, _ = office.run(f"import history {path} --apply --as ppid")

    assert code == 1
    assert "baris 2, requests: «x» bukan jumlah permohonan" in out
    assert "2019" not in office.ok("report annual 2026")


def test_the_list_of_exempt_information_is_taken_in_and_decided(office):
    path = office.write(
        "dik.csv",
        "title,opd,ground,basis,consequence,until\nPelapor,Inspektorat,17a,UU 31/2014,Terancam,2027-01-31\n",
    )
    office.ok(f"import dik {path} --apply --as ppid")

    (row,) = office.json("register show dik")
    assert (row["id"], row["until"]) == ("DIK-1", "2027-01-31")
    office.ok('register renew DIK-1 --until 2028-01-31 --decree "Kep-2" --as sekda')
    office.ok('register open DIK-1 --decree "Kep-3" --as sekda')
    assert office.json("register show dik")[0]["status"].startswith("Terbuka sejak 2026-03-02")
    assert office.json("register show dip")[0]["title"] == "Pelapor"
    assert office.refused('register open DIK-1 --decree "Kep-4" --as sekda')


def test_an_embedded_store_of_an_older_version_is_brought_up_to_date(office):
    number = office.file()
    engine = open_engine(f"sqlite:///{office.home / 'ppid.sqlite'}")
    with writing(engine) as connection:
        revisions = Config()
        revisions.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
        revisions.attributes["connection"] = connection
        command.downgrade(revisions, "0001")
    engine.dispose()

    assert office.json("register show dik") == []
    assert office.json("register show requests")[0]["number"] == number
