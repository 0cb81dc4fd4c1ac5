"""What stands in the agency's files, field by field; an unknown field is a fault.

Checks of one value live here. What needs the law or another file is checked where the plain values are
made: `config/rules.py`, `config/ladders.py`, `config/office.py`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Final

from pydantic import AfterValidator, Field, Strict, StringConstraints, model_validator

from config.faults import RuleFault
from config.yamlfile import FileModel
from domain.calendar import Treatment
from domain.errors import Refused
from domain.ladder import CommissionMode, Effect, Recipient, Via
from domain.office import Role
from domain.rule import ClockKind, Direction, Unit
from domain.text import clean_line

RULE_NAMES: Final = (
    *(kind.value for kind in ClockKind),
    "extension",
    "presumed_receipt",
    "mediation_extension",
)
LONGEST_PERIOD: Final = 1000
FURTHEST_RUNG: Final = 250
#: Roles an officer may hold; the applicant and the system are not named in a file, OPDs have their own.
OFFICE_ROLES: Final = (Role.DESK, Role.COORDINATOR, Role.LEGAL, Role.ATASAN, Role.ADMIN)
_MAILBOX: Final = re.compile(
    r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)


def _one_line(text: str) -> str:
    try:
        return clean_line("", text, longest=500)
    except Refused as refused:
        raise RuleFault(refused.why) from refused


def _mailbox(text: str) -> str:
    if len(text) > 254 or not _MAILBOX.fullmatch(text):
        raise RuleFault("bukan alamat surel yang sah")
    return text


def _rule_name(name: str) -> str:
    if name not in RULE_NAMES:
        raise RuleFault(f"tenggat «{name}» tidak dikenal; yang ada: {', '.join(RULE_NAMES)}")
    return name


def _office_role(role: Role) -> Role:
    if role not in OFFICE_ROLES:
        raise RuleFault(f"peran pejabat harus salah satu dari {', '.join(OFFICE_ROLES)}")
    return role


Day = Annotated[date, Strict()]
Flag = Annotated[bool, Strict()]
Line = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_one_line)]
Mailbox = Annotated[str, AfterValidator(_mailbox), Field(json_schema_extra={"format": "email"})]
Length = Annotated[int, Strict(), Field(ge=0, le=LONGEST_PERIOD)]
RuleName = Annotated[str, AfterValidator(_rule_name), Field(json_schema_extra={"enum": list(RULE_NAMES)})]
OfficeRole = Annotated[Role, AfterValidator(_office_role)]
OpdKey = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]{1,29}$")]
OfficerKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,29}$")]


class RuleEntry(FileModel):
    """One period of `deadlines.yaml`; exactly one of the four lengths is given."""

    name: RuleName
    working_days: Length | None = None
    calendar_days: Length | None = None
    months: Length | None = None
    hours: Length | None = None
    also_calendar_days: Annotated[int, Strict(), Field(ge=1, le=LONGEST_PERIOD)] | None = None
    direction: Direction = Direction.AFTER
    counts_from: Line
    effective_from: Day
    law: Line
    basis: str = ""
    joint_leave: Treatment = Treatment.SKIPPED
    receipt_day: Treatment = Treatment.SKIPPED

    @model_validator(mode="after")
    def _has_one_length(self) -> RuleEntry:
        if len(self._lengths()) != 1:
            raise RuleFault("isi tepat satu dari working_days, calendar_days, months, hours")
        return self

    def _lengths(self) -> dict[Unit, int]:
        given = {
            Unit.WORKING_DAY: self.working_days,
            Unit.CALENDAR_DAY: self.calendar_days,
            Unit.MONTH: self.months,
            Unit.HOUR: self.hours,
        }
        return {unit: length for unit, length in given.items() if length is not None}

    @property
    def period(self) -> tuple[int, Unit]:
        """The length and its unit."""
        ((unit, length),) = self._lengths().items()
        return length, unit


class DeadlinesFile(FileModel):
    """`deadlines.yaml`."""

    rules: list[RuleEntry]


class RungEntry(FileModel):
    """One step of a ladder; *offset* in working days from the last day."""

    offset: Annotated[int, Strict(), Field(ge=-FURTHEST_RUNG, le=FURTHEST_RUNG)]
    to: list[Recipient]
    effect: Effect = Effect.REMIND
    via: Via = Via.MAIL


class LadderEntry(FileModel):
    """The ladder of one clock."""

    clock: ClockKind
    rungs: list[RungEntry]


class LaddersFile(FileModel):
    """`ladders.yaml`."""

    commission: CommissionMode = CommissionMode.AUTOMATIC
    digest: Flag = True
    ladders: list[LadderEntry]


class NameEntry(FileModel):
    """A name an OPD bears or bore; *until* is the last day it was in use."""

    name: Line
    until: Day | None = None


class OpdEntry(FileModel):
    """One unit of the city."""

    key: OpdKey
    names: Annotated[list[NameEntry], Field(min_length=1)]
    mailbox: Mailbox
    head_mailbox: Mailbox
    parent: str = ""
    subjects: tuple[Line, ...] = ()
    active_from: Annotated[Day | None, Field(alias="from")] = None
    active_until: Annotated[Day | None, Field(alias="until")] = None


class OpdFile(FileModel):
    """`opd.yaml`."""

    opds: list[OpdEntry]


class CommissionEntry(FileModel):
    """Komisi Informasi, which hears disputes with the city."""

    name: Line
    mailbox: Mailbox
    address: Line


class OfficerEntry(FileModel):
    """Somebody in a role; acting officers name whom they stand in for, and from when until when."""

    key: OfficerKey
    title: Line
    role: OfficeRole
    mailbox: Mailbox
    acting_for: str = ""
    active_from: Annotated[Day | None, Field(alias="from")] = None
    active_until: Annotated[Day | None, Field(alias="until")] = None


class PeopleFile(FileModel):
    """`people.yaml`."""

    city: Line
    ppid_mailbox: Mailbox
    commission: CommissionEntry
    auto_forward: Flag = False
    officers: list[OfficerEntry]
