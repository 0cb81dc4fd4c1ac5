"""`ppid letter`: previews name nobody, made letters are kept, and anybody may ask whether one is genuine."""

import io
import json
import re

import pytest
from pypdf import PdfReader

from cli.main import main
from tests.tasks.one_office import an_office, register


def words(path) -> str:
    return " ".join(
        " ".join(p.extract_text() for p in PdfReader(io.BytesIO(path.read_bytes())).pages).split()
    )


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PPID_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PPID_CLOCK", "2026-03-02T09:00:00+07:00")
    with an_office(tmp_path / "home") as service:
        register(service)
    return tmp_path


def test_a_preview_needs_no_case_and_says_what_it_is(home, capsys):
    assert main(["letter", "preview", "notice", "--to", str(home / "a.pdf")]) == 0
    assert main(["letter", "preview", "notice", "--to", str(home / "a.png")]) == 0

    assert "PRATINJAU" in words(home / "a.pdf")
    assert (home / "a.png").read_bytes().startswith(b"\x89PNG")


def test_a_preview_of_a_case_names_nobody(home, capsys):
    case = ["--case", "001-PPID-TS-2026", "--to", str(home / "a.pdf")]
    assert main(["letter", "preview", "request_form", *case]) == 0

    assert "Ratna" not in words(home / "a.pdf")
    assert "(disamarkan)" in words(home / "a.pdf")


def test_a_made_letter_is_genuine_and_the_answer_tells_nothing_personal(home, capsys):
    made = [
        "request_form",
        "001-PPID-TS-2026",
        "--to",
        str(home / "a.pdf"),
        "--by",
        "petugas",
        "--as",
        "loket",
    ]
    assert main(["letter", "make", *made]) == 0
    code = re.search(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", capsys.readouterr().out)[0]
    assert main(["letter", "verify", code.lower(), "--json"]) == 0
    told = capsys.readouterr().out

    assert json.loads(told)["number"] == "480/FP/001/PPID-TS/2026"
    assert "Ratna" not in told
    assert "Ratna" in words(home / "a.pdf")
    assert main(["letter", "verify", "AAAA-AAAA-AAAA-AAAA"]) == 1


def test_a_letter_that_was_never_owed_cannot_be_made(home, capsys):
    made = ["notice", "001-PPID-TS-2026", "--to", str(home / "a.pdf"), "--by", "petugas", "--as", "loket"]

    assert main(["letter", "make", *made]) == 1
    assert "belum pernah dibuat" in capsys.readouterr().err
