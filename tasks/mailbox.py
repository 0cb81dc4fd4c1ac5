"""A mail server for machines without a relay: keeps every message in a Maildir and sends none on."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
import uuid
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from tasks.plain import one_line

MAX_MESSAGE_BYTES: Final = 50 * 1024 * 1024
_SEQUENCE: Final = re.compile(r"(\d{10})\.")


class Mailbox:
    """An SMTP server on a thread of its own; every message it says 250 to is a file in ``new/``.

    Args:
        maildir: made when missing.
        port: 0 takes a free one; `port` tells which after `start`.
        max_bytes: larger messages are refused with 552, everything else is taken.
    """

    def __init__(
        self, maildir: Path, host: str = "127.0.0.1", port: int = 0, *, max_bytes: int = MAX_MESSAGE_BYTES
    ) -> None:
        self.maildir, self.host, self.port = maildir, host, port
        self._max_bytes = max_bytes
        self._next = 0
        self._listens = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connections: set[SMTP] = set()

    def start(self) -> None:
        """Listen; connections are taken from now on.

        Raises:
            OSError: the port is taken or the folder cannot be made.
        """
        for name in ("tmp", "new", "cur"):
            (self.maildir / name).mkdir(parents=True, exist_ok=True)
        self._next = 1 + max((_sequence_of(path) for path in _files(self.maildir)), default=0)
        listening = socket.create_server((self.host, self.port))
        self.port = listening.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._listens.clear()
        self._thread = threading.Thread(
            target=self._serve, args=(self._loop, listening), name="mailbox", daemon=True
        )
        self._thread.start()
        self._listens.wait()  # a stop before that would end the loop half-way

    def stop(self) -> None:
        """Stop listening and drop open connections; does nothing when not started."""
        if self._thread is None or self._loop is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._thread = self._loop = None

    def messages(self) -> list[EmailMessage]:
        """Everything kept so far, in the order it came."""
        return [_parsed(path.read_bytes()) for path in _files(self.maildir)]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 aiosmtpd's name
        """Keep one message; called by aiosmtpd."""
        name = f"{self._next:010d}.{uuid.uuid4().hex}"
        self._next += 1
        content = envelope.original_content or b""
        self._keep(name, _envelope_lines(envelope) + content.replace(b"\r\n", b"\n"))
        return f"250 2.0.0 disimpan sebagai {name}"

    def _keep(self, name: str, content: bytes) -> None:
        # Maildir's own rule: whole in tmp/, then renamed, so nobody ever reads half a message. No fsync:
        # this server is for trials; the file outlives the process, not a power cut.
        waiting = self.maildir / "tmp" / name
        waiting.write_bytes(content)
        waiting.rename(self.maildir / "new" / name)

    def _serve(self, loop: asyncio.AbstractEventLoop, listening: socket.socket) -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(loop.create_server(lambda: self._connection(loop), sock=listening))
        loop.call_soon(self._listens.set)
        try:
            loop.run_forever()
        finally:
            server.close()
            loop.run_until_complete(self._hang_up())
            loop.close()

    def _connection(self, loop: asyncio.AbstractEventLoop) -> SMTP:
        connection = SMTP(
            self,
            data_size_limit=self._max_bytes,
            enable_SMTPUTF8=True,
            hostname="localhost",  # else aiosmtpd asks the resolver, which may take seconds
            ident="ppid mailbox",
            loop=loop,
        )
        self._connections = {known for known in self._connections if known.transport is not None}
        self._connections.add(connection)
        return connection

    async def _hang_up(self) -> None:
        for connection in self._connections:
            if isinstance(connection.transport, asyncio.WriteTransport):
                connection.transport.abort()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


def _envelope_lines(envelope: Envelope) -> bytes:
    lines = [f"Return-Path: <{one_line(envelope.mail_from or '')}>"]
    lines += [f"X-Original-To: {one_line(recipient)}" for recipient in envelope.rcpt_tos]
    return "".join(line + "\n" for line in lines).encode("utf-8", "replace")


def _files(maildir: Path) -> list[Path]:
    found = [path for name in ("new", "cur") for path in (maildir / name).glob("*")]
    return sorted(found, key=lambda path: path.name)


def _sequence_of(path: Path) -> int:
    match = _SEQUENCE.match(path.name)
    return int(match[1]) if match else 0


def _parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 what policy.default builds
    return message
