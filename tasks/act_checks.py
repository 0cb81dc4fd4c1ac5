"""What is looked at before an act is decided: who acts, which documents, and that no text carries a trap."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, select

from domain.act import Act
from domain.errors import Refused
from domain.office import ROLE_SHOWN_AS
from domain.rulebook import Rulebook
from domain.text import clean_line, clean_text
from tasks.store.schema import documents, users


def check_actor(connection: Connection, act: Act, book: Rulebook) -> None:
    """Refuse a name that is not known, or does not hold the role today (acting officers have dates).

    Raises:
        Refused: with the names that may act.
    """
    name, role = act.by.name, act.by.role
    if not name:
        return
    officer = book.office.officer(name)
    if officer is not None and officer.role is role and officer.is_active(act.today):
        return
    held = select(users.c.role).where(users.c.name == name, users.c.disabled_at.is_(None))
    if connection.execute(held).scalar() == str(role):
        return
    known = ", ".join(o.key for o in book.office.officers_in(role, act.today)) or "tidak ada"
    raise Refused(
        "as", f"«{name}» tidak memegang peran {ROLE_SHOWN_AS[role]} pada {act.today}; yang memegang: {known}"
    )


def check_documents(connection: Connection, act: Act) -> None:
    """Refuse a document that is not kept.

    Raises:
        Refused: naming it.
    """
    for document in act.documents:
        found = connection.execute(select(documents.c.id).where(documents.c.id == document)).scalar()
        if found is None:
            raise Refused("attach", f"dokumen {document} tidak ada")


def cleaned(act: Act) -> Act:
    """The act with its texts checked and trimmed.

    Raises:
        Refused: a text is too long or holds what no text may hold.
    """
    return replace(
        act,
        note=clean_text("note", act.note).strip(),
        basis=clean_line("basis", act.basis, longest=500),
        holder=clean_line("holder", act.holder, longest=300),
        other=clean_line("other", act.other, longest=300),
        changes={
            name: clean_line(name, value, longest=2000, breaks=name == "purpose")
            for name, value in act.changes.items()
        },
    )
