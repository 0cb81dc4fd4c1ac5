"""Reads incoming mail: to which case it belongs, who wrote it, whether a person or a machine did.

Whatever comes in, an `Incoming` comes out: mail is hostile input, and one bad message must not stop
the rest. Filing it is not done here.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import policy
from email.message import Message
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from tasks.mail_message import Attachment
from tasks.mail_parts import LIMITS, Part, flat_parts, header, header_values, text_of
from tasks.plain import one_line
from tasks.tokens import BadToken, Tokens


class MailKind(StrEnum):
    """What a message is, as far as a machine can tell."""

    REPLY = "reply"
    BOUNCE_PERMANENT = "bounce_permanent"
    BOUNCE_TEMPORARY = "bounce_temporary"
    AUTO_REPLY = "auto_reply"
    UNKNOWN = "unknown"


MAIL_SHOWN_AS: Final[Mapping[str, str]] = {
    MailKind.REPLY: "balasan",
    MailKind.BOUNCE_PERMANENT: "surat kembali",
    MailKind.BOUNCE_TEMPORARY: "surat tertunda",
    MailKind.AUTO_REPLY: "balasan otomatis",
    MailKind.UNKNOWN: "surat biasa",
}


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message as read.

    Attributes:
        number: the case, known by its signed token; None: a person at the desk must decide.
        sender: the bare address of From, empty when unreadable; anybody can write anything there.
        received_at: when the nearest server says it took it, else its own Date; aware, UTC.
        text: what was written, plain, cut at `LIMITS.text_chars`.
        bounced_message_id: which of our messages did not arrive, with its angle brackets.
        incomplete: something was left out because a limit was met or the message is broken.
    """

    number: str | None
    sender: str
    subject: str
    received_at: datetime | None
    text: str
    attachments: tuple[Attachment, ...]
    kind: MailKind
    bounced_message_id: str | None = None
    bounced_recipient: str | None = None
    incomplete: bool = False


_ADDRESS_HEADERS: Final = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
_PLUS_TOKEN: Final = re.compile(r"\+([A-Za-z0-9-]{1,80}\.[A-Za-z2-7]{16})@")
_MESSAGE_ID: Final = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,250}>")
_BARE_ADDRESS: Final = re.compile(r"[^\s@<>\"(),;:]{1,64}@[A-Za-z0-9.-]{1,253}")
_ANGLED: Final = re.compile(rf"<({_BARE_ADDRESS.pattern})>")
_VACATION: Final = re.compile(
    r"(auto(matic)?[ -]?(reply|response|balas)|out of (the )?office|balasan otomatis|jawaban otomatis|"
    r"(sedang )?(cuti|di luar kantor)\b|vacation|abwesenheit)",
    re.IGNORECASE,
)
_MAILER: Final = re.compile(r"(mailer-daemon|postmaster)@|^mailer-daemon$", re.IGNORECASE)


def read_message(raw: bytes, tokens: Tokens) -> Incoming:
    """What *raw*, one message as it came, says; never raises for what is in it."""
    cut = len(raw) > LIMITS.message_bytes
    try:
        message: Message = email.message_from_bytes(raw[: LIMITS.message_bytes], policy=policy.compat32)
        read = _read(message, tokens)
    except RecursionError:
        # The standard parser calls itself for each level of nesting; only an attack nests that deep.
        read = _headers_only(raw, tokens)
    return replace(read, incomplete=True) if cut else read


