"""The lists of public and of exempt information: who enters, who opens, and what ends by itself."""

import json
from datetime import date, timedelta

import openpyxl
import pytest
from pypdf import PdfReader

from domain.errors import Refused
from domain.item import Ground, Outcome
from domain.office import Actor, Role
from tasks.registers import deciding, export, lists
from tasks.registers.export import LISTS
from tasks.registers.list_files import keep_list, read_list
from tasks.registers.reading import Filter
from tasks.store.schema import listing_events

from .city import at
from .one_desk import desk_of

PPID, SEKDA = Actor(Role.COORDINATOR, "ppid"), Actor(Role.ATASAN, "sekda")
TODAY = date(2026, 3, 2)
UNTIL = date(2026, 12, 15)
HEAD = "title,opd,ground,basis,consequence,benefit,decree,set_on,until,permanent\n"
GOOD = (
    "Nama pelapor,Inspektorat,17a,UU 31/2014,Pelapor terancam,Pengawasan jalan,Kep-1,2026-01-05,2026-12-15,\n"
)


def exempted(office, until=UNTIL) -> str:
    number = office.forwarded("Dikbud")
    office.do(number, "propose_exemption", Role.OPD, opd="Dikbud", items=(1,), ground=Ground.H, note="siswa")
    office.do(number, "answer", Role.OPD, opd="Dikbud", items=(2,))
    office.do(
        number,
        "record_verdict",
        Role.LEGAL,
        name="hukum",
        items=(1,),
        outcome=Outcome.EXEMPT,
        ground=Ground.H,
        basis="UU 27/2022",
        note="memuat data siswa",
        until=until,
    )
    office.do(number, "approve", Role.ATASAN, name="sekda")
    return number


def rows(office, kind, **fields):
    sheet = export.list_sheet(desk_of(office), LISTS[kind], Filter(**fields))
    keys = [column.key for column in sheet.columns]
    return [dict(zip(keys, row, strict=True)) for row in sheet.rows]


def expiry_letters(office):
    return [json.loads(row.facts)["step"] for row in office.letters(kind="exemption_expiry")]


def a_file(tmp_path, text, name="dik.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_an_approved_test_enters_its_items_in_the_same_transaction(office):
    number = exempted(office)

    (row,) = rows(office, "dik")
    assert row["title"] == "Salinan A"
    assert row["ground"] == "17 huruf h: mengungkapkan rahasia pribadi"
    assert (row["basis"], row["consequence"]) == ("UU 27/2022", "memuat data siswa")
    assert (row["set_on"], row["until"], row["term"]) == (TODAY, UNTIL, "9 bulan")
    assert (row["decree"], row["status"]) == (f"permohonan {number}", "Dikecualikan")
    assert rows(office, "dip") == []


def test_the_sweep_opens_the_task_reminds_and_lets_it_lapse(office):
    """60 working days before 15 December 2026 is 22 September, 30 before is 3 November."""
    exempted(office)

    office.sweep(at(office.book.rung_day(UNTIL, -61)))
    assert expiry_letters(office) == []
    office.sweep(at(office.book.rung_day(UNTIL, -60)))
    assert expiry_letters(office) == ["task"]
    office.sweep(at(office.book.rung_day(UNTIL, -30)))
    assert expiry_letters(office) == ["task", "last"]
    office.sweep(at(UNTIL))
    assert rows(office, "dik")[0]["status"] == "Dikecualikan"
    office.sweep(at(UNTIL + timedelta(days=1)))

    assert expiry_letters(office) == ["task", "last", "lapse"]
    (row,) = rows(office, "dik")
    assert row["status"].startswith("Terbuka sejak 2026-12-16 karena jangka waktunya berakhir")
    (opened,) = rows(office, "dip")
    assert opened["title"] == "Salinan A"
    assert opened["opd"] == "Dinas Pendidikan dan Kebudayaan"


def test_a_sweep_repeated_or_days_late_does_nothing_twice(office):
    exempted(office)
    late = at(UNTIL + timedelta(days=6))

    office.sweep(late)
    office.sweep(late + timedelta(days=1))

    assert expiry_letters(office) == ["lapse"]
    assert len(rows(office, "dip")) == 1


def test_what_an_order_gave_is_open_to_everybody(office):
    number = exempted(office)
    office.do(number, "send_notice", Role.COORDINATOR, name="ppid")
    office.do(number, "order", Role.ATASAN, name="sekda", other="Putusan uji", until=date(2026, 4, 1))
    office.do(number, "fulfil", Role.COORDINATOR, name="ppid")

    assert rows(office, "dik")[0]["status"] == "Terbuka sejak 2026-03-02 atas Putusan uji"
    assert rows(office, "dip")[0]["remark"] == "Dibuka atas Putusan uji"
    office.sweep(at(UNTIL + timedelta(days=1)))
    assert expiry_letters(office) == []


def test_atasan_ppid_opens_or_renews_by_a_decree(office):
    exempted(office)
    desk = desk_of(office)
    (entry,) = rows(office, "dik")

    deciding.renew_exemption(desk, entry["id"], SEKDA, "Kep-9/2026", date(2028, 1, 31))
    office.sweep(at(UNTIL + timedelta(days=1)))
    assert expiry_letters(office) == []
    assert rows(office, "dik")[0]["until"] == date(2028, 1, 31)

    deciding.open_exemption(desk, entry["id"], SEKDA, "Kep-10/2026")
    assert rows(office, "dip")[0]["remark"] == "Dibuka dengan Kep-10/2026"
    with pytest.raises(Refused, match="sudah terbuka"):
        deciding.open_exemption(desk, entry["id"], SEKDA, "Kep-11/2026")
    assert [row.action for row in office.rows(listing_events)] == ["enter", "renew", "open", "enter"]


def test_only_atasan_ppid_decides_by_name_with_a_decree_and_within_the_law(office):
    exempted(office)
    desk, (entry,) = desk_of(office), rows(office, "dik")

    for by, decree in ((PPID, "Kep"), (Actor(Role.ATASAN), "Kep"), (SEKDA, " ")):
        with pytest.raises(Refused):
            deciding.open_exemption(desk, entry["id"], by, decree)
    with pytest.raises(Refused):
        deciding.renew_exemption(desk, entry["id"], SEKDA, "Kep", date(2026, 3, 1))
    with pytest.raises(Refused):
        deciding.open_exemption(desk, "DIK-999", SEKDA, "Kep")


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("A,Inspektorat,17a,UU,Akibat,,,2026-01-05,,ya\n", "permanent"),
        ("A,Inspektorat,17f,UU,Akibat,,,2026-01-05,,ya\n", "permanent"),
        ("A,Inspektorat,17a,UU,Akibat,,,2026-01-05,2057-01-01,\n", "until"),
        ("A,Inspektorat,17h,UU,Akibat,,,2026-01-05,,\n", "until"),
        ("A,Inspektorat,17h,UU,Akibat,,,2020-01-05,2026-01-31,\n", "until"),
        ("A,Inspektorat,17h,,Akibat,,,2026-01-05,2027-01-31,\n", "basis"),
        ("A,Inspektorat,17h,UU,,,,2026-01-05,2027-01-31,\n", "consequence"),
        ("A,Inspektorat,17k,UU,Akibat,,,2026-01-05,2027-01-31,\n", "ground"),
        ("A,Dinas X,17h,UU,Akibat,,,2026-01-05,2027-01-31,\n", "opd"),
        (",Inspektorat,17h,UU,Akibat,,,2026-01-05,2027-01-31,\n", "title"),
        ("A,Inspektorat,17h,UU,Akibat,,,2026-01-05,besok,\n", "until"),
    ],
)
def test_what_the_law_does_not_allow_is_refused_by_row(tmp_path, sqlite_office, line, column):
    found = read_list(a_file(tmp_path, HEAD + GOOD + line), "dik", sqlite_office.book.office, TODAY)

    assert (3, column) in [(fault.row, fault.column) for fault in found.faults]
    assert len(found.rows) == 1


