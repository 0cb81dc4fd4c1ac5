"""The mail of an owed letter: to whom, in which words, with which papers and documents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import Row

from config.settings import USUAL_CONNECTIONS
from domain.identity import Identity
from domain.ladder import Recipient
from domain.letter import LetterKind
from domain.rulebook import Rulebook
from tasks.acts import Acts
from tasks.addresses import addresses_of, label_of
from tasks.clock import date_in_jakarta
from tasks.documents import DocumentStore
from tasks.letters import Addressee, Texts
from tasks.mail import RelaySettings
from tasks.mail_errors import MailRefused
from tasks.mail_message import Attachment, OutgoingMail
from tasks.paper.kept import Made
from tasks.paper.maker import Maker, PaperNotReady
from tasks.store.engine import reading
from tasks.tokens import Tokens

log = structlog.get_logger()

#: Ends the key of a mail that brings the paper of one that left without.
FOLLOWS: Final = ":pdf"


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where letters go and what they say of the office.

    Attributes:
        kept: letters stay in the embedded mailbox; they are marked *kept here* instead of sent.
        connections: letters handed over at the same time.
    """

    relay: RelaySettings
    kept: bool
    public_url: str = ""
    connections: int = USUAL_CONNECTIONS


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail ready to leave, and what its mark has to keep.

    Attributes:
        text: its words, subject first, as the store keeps them.
        papers: the letters on paper it carries.
        facts: what it tells; its paper may still have to follow with them.
        to_follow: why the paper was not ready; empty where nothing is to follow.
    """

    mail: OutgoingMail
    text: str
    papers: list[Made]
    facts: dict[str, Any]
    to_follow: str


class Composer:
    """Makes mails of rows of the outbox; reads, never writes."""

    def __init__(
        self,
        acts: Acts,
        texts: Texts,
        documents: DocumentStore,
        outlet: Outlet,
        maker: Maker | None,
    ) -> None:
        self._acts, self._texts, self._documents, self._outlet = acts, texts, documents, outlet
        self._maker = maker
        self._tokens = Tokens(acts.keyring.token_key)

    async def compose(self, row: Row[Any]) -> Composed:
        """The mail of that letter.

        Raises:
            MailRefused: nobody's address is known.
            PersonErased: the applicant's data can no longer be read.
            LetterUnrenderable, DocumentMissing: a person must mend text or document.
            PaperNotReady: this mail is the one that brings the paper.
        """
        facts = self._facts(row)
        recipients = tuple(Recipient(name) for name in json.loads(row.recipients))
        identity = self._identity(row) if Recipient.APPLICANT in recipients else None
        papers, to_follow = await self._papers(row, facts, identity)
        mail, text = self._mail(row, recipients, identity, facts, papers)
        return Composed(mail, text, papers, facts, to_follow)

    async def _papers(
        self, row: Row[Any], facts: dict[str, Any], identity: Identity | None
    ) -> tuple[list[Made], str]:
        """The letters on paper this mail carries; where they are not ready, why they are to follow.

        Words that tell a last day never wait for their paper (DESIGN 7).

        Raises:
            PaperNotReady: this mail is the one that brings the paper.
        """
        following = str(facts.get("paper_of", ""))
        if self._maker is None or not row.number:
            return [], ""
        kind = LetterKind(following or row.kind)
        papers = self._maker.carried_by(kind, facts, by_hand=row.by_hand or bool(following))
        if not papers:
            return [], ""
        key, book = row.key.removesuffix(FOLLOWS), self._acts.policy()
        # Its instant is the act's: sent once more after a crash or a bounce, it is the same file.
        at = datetime.fromisoformat(facts["paper_at"]) if following else row.owed_at
        try:
            return await self._maker.for_mail(papers, key, facts, identity, book, at), ""
        except PaperNotReady as late:
            if following:
                raise
            log.error("letter.paper_follows", key=row.key, why=str(late))
            return [], str(late)

    def _mail(
        self,
        row: Row[Any],
        recipients: tuple[Recipient, ...],
        identity: Identity | None,
        facts: dict[str, Any],
        papers: list[Made],
    ) -> tuple[OutgoingMail, str]:
        now, book = self._acts.clock.now(), self._acts.policy()
        today = date_in_jakarta(now)
        if row.by_hand:
            to = addresses_of((Recipient.DESK,), opd="", applicant_email="", book=book, on=today)
        else:
            email = identity.email if identity else ""
            to = addresses_of(recipients, opd=row.opd, applicant_email=email, book=book, on=today)
        if not to:
            raise MailRefused(row.key)
        attachments = (*_on_paper(papers), *self._attachments(json.loads(row.documents)))
        ppid = book.office.ppid_mailbox
        reply_to = self._tokens.reply_to(ppid, row.number) if row.number else ""
        common = self._common(row, recipients, book, reply_to)
        rendered = self._texts.render(
            LetterKind(row.kind),
            facts,
            applicant=_addressee(identity) if identity else None,
            common={**common, "documents": [a.name for a in attachments]},
        )
        mail = OutgoingMail(
            key=row.key,
            number=row.number,
            to=to,
            rendered=rendered,
            from_addr=self._outlet.relay.from_addr or ppid,
            sent_at=now,
            reply_to=reply_to,
            attachments=attachments,
        )
        return mail, f"{rendered.subject}\n\n{rendered.text}"

    def _common(
        self, row: Row[Any], recipients: tuple[Recipient, ...], book: Rulebook, reply_to: str
    ) -> Mapping[str, Any]:
        office = book.office
        return {
            "city": office.city,
            "ppid_mailbox": office.ppid_mailbox,
            "public_url": self._outlet.public_url,
            "task_url": self._task_url(row),
            "by_hand": row.by_hand,
            "to_label": label_of(recipients, opd=row.opd, book=book),
            "letter_key": row.key,
            "decreed_through": book.calendar.decreed_through.isoformat(),
            "how_to_answer": reply_to,
            "commission": {
                "name": office.commission,
                "address": office.commission_address,
                "email": office.commission_mailbox,
            },
        }

    def _task_url(self, row: Row[Any]) -> str:
        if not self._outlet.public_url or not row.opd or not row.number:
            return ""
        return f"{self._outlet.public_url}/tugas/{self._tokens.case_token(row.number)}"

    def _identity(self, row: Row[Any]) -> Identity:
        return self._acts.sealing.open_identity(row.person_id, row.wrapped_key, row.identity, row.number)

    def _facts(self, row: Row[Any]) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(row.facts)
        if row.sealed is not None:
            facts |= self._acts.sealing.open_facts(row.person_id, row.wrapped_key, row.key, row.sealed)
        return facts

    def _attachments(self, ids: list[str]) -> tuple[Attachment, ...]:
        if not ids:
            return ()
        with reading(self._acts.engine) as connection:
            found = [self._documents.get(connection, document) for document in ids]
        return tuple(Attachment(d.name, d.media_type, d.content) for d in found)


def _on_paper(papers: list[Made]) -> tuple[Attachment, ...]:
    return tuple(Attachment(made.file_name, "application/pdf", made.content) for made in papers)


def _addressee(identity: Identity) -> Addressee:
    contact = " / ".join(part for part in (identity.phone, identity.email) if part)
    return Addressee(name=identity.name, address=identity.address, contact=contact)
