"""A letter goes to the relay once; what the relay says decides whether it is tried again or mended."""

from __future__ import annotations

import datetime as dt
import email
import ipaddress
import pickle
import socket
import ssl
from dataclasses import replace
from email import policy

import pytest
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from tasks.letters import Rendered
from tasks.mail import (
    AddressUnusable,
    Attachment,
    MailRefused,
    MailUnavailable,
    OutgoingMail,
    Relay,
    RelaySettings,
    Tls,
    as_message,
    dot_stuffed,
    thread_id,
)
from tests.tasks.smtp_server import scripted_relay

SENDER, A, B = "ppid@tangsel.example", "a@warga.example", "b@warga.example"
AT = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)


def a_mail(**changes):
    rendered = Rendered("[001/PPID-TS/2026] Tanda terima", "Yth. Ibu,\n.\ntitik – é\n", "<p>Yth. Ibu – é</p>")
    mail = OutgoingMail(
        "001/PPID-TS/2026:receipt:1",
        "001/PPID-TS/2026",
        (A,),
        rendered,
        SENDER,
        AT,
        "ppid+001-ppid-ts-2026.abc@tangsel.example",
    )
    return replace(mail, **changes)


def read(mail):
    return email.message_from_bytes(as_message(mail), policy=policy.default)


def a_relay(port, **changes):
    settings = RelaySettings(
        "127.0.0.1", port, SENDER, tls=Tls.NONE, connect_timeout=5, command_timeout=5, data_timeout=5
    )
    return Relay(replace(settings, **changes))


async def deliver(relay, *to, key="k1"):
    return await relay.deliver(as_message(a_mail()), SENDER, to or (A,), key=key)


# --- the message ---------------------------------------------------------------------------------


def test_a_message_carries_text_and_html_unchanged():
    message = read(a_mail())

    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == "Yth. Ibu,\n.\ntitik – é\n"
    assert message.get_body(("html",)).get_content() == "<p>Yth. Ibu – é</p>"
    assert not message.defects and not any(part.defects for part in message.walk())


def test_every_attempt_is_the_same_bytes():
    assert as_message(a_mail()) == as_message(a_mail())
    assert read(a_mail())["Message-ID"] != read(a_mail(key="other"))["Message-ID"]


def test_all_letters_of_a_case_refer_to_one_root():
    first, second = read(a_mail()), read(a_mail(key="other"))

    assert first["In-Reply-To"] == first["References"] == second["References"]
    assert first["References"] == thread_id("001/PPID-TS/2026", SENDER)
    assert first["References"] == "<thread.001-ppid-ts-2026@tangsel.example>"
    assert read(a_mail(number=""))["References"] is None


def test_a_message_says_that_a_machine_wrote_it_and_asks_for_no_absence_notice():
    message = read(a_mail())

    assert message["Auto-Submitted"] == "auto-generated"
    assert "OOF" in message["X-Auto-Response-Suppress"]
    assert message["Reply-To"] == "ppid+001-ppid-ts-2026.abc@tangsel.example"
    assert message["Date"] == "Mon, 02 Mar 2026 08:00:00 +0700"


def test_attachments_arrive_with_name_type_and_content():
    files = (
        Attachment("kontrak 2025.pdf", "application/pdf", bytes(range(256)) * 40),
        Attachment("lampiran – é.csv", "text/csv", b"a;b\r\n1;2\r\n"),
    )
    found = list(read(a_mail(attachments=files)).iter_attachments())

    assert [part.get_filename() for part in found] == [file.name for file in files]
    assert [part.get_content_type() for part in found] == [file.media_type for file in files]
    assert [part.get_payload(decode=True) for part in found] == [file.content for file in files]


@given(st.text(max_size=400), st.text(max_size=80), st.binary(max_size=200))
def test_every_line_ends_with_crlf_whatever_people_wrote(text, name, content):
    rendered = Rendered(name or "x", text, text)
    message = as_message(a_mail(rendered=rendered, attachments=(Attachment(name, "text/plain", content),)))

    assert message.endswith(b"\r\n")
    bare = message.replace(b"\r\n", b"")
    assert b"\r" not in bare and b"\n" not in bare


@given(st.lists(st.sampled_from([".", "..", "a", ".a", ""])))
def test_no_line_of_a_stuffed_message_ends_it_and_the_relay_gets_it_back(lines):
    message = "".join(f"{line}\r\n" for line in lines).encode()
    stuffed = dot_stuffed(message)

    assert b"." not in stuffed.splitlines()
    assert b"".join(line.removeprefix(b".") for line in stuffed.splitlines(keepends=True)) == message


