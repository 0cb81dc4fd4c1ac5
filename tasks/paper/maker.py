"""Makes letters on paper: which ones a mail carries, from which facts, with which code."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

import structlog

from domain.act import ObjectionReason
from domain.errors import DomainError
from domain.identity import Identity
from domain.letter import LetterKind
from domain.rulebook import Rulebook
from tasks.acts import Acts
from tasks.clock import date_in_jakarta
from tasks.paper import casefacts, codes
from tasks.paper.catalog import OF_LETTER, Paper
from tasks.paper.check import PaperTemplates
from tasks.paper.content import Around, Sheet, content_of, letter_number
from tasks.paper.kept import Made
from tasks.store import casefile
from tasks.store.engine import reading
from tasks.typeset import TemplateBroken

log = structlog.get_logger()

#: How long a mail waits for its paper; afterwards the words leave alone and the paper follows.
PATIENCE_SECONDS: Final = 2.0
_THREADS: Final = 2


class PaperNotReady(Exception):
    """The paper of a mail could not be set in time; says why."""


class Maker:
    """Sets the letters on paper of one office.

    Args:
        patience_seconds: how long a mail waits for its paper.
    """

    def __init__(
        self,
        templates: PaperTemplates,
        acts: Acts,
        public_url: str = "",
        *,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self.templates, self.acts, self.public_url = templates, acts, public_url
        self._patience_seconds = patience_seconds
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="paper")

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def carried_by(self, kind: LetterKind, facts: Mapping[str, Any], *, by_hand: bool) -> tuple[Paper, ...]:
        """The papers a mail of that kind carries: to the desk, which prints, all; else as the city chose.

        An objection refused over an exemption carries its decree (PERKI 1/2021 Pasal 44 ayat (3)).
        """
        papers = OF_LETTER.get(kind, ())
        if kind is LetterKind.OBJECTION_ANSWER and not facts.get("granted") and _over_exemption(facts):
            papers = (*papers, Paper.EXEMPTION_DECREE)
        return papers if by_hand or kind in self.templates().letterhead.with_pdf else ()

    def make(self, sheet: Sheet, book: Rulebook, at: datetime) -> Made:
        """Set one letter.

        Raises:
            TemplateBroken: the template cannot be set with these facts.
        """
        templates = self.templates()
        around = Around(templates.letterhead, book, self.public_url, self.acts.keyring.token_key)
        content = templates.set(sheet.paper, content_of(sheet, around, at=at), at=at)
        code = codes.code_of(around.code_key, sheet.key, str(sheet.paper))
        number = letter_number(sheet, templates.letterhead)
        return Made(sheet.paper, sheet.key, sheet.case, number, code, content, templates.version, at)

    async def for_mail(
        self,
        papers: tuple[Paper, ...],
        key: str,
        facts: Mapping[str, Any],
        identity: Identity | None,
        book: Rulebook,
        at: datetime,
    ) -> list[Made]:
        """The papers of one mail, set beside the event loop.

        Raises:
            PaperNotReady: a template is broken, or setting takes longer than a mail waits.
        """
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._threads, self._all, papers, key, facts, identity, book, at)
        try:
            return await asyncio.wait_for(asyncio.shield(work), self._patience_seconds)
        except TimeoutError as error:
            work.add_done_callback(_seen)
            raise PaperNotReady("PDF belum selesai disusun") from error
        except (TemplateBroken, DomainError) as error:
            raise PaperNotReady(str(error).splitlines()[0][:200]) from error

    def _all(
        self,
        papers: tuple[Paper, ...],
        key: str,
        facts: Mapping[str, Any],
        identity: Identity | None,
        book: Rulebook,
        at: datetime,
    ) -> list[Made]:
        number = str(facts["number"])
        made = []
        for paper in papers:
            told, about = dict(facts), number
            if casefacts.can_be_made(paper):
                with reading(self.acts.engine) as connection:
                    family = casefile.load_family(connection, number)
                about = casefacts.case_of(paper, family, number)
                told |= casefacts.facts_of(paper, family, about, book, date_in_jakarta(at))
            made.append(self.make(Sheet(paper, key, about, told, identity), book, at))
        return made


def _over_exemption(facts: Mapping[str, Any]) -> bool:
    reasons = facts.get("reasons", ())
    return bool(facts.get("request_number")) and any(r["code"] == ObjectionReason.A for r in reasons)


def _seen(work: asyncio.Future[list[Made]]) -> None:
    """A paper nobody waits for any more: its failure was told when the mail left without it."""
    if not work.cancelled() and work.exception() is not None:
        log.warning("paper.late_failure", cause=type(work.exception()).__name__)