def test_a_personal_secret_may_be_permanent(tmp_path, sqlite_office):
    line = "Rekam medis,Dinkes,17h,UU 17/2023,Rahasia terbuka,,,2026-01-05,,ya\n"

    found = read_list(a_file(tmp_path, HEAD + line), "dik", sqlite_office.book.office, TODAY)

    assert found.faults == []
    keep_list(desk_of(sqlite_office), found, PPID)
    (row,) = rows(sqlite_office, "dik")
    assert (row["term"], row["until"]) == ("permanen", None)


def test_a_list_is_taken_in_once(tmp_path, office):
    found = read_list(a_file(tmp_path, HEAD + GOOD), "dik", office.book.office, TODAY)
    desk = desk_of(office)

    assert keep_list(desk, found, PPID) == 1
    assert keep_list(desk, found, PPID) == 0
    (row,) = rows(office, "dik")
    assert (row["id"], row["benefit"], row["decree"]) == ("DIK-1", "Pengawasan jalan", "Kep-1")
    assert row["term"] == "11 bulan"


def test_the_list_of_public_information_has_the_columns_of_the_annex(tmp_path, office):
    text = (
        "title,opd,responsible,made,form,retention,category\n"
        'Laporan realisasi anggaran,BKAD,Kepala BKAD,"Ciputat, Januari 2026",PDF,10 tahun,berkala\n'
    )
    found = read_list(a_file(tmp_path, text, "dip.csv"), "dip", office.book.office, TODAY)
    keep_list(desk_of(office), found, PPID)

    assert [c.no for c in LISTS["dip"].layout.columns if c.no] == [str(n) for n in range(1, 8)]
    (row,) = rows(office, "dip")
    assert row["made"] == "Ciputat, Januari 2026"
    assert row["category"] == "Berkala"
    sheet = export.list_sheet(desk_of(office), LISTS["dip"], Filter())
    assert "paling lambat lagi 2 September 2026" in sheet.notes[-1]


def test_lists_are_written_like_registers(tmp_path, office):
    exempted(office)
    desk = desk_of(office)
    for name in ("dik.xlsx", "dik.pdf", "dik.csv"):
        export.write(desk, export.list_sheet(desk, LISTS["dik"], Filter()), tmp_path / name)

    assert "DIK-1" in (tmp_path / "dik.csv").read_text(encoding="utf-8")
    assert "memuat data siswa" in PdfReader(tmp_path / "dik.pdf").pages[0].extract_text()
    page = openpyxl.load_workbook(tmp_path / "dik.xlsx").active
    assert "Salinan A" in [cell.value for row in page.iter_rows() for cell in row]


def test_filters_by_year_opd_and_status(office):
    exempted(office)

    assert len(rows(office, "dik", year=2026, opd="Dikbud", stage="in_force")) == 1
    assert rows(office, "dik", year=2025) == rows(office, "dik", opd="DLH") == []
    assert rows(office, "dik", stage=lists.OPENED) == []
