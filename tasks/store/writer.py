"""The one writer of a process: jobs that arrive together share a commit.

No job is acknowledged before its commit. A rule that says no undoes its own job and nothing else: the
batch is done again with each job in its own savepoint. So a job may run more than once before it stands.
A commit whose answer was lost is looked for before anything is done again: a filing done twice would be two.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from tasks.store.engine import AWAY, AnswerLost, StoreUnavailable, reading, writing
from tasks.store.page import writing_page

T = TypeVar("T")
Job = Callable[[Connection], T]
#: Called before the jobs of a commit with the numbers of their cases; reads and locks these together.
Opening = Callable[[Connection, list[str]], None]
#: Whether the commit it belongs to stands, asked in another transaction.
Proof = Callable[[Connection], bool]
#: Called before the commit, after the jobs that stand; seals the journal. Without a proof, none is needed.
Closing = Callable[[Connection], Proof | None]
_Outcomes = list[tuple[Any, Exception | None]]

log = structlog.get_logger()

#: Jobs that share a commit at most; beyond it the first would wait too long.
_LARGEST_BATCH: Final = 64


@dataclass(frozen=True, slots=True)
class _Submitted:
    """A job that waits for its commit, and the case it is about, where its caller named one."""

    job: Job[Any]
    future: Future[Any]
    number: str


class Writer:
    """A thread that owns writing; `submit` from any thread, `close` ends it after what was submitted.

    Args:
        opening: run inside the transaction before the jobs of a batch, with the cases they are about.
        closing: run inside the transaction after the jobs of a batch.
        after: run after each commit, in the writer's thread; must be quick.
    """

    def __init__(
        self,
        engine: Engine,
        closing: Closing,
        after: Callable[[], None] = lambda: None,
        *,
        opening: Opening = lambda connection, numbers: None,
    ) -> None:
        self._engine, self._opening, self._closing, self._after = engine, opening, closing, after
        self._jobs: queue.SimpleQueue[_Submitted | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._started = threading.Lock()
        # What the last attempt did and how to prove it, from its closing on: all but its commit's answer.
        self._closed: tuple[_Outcomes, Proof] | None = None

    def submit(self, job: Job[T], number: str = "") -> Future[T]:
        """A future that is done once the job's commit is durable.

        Args:
            number: the case the job is about: cases of one commit are read and locked together.

        The future raises what the job raised (a rule's no), or `StoreUnavailable`.
        """
        with self._started:
            if not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
                self._thread.start()
        future: Future[T] = Future()
        self._jobs.put(_Submitted(job, future, number))
        return future

    def close(self) -> None:
        """Finish what was submitted, then stop."""
        if self._thread.is_alive():
            self._jobs.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (first := self._jobs.get()) is not None:
            batch, ended = [first], False
            while len(batch) < _LARGEST_BATCH and not self._jobs.empty():
                following = self._jobs.get()
                if following is None:
                    ended = True
                    break
                batch.append(following)
            self._take(batch)
            if ended:
                return

    def _take(self, taken: list[_Submitted]) -> None:
        """Do what nobody has cancelled meanwhile; from here on nothing can be."""
        batch = [one for one in taken if one.future.set_running_or_notify_cancel()]
        if batch:
            self._commit(batch)

    def _commit(self, batch: list[_Submitted], turns: int = 2) -> None:
        try:
            outcomes = self._attempt(batch)
        except (StoreUnavailable, DBAPIError) as error:
            self._after_loss(batch, error, turns)
        except Exception as error:  # noqa: BLE001 a bug in one batch must reach its callers, not end the writer
            _fail(batch, error)
        else:
            self._tell(batch, outcomes)

    def _after_loss(self, batch: list[_Submitted], error: StoreUnavailable | DBAPIError, turns: int) -> None:
        """A deadlock or a lost connection takes the whole commit: each job once more, alone.

        Alone it may still lose against another process's batch, so it gets a second turn.
        """
        try:
            stood = self._stood()
        except (StoreUnavailable, DBAPIError):
            _fail(batch, _because(AnswerLost(), error))
            return
        if stood is not None:
            self._tell(batch, stood)
        elif len(batch) > 1:
            for one in batch:
                self._commit([one])
        elif turns > 1:
            self._commit(batch, turns=turns - 1)
        else:
            _fail(batch, _because(StoreUnavailable(), error))

    def _tell(self, batch: list[_Submitted], outcomes: _Outcomes) -> None:
        self._after()  # the seal log is written before anybody is told that the act is done
        for one, (result, refusal) in zip(batch, outcomes, strict=True):
            if refusal is not None:
                one.future.set_exception(refusal)
            else:
                one.future.set_result(result)

    def _stood(self) -> _Outcomes | None:
        """What the attempt did whose answer was lost, if its commit stands after all.

        Raises:
            StoreUnavailable, DBAPIError: the database cannot be asked.
        """
        if self._closed is None:
            return None
        outcomes, proof = self._closed
        with reading(self._engine) as connection:
            return outcomes if proof(connection) else None

    def _attempt(self, batch: list[_Submitted]) -> _Outcomes:
        """Do the batch in one transaction; what each job returned, or why it was refused.

        A refusal is rare and savepoints cost a sixth of an act, so the first try goes without them.
        """
        self._closed = None
        try:
            return self._together(batch)
        except _OneRefused as refused:
            return self._each_guarded(batch) if len(batch) > 1 else [(None, refused.why)]

    def _together(self, batch: list[_Submitted]) -> _Outcomes:
        with writing(self._engine) as connection:
            try:
                if len(batch) > 1:
                    self._opening(connection, [one.number for one in batch if one.number])
                results = [one.job(connection) for one in batch]
                writing_page(connection).flush(connection)
            except AWAY:
                raise
            except Exception as refusal:
                raise _OneRefused(refusal) from refusal
            outcomes: _Outcomes = [(result, None) for result in results]
            self._close(connection, outcomes)
        return outcomes

    def _each_guarded(self, batch: list[_Submitted]) -> _Outcomes:
        outcomes: _Outcomes = []
        with writing(self._engine) as connection:
            page = writing_page(connection)
            for one in batch:
                try:
                    with page.all_or_nothing(connection):
                        result = one.job(connection)
                except AWAY:
                    raise
                except Exception as refusal:  # noqa: BLE001 handed to the job's caller below
                    outcomes.append((None, refusal))
                else:
                    outcomes.append((result, None))
            self._close(connection, outcomes)
        return outcomes

    def _close(self, connection: Connection, outcomes: _Outcomes) -> None:
        proof = self._closing(connection)
        self._closed = (outcomes, proof) if proof is not None else None


def few_ahead(begun: Iterable[T], most: int) -> Iterator[T]:
    """Each of *begun* in its order, never more than *most* of them begun and not yet handed on.

    For bulk work whose next job is submitted when it is asked for: others write between two commits.
    """
    waiting: deque[T] = deque()
    for one in begun:
        waiting.append(one)
        if len(waiting) >= most:
            yield waiting.popleft()
    yield from waiting


def _because(failure: StoreUnavailable, error: StoreUnavailable | DBAPIError) -> StoreUnavailable:
    failure.__cause__ = error.__cause__ or error
    log.warning("store.unavailable", cause=type(failure.__cause__).__name__)
    return failure


def _fail(batch: list[_Submitted], error: Exception) -> None:
    for one in batch:
        one.future.set_exception(error)


class _OneRefused(Exception):
    """A job of a batch said no; the batch begins anew, each job in its own savepoint."""

    def __init__(self, why: Exception) -> None:
        super().__init__(why)
        self.why = why
