"""Letters on paper as they were made: the PDF sealed, its hash in the open, found again by its code."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, Row, select

from domain.arrow import Happened
from domain.number import for_files
from domain.office import SYSTEM, Actor
from domain.rulebook import Rulebook
from tasks.acts import Acts, Performed
from tasks.clock import date_in_jakarta
from tasks.keys import Keyring
from tasks.paper.catalog import ABOUT, Paper
from tasks.store import casefile
from tasks.store.engine import insert_unless
from tasks.store.family import Filed
from tasks.store.schema import papers

#: The journal's word for it; its facts hold each letter's number and hash.
SET: Final = "set_papers"

#: What a letter that is sent once more, after it came back, has anew.
_ANEW: Final = ("template", "case_version", "made_at", "size_bytes", "sha256", "sealed")
_COLUMNS: Final = ("code", "letter_key", "case_id", "paper", "letter_number", *_ANEW)
_PUT: Final = insert_unless(
    papers, _COLUMNS, there=("code",), change={name: f"excluded.{name}" for name in _ANEW}
)


@dataclass(frozen=True, slots=True)
class Made:
    """A letter that was set.

    Attributes:
        code: by which anybody may ask about it.
        template: version of the templates.
    """

    paper: Paper
    letter_key: str
    case: str
    number: str
    code: str
    content: bytes
    template: str
    at: datetime

    @property
    def sha256(self) -> str:
        """The hash of its bytes, as people read hashes."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def file_name(self) -> str:
        """What the file is called when it is sent or kept."""
        return f"{ABOUT[self.paper].title.replace(' ', '-')}-{for_files(self.case)}.pdf"


@dataclass(frozen=True, slots=True)
class Genuine:
    """What anybody may know of a letter: nothing personal, and not whom it was sent to."""

    title: str
    letter_number: str
    made_on: date
    sha256: str


def find(connection: Connection, code: str) -> Genuine | None:
    """The letter of that code; None when the office made no such letter."""
    row = connection.execute(select(papers).where(papers.c.code == code)).first()
    if row is None:
        return None
    return Genuine(ABOUT[Paper(row.paper)].title, row.letter_number, date_in_jakarta(row.made_at), row.sha256)


def of_cases(connection: Connection, case_ids: Iterable[int]) -> list[Row[tuple[object, ...]]]:
    """The rows of every letter made about those cases, in the order they were made."""
    found = select(papers).where(papers.c.case_id.in_(list(case_ids))).order_by(papers.c.id)
    return list(connection.execute(found).all())


def content_of(keyring: Keyring, filed: Filed, row: Row[tuple[object, ...]]) -> bytes:
    """The PDF of that row.

    Raises:
        PersonErased: the person's key was destroyed, and the letter with it.
    """
    return keyring.open(filed.person_id, filed.wrapped_key, row.sealed, f"paper:{row.code}")


def keep(
    connection: Connection, acts: Acts, number: str, made: Iterable[Made], book: Rulebook, by: Actor = SYSTEM
) -> Performed:
    """Keep the letters of that case, and write their hashes into its journal; once each, by their code.

    Raises:
        CaseNotFound: no case of that number.
        PersonErased: nothing may be kept any more.
    """
    letters = list(made)
    filed = casefile.load_family(connection, number, lock=True).file(number)
    case = filed.case
    for one in letters:
        sealed = acts.keyring.seal(filed.person_id, filed.wrapped_key, one.content, f"paper:{one.code}")
        row = {
            "code": one.code,
            "letter_key": one.letter_key,
            "case_id": filed.id,
            "paper": str(one.paper),
            "letter_number": one.number,
            "template": one.template,
            "case_version": case.version,
            "made_at": one.at,
            "size_bytes": len(one.content),
            "sha256": one.sha256,
            "sealed": sealed,
        }
        connection.execute(_PUT, row)
    told = [{"number": one.number, "sha256": one.sha256, "template": one.template} for one in letters]
    stage = str(case.stage)
    event = Happened(number, SET, stage, stage, by, letters[0].at, {"papers": told})
    return acts.note_event(connection, filed, event, case, book, wake=False)
