"""A case's signed token in the reply address, so that an answer finds its case and nobody can guess one.

The token is ``001-ppid-ts-2026.k3v9…``: the number as files write it, and 80 bits of an HMAC. It says
which case a message is about, never who wrote it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import re
from collections.abc import Iterator
from typing import Final

MAC_BYTES: Final = 10
MIN_KEY_BYTES: Final = 16
_TOKEN: Final = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+){0,7})\.([a-z2-7]{16})")
_NUMBER: Final = re.compile(r"[A-Z0-9]+(?:[/-][A-Z0-9]+){0,7}")


class BadToken(Exception):
    """The text is no token of ours: malformed, cut, or signed with another key."""


class Tokens:
    """Signs and reads case tokens.

    Args:
        key: the service's secret, at least 16 bytes; with another key all old tokens are strangers.

    Raises:
        ValueError: the key is shorter.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < MIN_KEY_BYTES:
            raise ValueError(f"the key for case tokens needs {MIN_KEY_BYTES} bytes, got {len(key)}")
        # A key of its own purpose: a token never serves as a signature of anything else.
        self._key = hmac.digest(key, b"ppid case token v1", hashlib.sha256)

    def case_token(self, number: str) -> str:
        """The token of that case: lower case, safe in the part of an address after a plus.

        Raises:
            ValueError: *number* is not made of capitals, digits, ``/`` and ``-``.
        """
        if not _NUMBER.fullmatch(number):
            raise ValueError(f"{number!r} is not a registration number")
        return f"{number.lower().replace('/', '-')}.{self._mac(number)}"

    def read(self, token: str) -> str:
        """The number of the case the token was made for; letters may have changed their case on the way.

        Raises:
            BadToken: it was not made with this key.
        """
        match = _TOKEN.fullmatch(token.lower())
        if match is None:
            raise BadToken
        # Files write "/" as "-", so several numbers look alike; the signature tells which one is meant.
        for number in _numbers_like(match[1].upper()):
            if hmac.compare_digest(self._mac(number), match[2]):
                return number
        raise BadToken

    def reply_to(self, mailbox: str, number: str) -> str:
        """The address answers about that case go to: ``ppid+001-ppid-ts-2026.k3v9…@…``."""
        local, _, domain = mailbox.rpartition("@")
        return f"{local}+{self.case_token(number)}@{domain}"

    def _mac(self, number: str) -> str:
        digest = hmac.digest(self._key, number.encode("ascii"), hashlib.sha256)[:MAC_BYTES]
        return base64.b32encode(digest).decode("ascii").lower()


def _numbers_like(slug: str) -> Iterator[str]:
    first, *rest = slug.split("-")
    for marks in itertools.product("/-", repeat=len(rest)):
        yield first + "".join(mark + part for mark, part in zip(marks, rest, strict=True))
