"""The case file for the Commission: only when released, letters as sent, nothing exempt."""

import io
import json
import zipfile
import zlib
from datetime import date

import pytest
from pypdf import PdfReader
from sqlalchemy import insert, select

from domain.act import ObjectionReason
from domain.dispute_arrows import DisputeFiling
from domain.errors import Refused
from domain.identity import Channel
from domain.item import Ground, Outcome
from domain.objection_arrows import ObjectionFiling
from domain.office import Actor, Role
from tasks import cases, dossier
from tasks.store.engine import reading, writing
from tasks.store.schema import journal, letters

from .one_office import an_office, at, do, register
from .papers import text_of


def titles_of(outline):
    """The bookmarks of a PDF, in order, those below others included."""
    for one in outline:
        if isinstance(one, list):
            yield from titles_of(one)
        else:
            yield str(one.title)


@pytest.fixture
def office(tmp_path):
    with an_office(tmp_path / "home") as service:
        yield service


def kept(service, number, name, content):
    filed = cases.read_family(service, number).file(number)
    with writing(service.engine) as connection:
        return service.documents.put(connection, filed.id, name, "text/plain", content, service.clock.now())


def a_refused_request(service, name):
    """Item 1 given with a document, item 2 exempt though a document was handed in for it."""
    number = register(service)
    do(service, number, "record_complete", Role.DESK)
    do(service, number, "forward", Role.COORDINATOR, opds=("Dikbud",))
    given, secret = (kept(service, number, n, c) for n, c in ((name, b"terbuka"), ("b.txt", b"rahasia")))
    do(service, number, "answer", Role.OPD, "Dikbud", items=(1,), documents=(given,))
    exempt = {"ground": Ground.H, "note": "data pribadi", "items": (2,)}
    do(service, number, "propose_exemption", Role.OPD, "Dikbud", documents=(secret,), **exempt)
    verdict = {"outcome": Outcome.EXEMPT, "basis": "UU 27/2022", "until": date(2036, 3, 2)}
    do(service, number, "record_verdict", Role.LEGAL, name="hukum", **exempt, **verdict)
    do(service, number, "approve", Role.ATASAN, name="sekda")
    do(service, number, "send_notice", Role.COORDINATOR)
    do(service, number, "record_sent", Role.DESK)
    return number


def entries_named(service, action):
    with reading(service.engine) as connection:
        return connection.execute(select(journal).where(journal.c.action == action)).all()


def in_dispute(service, name="a.txt", reason=ObjectionReason.A):
    number = a_refused_request(service, name)
    reasons = (reason,)
    filing = ObjectionFiling(reasons=reasons, received_on=date(2026, 3, 2), channel=Channel.ONLINE)
    filed = service.acts.file_objection(filing, Actor(Role.APPLICANT), request=number).result().number
    do(service, filed, "pass_to_atasan", Role.DESK)
    do(service, filed, "answer", Role.ATASAN, granted=False, note="tetap")
    do(service, filed, "record_sent", Role.DESK)
    service.clock.set(at(date(2026, 3, 9)))
    objection = cases.read(service, filed)
    notice = DisputeFiling(objection=objection, received_on=date(2026, 3, 9), ki_number="012/KI-BTN/2026")
    actor = Actor(Role.COORDINATOR)
    return number, service.acts.register_dispute(notice, actor, objection=filed).result().number


def test_without_a_dispute_it_is_refused(office):
    number = register(office)

    with pytest.raises(Refused, match="belum ada sengketa"):
        dossier.gather(office, number)


def test_before_atasan_released_it_it_is_refused_and_nothing_is_written(office, tmp_path):
    number, _ = in_dispute(office)

    with pytest.raises(Refused, match="Atasan PPID belum melepas"):
        dossier.write_to(office, number, tmp_path / "berkas")
    assert not (tmp_path / "berkas").exists()


