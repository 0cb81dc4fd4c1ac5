"""Keeps the service's own processes alive: one that ends is started again, after a pause that grows.

Meanwhile acts and letters go on; an alarm stands until the process has proved itself again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Protocol

import structlog

from tasks.failures import OutsideFailure, TryAgain

log = structlog.get_logger()

FIRST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 60.0
#: Alive that long after a start, a process has proved itself: the alarm goes, the next pause is short again.
PROVED_SECONDS: Final = 30.0
LOOK_SECONDS: Final = 0.5


class Startable(Protocol):
    """A process of ours."""

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it lives."""
        ...

    def start(self) -> None:
        """Start it anew; called from the main thread, whose end its end follows (`tasks/child.py`)."""
        ...


async def _nothing_more() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Kept:
    """A process, and how people call it.

    Attributes:
        name: in Indonesian, as it begins a sentence.
        alarm: name of the mark that stands while it is down.
        settle: what to do once it runs again; a failure counts as one of the process.
    """

    name: str
    alarm: str
    process: Startable
    settle: Callable[[], Awaitable[None]] = _nothing_more


class Keeper:
    """Watches over one process.

    Args:
        raise_alarm: called with the alarm's name and its sentence, or None once it has passed.
        tell: shows a sentence to whoever sits before the screen.
    """

    def __init__(
        self,
        kept: Kept,
        raise_alarm: Callable[[str, str | None], Awaitable[None]],
        tell: Callable[[str], None],
        *,
        first_pause_seconds: float = FIRST_PAUSE_SECONDS,
        longest_pause_seconds: float = LONGEST_PAUSE_SECONDS,
        proved_seconds: float = PROVED_SECONDS,
    ) -> None:
        self._kept, self._raise_alarm, self._tell = kept, raise_alarm, tell
        self._first, self._longest, self._proved = first_pause_seconds, longest_pause_seconds, proved_seconds

    async def run(self, stop: asyncio.Event) -> None:
        """Start the process again whenever it has ended, until *stop* is set; it is never stopped here."""
        loop, pause, since = asyncio.get_running_loop(), self._first, 0.0
        alarmed, settled = False, True
        ended = asyncio.create_task(stop.wait())
        await self._alarm(None)  # one left by a service that was killed
        while not stop.is_set():
            code = self._kept.process.exit_code
            if code is not None or not settled:
                alarmed = True
                await self._say(code, pause)
                await asyncio.wait({ended}, timeout=pause)
                settled = stop.is_set() or await self._start_again()
                pause, since = min(2 * pause, self._longest), loop.time()
            elif alarmed and loop.time() - since > self._proved:
                await self._alarm(None)
                self._tell(f"{self._kept.name} berjalan kembali.")
                log.info("child.proved", alarm=self._kept.alarm)
                alarmed, pause = False, self._first
            await asyncio.wait({ended}, timeout=LOOK_SECONDS)
        ended.cancel()

    async def _start_again(self) -> bool:
        """Start it if it is down, then settle; whether both went well."""
        try:
            if self._kept.process.exit_code is not None:
                self._kept.process.start()
            await self._kept.settle()
        except (OutsideFailure, OSError) as error:
            log.warning("child.not_started", alarm=self._kept.alarm, cause=type(error).__name__)
            return False
        return True

    async def _say(self, code: int | None, pause: float) -> None:
        what = f"berhenti (kode {code})" if code is not None else "belum siap"
        sentence = (
            f"{self._kept.name} {what}; dijalankan lagi dalam {pause:.0f} detik. "
            "Tindakan, surat, dan pengingat tetap jalan."
        )
        log.error("child.ended", alarm=self._kept.alarm, code=code, again_in=pause)
        self._tell(sentence)
        await self._alarm(sentence)

    async def _alarm(self, sentence: str | None) -> None:
        try:
            await self._raise_alarm(self._kept.alarm, sentence)
        except TryAgain as error:  # the database is away: the process is started again all the same
            log.warning("child.alarm_not_kept", alarm=self._kept.alarm, cause=type(error).__name__)
