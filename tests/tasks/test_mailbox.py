"""The local mailbox keeps every message it says yes to, whole, and sends none on."""

from __future__ import annotations

import smtplib
import socket

import pytest

from tasks.mailbox import Mailbox
from tasks.mailroom import iter_maildir

MESSAGE = b"From: a@x.example\r\nSubject: satu\r\n\r\nisi\r\n..titik\r\n"


@pytest.fixture
def mailbox(tmp_path):
    box = Mailbox(tmp_path / "mail", max_bytes=10_000)
    box.start()
    yield box
    box.stop()


def send(box, content=MESSAGE, to=("b@x.example",)):
    with smtplib.SMTP(box.host, box.port, local_hostname="localhost", timeout=10) as client:
        return client.sendmail("a@x.example", list(to), content)


def test_a_message_is_kept_whole_with_its_envelope(mailbox):
    send(mailbox, to=("b@x.example", "c@x.example"))

    kept = mailbox.messages()
    assert [message["Subject"] for message in kept] == ["satu"]
    assert kept[0].get_content() == "isi\n..titik\n"
    assert kept[0].get_all("X-Original-To") == ["b@x.example", "c@x.example"]
    assert kept[0]["Return-Path"] == "<a@x.example>"


def test_messages_stand_in_the_order_they_came_also_after_a_restart(mailbox):
    for word in (b"satu", b"dua"):
        send(mailbox, MESSAGE.replace(b"satu", word))
    mailbox.stop()
    mailbox.start()
    send(mailbox, MESSAGE.replace(b"satu", b"tiga"))

    assert [message["Subject"] for message in mailbox.messages()] == ["satu", "dua", "tiga"]


def test_the_folder_is_a_maildir_without_half_messages(mailbox):
    send(mailbox)

    assert list((mailbox.maildir / "tmp").iterdir()) == []
    assert len(list(iter_maildir(mailbox.maildir))) == 1


def test_a_message_beyond_the_limit_is_refused_and_the_next_is_taken(mailbox):
    with pytest.raises(smtplib.SMTPResponseException) as raised:
        send(mailbox, MESSAGE + b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * 200)
    send(mailbox)

    assert raised.value.smtp_code == 552
    assert len(mailbox.messages()) == 1


def test_a_taken_port_is_said_at_once(mailbox, tmp_path):
    with pytest.raises(OSError, match="in use"):
        Mailbox(tmp_path / "other", port=mailbox.port).start()


def test_stopping_frees_the_port_even_with_a_client_connected(mailbox):
    with socket.create_connection((mailbox.host, mailbox.port)) as client:
        client.recv(100)
        mailbox.stop()
        mailbox.stop()

        assert client.recv(100) == b""
    with pytest.raises(ConnectionError):
        socket.create_connection((mailbox.host, mailbox.port))
