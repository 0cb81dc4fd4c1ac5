"""From `opd.yaml` and `people.yaml` to the city's side: units, officers, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from config.models import OFFICE_ROLES, OfficerEntry, OpdEntry, OpdFile, PeopleFile
from config.source import Entry, Source
from config.yamlfile import Where
from domain.office import ROLE_SHOWN_AS, Office, Officer, Opd


def opds_from(source: Source) -> tuple[Opd, ...]:
    """The units of the file that are in order; what is wrong goes to the source's faults."""
    source.without_list(OpdFile, "opds")
    entries = source.entries("opds", OpdEntry)
    _check_keys(source, entries)
    parents = {entry.value.key: entry.value.parent for entry in entries}
    for entry in entries:
        _check_parent(source, entry, parents)
        _check_names(source, entry)
        _check_dates(source, entry.at, entry.value.active_from, entry.value.active_until)
        _check_subjects(source, entry)
    if not entries:
        source.fault(("opds",), "tidak ada OPD")
    return tuple(_opd(entry.value) for entry in entries)


def office_from(source: Source, opds: tuple[Opd, ...], *, on: date | None) -> Office | None:
    """The city's side; None when the first part of `people.yaml` is at fault.

    Args:
        on: the day on which each role must be held by somebody; None leaves that out.
    """
    top = source.without_list(PeopleFile, "officers")
    entries = source.entries("officers", OfficerEntry)
    _check_keys(source, entries)
    by_key = {entry.value.key: entry.value for entry in entries}
    for entry in entries:
        _check_dates(source, entry.at, entry.value.active_from, entry.value.active_until)
        _check_acting(source, entry, by_key)
    _check_one_stands_in(source, entries)
    if top is None:
        return None
    office = Office(
        city=top.city,
        ppid_mailbox=top.ppid_mailbox,
        commission_mailbox=top.commission.mailbox,
        opds=opds,
        officers=tuple(_officer(entry.value) for entry in entries),
        auto_forward=top.auto_forward,
        commission=top.commission.name,
        commission_address=top.commission.address,
    )
    if on is not None:
        _check_roles_are_held(source, office, on)
    return office


def _opd(entry: OpdEntry) -> Opd:
    return Opd(
        key=entry.key,
        name=entry.names[-1].name,
        mailbox=entry.mailbox,
        head_mailbox=entry.head_mailbox,
        parent=entry.parent,
        subjects=tuple(entry.subjects),
        active_from=entry.active_from,
        active_until=entry.active_until,
        former_names=tuple((one.until, one.name) for one in entry.names[:-1] if one.until),
    )


def _officer(entry: OfficerEntry) -> Officer:
    return Officer(
        key=entry.key,
        title=entry.title,
        role=entry.role,
        mailbox=entry.mailbox,
        acting_for=entry.acting_for,
        active_from=entry.active_from,
        active_until=entry.active_until,
    )


def _check_keys(source: Source, entries: Sequence[Entry[OpdEntry]] | Sequence[Entry[OfficerEntry]]) -> None:
    # Keys are typed by people and stand in mail tags: two that differ only in case are one too many.
    first: dict[str, int] = {}
    for entry in entries:
        key = entry.value.key.casefold()
        if key in first:
            source.fault((*entry.at, "key"), f"kunci «{entry.value.key}» sudah ada di baris {first[key]}")
        first.setdefault(key, source.line_of((*entry.at, "key")))


def _check_parent(source: Source, entry: Entry[OpdEntry], parents: dict[str, str]) -> None:
    parent = entry.value.parent
    if not parent:
        return
    if parent not in parents:
        source.fault((*entry.at, "parent"), f"OPD «{parent}» tidak dikenal")
    elif parent == entry.value.key or parents[parent]:
        source.fault(
            (*entry.at, "parent"), f"«{parent}» bukan OPD induk; unit hanya boleh satu tingkat di bawahnya"
        )


def _check_names(source: Source, entry: Entry[OpdEntry]) -> None:
    *former, current = entry.value.names
    at: Where = (*entry.at, "names")
    for index, one in enumerate(former):
        if one.until is None:
            source.fault((*at, index), "nama lama wajib punya until (hari terakhir dipakai)")
    if current.until is not None:
        source.fault((*at, len(former), "until"), "nama terakhir adalah nama sekarang, tanpa until")
    until = [one.until for one in former if one.until]
    if any(later <= earlier for earlier, later in pairwise(until)):
        source.fault(at, "nama harus urut dari yang paling lama")


def _check_subjects(source: Source, entry: Entry[OpdEntry]) -> None:
    seen: set[str] = set()
    for index, subject in enumerate(entry.value.subjects):
        if subject.casefold() in seen:
            source.fault((*entry.at, "subjects", index), f"«{subject}» disebut dua kali")
        seen.add(subject.casefold())


def _check_dates(source: Source, at: Where, since: date | None, until: date | None) -> None:
    if since and until and until < since:
        source.fault((*at, "until"), f"{until} mendahului from ({since})")


def _check_acting(source: Source, entry: Entry[OfficerEntry], by_key: dict[str, OfficerEntry]) -> None:
    acting = entry.value
    if not acting.acting_for:
        return
    where = (*entry.at, "acting_for")
    replaced = by_key.get(acting.acting_for)
    if replaced is None:
        source.fault(where, f"pejabat «{acting.acting_for}» tidak dikenal")
    elif replaced.acting_for or replaced.key == acting.key:
        source.fault(where, f"«{replaced.key}» sendiri pejabat pengganti; sebut pejabat tetapnya")
    elif replaced.role is not acting.role:
        source.fault(where, f"«{replaced.key}» berperan {replaced.role}, bukan {acting.role}")
    if acting.active_from is None or acting.active_until is None:
        source.fault(entry.at, "pejabat pengganti (Plh/Plt) wajib punya from dan until")


def _check_one_stands_in(source: Source, entries: Iterable[Entry[OfficerEntry]]) -> None:
    terms = sorted(
        (one.value.acting_for, one.value.active_from, one.value.active_until, one.value.key, one.at)
        for one in entries
        if one.value.acting_for and one.value.active_from and one.value.active_until
    )
    for (replaced, _, until, key, _), (same, since, _, _, at) in pairwise(terms):
        if replaced == same and since <= until:
            source.fault((*at, "from"), f"bertumpang tindih dengan «{key}» (sampai {until})")


def _check_roles_are_held(source: Source, office: Office, on: date) -> None:
    for role in OFFICE_ROLES:
        if not office.officers_in(role, on):
            source.fault(("officers",), f"tidak ada {ROLE_SHOWN_AS[role]} ({role}) yang menjabat pada {on}")
