"""Whatever comes in by mail is read: to its case by token, bounces and machines told from people."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasks.letters import Rendered
from tasks.mail import Attachment, OutgoingMail, as_message, message_id
from tasks.mail_parts import LIMITS
from tasks.mailroom import Incoming, MailKind, iter_maildir, read_message
from tasks.tokens import Tokens

TOKENS = Tokens(b"k" * 32)
NUMBER = "001/PPID-TS/2026"
REPLY_TO = TOKENS.reply_to("ppid@tangsel.example", NUMBER)
OURS = "ppid@tangsel.example"


def a_reply(text="Jawaban terlampir, butir 1", *, to=REPLY_TO, subject="Re: [001/PPID-TS/2026] x", **headers):
    message = EmailMessage()
    message["From"] = "Dinas Contoh <dinas@tangsel.example>"
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = "Mon, 02 Mar 2026 09:00:00 +0700"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def read(message):
    return read_message(message.as_bytes() if isinstance(message, EmailMessage) else message, TOKENS)


def test_a_reply_is_read_with_sender_text_time_and_attachment():
    message = a_reply()
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="kontrak – 2025.pdf")

    incoming = read(message)

    assert (incoming.kind, incoming.number) == (MailKind.REPLY, NUMBER)
    assert incoming.sender == "dinas@tangsel.example"
    assert incoming.text == "Jawaban terlampir, butir 1"
    assert incoming.received_at == dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
    assert incoming.attachments == (Attachment("kontrak – 2025.pdf", "application/pdf", b"%PDF"),)
    assert not incoming.incomplete


@pytest.mark.parametrize("name", ["Cc", "Delivered-To", "X-Original-To"])
def test_the_token_is_found_wherever_a_mail_program_put_it(name):
    assert read(a_reply(to=OURS, **{name: REPLY_TO})).number == NUMBER


def test_a_token_of_somebody_else_leaves_the_case_open():
    stranger = Tokens(b"z" * 32).reply_to(OURS, NUMBER)

    assert read(a_reply(to=stranger)).number is None


def test_a_number_in_the_subject_alone_never_files_a_message():
    incoming = read(a_reply(to=OURS))

    assert (incoming.number, incoming.kind) == (None, MailKind.UNKNOWN)


def test_an_answer_in_html_alone_is_read_without_its_tags():
    message = a_reply()
    message.set_content(
        "<head><style>p{}</style></head><p>Bukan kewenangan <b>kami</b></p><script>x</script>&amp;",
        subtype="html",
    )

    assert read(message).text == "Bukan kewenangan kami\n&"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "Auto-Generated (vacation)"},
        {"X-Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"subject": "Balasan otomatis: [001/PPID-TS/2026] x"},
        {"subject": "Automatic reply: [001/PPID-TS/2026] x"},
        {"subject": "Out of Office Re: x"},
        {"subject": "Sedang cuti"},
    ],
)
def test_an_absence_notice_is_no_answer(headers):
    assert read(a_reply(**headers)).kind is MailKind.AUTO_REPLY


@pytest.mark.parametrize(
    "subject", ["Re: [001/PPID-TS/2026] data cuti pegawai", "Re: [001/PPID-TS/2026] out of office"]
)
def test_an_answer_about_absences_is_an_answer(subject):
    assert read(a_reply(subject=subject, **{"Auto-Submitted": "no"})).kind is MailKind.REPLY


def a_bounce(action="failed", status="5.1.1", returned=True):
    mail = OutgoingMail(
        "k1",
        NUMBER,
        ("warga@x.example",),
        Rendered("s", "t", "<p>h</p>"),
        OURS,
        dt.datetime(2026, 3, 2, tzinfo=dt.UTC),
        REPLY_TO,
    )
    ours = as_message(mail) if returned else b"Subject: x\r\n\r\n"
    return (
        b"Return-Path: <>\r\nFrom: MAILER-DAEMON@relay.example\r\nTo: ppid@tangsel.example\r\n"
        b"Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
        b"MIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        b"--B\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        b"--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
        b"Final-Recipient: rfc822; warga@x.example\r\n"
        + f"Action: {action}\r\nStatus: {status}\r\n".encode()
        + b"\r\n--B\r\nContent-Type: message/rfc822\r\n\r\n" + ours + b"\r\n--B--\r\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("failed", "5.1.1", MailKind.BOUNCE_PERMANENT),
        ("failed", "4.4.7", MailKind.BOUNCE_TEMPORARY),
        ("delayed", "4.2.2", MailKind.BOUNCE_TEMPORARY),
        ("delivered", "2.0.0", MailKind.AUTO_REPLY),
        ("relayed", "2.1.9", MailKind.AUTO_REPLY),
    ],
)
def test_a_report_of_delivery_says_whether_the_letter_is_lost(action, status, kind):
    assert read(a_bounce(action, status)).kind is kind


def test_a_bounce_names_our_message_the_recipient_and_the_case():
    incoming = read(a_bounce())

    assert incoming.bounced_message_id == message_id("k1", OURS)
    assert incoming.bounced_recipient == "warga@x.example"
    assert incoming.number == NUMBER


def test_a_bounce_that_returns_nothing_is_still_a_bounce():
    incoming = read(a_bounce(returned=False))

    assert incoming.kind is MailKind.BOUNCE_PERMANENT
    assert incoming.bounced_message_id is None and incoming.number is None


def test_a_bounce_of_the_old_kind_is_known_by_its_sender_and_empty_return_path():
    raw = (
        b"Return-Path: <>\r\nFrom: Mail Delivery System <mailer-daemon@relay.example>\r\n"
        b"To: ppid@tangsel.example\r\n"
        b"X-Failed-Recipients: warga@x.example\r\n\r\n550 5.1.1 no such user\r\n"
    )

    incoming = read(raw)

    assert incoming.kind is MailKind.BOUNCE_PERMANENT
    assert incoming.bounced_recipient == "warga@x.example"


# --- hostile input -------------------------------------------------------------------------------

LINE = st.one_of(
    st.sampled_from(
        [
            b"From: <>",
            b"From: " + b"(" * 3000,
            b"To: =?x?q?=80?=",
            b"Content-Type: multipart/mixed; boundary=B",
            b"Content-Type: message/rfc822",
            b"Content-Type: text/plain; charset=utf-77",
            b"--B",
            b"--B--",
            b"",
            b"Content-Type: text/plain; charset*=x''%",
            b"Content-Type: multipart/report; boundary=",
            b"Content-Type: message/delivery-status",
            b"Content-Transfer-Encoding: base64",
            b"Action: failed",
            b"Content-Disposition: attachment; filename*0*=%; filename*1=b",
            b"Date: 99 99 99",
            b"Received: ;",
            b"Content-Transfer-Encoding: x-uuencode",
            b"begin 644",
            b"\xff\xfe\x00",
            b"Subject: =?utf-8?b?////?=",
            b"Content-Type: application/x; name*=utf-8''%E2%80%AE",
            b"Date: Mon, 02 Mar 0000 00:00:00 +9999",
        ]
    ),
    st.binary(max_size=60),
)


@example([b"Content-Type: text/plain; charset*=x''%", b"\x80"], b"\r\n")  # the parser's own TypeError
@given(st.lists(LINE, max_size=30), st.sampled_from([b"\r\n", b"\n"]))
def test_nothing_that_comes_in_can_stop_the_reading(lines, end):
    incoming = read(end.join(lines))

    assert isinstance(incoming, Incoming)
    assert "\n" not in incoming.subject and "\r" not in incoming.subject
    assert all("/" not in file.name and "\n" not in file.name for file in incoming.attachments)


def test_ten_thousand_parts_are_cut_and_the_message_marked():
    parts = b"".join(b"--B\r\nContent-Type: application/x\r\n\r\nx\r\n" for _ in range(10_000))
    raw = (
        b"To: "
        + REPLY_TO.encode()
        + b"\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"
        + parts
        + b"--B--"
    )

    incoming = read(raw)

    assert incoming.incomplete and incoming.number == NUMBER
    assert len(incoming.attachments) <= LIMITS.attachments


def test_a_thousand_levels_of_nesting_leave_the_headers_readable():
    nested = b"".join(
        f"Content-Type: multipart/mixed; boundary=B{level}\r\n\r\n--B{level}\r\n".encode()
        for level in range(1500)
    )
    incoming = read(b"From: a@x.example\r\nTo: " + REPLY_TO.encode() + b"\r\nSubject: dalam\r\n" + nested)

    assert (incoming.number, incoming.subject, incoming.incomplete) == (NUMBER, "dalam", True)


def test_messages_in_messages_without_end_are_read():
    raw = b"From: a@x.example\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 2000

    assert read(raw).sender in ("a@x.example", "")


def test_huge_headers_and_endless_tags_take_no_time_to_speak_of():
    raw = (
        b"From: " + b"<a" * 100_000 + b"\r\nTo: " + b"+a.b@" * 50_000 + b"\r\nContent-Type: text/html\r\n\r\n"
    )

    assert read(raw + b"<script " * 100_000).text == ""


def test_a_file_name_cannot_leave_its_folder():
    message = a_reply()
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="../../etc/\u202epasswd")

    assert read(message).attachments[0].name == "etc-passwd"


def test_a_maildir_is_read_oldest_first_and_anything_else_is_said(tmp_path):
    for folder in ("new", "cur"):
        (tmp_path / folder).mkdir()
    (tmp_path / "new" / "2").write_bytes(b"dua")
    (tmp_path / "cur" / "1:2,S").write_bytes(b"satu")

    assert [raw for _, raw in iter_maildir(tmp_path)] == [b"satu", b"dua"]
    with pytest.raises(NotADirectoryError):
        list(iter_maildir(tmp_path / "new"))
