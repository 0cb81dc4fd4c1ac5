"""OPDs and officers: keys are unique, parents known, acting officers well dated, mailboxes safe."""

from datetime import date

import pytest

OPD, PEOPLE = "opd.yaml", "people.yaml"
PLH = "from: 2026-03-25\n    until: 2026-03-31"
SECOND = """
  - key: plh2
    title: Plh. kedua
    role: atasan
    mailbox: plh2@ppid.tangsel.example
    acting_for: sekda
    from: 2026-03-31
    until: 2026-04-02"""


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (OPD, "key: Setwan", "key: Setda", "sudah ada di baris"),
        (OPD, "key: Setwan", "key: SETDA", "sudah ada di baris"),
        (OPD, "key: Setwan", "key: Set wan", "pola"),
        (OPD, "parent: Setda", "parent: Setdaa", "OPD «Setdaa» tidak dikenal"),
        (OPD, "parent: Setda", "parent: BagHukum", "bukan OPD induk"),
        (OPD, "until: 2023-12-31", "until: kemarin", "tanggal"),
        (OPD, "{name: Dinas Pemadam Kebakaran, until: 2023-12-31}", "{name: Damkar}", "wajib punya until"),
        (OPD, "[{name: Sekretariat DPRD}]", "[{name: Sekwan, until: 2020-01-01}]", "nama sekarang"),
        (OPD, "[{name: Sekretariat DPRD}]", "[]", "paling sedikit 1"),
        (OPD, "mailbox: ppid@setda", "mailbox: ppid-setda", "bukan alamat surel"),
        (
            OPD,
            "mailbox: ppid@setda.tangsel.example",
            'mailbox: "a@b.example\\nBcc: x@y.example"',
            "bukan alamat surel",
        ),
        (OPD, "mailbox: ppid@setda.tangsel.example", 'mailbox: "a@b.example\\r"', "bukan alamat surel"),
        (OPD, "{name: Sekretariat DPRD}", '{name: "Sekretariat\\nDPRD"}', "ganti baris"),
        (OPD, "subjects: [sekda", "subjects: [sekda, SEKDA", "dua kali"),
        (OPD, "subjects: [sekda", "subject: [sekda", "tidak dikenal"),
        (OPD, "parent: Setda", "parent: Setda\n    from: 2026-02-01\n    until: 2026-01-01", "mendahului"),
        (PEOPLE, "key: loket2", "key: loket", "sudah ada di baris"),
        (PEOPLE, "acting_for: sekda", "acting_for: sekdda", "tidak dikenal"),
        (PEOPLE, "acting_for: sekda", "acting_for: plh-sekda", "pejabat pengganti"),
        (PEOPLE, "acting_for: sekda", "acting_for: hukum", "berperan legal"),
        (PEOPLE, PLH, "from: 2026-03-25", "wajib punya from dan until"),
        (PEOPLE, PLH, "from: 2026-03-31\n    until: 2026-03-25", "mendahului"),
        (PEOPLE, PLH, PLH + SECOND, "bertumpang tindih"),
        (PEOPLE, "role: admin", "role: applicant", "peran pejabat"),
        (PEOPLE, "role: admin", "role: desk", "tidak ada Administrator"),
        (PEOPLE, "auto_forward: false", "auto_forward: mungkin", "true atau false"),
        (PEOPLE, "ppid_mailbox: ppid@tangsel.example\n", "", "wajib diisi"),
        (PEOPLE, "registrasi@ki-banten.example", "registrasi", "bukan alamat surel"),
        (PEOPLE, "city: ", "kotamadya: x\ncity: ", "tidak dikenal"),
    ],
)
def test_what_cannot_stand_is_refused(faults_after, file: str, old: str, new: str, message: str) -> None:
    faults = faults_after(file, old, new)

    assert [fault for fault in faults if message in fault.message], [str(fault) for fault in faults]


def test_acting_officers_may_follow_one_another_day_by_day(faults_after) -> None:
    assert not faults_after(PEOPLE, PLH, PLH + SECOND.replace("from: 2026-03-31", "from: 2026-04-01"))


def test_a_role_nobody_holds_today_is_refused(faults_after) -> None:
    until = "mailbox: atasan@ppid.tangsel.example\n    until: 2026-06-30"
    (fault,) = faults_after(PEOPLE, "mailbox: atasan@ppid.tangsel.example", until, on=date(2026, 7, 1))

    assert "Atasan PPID" in fault.message
    assert fault.field == "officers"


def test_a_role_still_held_today_is_accepted(faults_after) -> None:
    until = "mailbox: atasan@ppid.tangsel.example\n    until: 2026-06-30"

    assert not faults_after(PEOPLE, "mailbox: atasan@ppid.tangsel.example", until, on=date(2026, 6, 30))
