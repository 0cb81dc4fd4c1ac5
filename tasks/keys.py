"""Keys: one per person under the office's secret; destroying a person's key erases the person.

Everything sealed is AES-256-GCM with a fresh nonce; what it belongs to is authenticated with it, so a
sealed part cannot be moved to another row.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tasks.failures import MustAct

_NONCE: Final = 12
#: Unwrapped keys kept in memory; the oldest go first.
_REMEMBERED: Final = 4096


class SecretUnusable(MustAct):
    """The secret is too short, or is not the one the data was sealed with."""

    def __str__(self) -> str:
        return (
            "PPID_SECRET_KEY tidak cocok dengan data yang ada, atau kurang dari 32 karakter. "
            "Pakai kunci yang sama dengan saat data dibuat."
        )


class PersonErased(MustAct):
    """The person's key was destroyed: what it sealed can no longer be read."""

    def __str__(self) -> str:
        return "Data pribadi pemohon ini sudah dihapus."


def secret_from_file(path: Path) -> str:
    """The secret kept in that file; made on first use, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(made + "\n")
    return path.read_text().strip()


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person's id and the wrapped key to store beside it."""

    id: str
    wrapped_key: bytes


class Keyring:
    """Seals and opens, with keys derived from the office's secret.

    Raises:
        SecretUnusable: the secret has fewer than 32 characters.
    """

    def __init__(self, secret: str) -> None:
        if len(secret) < 32:
            raise SecretUnusable()
        self._wrap = AESGCM(_derive(secret, b"wrap"))
        self._office = AESGCM(_derive(secret, b"office"))
        self._blind = _derive(secret, b"blind")
        #: For signed tokens; its own derivation, so a token tells nothing about the rest.
        self.token_key = _derive(secret, b"token")
        self._open: dict[str, AESGCM] = {}

    def new_person(self) -> NewPerson:
        """A fresh person with a fresh key."""
        person = secrets.token_hex(16)
        key = AESGCM.generate_key(256)
        self._remember(person, AESGCM(key))
        return NewPerson(person, _encrypt(self._wrap, key, person.encode()))

    def seal(self, person: str, wrapped_key: bytes | None, plain: bytes, about: str) -> bytes:
        """*plain* sealed under the person's key; *about* names what it belongs to.

        Raises:
            PersonErased: the key is gone.
            SecretUnusable: the secret is another one.
        """
        return _encrypt(self._key(person, wrapped_key), plain, about.encode())

    def open(self, person: str, wrapped_key: bytes | None, sealed: bytes, about: str) -> bytes:
        """What `seal` took.

        Raises:
            PersonErased: the key is gone.
            SecretUnusable: the secret is another one, or the sealed part was changed or moved.
        """
        return _decrypt(self._key(person, wrapped_key), sealed, about.encode())

    def seal_for_office(self, plain: bytes, about: str) -> bytes:
        """Sealed under the office's own key: documents, mail that belongs to no case."""
        return _encrypt(self._office, plain, about.encode())

    def open_for_office(self, sealed: bytes, about: str) -> bytes:
        """What `seal_for_office` took.

        Raises:
            SecretUnusable: the secret is another one, or the sealed part was changed.
        """
        return _decrypt(self._office, sealed, about.encode())

    def blind_index(self, text: str) -> str:
        """A keyed digest to search by, which tells nothing without the secret."""
        return hmac.new(self._blind, text.strip().casefold().encode(), hashlib.sha256).hexdigest()

    def forget(self, person: str) -> None:
        """Drop the key from memory, after it was destroyed in the store."""
        self._open.pop(person, None)

    def _key(self, person: str, wrapped_key: bytes | None) -> AESGCM:
        if wrapped_key is None:
            self.forget(person)
            raise PersonErased()
        known = self._open.get(person)
        if known is None:
            known = AESGCM(_decrypt(self._wrap, wrapped_key, person.encode()))
            self._remember(person, known)
        return known

    def _remember(self, person: str, key: AESGCM) -> None:
        if len(self._open) >= _REMEMBERED:
            self._open.pop(next(iter(self._open)))
        self._open[person] = key


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"ppid-tangsel/" + purpose).derive(secret.encode())


def _encrypt(key: AESGCM, plain: bytes, about: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + key.encrypt(nonce, plain, about)


def _decrypt(key: AESGCM, sealed: bytes, about: bytes) -> bytes:
    try:
        return key.decrypt(sealed[:_NONCE], sealed[_NONCE:], about)
    except InvalidTag as error:
        raise SecretUnusable() from error
