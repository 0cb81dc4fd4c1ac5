"""Where a letter goes: recipients become addresses when it is sent, so a new mailbox counts at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from domain.ladder import Recipient
from domain.office import ROLE_SHOWN_AS, Role
from domain.rulebook import Rulebook

_ROLE: Final = {
    Recipient.DESK: Role.DESK,
    Recipient.COORDINATOR: Role.COORDINATOR,
    Recipient.LEGAL: Role.LEGAL,
    Recipient.ATASAN: Role.ATASAN,
}


def addresses_of(
    recipients: Iterable[Recipient], *, opd: str, applicant_email: str, book: Rulebook, on: date
) -> tuple[str, ...]:
    """The mailboxes of those recipients on that day, each once; empty when nobody can be reached.

    Whoever acts for somebody (Plh/Plt) receives in their place. A role nobody holds falls to the PPID's
    own mailbox, so that no letter inside the office is lost.
    """
    found: list[str] = []
    for recipient in recipients:
        found += _mailboxes(recipient, opd, applicant_email, book, on)
    return tuple(dict.fromkeys(address for address in found if address))


def label_of(recipients: Iterable[Recipient], *, opd: str, book: Rulebook) -> str:
    """How the letter addresses its first recipient."""
    first = next(iter(recipients), Recipient.COORDINATOR)
    unit = book.office.opd(opd)
    if first is Recipient.OPD and unit:
        return f"PPID Pelaksana {unit.name}"
    if first is Recipient.OPD_HEAD and unit:
        return f"Kepala {unit.name}"
    if first is Recipient.COMMISSION:
        return book.office.commission
    role = _ROLE.get(first)
    return ROLE_SHOWN_AS[role] if role else ""


def _mailboxes(recipient: Recipient, opd: str, applicant: str, book: Rulebook, on: date) -> list[str]:
    office = book.office
    unit = office.opd(opd)
    if recipient is Recipient.APPLICANT:
        return [applicant]
    if recipient is Recipient.COMMISSION:
        return [office.commission_mailbox]
    if recipient is Recipient.OPD:
        return [unit.mailbox if unit else office.ppid_mailbox]
    if recipient is Recipient.OPD_HEAD:
        return [unit.head_mailbox if unit else office.ppid_mailbox]
    role = _ROLE.get(recipient)
    holders = [officer.mailbox for officer in office.officers_in(role, on)] if role else []
    return holders or [office.ppid_mailbox]
