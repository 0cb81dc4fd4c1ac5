"""Incoming mail finds its case by token, or the desk; a bounce reopens the duty of its letter."""

from datetime import date

import pytest
from sqlalchemy import select, update

from domain.clock import latest
from domain.office import Role
from domain.rule import ClockKind
from tasks import cases, post
from tasks.store.engine import reading, writing
from tasks.store.schema import documents, letters, mailroom
from tasks.tokens import Tokens

from .one_office import an_office, at, do, forwarded, register

BOUNCE = """\
From: MAILER-DAEMON@surat.example
To: ppid@tangsel.example
Subject: Undelivered Mail
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Final-Recipient: rfc822; ratna@pemohon.example
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

Message-ID: {mid}
Subject: Pemberitahuan

--b--
"""


@pytest.fixture
def office(tmp_path):
    with an_office(tmp_path / "home") as service:
        yield service


def rows(service, query):
    with reading(service.engine) as connection:
        return connection.execute(query).all()


def a_reply(service, number, text="Terlampir."):
    to = Tokens(service.keyring.token_key).reply_to("ppid@tangsel.example", number)
    return f"From: ratna@pemohon.example\nTo: {to}\nSubject: Re: surat\n\n{text}\n".encode()


def a_sent_notice(service):
    number = forwarded(service)
    do(service, number, "answer", Role.OPD, "Dikbud")
    do(service, number, "send_notice", Role.COORDINATOR)
    do(service, number, "record_sent", Role.DESK)
    with writing(service.engine) as connection:
        sent = {"state": "sent", "message_id": "<notice@tangsel.example>"}
        connection.execute(update(letters).where(letters.c.kind == "notice").values(sent))
    return number


def test_a_reply_with_a_token_is_kept_with_its_case_once(office):
    number = register(office)
    raw = a_reply(office, number)

    assert post.file_message(office, raw) == f"ke berkas {number}"
    assert post.file_message(office, raw) == "sudah pernah dibaca"
    (kept,) = rows(office, select(documents))
    with reading(office.engine) as connection:
        assert office.documents.get(connection, kept.id).content == raw


def test_a_token_of_another_office_leads_to_the_desk(office):
    number = register(office)
    to = Tokens(b"k" * 32).reply_to("ppid@tangsel.example", number)
    raw = f"From: x@surat.example\nTo: {to}\nSubject: hai\n\nisi\n".encode()

    assert post.file_message(office, raw) == "ke daftar meja layanan"
    assert [waiting.subject for waiting in post.waiting_for_desk(office)] == ["hai"]


def test_a_message_for_the_desk_is_kept_encrypted(office):
    post.file_message(office, b"From: x@surat.example\nSubject: rahasia\n\nrahasia\n")
    (row,) = rows(office, select(mailroom))

    assert b"rahasia" not in row.sealed


def test_a_permanent_bounce_of_the_notice_reopens_the_duty_and_asks_for_a_contact(office):
    number = a_sent_notice(office)
    notice = latest(cases.read(office, number).clocks, ClockKind.NOTICE)
    told = post.file_message(office, BOUNCE.format(mid="<notice@tangsel.example>").encode())

    assert "kewajibannya terbuka lagi" in told
    assert notice.met_at is not None
    assert latest(cases.read(office, number).clocks, ClockKind.NOTICE).met_at is None
    states = {row.kind: row.state for row in rows(office, select(letters))}
    assert states["notice"] == "undeliverable"
    assert states["mend_contact"] == "ready"


def test_the_same_bounce_told_twice_counts_once(office):
    number = a_sent_notice(office)
    text = BOUNCE.format(mid="<notice@tangsel.example>")
    post.file_message(office, text.encode())
    office.clock.set(at(date(2026, 3, 3)))
    post.file_message(office, text.replace("Undelivered", "Again undelivered").encode())
    mended = [row for row in rows(office, select(letters)) if row.kind == "mend_contact"]

    assert len(mended) == 1
    assert number


@pytest.mark.parametrize(
    "text",
    [
        BOUNCE.format(mid="<asing@surat.example>"),
        BOUNCE.format(mid="<notice@tangsel.example>").replace("5.1.1", "4.2.2").replace("failed", "delayed"),
    ],
)
def test_a_strange_or_passing_bounce_changes_no_case(office, text):
    number = a_sent_notice(office)
    before = cases.read(office, number)
    post.file_message(office, text.encode())

    assert cases.read(office, number) == before
