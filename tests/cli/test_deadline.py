"""`ppid deadline` and `ppid calendar check`: what a person and a machine get, and the exit codes."""

import json
import subprocess
import sys

import pytest

from cli.main import COMMANDS, build_app, main


def ppid(capsys, line):
    code = main(line.split())
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("deadline 2026-03-13 10", "2026-04-06"),
        ("deadline 2026-03-13 10 --joint-leave counted", "2026-03-30"),
        ("deadline 2026-03-13 10 --receipt-day counted", "2026-04-02"),
        ("deadline 2026-03-13 10 --trace", "2026-04-06"),
        ("deadline 2025-08-04 10", "2025-08-19"),
        ("deadline 2025-08-04 10 --known-on 2025-08-06", "2025-08-18"),
        ("deadline 2025-08-04 10 --known-on 2025-08-07", "2025-08-19"),
        ("deadline 2026-12-14 10", "2026-12-30"),
        ("deadline 2026-12-14 17", "2027-01-12"),
        ("deadline 2026-12-14 30", "2027-01-29"),
        ("deadline 2026-03-13 -3", "2026-03-10"),
    ],
)
def test_the_last_line_is_the_date_alone(capsys, line, due):
    code, out, err = ppid(capsys, line)

    assert (code, out.splitlines()[-1], err) == (0, due, "")


def test_a_date_past_the_last_decree_is_said_to_be_an_estimate(capsys):
    _, certain, _ = ppid(capsys, "deadline 2026-12-14 10")
    _, estimate, _ = ppid(capsys, "deadline 2026-12-14 17")

    assert certain == "2026-12-30\n"
    assert estimate.startswith("Perkiraan: ")


def test_the_trace_says_of_every_day_why_it_counts_or_not(capsys):
    _, out, _ = ppid(capsys, "deadline 2026-03-13 10 --trace")
    rows = out.splitlines()

    assert len(rows) == 26
    assert rows[0] == "2026-03-13  Jumat     0  hari ke-0, belum dihitung"
    assert rows[6] == "2026-03-19  Kamis     -  Hari Suci Nyepi (SKB 3 Menteri 1497/2025, 2/2025, 5/2025)"
    assert rows[24] == "2026-04-06  Senin    10  hari kerja"


def test_a_machine_gets_start_days_due_trace_and_whether_it_is_an_estimate(capsys):
    _, out, _ = ppid(capsys, "deadline 2026-12-14 17 --json")
    answer = json.loads(out)

    assert (answer["start"], answer["working_days"], answer["due"]) == ("2026-12-14", 17, "2027-01-12")
    assert answer["provisional"] is True
    assert answer["trace"][-1] == {"on": "2027-01-12", "number": 17, "reason": "hari kerja"}


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        (
            "deadline 2026-02-30 10",
            1,
            "START: nilai '2026-02-30' tidak dapat dibaca; tulis tanggal seperti 2026-03-02.",
        ),
        ("deadline 2026-03-13 sepuluh", 1, "WORKING_DAYS: nilai 'sepuluh'"),
        ("deadline 2026-03-13 10 --joint-leave no", 1, "--joint-leave: nilai 'no'"),
        ("deadline 1900-01-01 10", 1, "tidak dapat dihitung"),
        ("deadline 2026-03-13 99999999999", 1, "tidak dapat dihitung"),
        ("deadline", 2, "START wajib diisi."),
        ("deadline 2026-03-13 10 --warna merah", 2, "Pilihan --warna tidak dikenal."),
        ("deadline 2026-03-13 10 20", 2, "Isian berlebih: 20."),
        ("tenggat 2026-03-13", 2, "Perintah tenggat"),
    ],
)
def test_a_wrong_value_exits_1_and_a_wrong_command_line_exits_2(capsys, line, code, message):
    got, out, err = ppid(capsys, line)

    assert (got, out) == (code, "")
    assert message in err
    assert len(err.splitlines()) == 1


def test_faulty_files_exit_1_and_are_named(capsys, monkeypatch, tmp_path):
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar" / "2026.yaml").write_text("year: 2026\n")
    monkeypatch.setenv("PPID_CONFIG", str(tmp_path))

    code, out, err = ppid(capsys, "deadline 2026-03-13 10")

    assert (code, out) == (1, "")
    assert "2026.yaml:1: decrees: wajib diisi" in err


@pytest.mark.parametrize(
    ("now", "code", "said"),
    [
        ("2026-10-17T08:00+07:00", 0, ""),
        ("2026-10-18T08:00+07:00", 0, "PERINGATAN: dalam 59 hari"),
        ("2026-12-20T08:00+07:00", 0, "PERINGATAN: sudah"),
        ("2026-12-31T23:59+07:00", 0, "PERINGATAN: sudah"),
        ("2027-01-01T00:00+07:00", 1, "DITOLAK"),
    ],
)
def test_the_calendar_warns_60_days_before_it_runs_out(capsys, monkeypatch, now, code, said):
    monkeypatch.setenv("PPID_CLOCK", now)

    got, out, _ = ppid(capsys, "calendar check")

    assert got == code
    assert said in out
    assert bool(said) == ("PERINGATAN" in out or "DITOLAK" in out)


def test_an_unreadable_clock_setting_is_a_sentence(capsys, monkeypatch):
    monkeypatch.setenv("PPID_CLOCK", "besok")

    code, _, err = ppid(capsys, "calendar check")

    assert (code, err[:11]) == (1, "PPID_CLOCK:")


def test_every_command_in_the_table_can_be_loaded():
    app = build_app()

    assert [app[command.name].name for command in COMMANDS] == [(command.name,) for command in COMMANDS]


@pytest.mark.parametrize("line", ["deadline 2026-03-13 10", "--help"])
def test_a_quick_command_imports_neither_prefect_nor_the_database(line):
    heavy = {"prefect", "sqlalchemy", "fastapi", "numpy", "holidays"}
    call = f"import sys; from cli.main import main; main({line.split()!r})"
    code = f"{call}; sys.exit(bool({heavy!r} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
