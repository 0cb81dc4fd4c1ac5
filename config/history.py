"""The mapping of an old register: which of its columns is which field, and what its words mean."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, TypeVar

from pydantic import AfterValidator, Field

from config.faults import RuleFault
from config.yamlfile import FileModel, read_model

V = TypeVar("V")

#: What is taken from an old register. Names, addresses and numbers of persons are not among it: they stay
#: in the old book, where the law put them (UU 27/2022 Pasal 16: no more than the purpose needs).
FIELDS: Final = (
    "year",
    "number",
    "received_on",
    "noticed_on",
    "channel",
    "applicant",
    "opd",
    "subject",
    "result",
    "requests",
    "source",
)


def _known(by_field: dict[str, V]) -> dict[str, V]:
    for field in by_field:
        if field not in FIELDS:
            raise RuleFault(f"isian «{field}» tidak dikenal; yang ada: {', '.join(FIELDS)}")
    return by_field


class HistoryMapping(FileModel):
    """How to read one old register.

    Attributes:
        columns: field → heading of its column.
        values: field → the file's word → ours (`offline`, `granted`, an OPD's key).
        dates: how days are written, as for strptime; ISO days are always read.
        source: where the file comes from, for rows that do not say so.
    """

    columns: Annotated[dict[str, str], AfterValidator(_known)] = Field(default_factory=dict)
    values: Annotated[dict[str, dict[str, str]], AfterValidator(_known)] = Field(default_factory=dict)
    dates: str = "%d/%m/%Y"
    source: str = ""


def load_mapping(path: Path | None) -> HistoryMapping:
    """The mapping in *path*; without one, headings are the names of our fields.

    Raises:
        ConfigFaults: the file is not in order.
    """
    return read_model(path, HistoryMapping)[0] if path else HistoryMapping()
