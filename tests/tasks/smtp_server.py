"""A relay on loopback that answers as a test tells it to: real SMTP, real sockets, scripted replies."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress


class ScriptedRelay:
    """Speaks SMTP; *says* maps a verb, or ``RCPT <address>``, to a reply other than yes.

    The reply ``hang`` never comes, ``drop`` closes the connection instead. To DATA, ``cut`` reads a little
    and closes, ``slow`` reads a byte a second.
    """

    def __init__(self, says: Mapping[str, str] | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.says = dict(says or {})
        self.tls = tls
        self.taken: list[bytes] = []
        self.verbs: list[str] = []
        self.connections = 0
        self.port = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._release = asyncio.Event()

    async def drop_all(self) -> None:
        """Close every open connection, as a relay does with an idle one."""
        for writer in self._writers:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in self._writers), return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                await self._converse(reader, writer)
        finally:
            self._writers.discard(writer)
            writer.close()

    async def stop(self) -> None:
        # Not closed politely: a connection whose TLS handshake failed never says it has closed.
        self._release.set()
        for writer in self._writers:
            writer.transport.abort()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not await self._reply(writer, "GREETING", "220 relay.example"):
            return
        while line := (await reader.readline()).decode().strip():
            verb, _, rest = line.partition(" ")
            self.verbs.append(verb.upper())
            if verb == "RCPT":
                address = rest.partition("<")[2].partition(">")[0]
                verb = f"RCPT {address}" if f"RCPT {address}" in self.says else verb
            if not await self._reply(writer, verb, self._yes(verb)) or verb == "QUIT":
                return
            if verb == "STARTTLS":
                assert self.tls is not None
                await writer.start_tls(self.tls)
            if verb == "DATA" and (reading := _READING.get(self.says.get("DATA", ""))):
                await reading(reader, self._release)
                return
            if verb == "DATA" and "DATA" not in self.says:
                content = await reader.readuntil(b"\r\n.\r\n")
                if not await self._reply(writer, "CONTENT", "250 taken"):
                    return
                if "CONTENT" not in self.says:
                    self.taken.append(content)

    def _yes(self, verb: str) -> str:
        if verb == "EHLO":
            return "250-relay.example\r\n250 STARTTLS" if self.tls else "250 relay.example"
        return {"DATA": "354 go on", "QUIT": "221 bye", "STARTTLS": "220 go on"}.get(verb, "250 yes")

    async def _reply(self, writer: asyncio.StreamWriter, verb: str, yes: str) -> bool:
        reply = self.says.get(verb, yes)
        reply = yes if reply in _READING else reply
        if reply == "hang":
            await self._release.wait()
            return False
        if reply == "drop":
            return False
        writer.write(reply.encode() + b"\r\n")
        await writer.drain()
        return True


async def _cut(reader: asyncio.StreamReader, _release: asyncio.Event) -> None:
    await reader.readexactly(200)


async def _slow(reader: asyncio.StreamReader, release: asyncio.Event) -> None:
    while not release.is_set() and await reader.read(1):
        with suppress(TimeoutError):
            await asyncio.wait_for(release.wait(), 1)


_READING = {"cut": _cut, "slow": _slow}


@asynccontextmanager
async def scripted_relay(
    says: Mapping[str, str] | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[ScriptedRelay]:
    """A relay that listens for as long as the block runs."""
    relay = ScriptedRelay(says, tls)
    server = await asyncio.start_server(relay.serve, "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()
        await relay.stop()
        await server.wait_closed()