def test_after_the_dispute_is_over_a_released_file_is_still_there_without_what_is_exempt(office):
    number, dispute = in_dispute(office)
    do(office, dispute, "release_dossier", Role.ATASAN)
    reason = {"note": "diminta majelis untuk pemeriksaan setempat"}
    do(office, dispute, "release_exempt", Role.ATASAN, name="sekda", **reason)
    do(office, dispute, "withdraw", Role.COORDINATOR)

    files = dossier.gather(office, number)
    assert b"terbuka" in files.values()
    assert not any(b"rahasia" in content for content in files.values())


@pytest.fixture
def released(office):
    number, dispute = in_dispute(office)
    do(office, dispute, "release_dossier", Role.ATASAN)
    return number, dispute


def test_it_holds_what_was_given_and_nothing_that_is_exempt(office, released):
    files = dossier.gather(office, released[0])

    assert b"terbuka" in files.values()
    assert not any(b"rahasia" in content for content in files.values())


def test_its_index_lists_every_file_with_its_digest_and_every_clock(office, released):
    files = dossier.gather(office, released[1])
    index = json.loads(files["daftar-isi.json"])

    beside = {"daftar-isi.md", "daftar-isi.json", "berkas-001-PPID-TS-2026.pdf"}
    assert {one["name"] for one in index["files"]} == set(files) - beside
    assert [case["number"] for case in index["cases"]] == [
        "001/PPID-TS/2026",
        "001/KEB/PPID-TS/2026",
        "001/SGK/PPID-TS/2026",
    ]
    assert all(case["clocks"] for case in index["cases"])


def test_its_journal_extract_carries_the_hashes(office, released):
    entries = json.loads(dossier.gather(office, released[0])["90-jurnal.json"])

    assert {entry["number"] for entry in entries} >= {"001/PPID-TS/2026", "001/SGK/PPID-TS/2026"}
    assert all(len(entry["hash"]) == 64 for entry in entries)


def test_letters_are_in_it_as_they_were_sent(office, released):
    filed = cases.read_family(office, released[0]).root
    sealed = office.keyring.seal(
        filed.person_id, filed.wrapped_key, zlib.compress(b"Isi surat"), "letter:uji"
    )
    now = office.clock.now()
    row = {"key": "uji", "case_id": filed.id, "number": filed.number, "kind": "receipt", "recipients": "[]"}
    rest = {
        "facts": "{}",
        "by_hand": False,
        "state": "sent",
        "owed_at": now,
        "sent_at": now,
        "sealed": sealed,
    }
    with writing(office.engine) as connection:
        connection.execute(insert(letters).values(**row, **rest))
    files = dossier.gather(office, released[0])
    sent = [c for name, c in files.items() if name.startswith("10-surat")]

    assert [content.endswith(b"Isi surat") for content in sent] == [True]


def test_it_proves_when_each_letter_left_to_whom_and_what_the_relay_answered(office, released):
    filed, now = cases.read_family(office, released[0]).root, office.clock.now()
    row = {"key": "uji", "case_id": filed.id, "number": filed.number, "kind": "notice", "facts": "{}"}
    left = {"state": "sent", "owed_at": now, "sent_at": now, "reply": "250 ok | 42", "message_id": "<u@x>"}
    with writing(office.engine) as connection:
        to = {"recipients": '["applicant"]', "by_hand": False}
        connection.execute(insert(letters).values(**row, **left, **to))
    proofs = dossier.gather(office, released[0])["02-bukti-pengiriman.md"].decode()

    assert (
        "| 2026-03-09 09.00 | 001/PPID-TS/2026 | pemberitahuan tertulis | Pemohon | terkirim"
        " | 250 ok / 42 | <u@x> |"
    ) in proofs
    assert "| 2026-03-02 09.00 | 001/PPID-TS/2026 | Catat pemberitahuan terkirim | 2026-03-02 |" in proofs


def test_the_packed_file_is_the_same_for_the_same_case(office, released):
    packed = dossier.as_zip(office, released[0])

    assert packed == dossier.as_zip(office, released[0])
    assert "daftar-isi.md" in zipfile.ZipFile(io.BytesIO(packed)).namelist()


