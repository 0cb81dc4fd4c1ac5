"""One file of policy being read: its entries, checked one by one, and the faults found in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from config.faults import ConfigFaults, Fault, FaultList
from config.yamlfile import FileModel, LineOf, Where, field_name, read_yaml, validate

File = TypeVar("File", bound=FileModel)
One = TypeVar("One", bound=FileModel)


@dataclass(frozen=True, slots=True)
class Entry(Generic[One]):
    """A checked entry and its place in the file."""

    at: Where
    value: One


@dataclass(frozen=True, slots=True)
class Source:
    """A file that could be read; *faults* gathers what is wrong in it."""

    path: Path
    data: dict[str, Any]
    line_of: LineOf
    faults: FaultList

    def fault(self, where: Where, message: str, law: str = "") -> None:
        """Note what is wrong at that place."""
        self.faults.add(Fault(str(self.path), self.line_of(where), field_name(where), message, law))

    def without_list(self, model: type[File], name: str) -> File | None:
        """The file as *model* with its list *name* left empty; None when the rest of it is at fault."""
        rest = {**self.data, name: []} if isinstance(self.data.get(name), list) else self.data
        with self.faults.gathering():
            return validate(model, rest, self.path, self.line_of)
        return None

    def entries(self, name: str, model: type[One]) -> list[Entry[One]]:
        """The entries of the list *name* that are in order; one bad entry does not hide the others."""
        listed = self.data.get(name)
        found = []
        for index, data in enumerate(listed if isinstance(listed, list) else []):
            at: Where = (name, index)
            with self.faults.gathering():
                found.append(Entry(at, validate(model, data, self.path, self.line_of, at)))
        return found


def open_source(path: Path, faults: FaultList) -> Source | None:
    """The file at *path*; None, with the reason among *faults*, when it cannot be read at all."""
    try:
        data, line_of = read_yaml(path)
    except ConfigFaults as refused:
        faults.faults.extend(refused.faults)
        return None
    if not isinstance(data, dict):
        faults.add(Fault(str(path), 1, "", "isi berkas harus berupa pasangan kunci dan nilai"))
        return None
    return Source(path, data, line_of, faults)
