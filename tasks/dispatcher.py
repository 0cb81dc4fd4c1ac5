"""The dispatcher: it alone sends. A letter is ready → sent, kept here, or undeliverable.

Each connection hands over one letter and has it marked durably before it takes the next, so a crash
sends at most one letter per connection twice, with the same Message-ID.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, literal_column, select, update

from domain.act import Act
from domain.ladder import RECIPIENT_SHOWN_AS, Recipient
from domain.letter import Letter, LetterKind
from domain.office import SYSTEM
from domain.rulebook import Rulebook
from tasks import leases
from tasks.acts import Acts, Performed
from tasks.addresses import addresses_of
from tasks.clock import date_in_jakarta
from tasks.documents import DocumentMissing, DocumentStore
from tasks.keys import PersonErased
from tasks.letter_mail import FOLLOWS, Composed, Composer, Outlet
from tasks.letters import LetterUnrenderable, Texts
from tasks.mail import Receipt, Relay
from tasks.mail_errors import AddressUnusable, MailRefused, MailUnavailable
from tasks.mail_message import as_message, message_id
from tasks.marks import MARK, Marks
from tasks.paper import kept
from tasks.paper.maker import Maker, PaperNotReady
from tasks.store import casefile
from tasks.store.engine import StoreUnavailable, reading
from tasks.store.schema import cases, letters, persons

log = structlog.get_logger()

LEASE: Final = "dispatcher"
LEASE_SECONDS: Final = 120.0
POLL_SECONDS: Final = 1.0
ALARM_AFTER: Final = timedelta(hours=4)
FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(minutes=30)
_CHUNK: Final = 200
#: Whose addresses the desk can mend; those inside the office stand in `people.yaml`, and an alarm tells.
MENDABLE: Final = frozenset({Recipient.APPLICANT, Recipient.OPD, Recipient.OPD_HEAD})
_NO_ANSWER: Final = "tidak ada jawaban"

_WAITING: Final = (
    select(
        letters,
        cases.c.sealed.label("identity"),
        cases.c.person_id,
        persons.c.wrapped_key,
    )
    .select_from(
        letters.outerjoin(cases, cases.c.id == letters.c.case_id).outerjoin(
            persons, persons.c.id == cases.c.person_id
        )
    )
    # The literal lets SQLite use the index over ready letters only.
    .where(letters.c.state == literal_column("'ready'"), letters.c.next_try_at <= bindparam("now"))
    .order_by(letters.c.next_try_at, letters.c.id)
    .limit(_CHUNK)
)
_STUCK: Final[tuple[ColumnElement[str], ...]] = (literal_column("'undeliverable'"), literal_column("'kept'"))
_PUT_OFF: Final = (
    update(letters)
    .where(letters.c.id == bindparam("b_id"), letters.c.state == "ready")
    .values(attempts=letters.c.attempts + 1, next_try_at=bindparam("next_try_at"), error=bindparam("error"))
)


@dataclass(frozen=True, slots=True)
class _Left:
    """A mail the relay took.

    Attributes:
        at: when; aware.
    """

    receipt: Receipt
    at: datetime
    message_id: str
    composed: Composed


class Dispatcher:
    """Sends what is owed; `run` for the core, `drain` for tests and the demo."""

    def __init__(
        self,
        acts: Acts,
        texts: Texts,
        documents: DocumentStore,
        outlet: Outlet,
        maker: Maker | None = None,
    ) -> None:
        self.acts, self.outlet, self.maker = acts, outlet, maker
        self._composer = Composer(acts, texts, documents, outlet, maker)
        self._relays = [Relay(outlet.relay) for _ in range(outlet.connections)]
        self._marks = Marks(acts.writer, lambda: len(self._in_hand))
        self._in_hand: set[int] = set()
        # What left while the store could not be written: marked before anything else leaves, or each
        # turn would send it again.
        self._unmarked: dict[int, tuple[Row[Any], _Left]] = {}
        self._rest_until: datetime | None = None
        self._rest = FIRST_PAUSE
        self._nudged = asyncio.Event()
        self._holder = leases.holder_name()
        self._leads_until: datetime | None = None

    def nudge(self) -> None:
        """A commit may have owed something; call from the event loop (`call_soon_threadsafe`)."""
        self._nudged.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until *stop* is set; owed letters of a crashed process leave first."""
        ended = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                try:
                    while not stop.is_set() and await self._is_leader() and await self.drain():
                        pass
                except StoreUnavailable:
                    log.warning("dispatcher.store_unavailable")
                woken = asyncio.create_task(self._nudged.wait())
                await asyncio.wait({ended, woken}, timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                woken.cancel()
                self._nudged.clear()
        finally:
            ended.cancel()
            await self.close()

    async def close(self) -> None:
        """Say goodbye to the relay and let the lease go."""
        for relay in self._relays:
            await relay.close()
        if self.maker is not None:
            self.maker.close()
        try:
            await asyncio.to_thread(leases.give_back, self.acts.engine, LEASE, self._holder)
        except StoreUnavailable:
            log.warning("dispatcher.lease_not_given_back")

    async def drain(self) -> int:
        """Send one chunk of what is due; how many were taken in hand.

        Raises:
            StoreUnavailable: the store gave no answer, or could not take a mark; nothing more leaves until
                it can.
        """
        for letter in [letter for letter in self._unmarked if letter not in self._in_hand]:
            await self._mark_left(letter)
        if self._rests():
            return 0
        now = self.acts.clock.now()
        with reading(self.acts.engine) as connection:
            rows = [r for r in connection.execute(_WAITING, {"now": now}) if r.id not in self._in_hand]
        if not rows:
            return 0
        waiting: asyncio.Queue[Row[Any]] = asyncio.Queue()
        for row in rows:
            waiting.put_nowait(row)
        await asyncio.gather(*(self._work(relay, waiting) for relay in self._relays))
        return len(rows)

    async def _is_leader(self) -> bool:
        now = self.acts.clock.now()
        if self._leads_until and self._leads_until > now + timedelta(seconds=LEASE_SECONDS / 2):
            return True
        leads = await asyncio.to_thread(
            leases.take, self.acts.engine, LEASE, self._holder, now, LEASE_SECONDS
        )
        self._leads_until = now + timedelta(seconds=LEASE_SECONDS) if leads else now
        return leads

    async def _work(self, relay: Relay, waiting: asyncio.Queue[Row[Any]]) -> None:
        while not waiting.empty() and not self._rests():
            if self._leads_until is not None and not await self._is_leader():
                return  # a long burst: somebody else took over while this one was slow
            if waiting.empty():
                return
            row = waiting.get_nowait()
            self._in_hand.add(row.id)
            try:
                await self._send(relay, row)
            finally:
                self._in_hand.discard(row.id)

    def _rests(self) -> bool:
        """While the relay gives no answer, nothing is tried until the pause is over."""
        return self._rest_until is not None and self.acts.clock.now() < self._rest_until

    async def _send(self, relay: Relay, row: Row[Any]) -> None:
        try:
            composed = await self._composer.compose(row)
            mail = composed.mail
            receipt = await relay.deliver(as_message(mail), mail.from_addr, mail.to, key=row.key)
        except (MailRefused, PersonErased) as error:
            await self._give_up(row, _why(error))
        except (LetterUnrenderable, DocumentMissing, PaperNotReady) as error:
            await self._put_off(row, str(error), alarm=True)  # once the text is mended, it still leaves
        except MailUnavailable as error:
            if not error.code and not self._rests():  # several connections find the same outage at once
                self._rest_until = self.acts.clock.now() + self._rest
                self._rest = min(self._rest * 2, LONGEST_PAUSE)
            await self._put_off(row, f"relai menjawab {error.code}" if error.code else _NO_ANSWER)
        except StoreUnavailable:
            raise
        except Exception as error:  # one letter that cannot be made must not stop the others
            log.exception("letter.broken", key=row.key)
            await self._put_off(row, type(error).__name__, alarm=True)
        else:
            self._rest, self._rest_until = FIRST_PAUSE, None
            mid = message_id(row.key, mail.from_addr)
            self._unmarked[row.id] = (row, _Left(receipt, self.acts.clock.now(), mid, composed))
            await self._mark_left(row.id)

    async def _mark_left(self, letter: int) -> None:
        if letter not in self._unmarked:  # another turn has marked it meanwhile
            return
        row, left = self._unmarked[letter]
        await self._mark_sent(row, left)
        self._unmarked.pop(letter, None)

    # --- marking --------------------------------------------------------------------------------

    async def _mark_sent(self, row: Row[Any], left: _Left) -> None:
        """Sent; where the relay refused some of several recipients, somebody mends their addresses."""
        now, book, receipt = left.at, self.acts.policy(), left.receipt
        refused, mendable = self._refused(row, receipt, book)
        note = (
            f"{len(receipt.refused)} dari {len(left.composed.mail.to)} penerima ditolak: {refused}"
            if refused
            else ""
        )
        values = {
            "b_id": row.id,
            "state": "kept" if self.outlet.kept else "sent",
            "sent_at": now,
            "attempts": row.attempts + 1,
            "error": note[:500],
            "reply": receipt.reply[:500],
            "message_id": left.message_id,
            "sealed": self.acts.sealing.seal_text(
                row.person_id, row.wrapped_key, row.key, left.composed.text
            ),
        }
        act = None
        if row.meets is not None and not row.by_hand:
            act = Act(action="record_sent", by=SYSTEM, at=now, other=row.key)
        elif mendable:
            act = Act(action="record_bounce", by=SYSTEM, at=now, other=row.key, note=note[:500])
        alarm = "" if act else note[:200]
        if left.composed.to_follow:
            alarm = f"surat dikirim sebagai teks, PDF menyusul: {left.composed.to_follow}"
        await self._mark(row, values, act, book, alarm=alarm, left=left)

    def _refused(self, row: Row[Any], receipt: Receipt, book: Rulebook) -> tuple[str, bool]:
        """Whose addresses the relay refused, in words, and whether mending them is the desk's task."""
        if not receipt.refused:
            return "", False
        today = date_in_jakarta(self.acts.clock.now())
        found = [
            recipient
            for recipient in (Recipient(name) for name in json.loads(row.recipients))
            if set(receipt.refused)
            & set(addresses_of((recipient,), opd=row.opd, applicant_email="", book=book, on=today))
        ]
        named = ", ".join(RECIPIENT_SHOWN_AS[one] for one in found) or "alamat"
        return f"{named} {row.opd}".strip(), bool(row.number and MENDABLE & set(found))

    def _let_follow(self, connection: Connection, row: Row[Any], facts: dict[str, Any]) -> None:
        """Owe a second mail that brings the paper, with the facts the first one told."""
        hidden = {name: facts[name] for name in facts.get("hidden", ()) if name in facts}
        plain = {**facts, **dict.fromkeys(hidden, ""), "items": facts.get("items", [])}
        plain |= {"paper_of": row.kind, "paper_at": row.owed_at.isoformat()}
        key = row.key + FOLLOWS
        recipients = tuple(Recipient(name) for name in json.loads(row.recipients))
        letter = Letter(key, LetterKind.BUNDLE, row.number, recipients, plain, row.opd, by_hand=row.by_hand)
        sealed: dict[str, bytes] = {}
        if hidden:
            sealed[key] = self.acts.sealing.seal_facts(row.person_id, row.wrapped_key, key, hidden)
        casefile.owe(connection, row.case_id, [letter], self.acts.clock.now(), sealed)

    async def _put_off(self, row: Row[Any], error: str, *, alarm: bool = False) -> None:
        """Try again later, each time after a longer pause; an alarm after four hours, or at once."""
        now = self.acts.clock.now()
        pause = min(FIRST_PAUSE * 2 ** min(row.attempts, 10), LONGEST_PAUSE)
        values = {"b_id": row.id, "next_try_at": now + pause, "error": error[:500]}
        alarm = alarm or now - row.owed_at > ALARM_AFTER
        log.log(40 if alarm else 30, "letter.put_off", key=row.key, attempts=row.attempts + 1, error=error)

        def job(connection: Connection) -> Performed:
            connection.execute(_PUT_OFF, values)
            if alarm:
                leases.mark(connection, "alarm.mail", f"{row.key}: {error}", now)
            return Performed(row.number, "", "", 0, 0)

        await asyncio.wrap_future(self.acts.writer.submit(job))

    async def _give_up(self, row: Row[Any], reason: str) -> None:
        """Undeliverable: the coordinator gets the task to mend the contact, the duty stays open."""
        now, book = self.acts.clock.now(), self.acts.policy()
        values = {
            "b_id": row.id,
            "state": "undeliverable",
            "sent_at": None,
            "attempts": row.attempts + 1,
            "error": reason[:500],
            "reply": "",
            "message_id": "",
            "sealed": row.sealed,
        }
        log.error("letter.undeliverable", key=row.key, kind=row.kind)
        told = {Recipient(name) for name in json.loads(row.recipients)}
        if row.number and told & MENDABLE:
            act = Act(action="record_bounce", by=SYSTEM, at=now, other=row.key, note=reason[:500])
            await self._mark(row, values, act, book)
        else:
            await self._mark(row, values, None, book, alarm=reason[:200])

    async def _mark(
        self,
        row: Row[Any],
        values: dict[str, Any],
        act: Act | None,
        book: Rulebook,
        alarm: str = "",
        left: _Left | None = None,
    ) -> None:
        """Write what became of the letter, and the act that follows from it, in one commit.

        A letter that has left stays marked even if its case cannot be acted on: unmarked, it would be sent
        again for ever.
        """

        def job(connection: Connection) -> Performed:
            if alarm:
                leases.mark(connection, "alarm.mail", f"{row.key}: {alarm}", self.acts.clock.now())
            if connection.execute(MARK, values).rowcount:
                if left is not None and left.composed.papers:
                    kept.keep(connection, self.acts, row.number, left.composed.papers, book)
                if left is not None and left.composed.to_follow:
                    self._let_follow(connection, row, left.composed.facts)
                if act is not None:
                    family = casefile.load_family(connection, row.number, lock=True)
                    return self.acts.act_on(connection, family, row.number, act, book)
            return Performed(row.number, "", "", 0, 0)

        on_paper = left is not None and bool(left.composed.papers or left.composed.to_follow)
        try:
            if act is None and not alarm and not on_paper:
                await self._marks.write(values)
            else:
                await asyncio.wrap_future(self.acts.writer.submit(job, row.number if act is not None else ""))
        except StoreUnavailable:
            raise
        except Exception as error:  # of the act or of a paper: the letter has left, its mark must stand
            if act is None and left is None:
                raise
            log.exception("letter.act_failed", key=row.key, action=act.action if act else kept.SET)
            rest = left if act is not None else None
            await self._mark(row, values, None, book, alarm=type(error).__name__, left=rest)


def unsent(connection: Connection) -> dict[str, int]:
    """How many letters stand in each state that is not *sent*."""
    counted = select(letters.c.state, func.count()).group_by(letters.c.state)
    # By literals, each an index over these letters only: those sent are never looked at.
    waiting = (letters.c.state == literal_column("'ready'"), letters.c.state.in_(_STUCK))
    return {row[0]: row[1] for state in waiting for row in connection.execute(counted.where(state))}


def _why(error: MailRefused | PersonErased) -> str:
    """What stopped a letter for good, as the office reads it."""
    if isinstance(error, AddressUnusable):
        return "alamat surel tidak sah"
    if isinstance(error, MailRefused):
        return f"server surel menolaknya ({error.code})" if error.code else "tidak ada alamat surel"
    return str(error)
