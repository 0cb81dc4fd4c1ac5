"""A family of cases as an act holds it: each case with what its row keeps beside the state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from domain.assistance import Assistance
from domain.dispute import Dispute
from domain.errors import CaseNotFound
from domain.objection import Objection
from domain.request import Request

Case: TypeAlias = Request | Objection | Dispute | Assistance


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a case's chain in the journal."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Filed:
    """A case with what its row holds beside the state."""

    id: int
    root_id: int
    series: str
    case: Case
    head: Head
    person_id: str
    wrapped_key: bytes | None
    sealed: bytes | None

    @property
    def number(self) -> str:
        """The registration number."""
        return self.case.number


@dataclass(frozen=True, slots=True)
class Family:
    """A request with its objections and disputes, or a lone objection; root first."""

    files: tuple[Filed, ...]

    @property
    def root(self) -> Filed:
        """The file the others hang on."""
        return self.files[0]

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases alone."""
        return tuple(f.case for f in self.files)

    def file(self, number: str) -> Filed:
        """The file of that number.

        Raises:
            CaseNotFound: it is not in this family.
        """
        for filed in self.files:
            if filed.number == number:
                return filed
        raise CaseNotFound(number)

    def with_file(self, changed: Filed) -> Family:
        """The family with that file replaced, or added."""
        known = any(f.id == changed.id for f in self.files)
        files = tuple(changed if f.id == changed.id else f for f in self.files)
        return Family(files if known else (*files, changed))
