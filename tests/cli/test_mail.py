"""The desk's list of messages: read, put into a case, or made a request."""

MESSAGE = """\
From: Ratna <ratna@pemohon.example>
To: ppid@tangsel.example
Date: Sun, 01 Mar 2026 20:00:00 +0700
Subject: Minta data sekolah

Mohon daftar sekolah negeri.
"""


def waiting(office):
    office.ok(f"mail read {office.write('pesan.eml', MESSAGE)}")
    [message] = office.json("mail list")["desk"]
    return message["id"]


def test_a_message_is_shown_to_the_desk(office):
    out = office.ok(f"mail show {waiting(office)}")

    assert "Dari: ratna@pemohon.example" in out
    assert "Diterima: 2026-03-01 20.00 WIB" in out
    assert "Mohon daftar sekolah negeri." in out


def test_a_message_becomes_a_request_of_the_day_it_came(office):
    message = waiting(office)
    told = office.json(f'mail request {message} --name "Ratna Contoh" --as loket')
    shown = office.json(f"request show {told['number']} --identity --by petugas --as loket")

    assert (shown["received_on"], shown["subject"]) == ("2026-03-01", "Minta data sekolah")
    assert [item["text"] for item in shown["items"]] == ["Mohon daftar sekolah negeri."]
    assert shown["identity"]["email"] == "ratna@pemohon.example"
    assert [kept["name"] for kept in shown["documents"]] == ["surat-masuk.eml"]
    assert any("NIK" in fault for fault in told["missing"])
    assert office.json("mail list")["desk"] == []


def test_a_message_is_put_into_its_case(office):
    number = office.file()
    office.ok(f"mail assign {waiting(office)} {number} --as loket")

    assert [kept["name"] for kept in office.json(f"request show {number}")["documents"]] == [
        "surat-masuk.eml"
    ]


def test_only_the_desk_works_through_the_list(office):
    number = office.file()

    assert "Yang berwenang" in office.refused(f"mail assign {waiting(office)} {number} --by opd")
    assert "tidak ada pesan nomor 99" in office.refused(f"mail assign 99 {number}")
