"""One case of the demo in people's hands: acting on it, objecting to it, taking it to the Commission."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection

from domain.act import Act, ObjectionReason
from domain.dispute_arrows import DisputeFiling
from domain.identity import ApplicantKind, Channel, Identity
from domain.number import SAMPLE_SERIES
from domain.objection import Objection
from domain.objection_arrows import ObjectionFiling
from domain.office import Actor, Role
from domain.request import Request
from tasks import cases
from tasks.acts import Performed
from tasks.service import Service
from tasks.store.codec import Case

Pause = int | date | Callable[[], bool]


Script = Iterator[Pause]

#: Who sits at which desk (keys of people.yaml).
NAMES: Final = {Role.DESK: "loket", Role.COORDINATOR: "ppid", Role.LEGAL: "hukum"}
NEXT: Final = 1
A_DAY: Final = 2


class Desk:
    """One case in people's hands."""

    def __init__(self, service: Service, number: str) -> None:
        self.service, self.number = service, number

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return cases.read(self.service, self.number)

    @property
    def request(self) -> Request:
        """The case, which is a request."""
        case = self.case
        if not isinstance(case, Request):
            raise TypeError(self.number)
        return case

    def at(self, *stages: str) -> Callable[[], bool]:
        """A condition: the case stands at one of those stages."""
        return lambda: self.case.stage in stages

    def act(self, action: str, role: Role, **fields: Any) -> Performed:
        """Somebody of that role acts, now."""
        opd = fields.pop("opd", "")
        name = fields.pop("name", NAMES.get(role, ""))
        if role is Role.ATASAN:
            officers = self.service.policy().office.officers_in(role, self.service.clock.today())
            name = officers[0].key
        by = Actor(role, name=name, opd=opd)
        act = Act(action=action, by=by, at=self.service.clock.now(), **fields)
        return self.service.acts.perform(self.number, act).result()

    def opd(self, action: str, key: str, **fields: Any) -> Performed:
        """An OPD acts, now."""
        return self.act(action, Role.OPD, opd=key, **fields)

    def document(self, name: str) -> tuple[str, ...]:
        """An invented document, kept with the case."""
        service, now = self.service, self.service.clock.now()
        case_id = cases.read_family(service, self.number).file(self.number).id
        text = f"Dokumen contoh: {name}\nNomor permohonan: {self.number}\n".encode()
        kept: list[str] = []

        def job(connection: Connection) -> Performed:
            kept.append(service.documents.put(connection, case_id, name, "text/plain", text, now))
            return Performed(self.number, "", "", 0, 0)

        service.acts.writer.submit(job).result()
        return (kept[-1],)

    def sign(self, **fields: Any) -> Iterator[Pause]:
        """Sign the notice; where the applicant has no e-mail, the desk prints and sends it."""
        self.act("send_notice", Role.COORDINATOR, **fields)
        yield NEXT
        if not self.request.has_email:
            self.act("record_sent", Role.DESK, note="dikirim melalui pos tercatat")
            yield NEXT


def object_to(desk: Desk, *reasons: ObjectionReason) -> Desk:
    """The applicant objects today."""
    service = desk.service
    filing = ObjectionFiling(
        reasons=tuple(reasons), received_on=service.clock.today(), channel=desk.request.channel
    )
    done = service.acts.file_objection(filing, Actor(Role.APPLICANT), request=desk.number).result()
    return Desk(service, done.number)


def to_commission(objection: Desk, ki_number: str) -> Desk:
    """The Commission has registered the dispute; the coordinator records it."""
    service, case = objection.service, objection.case
    if not isinstance(case, Objection):
        raise TypeError(objection.number)
    filing = DisputeFiling(
        objection=case,
        received_on=service.clock.today(),
        ki_number=ki_number,
    )
    by = Actor(Role.COORDINATOR, NAMES[Role.COORDINATOR])
    done = service.acts.register_dispute(filing, by, objection=objection.number).result()
    return Desk(service, done.number)


def without_request(service: Service) -> Desk:
    """Reason b: periodic information is missing; an objection with no request before it."""
    applicant = Identity(
        name="Rangga Contoh",
        email="rangga@warga.example",
        nik="3674051707880002",
        id_document="KTP",
        address="Jl. Melati Contoh 8, Pamulang",
        purpose="memantau laporan keuangan kota",
    )
    filing = ObjectionFiling(
        reasons=(ObjectionReason.B,),
        received_on=service.clock.today(),
        channel=Channel.ONLINE,
        subject="Ringkasan laporan keuangan 2025 belum diumumkan",
        applicant=ApplicantKind.INDIVIDUAL,
    )
    done = service.acts.file_objection(
        filing, Actor(Role.APPLICANT), identity=applicant, series=SAMPLE_SERIES
    ).result()
    return Desk(service, done.number)
