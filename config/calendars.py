"""The calendar files: one a year, each decree an entry of its own, checked and made one `Calendar`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from config.faults import ConfigFaults, Fault, FaultList
from config.yamlfile import FileModel, LineOf, Where, field_name, read_model
from domain.calendar import Calendar, DayKind, DayOff, DecreedYear

Text = Annotated[str, Field(min_length=1, max_length=300)]

LAW: Final = "Perpres 21/2023 Pasal 6; SKB 3 Menteri"


class DayEntry(FileModel):
    """One day off as written in a file."""

    on: date
    kind: DayKind
    name: Text
    estimated: bool = False


class DecreeEntry(FileModel):
    """One decree: where it was seen, which days it gives and which earlier ones it takes back."""

    instrument: Text
    decided_on: date | None
    source: Text
    confirmed: bool = True
    revokes: tuple[date, ...] = ()
    days: tuple[DayEntry, ...]


class YearFile(FileModel):
    """The content of ``calendar/<year>.yaml``."""

    year: Annotated[int, Field(ge=1990, le=2100)]
    decrees: tuple[DecreeEntry, ...]

    @property
    def decreed(self) -> DecreedYear | None:
        """The year as a decreed one; None while its national holidays are not confirmed."""
        national = [one for one in self.decrees if any(day.kind is DayKind.NATIONAL for day in one.days)]
        if not national or not all(one.confirmed for one in national):
            return None
        return DecreedYear(self.year, national[0].decided_on)


@dataclass(frozen=True, slots=True)
class ReadYear:
    """A year file with the places of its values."""

    path: Path
    content: YearFile
    line_of: LineOf

    def fault(self, where: Where, message: str, law: str = "") -> Fault:
        return Fault(str(self.path), self.line_of(where), field_name(where), message, law)


def load_calendar(directory: Path) -> Calendar:
    """The calendar of all years in *directory*/calendar, decreed through the last confirmed year in a row.

    Raises:
        ConfigFaults: everything wrong in any of the files.
    """
    folder = directory / "calendar"
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise ConfigFaults([Fault(str(folder), 1, "", "tidak ada berkas kalender", LAW)])
    found, years = FaultList(), []
    for path in paths:
        with found.gathering():
            year = ReadYear(path, *read_model(path, YearFile))
            years.append(year)
            found.faults.extend(_faults_of(year))
    found.refuse_if_any()
    decreed = tuple(_decreed_in_a_row(year.content for year in years))
    if not decreed:
        message = "tidak satu tahun pun ditetapkan dengan keputusan yang sudah dilihat"
        raise ConfigFaults([Fault(str(folder), 1, "", message, LAW)])
    days = tuple(day for year in years for day in _days_of(year.content))
    return Calendar(days, date(decreed[-1].year, 12, 31), decreed)


def _decreed_in_a_row(years: Iterable[YearFile]) -> Iterator[DecreedYear]:
    previous: int | None = None
    for year in years:
        if year.decreed is None or previous not in (None, year.year - 1):
            return
        yield year.decreed
        previous = year.year


def _days_of(year: YearFile) -> list[DayOff]:
    days: list[DayOff] = []
    for decree in year.decrees:
        days = [
            replace(day, revoked_on=decree.decided_on)
            if day.on in decree.revokes and day.revoked_on is None
            else day
            for day in days
        ]
        days += [
            DayOff(day.on, day.kind, day.name, decree.instrument, decree.decided_on, day.estimated)
            for day in decree.days
        ]
    return days


def _faults_of(read: ReadYear) -> Iterator[Fault]:
    year = read.content.year
    if read.path.stem != str(year):
        yield read.fault(("year",), f"nama berkas {read.path.name} tidak sesuai dengan tahun {year}")
    if not read.content.decrees:
        yield read.fault(("decrees",), "paling sedikit satu keputusan")
    standing: set[date] = set()
    latest: date | None = None
    for index, decree in enumerate(read.content.decrees):
        here: Where = ("decrees", index)
        yield from _faults_of_days(read, here, decree)
        yield from _faults_of_revoking(read, here, decree, standing)
        if decree.revokes and latest and decree.decided_on and decree.decided_on < latest:
            message = f"ditetapkan sebelum keputusan yang diubahnya ({latest})"
            yield read.fault((*here, "decided_on"), message)
        latest = max(filter(None, (latest, decree.decided_on)), default=None)
        standing = (standing - set(decree.revokes)) | {day.on for day in decree.days}


def _faults_of_days(read: ReadYear, here: Where, decree: DecreeEntry) -> Iterator[Fault]:
    first_at: dict[date, int] = {}
    for index, day in enumerate(decree.days):
        at: Where = (*here, "days", index)
        if day.on.year != read.content.year:
            yield read.fault((*at, "on"), f"{day.on} bukan di tahun {read.content.year}")
        if day.on in first_at:
            yield read.fault((*at, "on"), f"{day.on} sudah disebut di baris {first_at[day.on]}")
        first_at.setdefault(day.on, read.line_of((*at, "on")))
        if day.estimated and decree.confirmed:
            message = "hari perkiraan hanya boleh dalam keputusan dengan confirmed: false"
            yield read.fault((*at, "estimated"), message, LAW)


def _faults_of_revoking(
    read: ReadYear, here: Where, decree: DecreeEntry, standing: set[date]
) -> Iterator[Fault]:
    if decree.revokes and decree.decided_on is None:
        yield read.fault((*here, "decided_on"), "keputusan yang mencabut hari wajib menyebut tanggalnya", LAW)
    for index, day in enumerate(decree.revokes):
        if day not in standing:
            message = f"{day} tidak ditetapkan oleh keputusan sebelumnya"
            yield read.fault((*here, "revokes", index), message)
