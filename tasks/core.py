"""The core: dispatcher, projector and the backstops, in one event loop that runs no flow.

Reminders outlive Prefect: if no sweep has finished for 30 minutes in working hours, the core sweeps
itself and raises an alarm.
"""

from __future__ import annotations

import asyncio
import socket
from datetime import datetime, timedelta
from typing import Final

import structlog

from tasks import alarms, digest, nudge, sweep
from tasks.dispatcher import Dispatcher
from tasks.paper.check import PaperTemplates
from tasks.projector import Projector
from tasks.service import Service
from tasks.store.engine import StoreUnavailable

log = structlog.get_logger()

BACKSTOP_SECONDS: Final = 60.0
SWEEP_OVERDUE_AFTER: Final = timedelta(minutes=30)


class Core:
    """What `ppid up` keeps running beside the Prefect server and the worker."""

    def __init__(
        self,
        service: Service,
        dispatcher: Dispatcher,
        projector: Projector | None,
        templates: PaperTemplates | None = None,
    ) -> None:
        self.service, self.dispatcher, self.projector = service, dispatcher, projector
        self.templates = templates
        self._started_at = service.clock.now()

    async def run(self, stop: asyncio.Event) -> None:
        """Run until *stop* is set; then finish the letter in hand and let go."""
        loop = asyncio.get_running_loop()

        def committed() -> None:
            loop.call_soon_threadsafe(self._nudged)

        self.service.after_commit[:] = [committed]
        ear = nudge.listen(self.service.settings.home)
        if ear is not None:
            loop.add_reader(ear, self._heard, ear)
        parts = [self.dispatcher.run(stop), self._backstops(stop)]
        if self.projector is not None:
            parts.append(self.projector.run(stop))
        try:
            await asyncio.gather(*parts)
        finally:
            self.service.after_commit.clear()
            if ear is not None:
                loop.remove_reader(ear)
                ear.close()
                nudge.socket_path(self.service.settings.home).unlink(missing_ok=True)

    def _nudged(self) -> None:
        self.dispatcher.nudge()
        if self.projector is not None:
            self.projector.nudge()

    def _heard(self, ear: socket.socket) -> None:
        while True:
            try:
                ear.recv(16)
            except BlockingIOError:
                break
        self._nudged()

    async def _backstops(self, stop: asyncio.Event) -> None:
        ended = asyncio.create_task(stop.wait())
        while not stop.is_set():
            try:
                await asyncio.to_thread(self.look_after)
            except StoreUnavailable:
                log.warning("core.store_unavailable")
            await asyncio.wait({ended}, timeout=BACKSTOP_SECONDS)
        ended.cancel()

    def look_after(self) -> None:
        """Take up changed rules; sweep if Prefect has not; check that what is expected was sent.

        Just started, a service that was down catches up without an alarm: that Prefect is silent can be
        said only after it had its time.
        """
        service, now = self.service, self.service.clock.now()
        service.policy.reload()
        self._reload_templates(now)
        overdue = sweep.is_overdue(service.acts, now, SWEEP_OVERDUE_AFTER)
        silent = overdue and now - self._started_at > SWEEP_OVERDUE_AFTER
        self._alarm_if(silent, "alarm.sweep", "penyapu di Prefect diam; inti menyapu sendiri", now)
        if overdue:
            log.warning("core.sweeps_itself", prefect_silent=silent)
            digest.run(service.acts, now)
            sweep.run(service.acts, now)
        if sweep.is_open(now, service.policy()):
            swept = sweep.last_finished(service.acts)
            left = sweep.pending(service.acts, now, known_at=swept) if swept is not None else 0
            missed = bool(left) and swept is not None and now - swept < SWEEP_OVERDUE_AFTER / 2
            self._alarm_if(missed, "alarm.ledger", f"{left} pengingat jatuh tempo belum tercatat", now)

    def _reload_templates(self, now: datetime) -> None:
        if self.templates is not None:
            self.templates.reload(self.service.policy())
            refused = self.templates.refused
            self._alarm_if(bool(refused), "alarm.letters", f"templat surat ditolak: {refused}", now)

    def _alarm_if(self, raised: bool, name: str, value: str, now: datetime) -> None:
        """Raise the alarm, or take it back once what raised it has passed."""
        alarms.put(self.service.acts, name, value if raised else None, now)
