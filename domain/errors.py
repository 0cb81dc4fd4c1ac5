"""What the rules say no to. Each error names the fact, keeps its fields, and reads as a plain sentence.

DomainError
├── NoRuleInForce        the configuration has no period for that day
├── WrongStage           the action does not start from the case's stage
├── RoleNotPermitted     the role may not take the action
├── UnknownAction        no such action for this kind of case
├── Refused              a guard said no, with the field it is about
├── StaleFacts           decided on an older version of the case
├── CaseNotFound         no case of that number
└── CaseExists           the number is taken
"""

from __future__ import annotations

from datetime import date


class DomainError(Exception):
    """The rules say no; told to a person, in Bahasa Indonesia, by ``str()``."""


class NoRuleInForce(DomainError):
    """The configuration knows no period of that name on that day."""

    def __init__(self, name: str, on: date) -> None:
        super().__init__(name, on)
        self.name, self.on = name, on

    def __str__(self) -> str:
        return f"Tidak ada tenggat «{self.name}» yang berlaku pada {self.on}; lengkapi deadlines.yaml."


class WrongStage(DomainError):
    """The action does not start from the stage the case is in; *allowed* is what the role can do there."""

    def __init__(self, action: str, stage: str, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(action, stage, allowed)
        self.action, self.stage, self.allowed = action, stage, allowed

    def __str__(self) -> str:
        can = f" Yang dapat dilakukan sekarang: {', '.join(self.allowed)}." if self.allowed else ""
        return f"Tindakan «{self.action}» tidak dapat dilakukan pada tahap «{self.stage}».{can}"


class RoleNotPermitted(DomainError):
    """The role may not take the action; *roles* may, *allowed* is what this role can do instead."""

    def __init__(
        self, action: str, role: str, roles: tuple[str, ...] = (), allowed: tuple[str, ...] = ()
    ) -> None:
        super().__init__(action, role, roles, allowed)
        self.action, self.role, self.roles, self.allowed = action, role, roles, allowed

    def __str__(self) -> str:
        may = f" Yang berwenang: {', '.join(self.roles)}." if self.roles else ""
        return f"Peran «{self.role}» tidak berwenang melakukan «{self.action}».{may}"


class UnknownAction(DomainError):
    """There is no such action for this kind of case."""

    def __init__(self, action: str, known: tuple[str, ...]) -> None:
        super().__init__(action, known)
        self.action, self.known = action, known

    def __str__(self) -> str:
        return f"Tindakan «{self.action}» tidak dikenal. Yang ada: {', '.join(self.known)}."


class Refused(DomainError):
    """A guard says no; *field* names what the person gave or left out."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(field, why)
        self.field, self.why = field, why

    def __str__(self) -> str:
        return f"{self.field}: {self.why}"


class StaleFacts(DomainError):
    """The form was filled from an older version of the case."""

    def __init__(self, number: str, seen: int, current: int) -> None:
        super().__init__(number, seen, current)
        self.number, self.seen, self.current = number, seen, current

    def __str__(self) -> str:
        return (
            f"{self.number} sudah berubah sejak halaman dibuka (versi {self.seen}, kini {self.current}). "
            "Muat ulang lalu ulangi."
        )


class CaseNotFound(DomainError):
    """No case has that number."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number

    def __str__(self) -> str:
        return f"Tidak ada berkas bernomor «{self.number}»."


class CaseExists(DomainError):
    """The number is taken already."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number

    def __str__(self) -> str:
        return f"Nomor {self.number} sudah dipakai."
