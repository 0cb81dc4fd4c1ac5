"""Letters on paper ride on the mails that carry them; words that tell a last day never wait for them."""

import io
import json
import shutil
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

import config
from domain.act import ExtensionGround, ObjectionReason
from domain.identity import Channel
from domain.item import Ground, Outcome
from domain.objection_arrows import ObjectionFiling
from domain.office import Actor, Role
from tasks.dispatcher import Dispatcher
from tasks.letter_mail import FOLLOWS, Outlet
from tasks.letters import Texts
from tasks.mail import RelaySettings, Tls
from tasks.mailbox import Mailbox
from tasks.paper import kept
from tasks.paper.catalog import OF_LETTER
from tasks.paper.check import PaperTemplates
from tasks.paper.maker import Maker
from tasks.store.engine import reading
from tasks.store.schema import journal, papers

from .city import PEOPLE
from .one_office import copy_of_policy
from .papers import FOLDER
from .store_check import faults_in
from .test_every_letter import a_case_nobody_answers, a_refused_case, short_cases

TEXTS = FOLDER / "mail"


@pytest.fixture
def box(tmp_path):
    mailbox = Mailbox(tmp_path / "mail")
    mailbox.start()
    yield mailbox
    mailbox.stop()


@asynccontextmanager
async def sending(office, box, folder: Path = FOLDER, **fields):
    relay = RelaySettings("127.0.0.1", box.port, "ppid@tangsel.example", tls=Tls.NONE)
    maker = Maker(PaperTemplates(folder, office.book), office.acts, **fields)
    dispatcher = Dispatcher(office.acts, Texts(TEXTS), office.documents, Outlet(relay, kept=True), maker)
    try:
        yield dispatcher
    finally:
        await dispatcher.close()


async def drain(dispatcher) -> None:
    while await dispatcher.drain():
        pass


def pdfs_in(box, subject: str) -> dict[str, bytes]:
    found = [m for m in box.messages() if subject in m["Subject"]]
    return {
        part.get_filename(): part.get_content()
        for message in found
        for part in message.iter_attachments()
        if part.get_content_type() == "application/pdf"
    }


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def refused(office) -> str:
    number = office.forwarded("Dikbud")
    exempt = {"ground": Ground.H, "note": "rahasia pribadi siswa", "items": (2,)}
    office.do(number, "answer", Role.OPD, opd="Dikbud", items=(1,))
    office.do(number, "propose_exemption", Role.OPD, opd="Dikbud", **exempt)
    verdict = {"outcome": Outcome.EXEMPT, "basis": "UU 27/2022", "until": date(2036, 3, 2)}
    office.do(number, "record_verdict", Role.LEGAL, name="hukum", **exempt, **verdict)
    office.do(number, "approve", Role.ATASAN, name="sekda")
    office.do(number, "send_notice", Role.COORDINATOR, name="ppid")
    return number


async def test_a_refusal_leaves_with_its_notice_and_its_decree(sqlite_office, box):
    office = sqlite_office
    number = refused(office)
    async with sending(office, box) as dispatcher:
        await drain(dispatcher)
    found = pdfs_in(box, "dikecualikan")

    assert list(found) == [
        "Pemberitahuan-Tertulis-001-PPID-TS-2026.pdf",
        "Surat-Keputusan-tentang-Klasifikasi-Informasi-yang-Dikecualikan-001-PPID-TS-2026.pdf",
    ]
    notice, decree = (words(content) for content in found.values())
    assert PEOPLE[0].name in notice
    assert "rahasia pribadi siswa" in notice
    assert "rahasia pribadi siswa" in decree
    assert PEOPLE[0].name not in decree
    assert office.case(number).notice_sent_at is not None


async def test_the_hash_of_what_was_sent_stands_in_the_journal_and_under_its_code(sqlite_office, box):
    office = sqlite_office
    number = refused(office)
    async with sending(office, box) as dispatcher:
        await drain(dispatcher)
    (entry,) = office.rows(journal, journal.c.number == number, journal.c.action == kept.SET)
    rows = office.rows(papers)

    assert [one["sha256"] for one in json.loads(entry.facts)["papers"]] == [row.sha256 for row in rows]
    with reading(office.engine) as connection:
        for row, content in zip(rows, pdfs_in(box, "dikecualikan").values(), strict=True):
            assert kept.content_of(office.keyring, office.filed(number), row) == content
            assert kept.find(connection, row.code).sha256 == row.sha256
    assert faults_in(office.engine) == []


async def test_a_receipt_by_mail_needs_no_paper_and_one_the_desk_prints_does(sqlite_office, box):
    office = sqlite_office
    office.register()
    office.register(replace(PEOPLE[1], email=""))
    async with sending(office, box) as dispatcher:
        await drain(dispatcher)

    assert pdfs_in(box, "001/PPID-TS/2026") == {}
    found = pdfs_in(box, "002/PPID-TS/2026")
    assert [name.split("-002-")[0] for name in found] == [
        "Tanda-Bukti-Penerimaan-Permohonan-Informasi",
        "Formulir-Permohonan-Informasi",
    ]
    assert PEOPLE[1].nik in words(list(found.values())[1])


