"""Importing old registers: mapped, checked row by row, once, and never doubled."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

import config
from config.faults import ConfigFaults
from config.history import HistoryMapping, load_mapping
from domain.errors import Refused
from domain.office import Actor, Role
from tasks import history
from tasks.old_registers import read_register

from .city import policy
from .one_desk import desk_of

TODAY = date(2026, 3, 2)
SAMPLE = Path(config.__file__).parent / "sample" / "history.csv"
BY = Actor(Role.COORDINATOR, "ppid")


def read(path, mapping=None):
    return read_register(path, mapping or HistoryMapping(), policy().office, TODAY)


def written(tmp_path, text, name="lama.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_yearly_totals_of_2018_to_2022_are_read_as_they_were_told():
    found = read(SAMPLE)

    assert found.faults == []
    assert found.by_year == {2018: 24, 2019: 13, 2020: 31, 2021: 18, 2022: 21}
    assert {row["channel"] for row in found.rows} == {"offline"}


def test_a_mapping_names_columns_words_and_days(tmp_path):
    path = written(
        tmp_path,
        "No Reg;Tgl Masuk;Tgl Jawab;Kanal;Hasil;Dinas;Perihal\n"
        "7/2019;05/02/2019;12/02/2019;Loket;Diberikan;DIKBUD;BOS\n",
    )
    mapping = HistoryMapping(
        columns={
            "number": "No Reg",
            "received_on": "Tgl Masuk",
            "noticed_on": "Tgl Jawab",
            "channel": "Kanal",
            "result": "Hasil",
            "opd": "Dinas",
            "subject": "Perihal",
        },
        values={
            "channel": {"Loket": "walk_in"},
            "result": {"Diberikan": "granted"},
            "opd": {"DIKBUD": "Dikbud"},
        },
        source="Buku register 2019",
    )

    found = read(path, mapping)

    assert found.faults == []
    (row,) = found.rows
    assert (row["year"], row["received_on"], row["noticed_on"]) == (2019, date(2019, 2, 5), date(2019, 2, 12))
    assert (row["channel"], row["result"], row["opd"]) == ("walk_in", "granted", "Dikbud")
    assert row["source"] == "Buku register 2019"


def test_every_fault_is_listed_with_its_row_and_column(tmp_path):
    path = written(
        tmp_path,
        "year,requests,channel,received_on,noticed_on,source\n"
        "2019,tiga,offline,,,buku\n"
        "1899,3,offline,,,buku\n"
        "2019,3,merpati,,,buku\n"
        "2019,1,offline,2019-02-05,2019-02-01,buku\n"
        "2019,1,offline,2020-02-05,,buku\n"
        "2019,1,offline,bukan tanggal,,buku\n"
        "2019,1,offline,,,\n"
        "2019,1,offline,,,buku\n",
    )

    found = read(path)

    assert [(fault.row, fault.column) for fault in found.faults] == [
        (2, "requests"),
        (3, "year"),
        (4, "channel"),
        (5, "noticed_on"),
        (6, "year"),
        (7, "received_on"),
        (8, "source"),
    ]
    assert len(found.rows) == 1


def test_a_workbook_is_read_like_a_csv(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["year", "requests", "received_on", "source"])
    book.active.append([2019, 2, date(2019, 5, 6), "=1+1"])
    book.active.append([None, None, None, None])
    book.save(tmp_path / "lama.xlsx")

    found = read(tmp_path / "lama.xlsx")

    assert [fault.column for fault in found.faults] == ["source"]  # a formula has no value to read


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lama.csv", "nama,alamat\nx,y\n"),
        ("lama.txt", "year\n2019\n"),
        ("lama.xlsx", "bukan zip"),
        ("a.csv", ""),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(tmp_path, name, text):
    with pytest.raises(Refused):
        read(written(tmp_path, text, name))


def test_names_of_persons_cannot_be_imported(tmp_path):
    path = written(tmp_path, "columns: {name: Nama}\n", "peta.yaml")

    with pytest.raises(ConfigFaults):
        load_mapping(path)


def test_a_file_is_imported_once(office):
    desk, rows = desk_of(office), read(SAMPLE).rows
    history.keep(desk, rows, "b" * 64, BY)

    with pytest.raises(Refused, match="sudah diimpor"):
        history.keep(desk, rows, "b" * 64, BY)
    assert len(office.rows(history.history)) == 5


def test_a_year_of_the_case_files_is_not_counted_twice(office):
    office.register()
    rows = [{"line": 2, "year": 2026, "requests": 3, "source": "buku"}]

    with pytest.raises(Refused, match="2026"):
        history.keep(desk_of(office), rows, "c" * 64, BY)


def test_only_an_officer_known_by_name_imports(office):
    with pytest.raises(Refused):
        history.keep(desk_of(office), read(SAMPLE).rows, "d" * 64, Actor(Role.COORDINATOR, "tidak-ada"))
