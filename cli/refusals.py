"""What the rules refused, as an official reads it: stages and actions by their Indonesian names, fields by
their options, and what can be done now."""

from __future__ import annotations

from typing import Final

from cli.casebook import named_action, possible_actions
from domain.errors import DomainError, Refused, RoleNotPermitted, UnknownAction, WrongStage
from domain.office import ROLE_SHOWN_AS, Role
from tasks.store.codec import Case
from tasks.view import stage_shown

#: The option by which a person gives the field a guard names.
OPTIONS: Final = {
    "as": "--as",
    "note": "--note",
    "on": "--on",
    "until": "--until",
    "opd": "--opd",
    "item": "--item",
    "outcome": "--outcome",
    "ground": "--ground",
    "basis": "--basis",
    "permanent": "--permanent",
    "days": "--days",
    "amount": "--amount",
    "extension": "--extension-ground",
    "reasons": "--reason",
    "granted": "--granted",
    "ruling": "--ruling",
    "other": "--other",
    "attach": "--attach",
    "field": "--set",
}


class CannotAct(DomainError):
    """The act is not possible on this case now; *possible* is what the role can do instead."""

    def __init__(self, why: str, role: Role, possible: tuple[str, ...] = ()) -> None:
        super().__init__(why, role, possible)
        self.why, self.role, self.possible = why, role, possible

    def __str__(self) -> str:
        can = ", ".join(self.possible) or "tidak ada"
        return f"{self.why} Yang kini dapat dilakukan {ROLE_SHOWN_AS[self.role]}: {can}."


def in_words(refusal: DomainError, case: Case, role: Role) -> DomainError:
    """The same refusal in the words of the office; one that needs none comes back as it is."""
    possible = possible_actions(case, role)
    match refusal:
        case WrongStage(action=action):
            name, stage = named_action(case, action), stage_shown(case)
            return CannotAct(f"{name} tidak dapat dilakukan pada tahap «{stage}».", role, possible)
        case RoleNotPermitted(action=action, roles=roles):
            name, may = named_action(case, action), ", ".join(roles)
            why = f"{ROLE_SHOWN_AS[role]} tidak berwenang: {name}. Yang berwenang: {may}."
            return CannotAct(why, role, possible)
        case UnknownAction(action=action):
            return CannotAct(f"Tindakan «{action}» tidak dikenal.", role, possible)
        case Refused():
            return by_option(refusal)
        case _:
            return refusal


def by_option(refusal: Refused) -> Refused:
    """The same refusal, its field named by the option that gives it."""
    return Refused(OPTIONS[refusal.field], refusal.why) if refusal.field in OPTIONS else refusal
