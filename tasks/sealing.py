"""Personal data and free text under the person's key: what goes into the store, and back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from domain.identity import Identity
from domain.letter import Fact, Letter
from tasks.keys import Keyring
from tasks.store.codec import canonical, dump_identity, load_identity
from tasks.store.family import Filed

_WINDOW_BITS: Final = 13
_MEMORY_LEVEL: Final = 6


@dataclass(frozen=True, slots=True)
class Sealing:
    """Seals and opens what belongs to a case's person."""

    keyring: Keyring

    def identity_of(self, filed: Filed) -> Identity:
        """The applicant's data, opened with the person's key.

        Raises:
            PersonErased: the key was destroyed.
            SecretUnusable: the office's secret is not the one the data was sealed with.
        """
        return self.open_identity(filed.person_id, filed.wrapped_key, filed.sealed, filed.number)

    def open_identity(
        self, person: str, wrapped_key: bytes | None, sealed: bytes | None, number: str
    ) -> Identity:
        """`identity_of` for who holds the case's row only; raises the same."""
        return load_identity(self.keyring.open(person, wrapped_key, sealed or b"", f"identity:{number}"))

    def seal_identity(self, person: str, wrapped_key: bytes | None, number: str, identity: Identity) -> bytes:
        """The applicant's data of the case of that number, sealed."""
        return self.keyring.seal(person, wrapped_key, dump_identity(identity), f"identity:{number}")

    def seal_note(self, filed: Filed, note: dict[str, Any]) -> bytes | None:
        """What the next journal entry of the case keeps sealed; nothing once the person is erased."""
        if not note or filed.wrapped_key is None:
            return None
        about = f"journal:{filed.number}:{filed.head.seq + 1}"
        return self.keyring.seal(filed.person_id, filed.wrapped_key, canonical(note).encode(), about)

    def without_note(
        self, filed: Filed, letters: tuple[Letter, ...], note: str
    ) -> tuple[tuple[Letter, ...], dict[str, bytes]]:
        """The letters with the act's free text taken out, and that text sealed, by the letter's key."""
        if not note:
            return letters, {}
        plain, hidden = [], {}
        for letter in letters:
            told = {name: value for name, value in letter.facts.items() if _tells(value, note)}
            if told:
                if filed.wrapped_key is not None:
                    hidden[letter.key] = self.seal_facts(filed.person_id, filed.wrapped_key, letter.key, told)
                hints: dict[str, Fact] = {"hidden": list(told), **dict.fromkeys(told, "")}
                letter = replace(letter, facts={**letter.facts, **hints})
            plain.append(letter)
        return tuple(plain), hidden

    def seal_facts(self, person: str, wrapped_key: bytes | None, key: str, told: Mapping[str, Any]) -> bytes:
        """What the letter of that key tells and may not stand in plain."""
        return self.keyring.seal(person, wrapped_key, canonical(told).encode(), f"facts:{key}")

    def open_facts(self, person: str, wrapped_key: bytes | None, key: str, sealed: bytes) -> dict[str, Any]:
        """What `seal_facts` took."""
        told: dict[str, Any] = json.loads(self.keyring.open(person, wrapped_key, sealed, f"facts:{key}"))
        return told

    def seal_text(self, person: str, wrapped_key: bytes | None, key: str, text: str) -> bytes:
        """The words of a letter as they left; under the office's own key where it is about no person."""
        packed, about = _packed(text.encode()), f"letter:{key}"
        if wrapped_key is None:
            return self.keyring.seal_for_office(packed, about)
        return self.keyring.seal(person, wrapped_key, packed, about)

    def open_text(self, person: str, wrapped_key: bytes | None, key: str, sealed: bytes) -> bytes:
        """The words of a letter about a person, as UTF-8."""
        return zlib.decompress(self.keyring.open(person, wrapped_key, sealed, f"letter:{key}"))

    def open_note(
        self, person: str, wrapped_key: bytes | None, number: str, seq: int, sealed: bytes
    ) -> dict[str, Any]:
        """The sealed part of a journal entry: free text, and the values a correction replaced."""
        opened = self.keyring.open(person, wrapped_key, sealed, f"journal:{number}:{seq}")
        note: dict[str, Any] = json.loads(opened)
        return note


def _packed(text: bytes) -> bytes:
    """Deflated with a window of 8 kB: making ready the usual 32 kB took longer than packing a letter."""
    packer = zlib.compressobj(6, zlib.DEFLATED, _WINDOW_BITS, _MEMORY_LEVEL)
    return packer.compress(text) + packer.flush()


def _tells(value: Fact, note: str) -> bool:
    return value == note or (isinstance(value, list) and note in value)
