"""A service of its own for one test: SQLite in a folder, a clock the test moves, the project's own policy."""

import shutil
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import config
from config.settings import settings_from
from domain.act import WIB, Act
from domain.identity import ApplicantKind, Channel, Identity
from domain.office import Actor, Role
from domain.request_arrows import Filing
from tasks.clock import VirtualClock
from tasks.service import Service, open_service
from tasks.store.migrate import migrate

#: Who acts where a test names nobody (keys of people.yaml).
HOLDERS = {Role.COORDINATOR: "ppid", Role.LEGAL: "hukum", Role.ATASAN: "sekda"}


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=WIB)


def copy_of_policy(folder: Path) -> Path:
    """The project's policy in a folder of its own."""
    source = Path(config.__file__).parent
    folder.mkdir()
    for path in source.glob("*.yaml"):
        shutil.copy(path, folder)
    shutil.copytree(source / "calendar", folder / "calendar")
    return folder


@contextmanager
def an_office(home: Path, policy: Path | None = None, day: date = date(2026, 3, 2), **environ: str):
    told = {"PPID_HOME": str(home)} | ({"PPID_CONFIG": str(policy)} if policy else {}) | environ
    service = open_service(settings_from(told), VirtualClock(at(day)))
    try:
        migrate(service.engine)
        yield service
    finally:
        service.close()


def a_filing(**fields) -> Filing:
    known = {
        "applicant": ApplicantKind.INDIVIDUAL,
        "channel": Channel.ONLINE,
        "received_on": date(2026, 3, 2),
        "identity": Identity(
            name="Ratna Contoh",
            email="ratna@pemohon.example",
            nik="3674015503900001",
            address="Jalan Contoh 1",
            id_document="KTP",
            purpose="penelitian",
        ),
        "subject": "Uji",
        "items": ("Salinan A", "Salinan B"),
    }
    return Filing(**{**known, **fields})


def register(service: Service, **fields) -> str:
    return service.acts.register(a_filing(**fields), Actor(Role.DESK)).result().number


def do(service: Service, number: str, action: str, role: Role, opd: str = "", name: str = "", **fields):
    act = Act(
        action=action, by=Actor(role, name or HOLDERS.get(role, ""), opd), at=service.clock.now(), **fields
    )
    return service.acts.perform(number, act).result()


def forwarded(service: Service, *opds: str) -> str:
    number = register(service)
    do(service, number, "record_complete", Role.DESK)
    do(service, number, "forward", Role.COORDINATOR, opds=opds or ("Dikbud",))
    return number
