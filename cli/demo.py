"""`ppid demo`: a spring of requests on a virtual clock, with a real database, real mail and real runs."""

from __future__ import annotations

import asyncio
import json as jsonlib
import os
import socket
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as day_time
from pathlib import Path
from typing import Final

import uvloop
from prefect.context import refresh_global_settings_context
from prefect.logging.configuration import setup_logging
from rich.console import Console
from sqlalchemy import func, select

from cli import demo_office as office
from cli.composing import LOOPBACK, dispatcher_of
from cli.demo_desk import Desk, Pause, Script, without_request
from cli.demo_report import as_json, summary
from cli.logs import log_to
from cli.up import DEPLOYMENTS
from config.samples import SampleRequest, load_samples
from config.settings import settings_from
from domain.act import WIB
from domain.errors import Refused
from domain.number import SAMPLE_SERIES
from domain.office import Actor, Role
from flows.worker import WorkerThread
from tasks import digest, sweep
from tasks.clock import VirtualClock
from tasks.deployments import apply_deployments
from tasks.dispatcher import Dispatcher
from tasks.mailbox import Mailbox
from tasks.prefect_server import PrefectServer
from tasks.projector import Projector
from tasks.runs import RunBoard
from tasks.samples import filing_of
from tasks.service import Service, open_service, use
from tasks.store.engine import reading
from tasks.store.migrate import migrate
from tasks.store.schema import cases

#: Half days: people act at these hours, after the sweep of 08.00.
SLOTS: Final = (day_time(9, 30), day_time(13, 30))
_REASON_B_ON: Final = date(2026, 4, 1)
_LONGEST: Final = timedelta(days=320)
_SETTLE_SECONDS: Final = 60.0


def demo(*, json: bool = False, keep: Path | None = None) -> int:
    """Peragakan satu musim permohonan dengan jam tiruan; selesai sendiri dalam dua menit.

    Parameters
    ----------
    json
        Keluarkan hasil sebagai JSON.
    keep
        Simpan basis data, kunci, dan surat di folder ini.
    """
    started = time.monotonic()
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ppid-demo-")))
        home = _home(keep, scratch)
        server = PrefectServer(scratch / "prefect", _free_port())
        server.start()
        stack.callback(server.stop)
        log_to(scratch / "demo.log")
        console = Console(stderr=True, soft_wrap=True)
        if not json:
            console.print("Menyalakan server Prefect, basis data, dan kotak surat …")
        show = _Show(home, server, stack, console if not json else None)
        uvloop.run(show.play())
        told = as_json(show.service, passes=show.passes, seconds=time.monotonic() - started)
    if json:
        print(_json(told))
    else:
        summary(told, Console(soft_wrap=True), keep)
    return 0


@dataclass(slots=True)
class _Turn:
    """A script and what it waits for."""

    script: Script
    waits_for: Pause
    waited: int = 0
    done: bool = False

    def is_due(self, today: date) -> bool:
        self.waited += 1
        if isinstance(self.waits_for, int):
            return self.waited >= self.waits_for
        if isinstance(self.waits_for, date):
            return today >= self.waits_for
        return self.waits_for()

    def take(self) -> None:
        self.waited = 0
        try:
            self.waits_for = next(self.script)
        except StopIteration:
            self.done = True


