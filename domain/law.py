"""What the law fixes: ceilings for the city's duties, floors for the applicant's rights.

Configuration may be stricter on the city and kinder to the applicant, never the reverse.
Rule ids are those of the law table kept in `docs/law-rules.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from domain.rule import ClockKind, Unit

#: The first day of UU 14/2008 (Pasal 64 ayat (1): two years after 30 April 2008).
IN_FORCE_ON: Final = date(2010, 4, 30)


class Bound(StrEnum):
    """Whether the law's length is the most the city may take or the least the applicant has."""

    CEILING = "ceiling"
    FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class Limit:
    """A length no configuration may cross, with its article."""

    bound: Bound
    length: int
    unit: Unit
    law: str
    rule_id: str


_WD = Unit.WORKING_DAY

LIMITS: Final[dict[str, Limit]] = {
    ClockKind.COMPLETENESS: Limit(Bound.CEILING, 3, _WD, "PERKI 1/2021 Pasal 31 ayat (2)", "R-S31.2"),
    ClockKind.CORRECTION: Limit(Bound.FLOOR, 3, _WD, "PERKI 1/2021 Pasal 33 ayat (3)", "R-S33.3"),
    ClockKind.NOTICE: Limit(Bound.CEILING, 10, _WD, "UU 14/2008 Pasal 22 ayat (7)", "R-22.7"),
    "extension": Limit(Bound.CEILING, 7, _WD, "UU 14/2008 Pasal 22 ayat (8)", "R-22.8"),
    ClockKind.OBJECTION_WINDOW: Limit(Bound.FLOOR, 30, _WD, "UU 14/2008 Pasal 36 ayat (1)", "R-36.1"),
    ClockKind.OBJECTION_ANSWER: Limit(Bound.CEILING, 30, _WD, "UU 14/2008 Pasal 36 ayat (2)", "R-36.2"),
    ClockKind.DISPUTE_WINDOW: Limit(Bound.FLOOR, 14, _WD, "UU 14/2008 Pasal 37 ayat (2)", "R-37.2"),
    ClockKind.KI_COMPLETION: Limit(Bound.FLOOR, 7, _WD, "PERKI 1/2013 Pasal 17 ayat (2)", "R-D17.2"),
    ClockKind.KI_START: Limit(Bound.CEILING, 14, _WD, "UU 14/2008 Pasal 38 ayat (1)", "R-38.1"),
    ClockKind.MEDIATION: Limit(Bound.CEILING, 14, _WD, "PERKI 1/2013 Pasal 41", "R-D41"),
    "mediation_extension": Limit(Bound.CEILING, 7, _WD, "PERKI 1/2013 Pasal 41", "R-D41"),
    ClockKind.KI_PROCESS: Limit(Bound.CEILING, 100, _WD, "UU 14/2008 Pasal 38 ayat (2)", "R-38.2"),
    ClockKind.DECISION_COPY: Limit(Bound.CEILING, 3, _WD, "PERKI 1/2013 Pasal 59 ayat (4)", "R-D59.4"),
    ClockKind.APPEAL: Limit(Bound.CEILING, 14, _WD, "UU 14/2008 Pasal 48 ayat (1)", "R-48.1"),
    ClockKind.CASSATION: Limit(Bound.CEILING, 14, Unit.CALENDAR_DAY, "UU 14/2008 Pasal 50", "R-50"),
}

#: The city's own steps before the notice, in order; their budgets may not pass the aim.
BUDGET_STEPS: Final = (
    ClockKind.COMPLETENESS,
    ClockKind.FORWARD,
    ClockKind.OPD_ANSWER,
    ClockKind.REVIEW,
    ClockKind.DRAFTING,
)

#: The city aims one working day before the statutory tenth (DESIGN 11).
AIM_WORKING_DAYS: Final = 9
