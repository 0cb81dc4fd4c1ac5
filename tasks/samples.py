"""The twelve sample requests in the series CONTOH; they never mix with real ones."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select

from config.samples import SampleRequest, load_samples
from domain.errors import DomainError
from domain.identity import Identity
from domain.number import SAMPLE_SERIES
from domain.office import Actor, Role
from domain.request_arrows import Filing
from tasks.service import Service
from tasks.store.engine import reading
from tasks.store.schema import cases


class SamplesRefused(DomainError):
    """Samples would stand beside real cases, or their letters would leave the house."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return f"Contoh tidak dibuat: {self.why}."


def filing_of(sample: SampleRequest, received_on: date) -> Filing:
    """The sample as it comes in on that day."""
    fields = {name: getattr(sample.applicant, name) for name in Identity.__dataclass_fields__}
    return Filing(
        applicant=sample.applicant.kind,
        channel=sample.channel,
        received_on=received_on,
        identity=Identity(**fields),
        subject=sample.subject,
        items=sample.items,
    )


def check_allowed(service: Service) -> int:
    """How many samples are there already.

    Raises:
        SamplesRefused: an SMTP host is set, or a real case exists.
    """
    if service.settings.is_production:
        raise SamplesRefused("PPID_SMTP_HOST diisi, jadi surat akan benar-benar terkirim")
    with reading(service.engine) as connection:
        counted = select(cases.c.series, func.count()).group_by(cases.c.series)
        by_series = {row[0]: row[1] for row in connection.execute(counted)}
    if set(by_series) - {SAMPLE_SERIES}:
        raise SamplesRefused("sudah ada permohonan sungguhan di basis data ini")
    return int(by_series.get(SAMPLE_SERIES, 0))


def file_samples(service: Service) -> int:
    """File the samples once, dated some days before today; how many were filed.

    Raises:
        SamplesRefused: see `check_allowed`.
    """
    if check_allowed(service):
        return 0
    today = service.clock.today()
    filed = [
        service.acts.register(
            filing_of(sample, today - timedelta(days=sample.days_ago)), Actor(Role.DESK), series=SAMPLE_SERIES
        )
        for sample in load_samples()
    ]
    return len([one.result() for one in filed])