def test_a_document_s_name_leads_nowhere_outside_the_folder(office, tmp_path):
    number, dispute = in_dispute(office, name="../../a.txt")
    do(office, dispute, "release_dossier", Role.ATASAN)
    paths = dossier.write_to(office, number, tmp_path / "berkas")

    assert [path.name for path in paths] == ["berkas-001-PPID-TS-2026.pdf", "berkas-001-PPID-TS-2026.zip"]
    archive = zipfile.ZipFile(paths[1])
    assert not [name for name in archive.namelist() if "/" in name or name.startswith(".")]
    assert [archive.read(name) for name in archive.namelist() if name.startswith("50-")] == [b"terbuka"]


def test_its_pdf_opens_with_bookmarks_for_every_part_and_every_letter(office, released):
    files = dossier.gather(office, released[0])
    pdf = files["berkas-001-PPID-TS-2026.pdf"]

    marks = list(titles_of(PdfReader(io.BytesIO(pdf)).outline))
    for part in (
        "Para pihak",
        "Riwayat",
        "Bukti pengiriman dan penerimaan",
        "Daftar bukti",
        "Petikan jurnal",
    ):
        assert part in marks
    for copy in ("request_form", "test_sheet", "exemption_decree", "objection_form"):
        assert [mark for mark in marks if f"salinan-{copy}" in mark]
        assert [name for name in files if f"-{copy}-" in name and name.endswith(".pdf")]
    words = text_of(pdf)
    for told in ("Ratna Contoh", "012/KI-BTN/2026", "UU 27/2022", "data pribadi", "Dipenuhi", "T-1"):
        assert told in words
    entry = json.loads(files["90-jurnal.json"])[0]
    assert entry["hash"] in words.replace(" ", "")


def test_what_is_exempt_goes_to_the_panel_once_atasan_answers_for_it_by_name_and_never_to_the_applicant(
    office, released
):
    number, dispute = released
    reason = {"note": "diminta majelis untuk pemeriksaan setempat"}
    with pytest.raises(Refused):
        do(office, dispute, "release_exempt", Role.ATASAN, name="sekda")

    do(office, dispute, "release_exempt", Role.ATASAN, name="sekda", **reason)
    panel = dossier.gather(office, number)
    theirs = dossier.gather(office, number, dossier.Reader.APPLICANT)

    assert [c for name, c in panel.items() if name.startswith("60-DIKECUALIKAN")] == [b"rahasia"]
    assert not any(b"rahasia" in content for content in theirs.values())
    assert [entry.actor for entry in entries_named(office, "release_exempt")] == ["sekda"]


def test_letters_inside_the_office_are_not_in_the_applicant_s(office, released):
    filed, now = cases.read_family(office, released[0]).root, office.clock.now()
    for kind, to in (("opd_task", "opd"), ("receipt", "applicant")):
        sealed = office.keyring.seal(
            filed.person_id, filed.wrapped_key, zlib.compress(kind.encode()), f"letter:{kind}"
        )
        row = {"key": kind, "case_id": filed.id, "number": filed.number, "kind": kind, "facts": "{}"}
        left = {"state": "sent", "owed_at": now, "sent_at": now, "sealed": sealed, "by_hand": False}
        with writing(office.engine) as connection:
            connection.execute(insert(letters).values(**row, **left, recipients=f'["{to}"]'))

    def sent(reader):
        files = dossier.gather(office, released[0], reader)
        return sorted(name.rpartition("-")[2] for name in files if name.startswith("10-surat"))

    assert sent(dossier.Reader.PANEL) == ["opd_task.txt", "receipt.txt"]
    assert sent(dossier.Reader.APPLICANT) == ["receipt.txt"]


def test_what_was_said_in_mediation_never_enters_it(office):
    number, dispute = in_dispute(office, reason=ObjectionReason.E)
    do(office, dispute, "start_mediation", Role.COORDINATOR, note="Termohon menawarkan ringkasan")
    do(office, dispute, "release_dossier", Role.ATASAN)
    files = dossier.gather(office, number)

    assert not any(b"menawarkan" in content for content in files.values())
    assert "menawarkan" not in text_of(files["berkas-001-PPID-TS-2026.pdf"])