def iter_maildir(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Each message of a Maildir, oldest name first, as its file and its bytes (cut just past the limit).

    Raises:
        NotADirectoryError: *folder* is no Maildir.
    """
    boxes = [folder / name for name in ("new", "cur") if (folder / name).is_dir()]
    if not boxes:
        raise NotADirectoryError(str(folder))
    files = [path for box in boxes for path in box.iterdir() if path.is_file()]
    for path in sorted(files, key=lambda path: path.name):
        with path.open("rb") as file:
            yield path, file.read(LIMITS.message_bytes + 1)


def _read(message: Message, tokens: Tokens) -> Incoming:
    parts, incomplete = flat_parts(message)
    bounce = _bounce(message, parts)
    attachments = tuple(
        Attachment(part.name, part.media_type, part.content) for part in parts if part.is_attachment
    )
    incoming = Incoming(
        number=_number(message, parts if bounce else (), tokens),
        sender=_sender(message),
        subject=one_line(header(message, "subject"))[: LIMITS.subject_chars],
        received_at=_received_at(message),
        text=text_of(parts),
        attachments=attachments,
        kind=MailKind.UNKNOWN,
        incomplete=incomplete,
    )
    if bounce is not None:
        kind, message_id, recipient = bounce
        return replace(incoming, kind=kind, bounced_message_id=message_id, bounced_recipient=recipient)
    return replace(incoming, kind=_kind(message, incoming))


def _headers_only(raw: bytes, tokens: Tokens) -> Incoming:
    head = raw[: LIMITS.head_bytes].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    message: Message = email.message_from_bytes(
        re.sub(rb"(?im)^content-type:.*(\n[ \t].*)*", b"", head) + b"\n\n", policy=policy.compat32
    )
    return replace(_read(message, tokens), text="", incomplete=True)


def _kind(message: Message, incoming: Incoming) -> MailKind:
    if _is_automatic(message, incoming.subject):
        return MailKind.AUTO_REPLY
    if not incoming.sender or (incoming.number is None and not header(message, "in-reply-to")):
        return MailKind.UNKNOWN
    return MailKind.REPLY


def _is_automatic(message: Message, subject: str) -> bool:
    """Whether a machine answered (RFC 3834), or a person's machine while they are away."""
    submitted = header(message, "auto-submitted").strip().lower()
    if submitted and not submitted.startswith("no"):
        return True
    if any(header(message, name) for name in ("x-autoreply", "x-autorespond", "x-autorespond-to")):
        return True
    if header(message, "precedence").strip().lower() in ("bulk", "junk", "auto_reply"):
        return True
    # Our own subject begins with the number; an absence notice puts its words before it.
    return bool(_VACATION.match(subject.strip()))


def _number(message: Message, bounced: tuple[Part, ...], tokens: Tokens) -> str | None:
    places = [value for name in (*_ADDRESS_HEADERS, "in-reply-to") for value in header_values(message, name)]
    for part in bounced:
        places.append(part.content[: LIMITS.head_bytes].decode("ascii", "replace"))
    tried = 0
    for place in places:
        for match in _PLUS_TOKEN.finditer(place):
            if (tried := tried + 1) > LIMITS.tokens:
                return None
            try:
                return tokens.read(match[1])
            except BadToken:
                continue
    return None


def _sender(message: Message) -> str:
    # By pattern and before decoding: an encoded name cannot pass for an address, and the standard
    # parser calls itself for each bracket of a comment.
    for value in message.get_all("from", [])[:3]:
        line = one_line(str(value)[: LIMITS.subject_chars])
        found = _ANGLED.findall(line) or _BARE_ADDRESS.findall(line)
        if found:
            return str(found[-1])
    return ""


def _received_at(message: Message) -> datetime | None:
    stamps = [value.rpartition(";")[2] for value in header_values(message, "received")[:1]]
    for stamp in (*stamps, header(message, "date")):
        try:
            instant = parsedate_to_datetime(one_line(stamp)[:100])
            return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
        except (TypeError, ValueError, OverflowError, IndexError):
            continue
    return None


def _bounce(message: Message, parts: tuple[Part, ...]) -> tuple[MailKind, str | None, str | None] | None:
    """Kind, our message's id and the recipient, when this is a report of non-delivery (RFC 3464)."""
    reports = [part for part in parts if part.media_type == "message/delivery-status"]
    if not reports:
        return _old_style_bounce(message, parts)
    fields = "\n".join(part.content[: LIMITS.head_bytes].decode("ascii", "replace") for part in reports)
    actions = {action.lower() for action in re.findall(r"(?im)^Action:[ \t]*(\w+)", fields)}
    status = re.search(r"(?im)^Status:[ \t]*([245])\.", fields)
    if not actions & {"failed", "delayed"} and (status is None or status[1] == "2"):
        return None  # delivered, relayed, expanded: good news
    # "failed" with 4.x.x means the sending server gave up on a trouble that may pass.
    permanent = "failed" in actions and (status is None or status[1] == "5")
    recipient = re.search(r"(?im)^(?:Original|Final)-Recipient:[ \t]*[\w-]+;[ \t]*<?([^\s<>]{3,320})", fields)
    kind = MailKind.BOUNCE_PERMANENT if permanent else MailKind.BOUNCE_TEMPORARY
    return kind, _returned_id(parts), recipient[1] if recipient else None


def _old_style_bounce(
    message: Message, parts: tuple[Part, ...]
) -> tuple[MailKind, str | None, str | None] | None:
    empty_path = [value.strip() for value in header_values(message, "return-path")[:1]] == ["<>"]
    if not _MAILER.search(_sender(message) or one_line(header(message, "from"))) or not (
        empty_path or header(message, "x-failed-recipients")
    ):
        return None
    code = re.search(r"\b([45])\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3})?", text_of(parts))
    temporary = code is not None and code[1] == "4"
    failed = _BARE_ADDRESS.search(header(message, "x-failed-recipients"))
    kind = MailKind.BOUNCE_TEMPORARY if temporary else MailKind.BOUNCE_PERMANENT
    return kind, _returned_id(parts), failed[0] if failed else None


def _returned_id(parts: tuple[Part, ...]) -> str | None:
    for part in parts:
        if part.media_type in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            found = re.search(rb"(?im)^Message-ID:\s*(<[^<>\s]{3,400}>)", part.content[: LIMITS.head_bytes])
            if found and _MESSAGE_ID.fullmatch(text := found[1].decode("ascii", "replace")):
                return text
    return None
