"""A dispute (sengketa informasi) at Komisi Informasi Banten, seen from the city's side.

The Commission's own steps are facts somebody records here. What is said in mediation is no evidence
(PERKI 1/2013 Pasal 50): no step keeps it, and no dossier may hold it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain.act import ObjectionReason, Ruling
from domain.arrow import Scene
from domain.clock import Clocks


class DisputeStage(StrEnum):
    """Where a dispute stands."""

    REGISTERED = "registered"
    MEDIATION = "mediation"
    ADJUDICATION = "adjudication"
    DECIDED = "decided"
    APPEALED = "appealed"
    COMPLIED = "complied"
    CLOSED = "closed"


DISPUTE_SHOWN_AS: Final = {
    DisputeStage.REGISTERED: "Sengketa terdaftar",
    DisputeStage.MEDIATION: "Mediasi",
    DisputeStage.ADJUDICATION: "Ajudikasi",
    DisputeStage.DECIDED: "Diputus",
    DisputeStage.APPEALED: "Di pengadilan",
    DisputeStage.COMPLIED: "Putusan dilaksanakan",
    DisputeStage.CLOSED: "Selesai",
}


class Party(StrEnum):
    """Who takes a decision to court; given as `Act.other`."""

    APPLICANT = "applicant"
    CITY = "city"


#: An exemption is never mediated (PERKI 1/2013 Pasal 29; UU 14/2008 Pasal 40).
NOT_MEDIATED: Final = frozenset({ObjectionReason.A})


#: Decisions that tell the city to do something.
ORDERING: Final = frozenset({Ruling.GRANTED, Ruling.PARTLY, Ruling.AGREEMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A dispute. `received_on` is the day of the Commission's notice, from which its periods count.

    Attributes:
        ki_number: the Commission's register number; empty until it has one.
        late: filed after the applicant's 14 working days; the Commission judges that, not the city.
        started_on: first mediation meeting or first hearing.
        order: what the decision or the agreement says must be done.
        comply_by: by when; None where nothing is ordered.
        appeal_late: recorded after the computed last day; the court judges that.
        court_decided_on: day the last court decision was received.
    """

    number: str
    person: str
    request: str
    objection: str
    reasons: tuple[ObjectionReason, ...]
    received_on: date
    registered_at: datetime
    subject: str
    ki_number: str = ""
    stage: DisputeStage = DisputeStage.REGISTERED
    version: int = 1
    clocks: Clocks = ()
    has_email: bool = True
    late: bool = False
    asked_on: date | None = None
    completed_on: date | None = None
    started_on: date | None = None
    mediation_extended_on: date | None = None
    hearing_on: date | None = None
    answered_on: date | None = None
    decision_hearing_on: date | None = None
    conclusions_on: date | None = None
    ruling: Ruling | None = None
    decided_on: date | None = None
    decision_received_on: date | None = None
    order: str = ""
    comply_by: date | None = None
    appealed_on: date | None = None
    appealed_by: Party | None = None
    appeal_late: bool = False
    court_decided_on: date | None = None
    complied_on: date | None = None
    dossier_released_on: date | None = None
    dossier_released_by: str = ""
    dossier_document: str = ""
    exempt_released_on: date | None = None
    exempt_released_by: str = ""
    closed_because: str = ""

    @property
    def is_ordered(self) -> bool:
        """The city has something to do under the last decision."""
        return self.comply_by is not None

    @property
    def goes_to_mediation(self) -> bool:
        """Some reason other than a refusal by exemption is in dispute."""
        return bool(set(self.reasons) - NOT_MEDIATED)


DScene = Scene[Dispute]


def dossier_may_go(dispute: Dispute) -> bool:
    """Whether the case file may be handed to the Commission: Atasan PPID let it go, and it is still wanted.

    Records of the mediation never enter a dossier (PERKI 1/2013 Pasal 50).
    """
    return dispute.dossier_released_on is not None and dispute.stage is not DisputeStage.CLOSED


def order_name(dispute: Dispute) -> str:
    """The decision's name, as the request's order cites it."""
    where = f"register {dispute.ki_number}" if dispute.ki_number else dispute.number
    if dispute.ruling is Ruling.AGREEMENT:
        return f"Kesepakatan mediasi di Komisi Informasi ({where})"
    if dispute.court_decided_on is not None:
        return f"Putusan pengadilan atas sengketa {where}"
    return f"Putusan Komisi Informasi ({where})"
