"""Cases and letters as text in the store, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from domain.assistance import Assistance
from domain.dispute import Dispute
from domain.identity import Identity
from domain.number import CaseKind
from domain.objection import Objection
from domain.request import Request
from tasks.store.family import Case as Case
from tasks.store.hashing import canonical as canonical
from tasks.store.hashing import digest as digest

_ADAPTERS: Final[Mapping[CaseKind, TypeAdapter[Any]]] = {
    CaseKind.REQUEST: TypeAdapter(Request),
    CaseKind.OBJECTION: TypeAdapter(Objection),
    CaseKind.DISPUTE: TypeAdapter(Dispute),
    CaseKind.ASSISTANCE: TypeAdapter(Assistance),
}
_KINDS: Final[Mapping[type, CaseKind]] = {
    Request: CaseKind.REQUEST,
    Objection: CaseKind.OBJECTION,
    Dispute: CaseKind.DISPUTE,
    Assistance: CaseKind.ASSISTANCE,
}
_IDENTITY: Final = TypeAdapter(Identity)


def kind_of(case: Case) -> CaseKind:
    """Which kind of file the case is."""
    return _KINDS[type(case)]


def dump_case(case: Case) -> str:
    """The whole state as JSON; fields that stand at their default are left out."""
    return _ADAPTERS[kind_of(case)].dump_json(case, exclude_defaults=True).decode()


def load_case(kind: str, state: str) -> Case:
    """The case that `dump_case` wrote."""
    case: Case = _ADAPTERS[CaseKind(kind)].validate_json(state)
    return case


def dump_identity(identity: Identity) -> bytes:
    """The personal data as JSON, to be sealed."""
    return _IDENTITY.dump_json(identity, exclude_defaults=True)


def load_identity(plain: bytes) -> Identity:
    """The personal data that `dump_identity` wrote."""
    return _IDENTITY.validate_json(plain)
