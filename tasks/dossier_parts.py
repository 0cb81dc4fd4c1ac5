"""What a dossier tells besides the letters: history, proofs, clocks, the test, the journal; as rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from domain.act import REASON_SHOWN_AS, WIB
from domain.clock import CLOCK_SHOWN_AS
from domain.dispute import Dispute
from domain.identity import Identity
from domain.item import GROUND_SHOWN_AS
from domain.ladder import RECIPIENT_SHOWN_AS, Recipient
from domain.letter import LETTER_SHOWN_AS, LetterKind
from domain.objection_letters import RELIEF
from domain.office import ROLE_SHOWN_AS, Role
from domain.request import Request
from domain.rulebook import Rulebook
from tasks.store.family import Family
from tasks.store.schema import journal, letters
from tasks.view import action_shown, stages_shown
from tasks.words import short_date

Rows = list[tuple[str, ...]]

MINUTE: Final = "%Y-%m-%d %H.%M"
#: Acts by which a person records that a letter left by hand, arrived, or came back.
ARRIVED: Final = ("record_sent", "record_receipt", "record_bounce")
_STATES: Final = {"sent": "terkirim", "kept": "disimpan di sini", "undeliverable": "tidak terkirim"}
_EMPTY: Final = "–"


def sent_letters(connection: Connection, family: Family, *, to_applicant: bool) -> list[Row[Any]]:
    """The letters of the family that left, in order; for the applicant only those that left for them."""
    ids = [filed.id for filed in family.files]
    query = select(letters).where(letters.c.case_id.in_(ids), letters.c.sent_at.is_not(None))
    rows = connection.execute(query.order_by(letters.c.sent_at, letters.c.id)).all()
    theirs = str(Recipient.APPLICANT)
    return [row for row in rows if not to_applicant or theirs in json.loads(row.recipients)]


def entries_of(connection: Connection, family: Family) -> list[Row[Any]]:
    """The journal of the family, in order; its sealed parts stay sealed."""
    ids = [filed.id for filed in family.files]
    found = select(journal).where(journal.c.case_id.in_(ids)).order_by(journal.c.id)
    return list(connection.execute(found).all())


def last_instant(entries: Sequence[Row[Any]]) -> datetime:
    """When the family last changed: the dossier of the same state is the same file."""
    return max(datetime.fromisoformat(entry.at) for entry in entries)


def timeline_rows(entries: Sequence[Row[Any]]) -> Rows:
    """When, which file, what, who, from which stage to which."""
    return [
        (
            minute(datetime.fromisoformat(entry.at)),
            entry.number,
            action_shown(entry.action, entry.number),
            ROLE_SHOWN_AS[Role(entry.role)],
            stages_shown(entry.number, entry.stage_before, entry.stage_after),
        )
        for entry in entries
    ]


def proof_row(row: Row[Any]) -> tuple[str, ...]:
    """When a letter left, to whom, and what the relay answered."""
    to = ", ".join(RECIPIENT_SHOWN_AS[Recipient(one)] for one in json.loads(row.recipients))
    to += " (dicetak dan dikirim petugas)" if row.by_hand else ""
    return (
        minute(row.sent_at),
        row.number,
        LETTER_SHOWN_AS[LetterKind(row.kind)],
        f"{to} ({row.opd})" if row.opd else to,
        _STATES.get(row.state, row.state) + (f"; {row.error}" if row.error else ""),
        row.reply,
        row.message_id,
    )


def receipt_rows(entries: Sequence[Row[Any]]) -> Rows:
    """What persons recorded about letters sent by hand, received, or returned."""
    return [
        (
            minute(datetime.fromisoformat(entry.at)),
            entry.number,
            action_shown(entry.action, entry.number),
            json.loads(entry.facts).get("on")
            or datetime.fromisoformat(entry.at).astimezone(WIB).date().isoformat(),
        )
        for entry in entries
        if entry.action in ARRIVED
    ]


def test_rows(family: Family) -> Rows:
    """Each tested item: ground, reason, until when, and who answers for it."""
    rows: Rows = []
    for case in family.cases:
        for item in case.items if isinstance(case, Request) else ():
            verdict = item.verdict
            if verdict is None or verdict.ground is None:
                continue
            ground = f"Pasal 17 huruf {str(verdict.ground)[2:]}: {GROUND_SHOWN_AS[verdict.ground]}"
            until = short_date(verdict.until) if verdict.until else "menurut undang-undang"
            basis = f"{ground}; {verdict.basis}" if verdict.basis else ground
            who = f"{verdict.drafted_by} / {verdict.approved_by or 'belum disetujui'}"
            rows.append((str(item.no), item.text, basis, verdict.reason, until, who))
    return rows


def clocks_told(family: Family, book: Rulebook) -> list[dict[str, Any]]:
    """Each clock with its day-by-day trace."""
    told: list[dict[str, Any]] = []
    for case in family.cases:
        for clock in case.clocks:
            trace = book.explain(clock, received_on=case.received_on)
            days = trace.days if trace is not None else ()
            met = f" Dipenuhi {minute(clock.met_at)}." if clock.met_at else ""
            first = f" Semula {clock.first_due_on}." if clock.first_due_on != clock.due_on else ""
            told.append(
                {
                    "title": f"{case.number}: {CLOCK_SHOWN_AS[clock.kind]} {clock.key}".rstrip(),
                    "summary": f"Mulai {clock.start_on}, hari terakhir {clock.due_on}.{first}{met} "
                    f"Dasar: {clock.law}.",
                    "days": [
                        {
                            "on": day.on.isoformat(),
                            "number": _EMPTY if day.number is None else str(day.number),
                            "reason": day.reason,
                        }
                        for day in days
                    ],
                }
            )
    return told


def journal_rows(entries: Sequence[Row[Any]]) -> Rows:
    """Number, file, time, action and hash of each entry."""
    return [
        (
            str(entry.seq),
            entry.number,
            minute(datetime.fromisoformat(entry.at)),
            action_shown(entry.action, entry.number),
            entry.hash,
        )
        for entry in entries
    ]


def applicant_rows(identity: Identity) -> Rows:
    """The applicant as PERKI 1/2013 Pasal 10 asks."""
    return [
        ("Nama / badan hukum", identity.name),
        ("Alamat", identity.address or _EMPTY),
        ("Telepon", identity.phone or _EMPTY),
        ("Surel", identity.email or _EMPTY),
        ("Bukti identitas", identity.id_document or _EMPTY),
        ("Kuasa", identity.proxy_name or _EMPTY),
        ("Tujuan penggunaan informasi", identity.purpose or _EMPTY),
    ]


def cover_rows(family: Family, commission: str) -> Rows:
    """Numbers, subject, reasons and what is asked of the Commission (PERKI 1/2013 Pasal 10)."""
    rows: Rows = [("Diajukan kepada", commission)]
    dispute = next((case for case in reversed(family.cases) if isinstance(case, Dispute)), None)
    if dispute is not None:
        rows += [
            ("Nomor register Komisi", dispute.ki_number or _EMPTY),
            ("Nomor sengketa", dispute.number),
            ("Nomor keberatan", dispute.objection or _EMPTY),
            ("Nomor permohonan", dispute.request or _EMPTY),
            ("Alasan", "; ".join(f"{r}. {REASON_SHOWN_AS[r]}" for r in dispute.reasons) or _EMPTY),
            ("Yang dapat dimohonkan", "; ".join(RELIEF)),
        ]
    rows.append(("Informasi", family.root.case.subject or _EMPTY))
    return rows


def minute(at: datetime) -> str:
    """An instant in Jakarta, to the minute."""
    return at.astimezone(WIB).strftime(MINUTE)
