"""Who takes part: roles, the OPDs of the city, the officers who stand behind a role."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """In which capacity somebody acts; the law's word is in `docs/GLOSSARY.md`."""

    APPLICANT = "applicant"
    DESK = "desk"
    COORDINATOR = "coordinator"
    OPD = "opd"
    LEGAL = "legal"
    ATASAN = "atasan"
    COMMISSION = "commission"
    ADMIN = "admin"
    SYSTEM = "system"


ROLE_SHOWN_AS: Final = {
    Role.APPLICANT: "Pemohon",
    Role.DESK: "Petugas Pelayanan Informasi",
    Role.COORDINATOR: "PPID",
    Role.OPD: "PPID Pelaksana (OPD)",
    Role.LEGAL: "Bagian Hukum / Tim Pertimbangan",
    Role.ATASAN: "Atasan PPID",
    Role.COMMISSION: "Komisi Informasi Banten",
    Role.ADMIN: "Administrator",
    Role.SYSTEM: "Sistem",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does an act.

    Attributes:
        name: the officer's key in `config/people.yaml`; empty for the applicant and the system.
        opd: the OPD's key, for role `OPD`.
    """

    role: Role
    name: str = ""
    opd: str = ""


SYSTEM: Final = Actor(Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Opd:
    """A unit of the city that holds information; names change, the key stays.

    Attributes:
        name: the name in use now.
        former_names: earlier names, each with the last day it was in use, oldest first.
        parent: the key of the unit it belongs to; empty when it stands alone.
        subjects: words and phrases of what it keeps, for routing.
    """

    key: str
    name: str
    mailbox: str
    head_mailbox: str
    parent: str = ""
    subjects: tuple[str, ...] = ()
    active_from: date | None = None
    active_until: date | None = None
    former_names: tuple[tuple[date, str], ...] = ()

    def name_on(self, day: date) -> str:
        """What the unit was called on that day, for letters about old cases."""
        return next((name for last_day, name in self.former_names if day <= last_day), self.name)

    def is_active(self, on: date) -> bool:
        """Whether tasks may go to this unit on that day."""
        starts = self.active_from is None or self.active_from <= on
        return starts and (self.active_until is None or on <= self.active_until)


@dataclass(frozen=True, slots=True)
class Officer:
    """A person in a role; acting officers (Plh/Plt) have dates."""

    key: str
    title: str
    role: Role
    mailbox: str
    acting_for: str = ""
    active_from: date | None = None
    active_until: date | None = None

    def is_active(self, on: date) -> bool:
        """Whether the officer holds the role on that day."""
        starts = self.active_from is None or self.active_from <= on
        return starts and (self.active_until is None or on <= self.active_until)


@dataclass(frozen=True, slots=True)
class Office:
    """The city's side: who receives what.

    Attributes:
        city: the public body's name on letters.
        commission: the commission's name on letters; `commission_mailbox` is where notices go.
        auto_forward: let the system forward as it proposes (routing).
    """

    city: str
    ppid_mailbox: str
    commission_mailbox: str
    opds: tuple[Opd, ...]
    officers: tuple[Officer, ...]
    auto_forward: bool = False
    commission: str = ROLE_SHOWN_AS[Role.COMMISSION]
    commission_address: str = ""
    _by_key: dict[str, Opd] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_key.update({opd.key: opd for opd in self.opds})

    def opd(self, key: str) -> Opd | None:
        """The OPD of that key, or None."""
        return self._by_key.get(key)

    def officers_in(self, role: Role, on: date) -> tuple[Officer, ...]:
        """Who holds *role* on that day; an acting officer stands in place of the one acted for."""
        holding = [o for o in self.officers if o.role is role and o.is_active(on)]
        replaced = {o.acting_for for o in holding if o.acting_for}
        return tuple(o for o in holding if o.key not in replaced)

    def officer(self, key: str) -> Officer | None:
        """The officer of that key, or None."""
        return next((o for o in self.officers if o.key == key), None)
