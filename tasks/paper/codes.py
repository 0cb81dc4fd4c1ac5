"""The code by which anybody can ask whether a letter is genuine, and its picture for a telephone's camera."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import re
from typing import Final

import segno

_BYTES: Final = 10
_FORM: Final = re.compile(r"[A-Z2-7]{16}")


def code_of(key: bytes, letter: str, paper: str) -> str:
    """The code of that letter's paper, ``ABCD-EFGH-IJKL-MNOP``: it tells nothing and cannot be guessed."""
    own_key = hmac.digest(key, b"ppid letter code v1", hashlib.sha256)
    mac = hmac.digest(own_key, f"{letter}\x00{paper}".encode(), hashlib.sha256)[:_BYTES]
    return shown(base64.b32encode(mac).decode("ascii"))


def shown(code: str) -> str:
    """The sixteen characters in groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, 16, 4))


def read(text: str) -> str | None:
    """The code somebody typed, in the form it is kept; None when it cannot be one."""
    plain = re.sub(r"[\s-]", "", text.upper()).replace("0", "O").replace("1", "I").replace("8", "B")
    return shown(plain) if _FORM.fullmatch(plain) else None


def address_of(public_url: str, code: str) -> str:
    """Where the public page about that letter is; empty while the office has no public address."""
    return f"{public_url.rstrip('/')}/surat/{code}" if public_url else ""


def picture_of(address: str) -> str:
    """The address as QR code, an SVG drawing; empty for no address."""
    if not address:
        return ""
    drawn = io.BytesIO()
    # Any mask can be read; looking for the best of the eight takes longer than setting the whole letter.
    segno.make(address, error="m", micro=False, mask=4).save(
        drawn, kind="svg", border=0, xmldecl=False, svgns=True, nl=False
    )
    return drawn.getvalue().decode("ascii")
