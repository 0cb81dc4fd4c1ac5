"""The office under measurement: the real service, its core running, letters to the sink."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import func, select

import config
from bench.places import Place
from bench.sink import Sink
from cli.composing import dispatcher_of
from config.settings import settings_from
from domain.act import Act
from domain.identity import ApplicantKind, Channel, Identity
from domain.office import Actor, Role
from domain.request_arrows import Filing
from tasks.clock import Clock, VirtualClock
from tasks.core import Core
from tasks.projector import Projector
from tasks.service import Service, open_service
from tasks.store.engine import reading
from tasks.store.migrate import migrate
from tasks.store.schema import letters

#: Looks at the outbox after which a letter counts as put off.
_LATE_TURNS: Final = 250
SECRET = "rahasia-ukur-rahasia-ukur-rahasia-ukur-1"  # noqa: S105 opens invented data only
DESK = Actor(Role.DESK)
COORDINATOR = Actor(Role.COORDINATOR, "ppid")
APPLICANT = Actor(Role.APPLICANT)
OPDS = ("Dikbud", "Dinkes")


def environ_of(place: Place, sink: Sink) -> dict[str, str]:
    """What a process of this office finds in its environment."""
    return {
        "PPID_HOME": str(place.home),
        "PPID_DATABASE_URL": place.url,
        "PPID_SECRET_KEY": SECRET,
        "PPID_SMTP_HOST": "127.0.0.1",
        "PPID_SMTP_PORT": str(sink.port),
        "PPID_SMTP_TLS": "none",
    }


def a_policy(folder: Path) -> Path:
    """A copy of the city's files to change, in that folder."""
    source = Path(config.__file__).parent
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


@contextmanager
def an_office(
    place: Place, sink: Sink, clock: Clock | None = None, policy: Path | None = None
) -> Iterator[Service]:
    """The service on a migrated database; warnings are logged, the rest is not."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    environ = environ_of(place, sink) | ({"PPID_CONFIG": str(policy)} if policy else {})
    service = open_service(settings_from(environ), clock)
    try:
        migrate(service.engine)
        yield service
    finally:
        service.close()


@asynccontextmanager
async def running_core(service: Service, projector: Projector | None = None) -> AsyncIterator[Core]:
    """The core at work beside the caller, as `ppid up` runs it."""
    core = Core(service, dispatcher_of(service, None), projector)
    stop = asyncio.Event()
    working = asyncio.create_task(core.run(stop))
    try:
        await asyncio.sleep(0)
        yield core
    finally:
        stop.set()
        await working


async def all_left(service: Service) -> None:
    """Return once the core at work has sent every letter and marked it.

    On a loaded machine a PDF can be late, and its mail is tried again a little later: on a clock that
    stands, never. It is moved on a minute for that.

    Raises:
        TimeoutError: it has not within minutes.
    """
    waiting = select(func.count()).select_from(letters).where(letters.c.state == "ready")
    turns = 0
    async with asyncio.timeout(300):
        while True:
            with reading(service.engine) as connection:
                if not connection.execute(waiting).scalar_one():
                    return
            await asyncio.sleep(0.02)
            turns += 1
            if turns % _LATE_TURNS == 0 and isinstance(service.clock, VirtualClock):
                service.clock.advance(timedelta(minutes=1))


def a_filing(service: Service, place: int) -> Filing:
    """An invented applicant's request; each *place* is another person."""
    identity = Identity(
        name=f"Pemohon Rekaan {place}",
        email=f"pemohon{place}@pemohon.example",
        phone="0812-7777-0000",
        address=f"Jalan Rekaan {place}",
        nik=f"3674011503{50 + place // 9999 % 50}{1 + place % 9999:04d}",
        id_document="KTP",
        purpose="penelitian",
    )
    return Filing(
        applicant=ApplicantKind.INDIVIDUAL,
        channel=Channel.ONLINE,
        received_on=service.clock.today(),
        identity=identity,
        subject=f"Anggaran rekaan {place}",
        items=("Salinan dokumen anggaran", "Salinan laporan realisasi"),
    )


async def whole_case(service: Service, place: int, acts: int = 7) -> str:
    """One request from its filing to its end (or the first *acts* of it); its number.

    Register, complete, forward to two OPDs, two answers, the signed notice, withdrawal.
    """
    registered = await asyncio.wrap_future(service.acts.register(a_filing(service, place), DESK))
    number = registered.number
    for step in STEPS[: acts - 1]:
        await service.acts.aperform(number, step(service.clock.now()))
    return number


STEPS: Final[tuple[Callable[[datetime], Act], ...]] = (
    lambda at: Act(action="record_complete", by=DESK, at=at),
    lambda at: Act(action="forward", by=COORDINATOR, at=at, opds=OPDS),
    lambda at: Act(action="answer", by=Actor(Role.OPD, "", OPDS[0]), at=at, items=(1,)),
    lambda at: Act(action="answer", by=Actor(Role.OPD, "", OPDS[1]), at=at, items=(2,)),
    lambda at: Act(action="send_notice", by=COORDINATOR, at=at),
    lambda at: Act(action="withdraw", by=APPLICANT, at=at),
)
