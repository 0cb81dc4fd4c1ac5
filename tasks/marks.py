"""What became of letters, written together: in a burst, marks wait a moment for each other.

A commit costs nearly as much as a letter, whether it carries one mark or eight, and on SQLite it holds up
whoever acts. Nobody waits for a mark but the connection its letter left on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection, bindparam, update

from tasks.store.page import writing_page
from tasks.store.schema import letters
from tasks.store.writer import Writer

#: Only of a letter that is still ready: what was marked before keeps its mark.
MARK: Final = (
    update(letters)
    .where(letters.c.id == bindparam("b_id"), letters.c.state == "ready")
    .values(
        {
            name: bindparam(name)
            for name in ("state", "sent_at", "attempts", "error", "reply", "message_id", "sealed")
        }
    )
)

_Waiting = list[tuple[dict[str, Any], asyncio.Future[None]]]

#: How long the first mark of a burst waits for others. A letter that leaves alone is marked at once.
GATHER_SECONDS: Final = 0.005


class Marks:
    """Marks of one event loop.

    Args:
        in_hand: how many letters are on their way to a mark, those that wait here included.
    """

    def __init__(self, writer: Writer, in_hand: Callable[[], int]) -> None:
        self._writer, self._in_hand = writer, in_hand
        self._waiting: _Waiting = []
        self._is_writing = False
        self._gathering: asyncio.TimerHandle | None = None

    async def write(self, values: dict[str, Any]) -> None:
        """Return once that mark is durable.

        Args:
            values: a row of `MARK`.

        Raises:
            StoreUnavailable: the database gave no answer; the mark may be written again.
        """
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((values, written))
        self._gather()
        await written

    def _gather(self) -> None:
        """Write at once if no other letter can join, else in a moment."""
        if self._is_writing or not self._waiting:
            return
        if len(self._waiting) >= self._in_hand():
            self._write_waiting()
        elif self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(GATHER_SECONDS, self._write_waiting)

    def _write_waiting(self) -> None:
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        taken, self._waiting = self._waiting, []
        self._is_writing = True

        def job(connection: Connection) -> None:
            writing_page(connection).later(MARK, *(values for values, _ in taken))

        asyncio.wrap_future(self._writer.submit(job)).add_done_callback(lambda done: self._tell(taken, done))

    def _tell(self, taken: _Waiting, done: asyncio.Future[None]) -> None:
        self._is_writing = False
        failure = done.exception()
        for _, written in taken:
            if written.done():  # its connection was stopped meanwhile
                continue
            if failure is None:
                written.set_result(None)
            else:
                written.set_exception(failure)
        self._gather()
