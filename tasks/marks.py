"""What became of letters, written together: marks that come during a commit share the next one."""

from __future__ import annotations

import asyncio
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


class Marks:
    """Marks of one event loop; one job of the writer carries all that wait, for a job costs its way there
    and back between two threads whether it carries one mark or eight."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._waiting: _Waiting = []
        self._is_writing = False

    async def write(self, values: dict[str, Any]) -> None:
        """Return once that mark is durable.

        Args:
            values: a row of `MARK`.

        Raises:
            StoreUnavailable: the database gave no answer; the mark may be written again.
        """
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((values, written))
        if not self._is_writing:
            self._write_waiting()
        await written

    def _write_waiting(self) -> None:
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
        if self._waiting:
            self._write_waiting()
