"""Takes a parsed message apart within fixed limits, however deep, large or broken it is."""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from html import unescape
from typing import Final, cast

from tasks.plain import one_line, several_lines


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one message is read."""

    message_bytes: int = 30 * 1024 * 1024
    head_bytes: int = 64 * 1024
    parts: int = 200
    attachments: int = 50
    text_chars: int = 100_000
    subject_chars: int = 500
    header_chars: int = 10_000
    header_values: int = 50
    tokens: int = 50


LIMITS: Final = Limits()

_HIDDEN: Final = frozenset({"script", "style", "head", "title"})
_BREAKS: Final = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4"})


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of a message: *content* is decoded; a message inside a message stays whole, as bytes."""

    media_type: str
    name: str
    content: bytes
    charset: str
    is_attachment: bool


def header_values(message: Message, name: str) -> list[str]:
    """Every value of that header, decoded, each cut at `LIMITS.header_chars`."""
    values = message.get_all(name, [])[: LIMITS.header_values]
    return [_decoded(str(value)[: LIMITS.header_chars]) for value in values]


def header(message: Message, name: str) -> str:
    """The first value of that header, empty when there is none."""
    return next(iter(header_values(message, name)), "")


def flat_parts(message: Message) -> tuple[tuple[Part, ...], bool]:
    """The leaves in reading order, and whether any was left out."""
    waiting, leaves, attachments, seen = [message], list[Part](), 0, 0
    while waiting:
        one = waiting.pop(0)
        if (seen := seen + 1) > LIMITS.parts:
            return tuple(leaves), True
        media_type = one.get_content_type()
        if one.is_multipart() and not media_type.startswith("message/"):
            waiting[:0] = _inner(one)
            continue
        leaf = _leaf(one, media_type)
        attachments += leaf.is_attachment
        if attachments > LIMITS.attachments:
            return tuple(leaves), True
        leaves.append(leaf)
    return tuple(leaves), False


def text_of(parts: Sequence[Part]) -> str:
    """What was written: the plain parts, or else the HTML ones without their tags."""
    for media_type in ("text/plain", "text/html"):
        texts = [_as_text(part) for part in parts if part.media_type == media_type and not part.is_attachment]
        if any(text.strip() for text in texts):
            joined = "\n\n".join(texts)[: LIMITS.text_chars]
            return several_lines(_without_tags(joined) if media_type == "text/html" else joined)
    return ""


def _leaf(part: Message, media_type: str) -> Part:
    content = _content(part)
    name = _file_name(part)
    disposition = str(part.get("content-disposition", "")).strip().lower()
    about_mail = media_type.startswith("message/") or media_type == "text/rfc822-headers"
    attached = disposition.startswith("attachment") or (bool(name) and not about_mail)
    attached = attached or not (media_type.startswith(("text/", "multipart/")) or about_mail)
    return Part(media_type, name or ("lampiran" if attached else ""), content, _charset(part), attached)


def _inner(part: Message) -> list[Message]:
    return cast("list[Message]", part.get_payload())[: LIMITS.parts]


def _content(part: Message) -> bytes:
    if part.is_multipart():
        # A message in a message (a report, a forwarded mail): its own parts are not ours to read.
        return b"\n".join(map(_flattened, _inner(part)))[: LIMITS.message_bytes]
    try:
        # Always decoded: without it the standard library trips over a charset it cannot read.
        decoded = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, binascii.Error):
        decoded = None
    return decoded if isinstance(decoded, bytes) else b""


def _flattened(message: Message) -> bytes:
    """Headers and the plain body, by hand: the standard generator raises on broken headers."""
    lines = [f"{name}: {str(value)[: LIMITS.header_chars]}" for name, value in message.items()[:200]]
    body = b"" if message.is_multipart() else _content(message)
    return "\n".join(lines).encode("utf-8", "replace") + b"\n\n" + body


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename()
    except (ValueError, LookupError, TypeError, HeaderParseError):
        name = "lampiran"
    if not name:
        return ""
    plain = one_line(_decoded(str(name)[:500]))
    return re.sub(r'[/\\:*?"<>|]+', "-", plain).lstrip(".- ")[:120] or "lampiran"


def _charset(part: Message) -> str:
    try:
        return str(part.get_content_charset("utf-8"))
    except (ValueError, LookupError, TypeError):
        return "utf-8"


def _as_text(part: Part) -> str:
    raw = part.content[: LIMITS.text_chars * 4]
    try:
        return raw.decode(part.charset, "replace")
    except (LookupError, ValueError):  # a charset nobody knows, or one that is no text encoding
        return raw.decode("utf-8", "replace")


def _decoded(value: str) -> str:
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(value)
        return "".join(
            piece.decode(charset or "ascii", "replace") if isinstance(piece, bytes) else piece
            for piece, charset in pieces
        )
    except (HeaderParseError, LookupError, ValueError, binascii.Error):
        return value


def _without_tags(html: str) -> str:
    """The words of a page, in one pass: a pattern over whole tags could be made to take minutes."""
    first, *pieces = html.split("<")
    words, hidden = [first], ""
    for piece in pieces:
        tag, _, after = piece.partition(">")
        name = tag.split(None, 1)[0].lower() if tag.strip() else ""
        if hidden:
            hidden = "" if name == f"/{hidden}" else hidden
        elif name in _HIDDEN:
            hidden = name
        if not hidden:
            words.append(("\n" if name.strip("/") in _BREAKS else "") + after)
    return unescape("".join(words))
