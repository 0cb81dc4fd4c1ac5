"""A nudge from one process to the core: something was committed, look now. The 1 s poll is the backstop."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path
from typing import Final

#: The longest path a Unix socket may have; beyond it there is only the poll.
_LONGEST_PATH: Final = 100


def socket_path(home: Path) -> Path:
    """Where the core of that home listens."""
    return home / "nudge.sock"


def listen(home: Path) -> socket.socket | None:
    """The core's end, non-blocking; None where the path is too long for a socket."""
    path = socket_path(home)
    if len(str(path)) > _LONGEST_PATH:
        return None
    path.unlink(missing_ok=True)
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ear.bind(str(path))
    ear.setblocking(False)
    return ear


def send(home: Path) -> None:
    """Nudge the core of that home, if one listens; never waits, never fails."""
    path = str(socket_path(home))
    if len(path) > _LONGEST_PATH:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as voice:
        voice.setblocking(False)
        voice.sendto(b".", path)