async def test_every_paper_of_real_acts_is_set_at_once(sqlite_office, box):
    office = sqlite_office
    a_refused_case(office)
    short_cases(office)
    a_case_nobody_answers(office)
    async with sending(office, box) as dispatcher:
        await drain(dispatcher)

    assert [row.key for row in office.letters() if row.key.endswith(FOLLOWS)] == []
    made = {row.paper for row in office.rows(papers)}
    assert made == {str(paper) for kinds in OF_LETTER.values() for paper in kinds} - {
        "receipt",
        "request_form",
    }
    assert {row.error for row in office.letters()} == {""}


async def test_an_objection_refused_over_an_exemption_carries_the_decree(sqlite_office, box):
    office = sqlite_office
    number = refused(office)
    office.do(number, "record_sent", Role.DESK)
    filing = ObjectionFiling(
        reasons=(ObjectionReason.A,), received_on=office.clock.today(), channel=Channel.ONLINE
    )
    filed = office.acts.file_objection(filing, Actor(Role.DESK), request=number).result().number
    office.do(filed, "pass_to_atasan", Role.DESK)
    office.do(filed, "answer", Role.ATASAN, name="sekda", granted=False, note="pengecualian tepat")
    async with sending(office, box) as dispatcher:
        await drain(dispatcher)
    found = pdfs_in(box, "[001/KEB/PPID-TS/2026] ")

    assert any("tentang-Klasifikasi" in name and name.endswith("-001-PPID-TS-2026.pdf") for name in found)
    answer = next(content for name, content in found.items() if name.startswith("Tanggapan"))
    assert "DITOLAK" in words(answer)
    assert "pengecualian tepat" in words(answer)
    assert "a. permohonan ditolak" in words(answer)


async def test_with_a_broken_template_the_words_leave_at_once_and_the_paper_follows(
    sqlite_office, box, tmp_path
):
    office = sqlite_office
    policy = copy_of_policy(tmp_path / "kebijakan")
    shutil.copytree(FOLDER / "letters", policy / "letters")
    number = office.forwarded("Dikbud")
    why = {"extension": ExtensionGround.NOT_YET_HELD, "note": "arsip banjir di gudang"}
    async with sending(office, box, policy) as dispatcher:
        running = dispatcher.maker.templates()
        broken = {**running.files, "extension.typ": b"#f.tidak_ada"}
        dispatcher.maker.templates._running = replace(running, files=broken)
        office.do(number, "extend", Role.COORDINATOR, name="ppid", **why)
        await drain(dispatcher)

        assert [row.state for row in office.letters(kind="extension")] == ["kept"]
        assert pdfs_in(box, "perpanjang") == {}
        (owed,) = office.letters(kind="bundle")
        assert owed.state == "ready"
        assert "banjir" not in owed.facts

        dispatcher.maker.templates._running = running
        office.clock.advance(timedelta(hours=1))
        await drain(dispatcher)

    (content,) = pdfs_in(box, "Dokumen").values()
    assert "arsip banjir di gudang" in words(content)
    assert [row.paper for row in office.rows(papers)] == ["extension"]


async def test_where_setting_lags_the_words_leave_and_the_paper_follows(sqlite_office, box):
    office = sqlite_office
    number, signed_at = refused(office), office.clock.now()
    office.clock.advance(timedelta(days=3))
    async with sending(office, box, patience_seconds=0.0) as dispatcher:
        await drain(dispatcher)

    assert office.case(number).notice_sent_at is not None
    assert pdfs_in(box, "dikecualikan") == {}
    assert [row.state for row in office.letters(kind="bundle")] == ["ready"]

    office.clock.advance(timedelta(hours=1))
    async with sending(office, box) as dispatcher:
        await drain(dispatcher)

    assert len(pdfs_in(box, "Dokumen")) == 2
    assert {row.made_at for row in office.rows(papers)} == {signed_at}
    assert [row.state for row in office.letters(kind="bundle")] == ["kept"]


def test_a_broken_template_is_refused_with_its_line_and_the_running_one_stays(sqlite_office, tmp_path):
    office = sqlite_office
    policy = copy_of_policy(tmp_path / "kebijakan")
    shutil.copytree(Path(config.__file__).parent / "letters", policy / "letters")
    templates = PaperTemplates(policy, office.book)
    before = templates().version
    notice = policy / "letters" / "notice.typ"
    good = notice.read_text()

    notice.write_text(good + "\n#f.tidak_ada\n")
    assert not templates.reload(office.book)
    assert templates().version == before
    assert f"notice.typ:{len(good.splitlines()) + 2}: " in templates.refused

    notice.write_text(good + "\nSalam.\n")
    assert templates.reload(office.book)
    assert templates.refused == ""
    assert templates().version != before


def test_a_template_may_not_fetch_anything(sqlite_office, tmp_path):
    policy = copy_of_policy(tmp_path / "kebijakan")
    shutil.copytree(FOLDER / "letters", policy / "letters")
    templates = PaperTemplates(policy, sqlite_office.book)
    part = policy / "letters" / "_surat.typ"
    part.write_text('#import "@preview/cetz:0.1.0": *\n' + part.read_text())

    assert not templates.reload(sqlite_office.book)
    assert "_surat.typ:1: paket dari luar" in templates.refused
