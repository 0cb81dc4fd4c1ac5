"""What is wrong with the agency's files: every fault at once, each with file, line, field and article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one file; *line* counts from 1, and *law* names the article it would break."""

    file: str
    line: int
    field: str
    message: str
    law: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        what = f"{self.field}: {self.message}" if self.field else self.message
        return f"{where}: {what} [{self.law}]" if self.law else f"{where}: {what}"


class ConfigFaults(Exception):
    """The files are refused as a whole; ``faults`` lists everything found, in reading order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.file, fault.line, fault.field)))
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class RuleFault(ValueError):
    """Raised inside a model's validator: a value that is well formed but may not stand.

    *at* leads from the validated model to the value at fault, so the fault can name its line.
    """

    def __init__(self, message: str, law: str = "", at: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.message, self.law, self.at = message, law, at


class FaultList:
    """Gathers faults over several files, so that one reading reports them all."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.faults.append(fault)

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Keep the faults raised inside and go on after the block."""
        try:
            yield
        except ConfigFaults as refused:
            self.faults.extend(refused.faults)

    def refuse_if_any(self) -> None:
        """Do nothing when the files are in order.

        Raises:
            ConfigFaults: all that was gathered.
        """
        if self.faults:
            raise ConfigFaults(self.faults)
