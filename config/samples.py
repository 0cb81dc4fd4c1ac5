"""The sample requests of `make run` and `make demo`: real subjects, invented applicants."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from config.models import Day, Flag, Line
from config.yamlfile import FileModel, read_model
from domain.identity import ApplicantKind, Channel

SAMPLES: Final = Path(__file__).parent / "sample" / "requests.yaml"
Text = Annotated[str, Field(max_length=4000)]


class SampleApplicant(FileModel):
    """An invented applicant; the fields are those of `domain.identity.Identity`."""

    kind: ApplicantKind
    name: Line
    email: str = ""
    phone: str = ""
    address: str = ""
    nik: str = ""
    deed_number: str = ""
    id_document: str = ""
    occupation: str = ""
    proxy_name: str = ""
    power_of_attorney: Flag = False
    purpose: Text = ""


class SampleRequest(FileModel):
    """One request as it could have come in.

    Attributes:
        received_on: its day in the demo.
        days_ago: how many calendar days before today `make run` puts it.
        likely_holder: a guess made by hand, to measure routing by.
    """

    id: Annotated[str, Field(pattern=r"^S\d\d$")]
    subject: Line
    body: Text
    items: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]
    channel: Channel
    received_on: Day
    days_ago: Annotated[int, Field(ge=0, le=400, strict=True)]
    applicant: SampleApplicant
    likely_holder: Line
    source: Line
    what_happened: str = ""
    refused_because: str = ""


class SamplesFile(FileModel):
    """`sample/requests.yaml`."""

    requests: tuple[SampleRequest, ...]


def load_samples(path: Path = SAMPLES) -> tuple[SampleRequest, ...]:
    """The sample requests in the order of their file.

    Raises:
        ConfigFaults: the file is not in order.
    """
    return read_model(path, SamplesFile)[0].requests
