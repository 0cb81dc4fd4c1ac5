"""What Atasan PPID decides about an exemption in force: open it, or set a new end after a new test.

Law: PP 61/2010 Pasal 10–11; PERKI 1/2021 Pasal 52–53 (R-S53).
"""

from __future__ import annotations

import json
from datetime import date

from sqlalchemy import Connection

from domain.act import WIB, Act
from domain.errors import Refused
from domain.exemption import next_step_on
from domain.item import Ground, Outcome, Verdict, check_verdict
from domain.office import Actor, Role
from domain.text import clean_line
from tasks.act_checks import check_actor
from tasks.acts import Performed
from tasks.registers import lists
from tasks.registers.lists import Listing
from tasks.service import Service


def open_exemption(service: Service, listing: str, by: Actor, decree: str) -> None:
    """Open the information by that decree; it enters the list of public information.

    Raises:
        Refused: it is not in force, no decree is named, or *by* may not.
    """
    now, decree = service.clock.now(), _decree(decree)
    _check_role(by)

    def job(connection: Connection) -> Performed:
        found = _in_force(connection, listing, by, service)
        today = now.astimezone(WIB).date()
        lists.open_up(connection, found, f"dengan {decree}", at=now, by=by.name, today=today)
        return Performed("", "open", "", 0, 0)

    service.acts.writer.submit(job).result()


def renew_exemption(service: Service, listing: str, by: Actor, decree: str, until: date) -> None:
    """Set a new last day after a new consequence test.

    Raises:
        Refused: it is not in force, the end is past or beyond the law, no decree, or *by* may not.
    """
    now, decree, book = service.clock.now(), _decree(decree), service.policy()
    _check_role(by)

    def job(connection: Connection) -> Performed:
        found = _in_force(connection, listing, by, service)
        today = now.astimezone(WIB).date()
        content = found.content
        verdict = Verdict(
            Outcome.EXEMPT,
            str(content.get("consequence", "")) or decree,
            "",
            ground=Ground(str(content.get("ground"))),
            basis=str(content.get("basis", "")) or decree,
            until=until,
        )
        check_verdict(verdict, today=found.set_on if until > today else today)
        lists.change(
            connection,
            found.id,
            "renew",
            at=now,
            by=by.name,
            facts={"until": until, "before": found.until, "decree": decree},
            until=until,
            next_on=next_step_on(until, today, book),
            content=json.dumps({**content, "decree": decree, "permanent": False}, ensure_ascii=False),
        )
        return Performed("", "renew", "", 0, 0)

    service.acts.writer.submit(job).result()


def _check_role(by: Actor) -> None:
    if by.role is not Role.ATASAN or not by.name:
        raise Refused("--as", "perubahan status ditetapkan atas nama Atasan PPID; sebutkan dengan --as")


def _decree(text: str) -> str:
    decree = clean_line("decree", text, longest=300)
    if not decree:
        raise Refused("--decree", "sebutkan nomor dan tanggal penetapannya (PERKI 1/2021 Pasal 53)")
    return decree


def _in_force(connection: Connection, listing: str, by: Actor, service: Service) -> Listing:
    check_actor(connection, Act(action="decide", by=by, at=service.clock.now()), service.policy())
    number = listing.strip().upper().removeprefix("DIK-")
    found = lists.find(connection, int(number)) if number.isdigit() else None
    if found is None or found.kind != lists.DIK:
        raise Refused("NUMBER", f"«{listing}» bukan nomor dalam Daftar Informasi yang Dikecualikan")
    if found.status != lists.IN_FORCE:
        raise Refused("NUMBER", f"DIK-{found.id} sudah terbuka")
    return found
