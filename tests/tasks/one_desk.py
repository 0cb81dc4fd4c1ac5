"""The service of a city's office as registers and reports want it."""

from pathlib import Path

import config
from tasks.registers import export
from tasks.registers.export import REGISTERS
from tasks.registers.reading import Filter


class Desk:
    """What a register reads of the service."""

    def __init__(self, city) -> None:
        self.city = city
        self.engine, self.acts, self.clock, self.keyring = city.engine, city.acts, city.clock, city.keyring
        self.documents = city.documents
        self.policy = Policy(city)


class Policy:
    """The rulebook and the folder it came from."""

    folder = Path(config.__file__).parent

    def __init__(self, city) -> None:
        self.city = city

    def __call__(self):
        return self.city.book


def desk_of(city) -> Desk:
    return Desk(city)


def rows_of(desk, kind, wanted=None, *, full_for=None):
    """The copy's rows by the keys of its columns."""
    sheet = export.sheet_of(desk, REGISTERS[kind], wanted or Filter(), full_for=full_for)
    keys = [column.key for column in sheet.columns]
    return [dict(zip(keys, row, strict=True)) for row in sheet.rows]
