"""Letters on paper for a person who asks: a preview with a template, or one made for a case and kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from domain.act import Act
from domain.errors import Refused
from domain.identity import FIELDS, Identity
from domain.number import for_files
from domain.office import Actor
from tasks.act_checks import check_actor
from tasks.acts import Performed
from tasks.clock import date_in_jakarta
from tasks.paper import casefacts, kept
from tasks.paper.catalog import ABOUT, OF_LETTER, Paper
from tasks.paper.content import Sheet
from tasks.paper.kept import Made
from tasks.paper.maker import Maker
from tasks.service import Service
from tasks.store import casefile
from tasks.store.engine import reading
from tasks.store.family import Filed
from tasks.store.schema import journal, letters

#: A fact that is a list holds the act's words among others; the rest comes from the case.
_LISTED: Final = "missing"
MASK: Final = "(disamarkan)"


def paper_named(name: str) -> Paper:
    """The letter of that name.

    Raises:
        Refused: there is none, with the names there are.
    """
    try:
        return Paper(name.strip().removesuffix(".typ"))
    except ValueError as error:
        known = ", ".join(Paper)
        raise Refused("NAME", f"tidak ada surat «{name}»; yang ada: {known}") from error


def sheet_for(service: Service, paper: Paper, number: str) -> Sheet:
    """The letter with the facts of that case.

    Raises:
        CaseNotFound: no case of that number.
        Refused: the case is of another kind, or was never owed such a letter.
        PersonErased: the applicant's data are gone.
    """
    on = date_in_jakarta(service.clock.now())
    with reading(service.engine) as connection:
        family = casefile.load_family(connection, number)
        filed = family.file(number)
        identity = service.acts.sealing.identity_of(filed) if ABOUT[paper].personal else None
        if casefacts.can_be_made(paper):
            facts = casefacts.facts_of(paper, family, number, service.policy(), on)
            return Sheet(paper, f"{for_files(number)}:{paper}", number, facts, identity)
        return _sent_before(connection, service, paper, filed, identity)


def masked(sheet: Sheet) -> Sheet:
    """The letter as anybody in the office may look at it: nobody's data stand in it."""
    if sheet.person is None:
        return sheet
    hidden = {
        name: MASK for name in FIELDS if isinstance(value := getattr(sheet.person, name), str) and value
    }
    return replace(sheet, person=replace(sheet.person, **hidden))  # type: ignore[arg-type]


def make(service: Service, maker: Maker, paper: Paper, number: str, by: Actor) -> Made:
    """Set the letter for that case, keep it, and write its hash into the journal.

    Raises:
        CaseNotFound, Refused, PersonErased: see `sheet_for`; Refused also where *by* does not hold the role.
        TemplateBroken: the template cannot be set.
    """
    book, now = service.policy(), service.clock.now()
    with reading(service.engine) as connection:
        check_actor(connection, Act(action=kept.SET, by=by, at=now), book)
    plain = sheet_for(service, paper, number)
    sheet = replace(plain, key=f"{plain.key}:{now:%Y%m%d%H%M%S}")
    made = maker.make(sheet, book, now)

    def job(connection: Connection) -> Performed:
        return kept.keep(connection, service.acts, number, [made], book, by)

    service.acts.writer.submit(job).result()
    return made


def _sent_before(
    connection: Connection,
    service: Service,
    paper: Paper,
    filed: Filed,
    identity: Identity | None,
) -> Sheet:
    kinds = [str(kind) for kind, papers in OF_LETTER.items() if paper in papers]
    found = (
        select(letters)
        .where(letters.c.case_id == filed.id, letters.c.kind.in_(kinds))
        .order_by(letters.c.id.desc())
    )
    row = connection.execute(found).first()
    if row is None:
        raise Refused("number", f"{filed.number}: {ABOUT[paper].title} belum pernah dibuat untuk berkas ini")
    return Sheet(paper, row.key, filed.number, _facts(connection, service, filed, row), identity)


def _facts(connection: Connection, service: Service, filed: Filed, row: Row[Any]) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(row.facts)
    hidden = [str(name) for name in facts.get("hidden", ())]
    if not hidden:
        return facts
    if row.sealed is not None and row.sent_at is None:
        sealing = service.acts.sealing
        return {**facts, **sealing.open_facts(filed.person_id, filed.wrapped_key, row.key, row.sealed)}
    note = _note(connection, service, filed, row)
    return {**facts, **{name: [note] if name == _LISTED else note for name in hidden}}


def _note(connection: Connection, service: Service, filed: Filed, row: Row[Any]) -> str:
    """The words of the act that owed the letter: once it was sent, the journal alone still has them."""
    found = select(journal.c.seq, journal.c.sealed, journal.c.at).where(
        journal.c.case_id == filed.id, journal.c.sealed.is_not(None)
    )
    for entry in connection.execute(found.order_by(journal.c.seq)):
        if datetime.fromisoformat(entry.at) == row.owed_at:
            held = (filed.person_id, filed.wrapped_key, filed.number)
            return str(service.acts.sealing.open_note(*held, entry.seq, entry.sealed).get("note", ""))
    return ""