@given(st.text(max_size=400), st.text(max_size=80))
def test_nothing_written_in_a_subject_or_a_name_becomes_a_header(subject, name):
    mail = a_mail(
        rendered=Rendered(subject, "x", "x"),
        from_name=name,
        attachments=(Attachment(subject, "application/pdf", b"x"),),
    )
    raw, plain = as_message(mail), as_message(a_mail(attachments=(Attachment("x", "a/b", b"x"),)))

    headers = email.message_from_bytes(raw).keys()
    assert headers == email.message_from_bytes(plain).keys()
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) < 998
    assert not any(mark in read(mail)["Subject"] for mark in "\r\n\u202e\u2066")


def test_a_long_subject_of_other_letters_reads_back_whole():
    subject = "[001/PPID-TS/2026] Realisasi – anggaran é " * 4

    assert read(a_mail(rendered=Rendered(subject, "x", "x")))["Subject"] == subject.strip()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@",
        "@b",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "<a@b.example>",
        "é@b.example",
        "a b@c",
    ],
)
def test_an_address_with_more_in_it_than_an_address_is_refused_for_good(address):
    with pytest.raises(AddressUnusable):
        as_message(a_mail(to=(address,)))
    assert issubclass(AddressUnusable, MailRefused)


# --- the relay -----------------------------------------------------------------------------------


async def test_many_letters_go_over_one_connection_with_one_greeting():
    async with scripted_relay() as server:
        relay = a_relay(server.port)
        receipts = [await deliver(relay, key=str(n)) for n in range(5)]
        await relay.close()

    assert [receipt.reply for receipt in receipts] == ["taken"] * 5
    assert server.connections == 1 and len(server.taken) == 5
    assert server.verbs == ["EHLO", *["MAIL", "RCPT", "DATA"] * 5, "QUIT"]


async def test_what_the_relay_takes_is_the_message():
    async with scripted_relay() as server:
        relay = a_relay(server.port)
        await deliver(relay)
        await relay.close()

    assert server.taken[0].replace(b"\r\n..", b"\r\n.") == as_message(a_mail()) + b".\r\n"


@pytest.mark.parametrize(
    ("says", "error", "code"),
    [
        ({"RCPT": "550 no such user"}, MailRefused, 550),
        ({"RCPT": "451 greylisted"}, MailUnavailable, 451),
        ({"DATA": "451 later"}, MailUnavailable, 451),
        ({"CONTENT": "451 later"}, MailUnavailable, 451),
        ({"CONTENT": "554 looks like spam"}, MailRefused, 554),
        ({"MAIL": "552 too large"}, MailRefused, 552),
        ({"MAIL": "550 you may not send"}, MailUnavailable, 550),
        ({"MAIL": "451 later"}, MailUnavailable, 451),
        ({"GREETING": "554 go away"}, MailUnavailable, 554),
        ({"GREETING": "421 busy"}, MailUnavailable, 421),
        ({"EHLO": "550 no", "HELO": "550 no"}, MailUnavailable, 550),
        ({"GREETING": "drop"}, MailUnavailable, 0),
        ({"RCPT": "drop"}, MailUnavailable, 0),
        ({"CONTENT": "drop"}, MailUnavailable, 0),
        ({"MAIL": "nonsense"}, MailUnavailable, 0),
    ],
)
async def test_the_relays_no_is_final_only_when_it_is_about_the_letter(says, error, code):
    async with scripted_relay(says) as server:
        relay = a_relay(server.port)
        with pytest.raises(error) as raised:
            await deliver(relay)
        await relay.close()

    assert type(raised.value) is error
    assert (raised.value.key, raised.value.code) == ("k1", code)
    assert server.taken == []


async def test_after_a_no_the_same_connection_takes_the_next_letter():
    async with scripted_relay({f"RCPT {A}": "550 no such user"}) as server:
        relay = a_relay(server.port)
        with pytest.raises(MailRefused) as raised:
            await deliver(relay)
        await deliver(relay, B)
        await relay.close()

    assert raised.value.refused == {A: (550, "no such user")}
    assert server.connections == 1 and len(server.taken) == 1


