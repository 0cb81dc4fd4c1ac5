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
from sqlalchemy import Connection

from tasks import digest, leases, nudge, sweep
from tasks.acts import Performed
from tasks.dispatcher import Dispatcher
from tasks.projector import Projector
from tasks.service import Service
from tasks.store.engine import StoreUnavailable

log = structlog.get_logger()

BACKSTOP_SECONDS: Final = 60.0
SWEEP_OVERDUE_AFTER: Final = timedelta(minutes=30)


class Core:
    """What `ppid up` keeps running beside the Prefect server and the worker."""

    def __init__(self, service: Service, dispatcher: Dispatcher, projector: Projector | None) -> None:
        self.service, self.dispatcher, self.projector = service, dispatcher, projector

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
        """Take up changed rules; sweep if Prefect has not; check that what is expected was sent."""
        service, now = self.service, self.service.clock.now()
        service.policy.reload()
        if sweep.is_overdue(service.acts, now, SWEEP_OVERDUE_AFTER):
            log.error("core.sweep_overdue", minutes=int(SWEEP_OVERDUE_AFTER.total_seconds() // 60))
            self._alarm("alarm.sweep", "penyapu di Prefect diam; inti menyapu sendiri", now)
            digest.run(service.acts, now)
            sweep.run(service.acts, now)
        left = sweep.pending(service.acts, now) if sweep.is_open(now, service.policy()) else 0
        finished = sweep.last_finished(service.acts)
        if left and finished is not None and now - finished < SWEEP_OVERDUE_AFTER / 2:
            self._alarm("alarm.ledger", f"{left} pengingat jatuh tempo belum tercatat", now)

    def _alarm(self, name: str, value: str, now: datetime) -> None:
        def job(connection: Connection) -> Performed:
            leases.mark(connection, name, value, now)
            return Performed("", "", "", 0, 0, ())

        self.service.acts.writer.submit(job).result()
