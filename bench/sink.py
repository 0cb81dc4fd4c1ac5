"""A mail server that counts: it takes everything, keeps nothing but each letter's Message-ID and its time.

A process of its own, so that its CPU is nobody else's: `python -m bench.sink` prints the port it took.
Beside SMTP it answers `XWAIT n` (once n letters are there), `XDUMP` (all of them) and `XCLEAR`.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from bench.machine import cpu_seconds_of

_MESSAGE_ID: Final = re.compile(rb"^message-id:\s*<?([^>\r\n]+)", re.IGNORECASE | re.MULTILINE)
_GREETING: Final = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 52428800\r\n"
_OK: Final = b"250 OK\r\n"


class _Counted:
    """What all connections have seen: (seconds of the machine's monotonic clock, Message-ID)."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, str]] = []
        self.waiting: list[tuple[int, asyncio.Transport]] = []

    def add(self, message: bytes) -> None:
        found = _MESSAGE_ID.search(message)
        self.seen.append((perf_counter(), found[1].decode() if found else ""))
        if self.waiting:
            self.tell()

    def tell(self) -> None:
        ready = [(n, t) for n, t in self.waiting if n <= len(self.seen)]
        self.waiting = [(n, t) for n, t in self.waiting if n > len(self.seen)]
        for _, transport in ready:
            transport.write(f"250 {len(self.seen)}\r\n".encode())


class _Session(asyncio.Protocol):
    def __init__(self, counted: _Counted) -> None:
        self.counted, self.buffer, self.in_data = counted, bytearray(), False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 create_server makes no other
        self.transport = transport
        # asyncio sets it only on sockets whose protocol number it knows; else each letter waits 40 ms.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self._take():
            pass

    def _take(self) -> bool:
        ends = b"\r\n.\r\n" if self.in_data else b"\r\n"
        end = self.buffer.find(ends)
        if end < 0:
            return False
        taken = bytes(self.buffer[:end])
        del self.buffer[: end + len(ends)]
        if self.in_data:
            self.in_data = False
            self.counted.add(taken)
            self.transport.write(_OK)
        else:
            self._answer(taken)
        return True

    def _answer(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO":
            self.transport.write(_GREETING)
        elif verb == b"DATA":
            self.in_data = True
            self.transport.write(b"354 go on\r\n")
        elif verb == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
        elif verb == b"XWAI":
            self.counted.waiting.append((int(line.split()[1]), self.transport))
            self.counted.tell()
        elif verb == b"XDUM":
            self.transport.write(json.dumps(self.counted.seen).encode() + b"\r\n")
        elif verb == b"XCLE":
            self.counted.seen.clear()
            self.transport.write(_OK)
        else:
            self.transport.write(_OK)


async def _serve() -> None:
    counted = _Counted()
    listening = socket.create_server(("127.0.0.1", 0))
    server = await asyncio.get_running_loop().create_server(lambda: _Session(counted), sock=listening)
    print(listening.getsockname()[1], flush=True)
    async with server:
        await asyncio.to_thread(sys.stdin.read)  # ends with the process that started it


@dataclass
class Sink:
    """The sink as its measurer sees it; use from one thread at a time."""

    port: int
    pid: int

    def __post_init__(self) -> None:
        self._line = socket.create_connection(("127.0.0.1", self.port))
        self._file = self._line.makefile("rwb")
        self._file.readline()

    def wait(self, count: int, seconds: float = 600.0) -> int:
        """How many letters are there, once they are at least *count*.

        Raises:
            TimeoutError: they did not come.
        """
        self._line.settimeout(seconds)
        return int(self._ask(f"XWAIT {count}").split()[1])

    def count(self) -> int:
        """How many letters are there now."""
        return self.wait(0)

    def seen(self) -> list[tuple[float, str]]:
        """Every letter: when it was whole (as `perf_counter` counts on this machine), its Message-ID."""
        return [(at, key) for at, key in json.loads(self._ask("XDUMP"))]

    def clear(self) -> None:
        """Forget what came so far."""
        self._ask("XCLEAR")

    def cpu_seconds(self) -> float:
        """CPU the sink has used, to be told beside ours."""
        return cpu_seconds_of(self.pid)

    def close(self) -> None:
        """Let the connection go."""
        self._line.close()

    def _ask(self, verb: str) -> bytes:
        self._file.write(verb.encode() + b"\r\n")
        self._file.flush()
        return self._file.readline()


@contextmanager
def a_sink() -> Iterator[Sink]:
    """A sink in a process of its own, gone afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None  # noqa: S101 both are pipes
    sink = Sink(int(process.stdout.readline()), process.pid)
    try:
        yield sink
    finally:
        sink.close()
        process.stdin.close()
        process.wait()
        process.stdout.close()


if __name__ == "__main__":
    asyncio.run(_serve())
