"""Builds the message of a letter: bytes any relay takes, the same at every attempt.

Assembled by hand: `email.message` needs 1 to 2 ms for text and HTML, this a tenth, and a burst of
letters is bound by it. Everything is 7 bit, so no relay has to convert and no extension is needed.
"""

from __future__ import annotations

import hashlib
import re
from base64 import encodebytes
from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import encode_rfc2231, format_datetime
from typing import Final

from domain.act import WIB
from tasks.letters import Rendered
from tasks.mail_errors import AddressUnusable
from tasks.plain import one_line

MAX_SUBJECT: Final = 240
_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?"
)
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A letter ready to go.

    Attributes:
        key: the letter's, unique for ever; Message-ID and boundaries come from it.
        number: the case, which is the thread; empty for a letter about several.
        sent_at: aware; becomes the Date header.
    """

    key: str
    number: str
    to: tuple[str, ...]
    rendered: Rendered
    from_addr: str
    sent_at: datetime
    reply_to: str = ""
    from_name: str = "PPID Kota Tangerang Selatan"
    attachments: tuple[Attachment, ...] = ()


def message_id(key: str, from_addr: str) -> str:
    """The Message-ID of the letter with that key, the same for every attempt."""
    return f"<{_digest(key)}@{_domain(from_addr)}>"


def thread_id(number: str, from_addr: str) -> str:
    """The root every letter of a case refers to, so that mail programs show one conversation."""
    slug = re.sub(r"[^a-z0-9]+", "-", number.lower()).strip("-")
    return f"<thread.{slug}@{_domain(from_addr)}>"


def as_message(mail: OutgoingMail) -> bytes:
    """The message with CRLF line ends, byte for byte the same for the same *mail*.

    Raises:
        AddressUnusable: a sender, recipient or reply address is not a plain address.
    """
    for address in (mail.from_addr, *mail.to, *filter(None, [mail.reply_to])):
        if not _ADDRESS.fullmatch(address):
            raise AddressUnusable(mail.key)
    mark = _digest(mail.key)
    content = _alternative(mail.rendered, mark)
    if mail.attachments:
        content = _multipart("mixed", f"=_m{mark}", [content, *map(_attached, mail.attachments)])
    return "\r\n".join(_headers(mail)).encode("ascii") + b"\r\n" + content


def _headers(mail: OutgoingMail) -> list[str]:
    lines = [
        f"Date: {format_datetime(mail.sent_at.astimezone(WIB))}",
        f"From: {_phrase(mail.from_name)} <{mail.from_addr}>",
        "To: " + ",\r\n ".join(mail.to),
        f"Subject: {_words(mail.rendered.subject[:MAX_SUBJECT])}",
        f"Message-ID: {message_id(mail.key, mail.from_addr)}",
    ]
    if mail.reply_to:
        lines.append(f"Reply-To: {mail.reply_to}")
    if mail.number:
        root = thread_id(mail.number, mail.from_addr)
        lines += [f"In-Reply-To: {root}", f"References: {root}"]
    return [
        *lines,
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        "Content-Language: id",
        "MIME-Version: 1.0",
    ]


def _alternative(rendered: Rendered, mark: str) -> bytes:
    return _multipart(
        "alternative", f"=_a{mark}", [_text("plain", rendered.text), _text("html", rendered.html)]
    )


def _multipart(subtype: str, boundary: str, parts: list[bytes]) -> bytes:
    # Quoted-printable and base64 never hold "=_", so a boundary cannot occur inside a part.
    opening = f"--{boundary}\r\n".encode("ascii")
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'.encode("ascii")
    return head + b"".join(opening + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode("ascii")


def _text(subtype: str, text: str) -> bytes:
    head = (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    encoded = b2a_qp(text.replace("\r", "").encode("utf-8", "replace"), istext=True)
    return head.encode("ascii") + encoded.replace(b"\n", b"\r\n")


def _attached(attachment: Attachment) -> bytes:
    media_type = attachment.media_type.lower()
    if not _MEDIA_TYPE.fullmatch(media_type) or media_type.startswith(("multipart/", "message/")):
        media_type = "application/octet-stream"
    name = one_line(attachment.name).replace("/", "-").replace("\\", "-")[:120] or "lampiran"
    head = (
        f"Content-Type: {media_type}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;\r\n {_filename(name)}\r\n\r\n"
    )
    return head.encode("ascii") + encodebytes(attachment.content).replace(b"\n", b"\r\n")


def _filename(name: str) -> str:
    if name.isascii() and '"' not in name:
        return f'filename="{name}"'
    return f"filename*={encode_rfc2231(name, 'utf-8')}"


def _phrase(name: str) -> str:
    clean = one_line(name)
    if clean.isascii():
        escaped = clean.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return Header(clean, "utf-8", maxlinelen=68).encode(linesep="\r\n")


def _words(text: str) -> str:
    clean = one_line(text)
    if clean.isascii() and "=?" not in clean:
        return clean
    return Header(clean, "utf-8", maxlinelen=66).encode(linesep="\r\n")


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