@dataclass(slots=True)
class _Show:
    """The demo's machinery: the same code as in `ppid up`, on a clock that the demo moves."""

    home: Path
    server: PrefectServer
    stack: ExitStack
    console: Console | None
    passes: int = 0
    service: Service = field(init=False)
    dispatcher: Dispatcher = field(init=False)
    projector: Projector = field(init=False)
    worker: WorkerThread = field(init=False)
    turns: list[_Turn] = field(default_factory=list)

    async def play(self) -> None:
        samples = sorted(load_samples(), key=lambda s: s.received_on)
        clock = VirtualClock(_at(samples[0].received_on, day_time(8, 0)))
        mailbox = self._open(clock)
        self.dispatcher = dispatcher_of(self.service, mailbox)
        self.server.wait_ready()
        os.environ.update(self.server.env())
        refresh_global_settings_context()
        setup_logging()  # Prefect spoke at INFO before it knew of these settings
        await apply_deployments(DEPLOYMENTS, self.server.api_url, schedules=False)
        self.worker = WorkerThread("ppid", query_seconds=0.25)
        self.worker.start()
        try:
            async with RunBoard(self.server.api_url) as board:
                self.projector = Projector(self.service.acts, board, every_stage_runs=True, real_time=False)
                await self._days(clock, samples)
                self.passes = sum(run.runs for run in await board.list_page())
        finally:
            await self.dispatcher.close()
            await asyncio.to_thread(self.worker.stop)
            use(None)

    def _open(self, clock: VirtualClock) -> Mailbox:
        settings = settings_from(
            {"PPID_HOME": str(self.home), "PPID_CONFIG": os.environ.get("PPID_CONFIG", "")}
        )
        self.service = open_service(settings, clock)
        self.stack.callback(self.service.close)
        migrate(self.service.engine)
        use(self.service)
        mailbox = Mailbox(self.home / "mail", LOOPBACK)
        mailbox.start()
        self.stack.callback(mailbox.stop)
        return mailbox

    async def _days(self, clock: VirtualClock, samples: list[SampleRequest]) -> None:
        first = day = samples[0].received_on
        waiting = list(samples)
        while day < first + _LONGEST:
            await self._morning(clock, day)
            while waiting and waiting[0].received_on <= day:
                self._receive(waiting.pop(0))
            if day == _REASON_B_ON:
                self._follow(office.missing_report, without_request(self.service))
            if self.service.policy().is_office_day(day):
                for slot in SLOTS:
                    await self._slot(clock, day, slot)
            else:
                await self._settle()
            if not waiting and not self.turns and self._all_closed():
                return
            day += timedelta(days=1)

    async def _morning(self, clock: VirtualClock, day: date) -> None:
        """08.00: digests, then the sweep; nothing else decides that a date has passed."""
        clock.set(max(clock.now(), _at(day, day_time(8, 0))))
        await asyncio.to_thread(digest.run, self.service.acts, clock.now())
        swept = await asyncio.to_thread(sweep.run, self.service.acts, clock.now())
        if swept.failed:
            raise Refused("sapuan", f"gagal untuk {', '.join(swept.failed)}")
        await self._settle()
        if self.console and day.day in (1, 15):
            self.console.print(f"  {day.isoformat()} …")

    async def _slot(self, clock: VirtualClock, day: date, at: day_time) -> None:
        clock.set(_at(day, at))
        for turn in self.turns:
            if turn.is_due(day):
                await asyncio.to_thread(turn.take)
        self.turns = [turn for turn in self.turns if not turn.done]
        await self._settle()

    def _receive(self, sample: SampleRequest) -> None:
        filing = filing_of(sample, sample.received_on)
        done = self.service.acts.register(filing, Actor(Role.DESK, "loket"), series=SAMPLE_SERIES).result()
        self._follow(office.SCRIPTS[sample.id], Desk(self.service, done.number))

    def _follow(self, script: object, desk: Desk) -> None:
        self.turns.append(_Turn(script(desk), 0))  # type: ignore[operator]

    async def _settle(self) -> None:
        """Until every letter has left and every run shows its case: then the clock may move."""
        give_up = time.monotonic() + _SETTLE_SECONDS
        while True:
            while await self.dispatcher.drain():
                pass
            if await self.projector.catch_up():
                self.worker.nudge()
            if self.projector.settled():
                return
            if time.monotonic() > give_up:
                raise TimeoutError("the runs did not settle")
            await asyncio.sleep(0.03)

    def _all_closed(self) -> bool:
        return not open_families(self.service)


def open_families(service: Service) -> int:
    """How many cases are not closed."""
    counted = select(func.count()).select_from(cases).where(cases.c.stage != "closed")
    with reading(service.engine) as connection:
        return int(connection.execute(counted).scalar_one())


def _home(keep: Path | None, scratch: Path) -> Path:
    if keep is None:
        return scratch / "home"
    if (keep / "ppid.sqlite").exists():
        raise Refused("--keep", f"{keep} sudah berisi ppid.sqlite; pilih folder lain atau kosongkan dulu")
    keep.mkdir(parents=True, exist_ok=True)
    return keep.absolute()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _at(day: date, at: day_time) -> datetime:
    return datetime.combine(day, at, WIB)


def _json(told: object) -> str:
    return jsonlib.dumps(told, ensure_ascii=False, indent=1)
