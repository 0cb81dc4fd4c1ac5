"""A relay on a thread of its own that takes everything and counts it by Message-ID."""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress

_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.M | re.I)
_LARGEST = 16 * 1024 * 1024
_YES = {b"DATA": b"354 go on", b"QUIT": b"221 bye"}


class CountingRelay:
    """What came, how often; *port* is where."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._talk(reader, writer)
        finally:
            writer.close()  # whatever went wrong: a client left hanging would wait for minutes

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 relay.example\r\n")
        while line := await reader.readline():
            verb = line.split()[0].upper()
            writer.write(_YES.get(verb, b"250 yes") + b"\r\n")
            if verb == b"DATA":
                content = await reader.readuntil(b"\r\n.\r\n")
                found = _ID.search(content)
                assert found is not None
                self.taken[found[1].decode()] += 1  # taken before the 250, as a real relay does
                writer.write(b"250 taken\r\n")


@contextmanager
def counting_relay() -> Iterator[CountingRelay]:
    """A relay that listens for as long as the block runs."""
    relay, listens, over = CountingRelay(), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def until_over() -> None:
        server = await asyncio.start_server(relay.serve, "127.0.0.1", 0, limit=_LARGEST)
        relay.port = server.sockets[0].getsockname()[1]
        listens.set()
        await over.wait()
        server.close()

    thread = threading.Thread(target=_run, args=(loop, until_over), daemon=True)
    thread.start()
    listens.wait()
    try:
        yield relay
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()


def _run(loop: asyncio.AbstractEventLoop, main: Callable[[], Coroutine[None, None, None]]) -> None:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(main())
