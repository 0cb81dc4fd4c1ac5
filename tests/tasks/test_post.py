"""Incoming mail finds its case by token, or the desk; a bounce reopens the duty of its letter."""

from datetime import date

import pytest
from sqlalchemy import select, update

from domain.clock import latest
from domain.errors import Refused
from domain.identity import Channel
from domain.office import Actor, Role
from domain.rule import ClockKind
from tasks import cases, post
from tasks.store.engine import reading, writing
from tasks.store.schema import documents, journal, letters, mailroom
from tasks.tokens import Tokens

from .one_office import a_filing, an_office, at, do, forwarded, register
from .store_check import faults_in

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


STRANGER = (
    b"From: Ratna <ratna@pemohon.example>\nTo: ppid@tangsel.example\nDate: Sun, 01 Mar 2026 20:00:00 +0700\n"
    b"Subject: Minta data sekolah\n\nMohon daftar sekolah negeri.\n"
)


def a_waiting_message(service):
    post.file_message(service, STRANGER)
    (waiting,) = post.waiting_for_desk(service)
    return waiting.id


def test_the_desk_puts_a_message_into_its_case_and_the_journal_tells_who_did(office):
    number, message = register(office), a_waiting_message(office)
    post.assign(office, message, number, Actor(Role.DESK, "loket"))

    assert post.waiting_for_desk(office) == []
    (kept,) = rows(office, select(documents))
    with reading(office.engine) as connection:
        assert office.documents.get(connection, kept.id).content == STRANGER
    (entry,) = rows(office, select(journal).where(journal.c.action == "mail_assigned"))
    assert (entry.number, entry.actor) == (number, "loket")
    assert faults_in(office.engine) == []


def test_a_message_is_assigned_once(office):
    number, message = register(office), a_waiting_message(office)
    post.assign(office, message, number, Actor(Role.DESK, "loket"))

    with pytest.raises(Refused, match="tidak ada pesan"):
        post.assign(office, message, number, Actor(Role.DESK, "loket"))


def test_a_request_is_registered_from_a_message_and_the_message_kept_with_it(office):
    message = a_waiting_message(office)
    filing = a_filing(channel=Channel.EMAIL, received_on=date(2026, 3, 1))
    number = post.file_as_request(office, message, filing, Actor(Role.DESK, "loket")).number

    assert post.waiting_for_desk(office) == []
    assert [row.number for row in rows(office, select(mailroom))] == [number]
    assert cases.read(office, number).received_on == date(2026, 3, 1)


def test_a_refused_filing_leaves_the_message_on_the_list(office):
    message = a_waiting_message(office)

    with pytest.raises(Refused):
        post.file_as_request(office, message, a_filing(items=()), Actor(Role.DESK, "loket"))
    assert [one.id for one in post.waiting_for_desk(office)] == [message]
