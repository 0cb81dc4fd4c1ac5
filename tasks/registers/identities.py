"""Opening identities for a full copy of a register: by a named person, and every reading journalled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from sqlalchemy import Connection

from domain.act import Act
from domain.arrow import Happened
from domain.errors import Refused
from domain.identity import Identity
from domain.office import ROLE_SHOWN_AS, Actor, Role
from tasks.act_checks import check_actor
from tasks.acts import Performed
from tasks.keys import PersonErased
from tasks.registers.reading import Entry
from tasks.service import Service
from tasks.store import casefile
from tasks.store.engine import reading

#: Who keeps the registers, and who answers for them.
MAY_EXPORT: Final = frozenset({Role.DESK, Role.COORDINATOR, Role.ATASAN})
ERASED: Final = Identity(name="(data pribadi sudah dihapus)")
_BATCH: Final = 200


def check_exporter(service: Service, by: Actor) -> None:
    """Refuse a full copy to anyone but a named officer who keeps the registers.

    Raises:
        Refused: no name, another role, or a name that does not hold it today.
    """
    if by.role not in MAY_EXPORT:
        roles = ", ".join(ROLE_SHOWN_AS[role] for role in sorted(MAY_EXPORT))
        raise Refused("--by", f"salinan lengkap hanya untuk {roles}")
    if not by.name:
        raise Refused("--as", "salinan lengkap memuat data pribadi; sebutkan nama petugas yang membuatnya")
    with reading(service.engine) as connection:
        check_actor(
            connection, Act(action="export_register", by=by, at=service.clock.now()), service.policy()
        )


def identified(
    service: Service, entries: Iterable[Entry], by: Actor, register: str
) -> Iterator[tuple[Entry, Identity]]:
    """Each file with its applicant's data; the journal of each tells who read it for which register."""
    source = iter(entries)
    while batch := list(islice(source, _BATCH)):
        found: list[Identity] = []

        def job(
            connection: Connection, batch: list[Entry] = batch, found: list[Identity] = found
        ) -> Performed:
            found.clear()  # a job may run more than once before it stands
            for entry in batch:
                found.append(_open(service, connection, entry, by, register))
            return Performed("", "export_register", "", 0, 0)

        service.acts.writer.submit(job).result()
        yield from zip(batch, found, strict=True)


def _open(
    service: Service,
    connection: Connection,
    entry: Entry,
    by: Actor,
    register: str,
) -> Identity:
    filed = casefile.load_family(connection, entry.number, lock=True).file(entry.number)
    try:
        identity = service.acts.sealing.identity_of(filed)
    except PersonErased:
        return ERASED
    stage = str(filed.case.stage)
    event = Happened(
        filed.number, "export_register", stage, stage, by, service.clock.now(), {"register": register}
    )
    service.acts.note_event(connection, filed, event, filed.case, service.policy(), wake=False)
    return identity
