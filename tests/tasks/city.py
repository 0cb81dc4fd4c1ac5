"""The city's office as tests drive it: real store, real policy, a clock that moves when told."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select

import config
from config.loader import load_policy
from domain.act import WIB, Act
from domain.identity import ApplicantKind, Channel, Identity
from domain.office import Actor, Role
from domain.request_arrows import Filing
from domain.rulebook import Rulebook
from tasks.acts import Acts
from tasks.clock import VirtualClock
from tasks.documents import DocumentStore
from tasks.keys import Keyring
from tasks.store import casefile
from tasks.store.engine import open_engine, reading
from tasks.store.schema import cases, ledger, letters, metadata
from tasks.sweep import Swept
from tasks.sweep import run as run_sweep

SECRET = "rahasia-uji-rahasia-uji-rahasia-uji-0001"
FIRST_DAY = date(2026, 3, 2)
#: Who acts where a test names nobody (keys of people.yaml).
HOLDERS = {Role.COORDINATOR: "ppid", Role.LEGAL: "hukum", Role.ATASAN: "sekda"}
#: Two women and men who do not exist, told apart by their NIK.
PEOPLE = (
    Identity(
        name="Ratna Contohwati",
        email="ratna.contohwati@pemohon.example",
        phone="0812-7777-0001",
        address="Jalan Rekaan Kenanga 17",
        nik="3674015503900001",
        id_document="KTP",
        purpose="penelitian",
    ),
    Identity(
        name="Bagus Umpamanto",
        email="bagus.umpamanto@pemohon.example",
        phone="0812-7777-0002",
        address="Jalan Rekaan Melati 9",
        nik="3674011203850002",
        id_document="KTP",
        purpose="skripsi",
    ),
)


@lru_cache
def policy() -> Rulebook:
    return load_policy(Path(config.__file__).parent, on=FIRST_DAY).rulebook


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=WIB)


def march(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return at(date(2026, 3, day), hour, minute)


class City:
    """One process of the office; two on one URL are two processes to the database."""

    def __init__(self, url: str, home: Path, now: datetime | None = None) -> None:
        self.url, self.home = url, home
        self.engine = open_engine(url)
        self.clock = VirtualClock(now or march(2))
        self.book = policy()
        self.keyring = Keyring(SECRET)
        self.seal_log = home / "seals.log"
        self.acts = Acts(self.engine, self.keyring, lambda: self.book, self.clock, seal_log=self.seal_log)
        self.documents = DocumentStore(home / "documents", self.keyring)

    def __enter__(self) -> "City":
        return self

    def __exit__(self, *_: object) -> None:
        self.acts.close()
        self.engine.dispose()

    def beside(self) -> "City":
        """A second process on the same database, at the same instant."""
        return City(self.url, self.home, self.clock.now())

    # --- acts -----------------------------------------------------------------------------------

    def filing(self, person: Identity = PEOPLE[0], **fields) -> Filing:
        known = {
            "applicant": ApplicantKind.INDIVIDUAL,
            "channel": Channel.ONLINE,
            "received_on": self.clock.today(),
            "identity": person,
            "subject": "Anggaran uji",
            "items": ("Salinan A", "Salinan B"),
        }
        return Filing(**{**known, **fields})

    def register(self, person: Identity = PEOPLE[0], **fields) -> str:
        return self.acts.register(self.filing(person, **fields), Actor(Role.DESK)).result().number

    def act(self, action: str, role: Role, opd: str = "", name: str = "", **fields) -> Act:
        by = Actor(role, name or HOLDERS.get(role, ""), opd)
        return Act(action=action, by=by, at=self.clock.now(), **fields)

    def do(self, number: str, action: str, role: Role, opd: str = "", name: str = "", **fields):
        return self.acts.perform(number, self.act(action, role, opd, name, **fields)).result()

    def forwarded(self, *opds: str, person: Identity = PEOPLE[0], **fields) -> str:
        number = self.register(person, **fields)
        self.do(number, "record_complete", Role.DESK)
        self.do(number, "forward", Role.COORDINATOR, opds=opds or ("Dikbud",))
        return number

    def drafted(self, person: Identity = PEOPLE[0], **fields) -> str:
        number = self.forwarded("Dikbud", person=person, **fields)
        self.do(number, "answer", Role.OPD, opd="Dikbud")
        return number

    def noticed(self, person: Identity = PEOPLE[0], **fields) -> str:
        """A request whose notice is signed; the letter is owed, not sent."""
        number = self.drafted(person, **fields)
        self.do(number, "send_notice", Role.COORDINATOR)
        return number

    def answered(self, person: Identity = PEOPLE[0], **fields) -> str:
        number = self.noticed(person, **fields)
        self.do(number, "record_sent", Role.DESK)
        return number

    # --- time -----------------------------------------------------------------------------------

    def go(self, instant: datetime) -> None:
        self.clock.set(instant)

    def sweep(self, instant: datetime | None = None) -> Swept:
        if instant is not None:
            self.go(instant)
        return run_sweep(self.acts, self.clock.now())

    def sweep_until(self, last: date) -> list[Swept]:
        """One sweep a day at 09.00, up to and with that day."""
        swept = []
        while self.clock.today() < last:
            swept.append(self.sweep(at(self.clock.today() + timedelta(days=1))))
        return swept

    def with_ladders(self, **fields) -> None:
        self.book = replace(self.book, ladders=replace(self.book.ladders, **fields))

    # --- looking --------------------------------------------------------------------------------

    def case(self, number: str):
        with reading(self.engine) as connection:
            return casefile.load_family(connection, number).file(number).case

    def filed(self, number: str):
        with reading(self.engine) as connection:
            return casefile.load_family(connection, number).file(number)

    def rows(self, table, *where):
        with reading(self.engine) as connection:
            return connection.execute(select(table).where(*where)).all()

    def letters(self, number: str = "", kind: str = ""):
        where = [letters.c.number == number] if number else []
        where += [letters.c.kind == kind] if kind else []
        return sorted(self.rows(letters, *where), key=lambda row: row.id)

    def fired(self, number: str):
        """The ledger of a case: clock, OPD, rung, in the order fired."""
        with reading(self.engine) as connection:
            query = select(ledger).join(cases, cases.c.id == ledger.c.case_id).where(cases.c.number == number)
            return connection.execute(query.order_by(ledger.c.id)).all()

    def everything(self) -> dict[str, list[tuple]]:
        """Each table's rows, to tell whether anything was written."""
        with reading(self.engine) as connection:
            return {
                table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
                for table in metadata.sorted_tables
            }
