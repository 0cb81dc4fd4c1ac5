"""An office of its own per test: an empty home, a fixed clock, and the `ppid` command in this process."""

import json
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.main import main

REQUEST = """\
applicant: individual
channel: walk_in
received_on: 2026-03-02
subject: Anggaran jalan lingkungan
items:
  - Salinan kontrak
  - Daftar penerima
identity:
  name: Ratna Contoh
  email: ratna@pemohon.example
  nik: "3674015503900001"
  address: Jalan Contoh 1
  id_document: KTP
  purpose: penelitian
"""


@dataclass
class Office:
    """What a test does with the command line, and what came of it."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture

    @property
    def home(self):
        return self.folder / "home"

    def at(self, day, hour="09:00"):
        self.monkeypatch.setenv("PPID_CLOCK", f"{day}T{hour}+07:00")

    def run(self, line):
        self.capsys.readouterr()
        code = main(shlex.split(line))
        said = self.capsys.readouterr()
        return code, said.out, said.err

    def ok(self, line):
        code, out, err = self.run(line)
        assert (code, err) == (0, ""), f"{line}: {err}"
        return out

    def json(self, line):
        return json.loads(self.ok(f"{line} --json"))

    def refused(self, line):
        code, out, err = self.run(line)
        assert (code, out) == (1, "")
        return err

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def file(self, text=REQUEST):
        """File a request; its number."""
        return self.json(f"request file {self.write('permohonan.yaml', text)}")["number"]

    def act(self, number, line):
        return self.json(f"request act {number} {line}")

    def answered(self):
        """A request of 2 March answered on the 4th; its notice is still to be sent."""
        number = self.file()
        self.act(number, "lengkap --by petugas")
        self.act(number, "teruskan --by ppid --opd Dikbud")
        self.at("2026-03-04")
        self.act(number, "jawab --by opd --opd Dikbud")
        self.act(number, "kirim-pemberitahuan --by ppid --as ppid")
        self.act(number, "catat_terkirim --by petugas")
        return number


@pytest.fixture
def office(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PPID_HOME", str(tmp_path / "home"))
    for name in ("PPID_CONFIG", "PPID_DATABASE_URL", "PPID_SMTP_HOST", "PPID_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    desk = Office(tmp_path, monkeypatch, capsys)
    desk.at("2026-03-02")
    return desk
