"""`ppid up`: everything one office needs, started together and stopped together."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import uvloop
from rich.console import Console
from rich.live import Live

from cli.board import open_requests
from cli.composing import LOOPBACK, dispatcher_of, only_one
from cli.logs import log_to
from config.settings import Settings, settings_from
from domain.errors import DomainError
from tasks import alarms, samples
from tasks.child import Child
from tasks.core import Core
from tasks.failures import MustAct, TryAgain
from tasks.keeping import Keeper, Kept
from tasks.mailbox import Mailbox
from tasks.prefect_server import PrefectServer
from tasks.projector import Projector
from tasks.runs import RunBoard
from tasks.service import Service, open_service
from tasks.store.migrate import migrate

DEPLOYMENTS: Final = Path(__file__).parent.parent / "deployment.yaml"
USUAL_PORT: Final = 4200
_GRACE_SECONDS: Final = 15.0


class CalendarTooOld(DomainError):
    """There is no decree for the current year: no date could be trusted."""

    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year

    def __str__(self) -> str:
        return f"Kalender {self.year} belum ditetapkan: isi config/calendar/{self.year}.yaml menurut SKB."


class PortUnreadable(MustAct):
    """PPID_PREFECT_PORT is no port."""

    def __str__(self) -> str:
        return "PPID_PREFECT_PORT harus angka 1 sampai 65535."


class NotDeployedYet(TryAgain):
    """The Prefect server is up and did not take deployment.yaml."""

    def __str__(self) -> str:
        return "Server Prefect belum menerima deployment.yaml."


def up(*, samples: bool = False) -> int:
    """Jalankan layanan: basis data, surat, server Prefect, pekerja, dan inti. Ctrl-C menghentikannya.

    Parameters
    ----------
    samples
        Isi dua belas permohonan contoh (seri CONTOH).
    """
    settings = settings_from(os.environ)
    with only_one(settings.home), ExitStack() as stack:
        log_to(settings.home / "core.log")
        server = PrefectServer(settings.home / "prefect", _port(os.environ))
        server.start()
        stack.callback(server.stop)
        service = _open(settings, stack, with_samples=samples)
        mailbox = _mailbox(service, stack)
        os.environ.update(server.env())
        server.wait_ready()
        uvloop.run(_serve(service, server, mailbox))
    return 0


def _open(settings: Settings, stack: ExitStack, *, with_samples: bool) -> Service:
    service = open_service(settings)
    stack.callback(service.close)
    today = service.clock.today()
    if service.policy().calendar.decreed_through < today:
        raise CalendarTooOld(today.year)
    migrate(service.engine)
    if with_samples:
        samples.file_samples(service)
    return service


def _mailbox(service: Service, stack: ExitStack) -> Mailbox | None:
    if service.settings.is_production:
        return None
    mailbox = Mailbox(service.settings.home / "mail", LOOPBACK)
    mailbox.start()
    stack.callback(mailbox.stop)
    return mailbox


async def _serve(service: Service, server: PrefectServer, mailbox: Mailbox | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await _deploy(server)
    console = Console(soft_wrap=True)
    with _worker(service.settings, server) as worker:
        async with RunBoard(server.api_url) as board:
            link = await board.page_link()
            dispatcher = dispatcher_of(service, mailbox)
            templates = dispatcher.maker.templates if dispatcher.maker else None
            core = Core(service, dispatcher, Projector(service.acts, board), templates)
            parts = [core.run(stop), _show(console, service, link, stop)]
            parts += [keeper.run(stop) for keeper in _keepers(service, server, worker, console.print)]
            working = {asyncio.create_task(part) for part in parts}
            await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
            stop.set()
            await asyncio.gather(*working)


def _keepers(
    service: Service, server: PrefectServer, worker: Child, tell: Callable[[str], None]
) -> tuple[Keeper, Keeper]:
    async def alarm(name: str, sentence: str | None) -> None:
        await asyncio.to_thread(alarms.put, service.acts, name, sentence, service.clock.now())

    async def deploy() -> None:
        await asyncio.to_thread(server.wait_ready)
        await _deploy(server)  # its database may have been lost

    prefect = Kept("Server Prefect", "alarm.prefect", server, deploy)
    return Keeper(prefect, alarm, tell), Keeper(Kept("Pekerja", "alarm.worker", worker), alarm, tell)


async def _deploy(server: PrefectServer) -> None:
    """Make the server hold `deployment.yaml`; by a process that may import Prefect.

    Raises:
        NotDeployedYet: it did not take it.
    """
    command = [sys.executable, "-m", "tasks.deployments", str(DEPLOYMENTS), server.api_url]
    with server.log.open("ab") as log:
        deploying = await asyncio.create_subprocess_exec(
            *command, cwd=DEPLOYMENTS.parent, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    if await deploying.wait():
        raise NotDeployedYet()


async def _show(console: Console, service: Service, link: str, stop: asyncio.Event) -> None:
    home = service.settings.home
    console.print(f"Siap. Daftar permohonan (tanggal terdekat di atas):\n  {link}")
    kept = f"disimpan di sini, tidak dikirim: {home / 'mail'}"
    smtp = service.settings.smtp
    console.print(f"Surat: {f'relai {smtp.host}:{smtp.port}' if smtp else kept}")
    console.print(f"Catatan: {home / 'core.log'} · Hentikan: Ctrl-C", highlight=False)
    sys.stdout.flush()
    ended = asyncio.create_task(stop.wait())
    if not console.is_terminal:
        await asyncio.sleep(2)  # the first letters and runs, then one table for the log
        console.print(await asyncio.to_thread(open_requests, service))
        sys.stdout.flush()
        await ended
        return
    with Live(console=console, auto_refresh=False) as live:
        while not stop.is_set():
            live.update(await asyncio.to_thread(open_requests, service), refresh=True)
            await asyncio.wait({ended}, timeout=2.0)
    console.print("Menghentikan …")


@contextmanager
def _worker(settings: Settings, server: PrefectServer) -> Iterator[Child]:
    """The worker in a process of its own; it never shares the core's event loop (DESIGN)."""
    environment = {
        **os.environ,
        **server.env(),
        "PPID_HOME": str(settings.home),
        "PPID_CONFIG": str(settings.config),
    }
    log = settings.home / "worker.log"
    worker = Child(["-m", "flows.worker"], environment, log, cwd=DEPLOYMENTS.parent)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop(_GRACE_SECONDS)


def _port(environ: Mapping[str, str]) -> int:
    text = environ.get("PPID_PREFECT_PORT", "").strip() or str(USUAL_PORT)
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise PortUnreadable()
    return int(text)