async def test_who_was_refused_among_several_is_reported_one_by_one():
    async with scripted_relay({f"RCPT {A}": "550 no such user"}) as server:
        relay = a_relay(server.port)
        receipt = await deliver(relay, A, B)
        await relay.close()

    assert receipt.refused == {A: (550, "no such user")}
    assert len(server.taken) == 1


async def test_a_letter_nobody_took_is_tried_again_while_one_may_still_take_it():
    async with scripted_relay({f"RCPT {A}": "550 no", f"RCPT {B}": "451 greylisted"}) as server:
        relay = a_relay(server.port)
        with pytest.raises(MailUnavailable) as raised:
            await deliver(relay, A, B)
        await relay.close()

    assert set(raised.value.refused) == {A, B}


async def test_nobody_listening_means_try_later():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(MailUnavailable):
        await deliver(a_relay(port))


@pytest.mark.parametrize("where", ["GREETING", "EHLO", "MAIL", "RCPT", "DATA", "CONTENT"])
async def test_a_relay_that_hangs_is_left_after_the_timeout(where):
    async with scripted_relay({where: "hang"}) as server:
        relay = a_relay(server.port, connect_timeout=0.1, command_timeout=0.1, data_timeout=0.1)
        with pytest.raises(MailUnavailable):
            await deliver(relay)
        server.says.clear()
        await deliver(relay)
        await relay.close()

    assert len(server.taken) == 1 and server.connections == 2


async def test_a_connection_closed_between_letters_is_opened_again_unseen():
    async with scripted_relay() as server:
        relay = a_relay(server.port)
        await deliver(relay)
        await server.drop_all()
        await deliver(relay, key="k2")
        await relay.close()

    assert server.connections == 2 and len(server.taken) == 2


async def test_a_relay_that_ends_the_session_politely_gets_a_new_one():
    async with scripted_relay() as server:
        relay = a_relay(server.port)
        await deliver(relay)
        server.says["MAIL"] = "421 closing"
        with pytest.raises(MailUnavailable):
            await deliver(relay, key="k2")
        server.says.clear()
        await deliver(relay, key="k2")
        await relay.close()

    assert server.connections == 3 and len(server.taken) == 2


async def test_the_log_and_the_error_hold_neither_address_nor_words():
    async with scripted_relay({f"RCPT {A}": "550 no such user a@warga.example"}) as server:
        relay = a_relay(server.port)
        with structlog.testing.capture_logs() as lines:
            await deliver(relay, A, B)
            with pytest.raises(MailRefused) as raised:
                await deliver(relay, A)
        await relay.close()

    assert "warga" not in str(lines) + str(raised.value)
    assert [line["event"] for line in lines] == ["mail.sent"]


def test_errors_cross_a_process_border():
    error = pickle.loads(pickle.dumps(MailRefused("k1", 550, {A: (550, "no")})))  # noqa: S301 our own bytes

    assert (error.key, error.code, error.refused) == ("k1", 550, {A: (550, "no")})


def test_a_password_is_not_shown():
    assert "rahasia" not in repr(RelaySettings("h", 25, SENDER, password="rahasia"))


# --- TLS -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1, as one PEM with its key, and one without."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay.example")])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=36500))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = built.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "both.pem").write_bytes(secret + public)
    (folder / "ca.pem").write_bytes(public)
    return folder


def server_context(folder):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


async def test_starttls_protects_the_letter_and_the_certificate_is_checked(certificate):
    async with scripted_relay(tls=server_context(certificate)) as server:
        relay = a_relay(server.port, tls=Tls.STARTTLS, ca_file=str(certificate / "ca.pem"))
        await deliver(relay)
        await relay.close()

    assert len(server.taken) == 1
    assert server.verbs[:3] == ["EHLO", "STARTTLS", "EHLO"]


async def test_a_certificate_nobody_vouches_for_stops_the_letter(certificate):
    async with scripted_relay(tls=server_context(certificate)) as server:
        relay = a_relay(server.port, tls=Tls.STARTTLS)
        with pytest.raises(MailUnavailable):
            await deliver(relay)
        await relay.close()

    assert "MAIL" not in server.verbs


async def test_a_relay_without_starttls_gets_no_letter_in_the_clear():
    async with scripted_relay() as server:
        relay = a_relay(server.port, tls=Tls.STARTTLS)
        with pytest.raises(MailUnavailable):
            await deliver(relay)
        await relay.close()

    assert "MAIL" not in server.verbs
