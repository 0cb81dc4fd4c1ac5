"""`ppid assistance`: filed, asked of OPDs, answered; its contact is opened like any identity."""

FILE = (
    'assistance file --body "Kabupaten Contoh" --subject "Data jalan" --contact "Sri Contoh"'
    " --email sri@kabupaten.example --as loket"
)


def test_it_is_filed_and_walks_to_its_answer(office):
    number = office.json(FILE)["number"]
    office.ok(f"assistance act {number} teruskan --by ppid --as ppid --opd BKAD")
    office.ok(f'assistance act {number} jawab --by opd --opd BKAD --note "peta terlampir"')
    told = office.ok(f"assistance act {number} kirim_jawaban --by ppid --as ppid")

    assert number == "001/BK/PPID-TS/2026"
    assert "Jawab badan publik peminta. Tahap: Dijawab." in told


def test_it_is_listed_apart_from_requests_and_shown_with_its_opds(office):
    office.file()
    number = office.json(FILE)["number"]
    office.ok(f"assistance act {number} teruskan --by ppid --as ppid --opd BKAD")

    assert [row["number"] for row in office.json("assistance list")] == [number]
    out = office.ok("assistance show 001-BK-PPID-TS-2026")
    assert "OPD BKAD: menunggu" in out
    assert "Sri Contoh" not in out


def test_only_an_officer_answers_by_name(office):
    number = office.json(FILE)["number"]
    err = office.refused(f'assistance act {number} kirim_jawaban --by ppid --note "ada"')

    assert err.startswith("--as: «Jawab badan publik peminta»")
