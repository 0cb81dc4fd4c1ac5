"""Acts: the only way a case changes. One act, one transaction; nothing is sent before its commit.

People, the sweep and the flows all come through here. The order is always the same: lock the family,
let `domain/` decide, write state, journal entry, clocks, letters owed and the run's wake, commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from domain import assistance_arrows, dispute_arrows, objection_arrows, request_arrows
from domain.act import Act
from domain.arrow import Decision, Happened
from domain.assistance import Assistance
from domain.assistance_arrows import AssistanceFiling
from domain.dispute_arrows import DisputeFiling
from domain.errors import DomainError, Refused
from domain.identity import Identity, checked
from domain.letter import Letter
from domain.number import LIVE_SERIES, CaseKind
from domain.objection import Objection
from domain.objection_arrows import ObjectionFiling
from domain.office import Actor
from domain.request import Request
from domain.request_arrows import Filing
from domain.rulebook import Rulebook
from tasks.act_checks import check_actor, check_documents, cleaned
from tasks.clock import Clock
from tasks.corrections import change_beside, change_register
from tasks.documents import DocumentStore
from tasks.keys import Keyring
from tasks.registers import lists
from tasks.sealing import Sealing
from tasks.store import casefile, journal, people
from tasks.store.codec import Case
from tasks.store.family import Family, Filed
from tasks.store.page import writing_page
from tasks.store.writer import Proof, Writer

#: A file a person attaches: name, media type, bytes.
Attached = tuple[str, str, bytes]


@dataclass(frozen=True, slots=True)
class Performed:
    """What an act did, once it is durable."""

    number: str
    action: str
    stage: str
    version: int
    letters: int


class Acts:
    """The office's acts on one database.

    Args:
        policy: gives the rulebook in force at this moment.
        seal_log: a file that gets each commit's seal; `ppid verify` compares it.
        after: called after each commit, from the writer's thread; nudges dispatcher and projector.
    """

    def __init__(
        self,
        engine: Engine,
        keyring: Keyring,
        policy: Callable[[], Rulebook],
        clock: Clock,
        *,
        seal_log: Path | None = None,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        self.engine, self.keyring, self.policy, self.clock = engine, keyring, policy, clock
        self.sealing = Sealing(keyring)
        self._seal_log = seal_log
        self._sealed: list[str] = []
        self._after = after
        self.writer = Writer(engine, self._seal, self._committed, opening=casefile.lock_families_of)

    def close(self) -> None:
        """Finish what was submitted; afterwards no act is taken."""
        self.writer.close()

    # --- filing ---------------------------------------------------------------------------------

    def register(
        self,
        filing: Filing,
        by: Actor,
        *,
        series: str = LIVE_SERIES,
        beside: Callable[[Connection, Performed], None] | None = None,
    ) -> Future[Performed]:
        """Register a request; done once its number and receipt are durable.

        Args:
            beside: what is written with it in the same transaction.

        The future raises:
            Refused: the filing cannot be read; nothing was written.
            StoreUnavailable: the database gave no answer; nothing was written.
        """
        now, book = self.clock.now(), self.policy()
        filing = replace(filing, identity=checked(filing.identity))

        def job(connection: Connection) -> Performed:
            check_actor(connection, Act(action="register", by=by, at=now), book)
            # The number first: its row queues filings, so two of one NIK never make two persons.
            number = casefile.next_number(connection, CaseKind.REQUEST, series, self.clock.today().year)
            person = people.person_for(connection, self.keyring, filing.identity)
            decision = request_arrows.register(
                filing, number=number, person=person.id, by=by, at=now, book=book
            )
            sealed = self.sealing.seal_identity(person.id, person.wrapped_key, number, filing.identity)
            done = self._insert(connection, decision, series, None, person, sealed, book)
            if beside is not None:
                beside(connection, done)
            return done

        return self.writer.submit(job)

    def file_objection(
        self,
        filing: ObjectionFiling,
        by: Actor,
        *,
        request: str = "",
        identity: Identity | None = None,
        series: str = LIVE_SERIES,
    ) -> Future[Performed]:
        """Register an objection to *request*, or for reason b without one, by *identity*.

        The future raises:
            CaseNotFound, Refused: nothing was written.
        """
        now, book = self.clock.now(), self.policy()
        who = checked(identity) if identity is not None else None

        def job(connection: Connection) -> Performed:
            check_actor(connection, Act(action="file", by=by, at=now), book)
            family = casefile.load_family(connection, request, lock=True) if request else None
            target = family.file(request) if family else None
            objected = target.case if target else None
            if objected is not None and not isinstance(objected, Request):
                raise Refused("request", f"{request} bukan nomor permohonan")
            if target is None and who is None:
                raise Refused("identity", "keberatan tanpa permohonan memerlukan identitas pemohon")
            held = _held(target) if target else people.person_for(connection, self.keyring, _sure(who))
            of_series = target.series if target else series
            number = casefile.next_number(connection, CaseKind.OBJECTION, of_series, self.clock.today().year)
            filed = replace(
                filing,
                request=objected,
                has_email=bool(who.email) if who else filing.has_email,
            )
            decision = objection_arrows.file_objection(
                filed, number=number, person=held.id, by=by, at=now, book=book
            )
            told = who or self.sealing.identity_of(_sure(target))
            sealed = self.sealing.seal_identity(held.id, held.wrapped_key, number, told)
            root = target.root_id if target else None
            return self._insert(connection, decision, of_series, root, held, sealed, book)

        return self.writer.submit(job)

    def register_dispute(self, filing: DisputeFiling, by: Actor, *, objection: str) -> Future[Performed]:
        """Register the dispute the Commission has taken up after that objection.

        The future raises:
            CaseNotFound, Refused: nothing was written.
        """
        now, book = self.clock.now(), self.policy()

        def job(connection: Connection) -> Performed:
            check_actor(connection, Act(action="register", by=by, at=now), book)
            family = casefile.load_family(connection, objection, lock=True)
            target = family.file(objection)
            if not isinstance(target.case, Objection):
                raise Refused("objection", f"{objection} bukan nomor keberatan")
            number = casefile.next_number(
                connection, CaseKind.DISPUTE, target.series, self.clock.today().year
            )
            filed = replace(filing, objection=target.case)
            decision = dispute_arrows.register_dispute(
                filed, number=number, person=target.person_id, by=by, at=now, book=book
            )
            held = _held(target)
            sealed = self.sealing.seal_identity(
                held.id, held.wrapped_key, number, self.sealing.identity_of(target)
            )
            return self._insert(connection, decision, target.series, target.root_id, held, sealed, book)

        return self.writer.submit(job)

    def register_assistance(
        self, filing: AssistanceFiling, contact: Identity, by: Actor, *, series: str = LIVE_SERIES
    ) -> Future[Performed]:
        """Register what another public body asks for; *contact* is the person there.

        The future raises:
            Refused: the filing cannot be read; nothing was written.
        """
        now, book, who = self.clock.now(), self.policy(), checked(contact)
        filing = replace(filing, has_email=bool(who.email))

        def job(connection: Connection) -> Performed:
            check_actor(connection, Act(action="register", by=by, at=now), book)
            number = casefile.next_number(connection, CaseKind.ASSISTANCE, series, self.clock.today().year)
            held = people.person_for(connection, self.keyring, who)
            decision = assistance_arrows.register_assistance(
                filing, number=number, person=held.id, by=by, at=now, book=book
            )
            sealed = self.sealing.seal_identity(held.id, held.wrapped_key, number, who)
            return self._insert(connection, decision, series, None, held, sealed, book)

        return self.writer.submit(job)

    # --- acting ---------------------------------------------------------------------------------

    def perform(self, number: str, act: Act) -> Future[Performed]:
        """Do *act* on the case of that number; done once it is durable.

        The future raises:
            CaseNotFound, WrongStage, RoleNotPermitted, UnknownAction, StaleFacts, Refused: the rules
                say no; nothing was written.
            StoreUnavailable: the database gave no answer; nothing was written.
        """
        book = self.policy()
        ready = cleaned(act)

        def job(connection: Connection) -> Performed:
            family = casefile.load_family(connection, number, lock=True)
            check_actor(connection, ready, book)
            check_documents(connection, ready)
            return self.act_on(connection, family, number, ready, book)

        return self.writer.submit(job, number)

    def perform_with(
        self, number: str, act: Act, files: Sequence[Attached], store: DocumentStore
    ) -> Future[Performed]:
        """`perform` with files a person attaches, kept in the same transaction as the act.

        The future raises what `perform` raises; then no document is kept either.
        """
        if not files:
            return self.perform(number, act)
        book, now = self.policy(), self.clock.now()
        ready = cleaned(act)

        def job(connection: Connection) -> Performed:
            family = casefile.load_family(connection, number, lock=True)
            check_actor(connection, ready, book)
            case_id = family.file(number).id
            kept: list[str] = []
            try:
                for name, media, content in files:
                    kept.append(store.put(connection, case_id, name, media, content, now))
                filled = replace(ready, documents=(*ready.documents, *kept))
                return self.act_on(connection, family, number, filled, book)
            except DomainError:
                store.discard(kept)
                raise

        return self.writer.submit(job, number)

    def read_identity(self, number: str, by: Actor) -> Future[Identity]:
        """The applicant's data for a person to see; each reading is journalled.

        The future raises:
            CaseNotFound: no case of that number.
            PersonErased: the key was destroyed.
        """
        book, now = self.policy(), self.clock.now()
        found: list[Identity] = []

        def job(connection: Connection) -> Performed:
            filed = casefile.load_family(connection, number, lock=True).file(number)
            check_actor(connection, Act(action="read_identity", by=by, at=now), book)
            found.append(self.sealing.identity_of(filed))
            stage = str(filed.case.stage)
            event = Happened(number, "read_identity", stage, stage, by, now)
            return self.note_event(connection, filed, event, filed.case, book)

        written = self.writer.submit(job, number)
        told: Future[Identity] = Future()

        def hand_over(done: Future[Performed]) -> None:
            failure = done.exception()
            if failure is not None:
                told.set_exception(failure)
            else:
                told.set_result(found[0])

        written.add_done_callback(hand_over)
        return told

    async def aperform(self, number: str, act: Act) -> Performed:
        """`perform` for callers in an event loop."""
        return await asyncio.wrap_future(self.perform(number, act))

    def act_on(
        self,
        connection: Connection,
        family: Family,
        number: str,
        act: Act,
        book: Rulebook,
        *,
        letters: Callable[[tuple[Letter, ...]], tuple[Letter, ...]] = lambda owed: owed,
    ) -> Performed:
        """Decide and write inside an open transaction; used by the sweep and the dispatcher too.

        Args:
            letters: what becomes of the letters the act owes (the sweep merges them).
        """
        filed = family.file(number)
        decision = decide(filed.case, act, book, family.cases)
        decision = replace(decision, letters=letters(decision.letters))
        note: dict[str, Any] = {"note": act.note} if act.note else {}
        if act.changes:
            decision, filed, changed = change_register(self.sealing, connection, family, filed, decision, act)
            note.update(changed)
            for beside, event, marked in change_beside(self.sealing, connection, family, filed, act):
                self.note_event(connection, beside, event, marked, book)
        sealed = self.sealing.seal_note(filed, note)
        plain, hidden = self.sealing.without_note(filed, decision.letters, act.note)
        decision = replace(decision, letters=plain)
        filed = casefile.save_decision(connection, filed, decision, sealed, book, hidden)
        self._keep_lists(connection, filed.case, act, book)
        family = family.with_file(filed)
        for other, following in decision.follow:
            self.act_on(connection, family, other, following, book)
            family = casefile.load_family_of_root(connection, filed.root_id)
        case = filed.case
        return Performed(number, act.action, str(case.stage), case.version, len(decision.letters))

    def note_event(
        self,
        connection: Connection,
        filed: Filed,
        event: Happened,
        changed: Case,
        book: Rulebook,
        *,
        wake: bool = True,
    ) -> Performed:
        """Write an entry that is no act on the case: a rung fired, a date moved, identities read for a list.

        Args:
            wake: whether the case's run has something new to show.
        """
        decision: Decision[Any] = Decision(changed, event)
        casefile.save_decision(connection, filed, decision, None, book, wake=wake)
        return Performed(filed.number, event.action, str(changed.stage), changed.version, 0)

    # --- parts ----------------------------------------------------------------------------------

    def _keep_lists(self, connection: Connection, case: Case, act: Act, book: Rulebook) -> None:
        """What is exempted by this act, or given by order, changes the lists in the same transaction."""
        if not isinstance(case, Request):
            return
        if act.action == "approve":
            lists.enter_exemptions(connection, case, book, at=act.at, today=act.today)
        elif act.action == "fulfil":
            lists.open_ordered(connection, case, at=act.at, today=act.today)

    def _insert(
        self,
        connection: Connection,
        decision: Decision[Any],
        series: str,
        root_id: int | None,
        person: people.Held,
        sealed: bytes,
        book: Rulebook,
    ) -> Performed:
        filed = casefile.insert_case(
            connection,
            decision,
            series=series,
            root_id=root_id,
            person_id=person.id,
            wrapped_key=person.wrapped_key,
            sealed=sealed,
            journal_note=None,
            book=book,
            at=decision.event.at,
        )
        case = filed.case
        return Performed(case.number, decision.event.action, str(case.stage), 1, len(decision.letters))

    def _seal(self, connection: Connection) -> Proof | None:
        page = writing_page(connection)
        page.flush(connection)
        hashed = journal.seal(connection, page.take_written())
        self._sealed = [hashed] if hashed else []
        return partial(journal.is_sealed, hashed=hashed) if hashed else None

    def _committed(self) -> None:
        if self._seal_log is not None and self._sealed:
            with self._seal_log.open("a") as log:
                log.write("".join(f"{hashed}\n" for hashed in self._sealed))
        self._sealed = []
        self._after()


def decide(case: Case, act: Act, book: Rulebook, family: tuple[Case, ...]) -> Decision[Any]:
    """Let the table of the case's kind decide."""
    if isinstance(case, Request):
        return request_arrows.decide(case, act, book, family)
    if isinstance(case, Objection):
        return objection_arrows.decide(case, act, book, family)
    if isinstance(case, Assistance):
        return assistance_arrows.decide(case, act, book, family)
    return dispute_arrows.decide(case, act, book, family)


def _held(filed: Filed) -> people.Held:
    return people.Held(filed.person_id, filed.wrapped_key)


def _sure(value: Any) -> Any:
    assert value is not None  # noqa: S101 the branch above has refused it already
    return value
