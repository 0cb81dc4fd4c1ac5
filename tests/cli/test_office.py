"""`ppid status`, `user`, `watch`, `mail`: the office at a glance, and its small duties."""

import json
import shlex
import subprocess
import sys

import pytest


def test_the_status_of_an_empty_office_is_a_sentence_not_a_fault(office):
    assert "Belum ada data" in office.ok("status")


def test_the_status_counts_open_cases_letters_and_due_reminders(office):
    office.file()
    told = office.json("status")

    assert told["open"] == {"registered": 1}
    assert told["letters"] == {"ready": 2}
    assert told["next_on"] == "2026-03-03"


def test_a_sweep_by_hand_fires_what_is_due_and_keeps_standard_output_clean(office):
    office.file()
    office.at("2026-03-04")

    assert office.json("watch --once")["fired"] == 2
    assert office.json("watch --once")["fired"] == 0
    assert "--once" in office.refused("watch")


def test_a_user_of_an_opd_needs_a_known_opd_and_can_be_disabled(office):
    office.ok("user add rina --role opd --opd Dikbud")

    assert "tidak dikenal" in office.refused("user add dodi --role opd --opd Bulan")
    assert "hanya untuk peran opd" in office.refused("user add dodi --role petugas --opd Dikbud")
    assert "sudah ada" in office.refused("user add rina --role opd --opd Dikbud")
    office.ok("user disable rina")
    (row,) = [user for user in office.json("user list") if user["name"] == "rina"]
    assert row["disabled_at"]


def test_a_message_without_a_token_waits_for_the_desk_and_is_read_once(office):
    raw = "From: warga@surat.example\nTo: ppid@tangsel.example\nSubject: Tanya jam buka\n\nHalo.\n"
    path = office.write("pesan.eml", raw)

    assert "ke daftar meja layanan" in office.ok(f"mail read {path}")
    assert "sudah pernah dibaca" in office.ok(f"mail read {path}")
    (waiting,) = office.json("mail list")["desk"]
    assert (waiting["sender"], waiting["subject"]) == ("warga@surat.example", "Tanya jam buka")


def test_a_mail_source_that_is_not_there_is_a_wrong_value_not_a_failure_outside(office):
    assert "tidak ada" in office.refused("mail read tiada.eml")
    (office.folder / "kosong").mkdir()
    assert "bukan Maildir" in office.refused(f"mail read {office.folder / 'kosong'}")


@pytest.mark.parametrize(
    ("line", "heavy"),
    [
        ("verify", {"prefect", "pydantic", "alembic", "fastapi", "numpy", "holidays", "jinja2"}),
        ("--help", {"prefect", "sqlalchemy", "pydantic", "alembic"}),
        ("request list", {"prefect", "fastapi", "aiosmtpd"}),
    ],
)
def test_a_quick_command_imports_nothing_that_starts_slowly(office, line, heavy):
    office.file()
    call = f"import sys; from cli.main import main; main({shlex.split(line)!r})"
    code = f"{call}; print(sorted({heavy!r} & set(sys.modules)), file=sys.stderr)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ended.stderr.strip() == "[]"


def test_verify_names_the_first_bad_entry_and_exits_1(office):
    number = office.file()
    assert json.loads(office.ok("verify --json"))["ok"] is True
    log = office.home / "seals.log"
    log.write_text("0" * 64 + "\n" + log.read_text())

    assert "seals.log baris 1" in office.refused("verify")
    assert number
