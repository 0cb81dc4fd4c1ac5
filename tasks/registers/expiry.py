"""The end of exemptions: the sweep opens the task 60 working days before, reminds at 30, and lets them lapse.

Law: PP 61/2010 Pasal 11; PERKI 1/2021 Pasal 52 (R-P11.2, R-P11.3, Q-11).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, select

from domain.act import WIB
from domain.exemption import DECIDED_DAYS, ExpiryStep, due_step, next_step_on
from domain.item import GROUND_SHOWN_AS, Ground
from domain.ladder import Recipient
from domain.letter import Fact, Letter, LetterKind
from domain.rulebook import Rulebook
from tasks.acts import Acts, Performed
from tasks.registers import lists
from tasks.registers.lists import Listing
from tasks.store import casefile
from tasks.store.engine import reading
from tasks.store.schema import listings

BY_LAW: Final = "karena jangka waktunya berakhir (PP 61/2010 Pasal 11 ayat (3))"
_CHUNK: Final = 200
_TO: Final = {
    ExpiryStep.TASK: (Recipient.COORDINATOR, Recipient.LEGAL),
    ExpiryStep.LAST: (Recipient.COORDINATOR, Recipient.LEGAL, Recipient.ATASAN),
    ExpiryStep.LAPSE: (Recipient.COORDINATOR, Recipient.LEGAL, Recipient.ATASAN),
}


def run(acts: Acts, now: datetime, book: Rulebook) -> int:
    """Take every exemption a step further whose day has come; how many. Only the sweep calls this."""
    today = now.astimezone(WIB).date()
    due = select(listings.c.id).where(listings.c.next_on <= today).order_by(listings.c.next_on).limit(_CHUNK)
    done = 0
    while True:
        with reading(acts.engine) as connection:
            ids = list(connection.execute(due).scalars())
        if not ids:
            return done

        def job(connection: Connection, ids: list[int] = ids) -> Performed:
            owed = sum(_step(connection, one, now, today, book) for one in ids)
            return Performed("", "expiry", "", 0, owed)

        acts.writer.submit(job).result()
        done += len(ids)


def _step(connection: Connection, listing: int, now: datetime, today: date, book: Rulebook) -> int:
    """One exemption, read again inside the transaction; how many letters it owes."""
    found = lists.find(connection, listing)
    if found is None or found.next_on is None or found.next_on > today or found.until is None:
        return 0
    step = due_step(found.until, today, book)
    if step is None:
        lists.change(
            connection, listing, "redate", at=now, by="", facts={}, next_on=_next(found, today, book)
        )
        return 0
    letter = _letter(found, step, book)
    if step is ExpiryStep.LAPSE:
        lists.open_up(connection, found, BY_LAW, at=now, by="", today=today)
    else:
        lists.change(
            connection, listing, str(step), at=now, by="", facts={}, next_on=_next(found, today, book)
        )
    casefile.owe(connection, None, [letter], now)
    return 1


def _next(found: Listing, today: date, book: Rulebook) -> date | None:
    return next_step_on(found.until, today, book)


def _letter(found: Listing, step: ExpiryStep, book: Rulebook) -> Letter:
    until = found.until or found.set_on
    opd = book.office.opd(found.opd)
    ground = str(found.content.get("ground", ""))
    facts: dict[str, Fact] = {
        "number": "",
        "subject": "",
        "law": "PP 61/2010 Pasal 11; PERKI 1/2021 Pasal 52",
        "listing": f"DIK-{found.id}",
        "title": found.title,
        "opd_name": opd.name if opd else found.opd,
        "ground_label": f"Pasal {ground[:2]} huruf {ground[2:]}: {GROUND_SHOWN_AS[Ground(ground)]}"
        if ground
        else "",
        "basis": str(found.content.get("basis", "")),
        "until": until.isoformat(),
        "decide_by": book.rung_day(until, DECIDED_DAYS).isoformat(),
        "step": str(step),
        "source_number": found.source,
    }
    to = (*_TO[step], *((Recipient.OPD,) if opd and step is ExpiryStep.LAPSE else ()))
    key = f"dik:{found.id}:{step}:{until.isoformat()}"
    return Letter(key=key, kind=LetterKind.EXEMPTION_EXPIRY, number="", to=to, facts=facts, opd=found.opd)
