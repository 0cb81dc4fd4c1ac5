"""Random acts, days, relays that fail and changed ladders, driven against a model of a few lines."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections import Counter
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Verbosity, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from domain.act import ObjectionReason
from domain.errors import DomainError
from domain.identity import Channel
from domain.item import Ground, Outcome
from domain.ladder import CommissionMode
from domain.objection_arrows import ObjectionFiling
from domain.office import Actor, Role
from domain.request_actions import RequestAction as Action
from tasks import sweep
from tasks.mail_message import message_id
from tasks.store.engine import open_engine
from tasks.store.migrate import migrate
from tests.faults.test_relay_faults import SENDER, dispatcher_to
from tests.tasks.city import PEOPLE, City, at, policy
from tests.tasks.smtp_server import scripted_relay
from tests.tasks.store_check import faults_in

OPDS = ("Dikbud", "BKAD", "Dinkes")
NAMES = {Role.ATASAN: "sekda", Role.COORDINATOR: "ppid", Role.LEGAL: "hukum", Role.DESK: "loket"}
PEOPLES_ROLES = (Role.DESK, Role.COORDINATOR, Role.OPD, Role.LEGAL, Role.ATASAN, Role.APPLICANT)
WELL = dict[str, str]()
RELAYS = (WELL, WELL, {"RCPT": "451 greylisted"}, {"CONTENT": "drop"}, {"GREETING": "421 closing"})
#: What an act may carry; the rules say which of it makes sense.
DETAILS = {
    "note": "menurut berkas",
    "outcome": Outcome.EXEMPT,
    "ground": Ground.H,
    "basis": "UU 27/2022",
    "days": 1,
    "holder": "PT Contoh",
    "granted": True,
}


@cache
def migrated() -> Path:
    path = Path(tempfile.mkdtemp(prefix="ppid-random-")) / "ppid.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


class RandomOffice(RuleBasedStateMachine):
    """The model: which numbers were given, how far each case's version has come, what the relay took."""

    numbers = Bundle("numbers")

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="ppid-random-"))
        shutil.copy(migrated(), self.home / "ppid.sqlite")
        self.city = City(f"sqlite:///{self.home / 'ppid.sqlite'}", self.home)
        self.given: Counter[str] = Counter()
        self.versions: dict[str, int] = {}
        self.taken: Counter[str] = Counter()
        self.cut_off = 0

    @rule(target=numbers, person=st.sampled_from(PEOPLE), items=st.integers(1, 4))
    def file(self, person, items):
        number = self.city.register(person, items=tuple(f"Salinan {n}" for n in range(items)))
        self.given["request"] += 1
        assert number == f"{self.given['request']:03d}/PPID-TS/2026"
        self.versions[number] = self.city.case(number).version
        return number

    @rule(
        number=numbers,
        action=st.sampled_from(list(Action)),
        role=st.sampled_from(
            [Role.DESK, Role.COORDINATOR, Role.OPD, Role.LEGAL, Role.ATASAN, Role.APPLICANT]
        ),
        opd=st.sampled_from(OPDS),
        items=st.sets(st.integers(1, 5), max_size=2),
    )
    def act(self, number, action, role, opd, items):
        before = self.city.case(number)
        until = self.city.clock.today() + timedelta(days=400)
        fields = {**DETAILS, "items": tuple(sorted(items)), "opds": (opd,), "until": until}
        try:
            done = self.city.do(
                number, action, role, opd=opd if role is Role.OPD else "", name=NAMES.get(role, ""), **fields
            )
        except DomainError as refusal:
            assert str(refusal)
            assert self.city.case(number) == before
        else:
            assert done.version > before.version
            self.versions[number] = done.version

    @rule(number=numbers, opds=st.sets(st.sampled_from(OPDS), min_size=1))
    def hurry(self, number, opds):
        """The straight way to an answer, which random acts rarely find."""
        steps = [
            ("record_complete", Role.DESK, "", {}),
            ("forward", Role.COORDINATOR, "", {"opds": tuple(opds)}),
        ]
        steps += [("answer", Role.OPD, opd, {}) for opd in sorted(opds)]
        steps += [("send_notice", Role.COORDINATOR, "", {})]
        for action, role, opd, fields in steps:
            try:
                self.city.do(number, action, role, opd=opd, name=NAMES.get(role, ""), **fields)
            except DomainError:
                return

    @rule(number=consumes(numbers))
    def object(self, number):
        reasons = (ObjectionReason.C, ObjectionReason.G, ObjectionReason.D)
        for reason in reasons:
            filing = ObjectionFiling(
                reasons=(reason,), received_on=self.city.clock.today(), channel=Channel.ONLINE
            )
            try:
                self.city.acts.file_objection(filing, Actor(Role.APPLICANT), request=number).result()
            except DomainError:
                continue
            self.given["objection"] += 1
            return

    @rule(days=st.integers(0, 6))
    def days_go_by(self, days):
        self.city.sweep(max(self.city.clock.now(), at(self.city.clock.today() + timedelta(days=days))))
        if sweep.is_open(self.city.clock.now(), self.city.book):
            assert sweep.pending(self.city.acts, self.city.clock.now()) == 0

    @rule(says=st.sampled_from(RELAYS))
    def send(self, says):
        """A dispatcher of its own, as after a crash."""
        asyncio.run(self._send(says))

    async def _send(self, says):
        self.city.clock.advance(timedelta(minutes=40))  # past every pause
        async with scripted_relay(says) as relay:
            dispatcher = dispatcher_to(self.city, relay.port, seconds=5.0)
            while await dispatcher.drain():
                pass
            await dispatcher.close()
            for content in relay.taken:
                found = re.search(rb"^Message-ID:\s*(\S+)", content, re.M | re.I)
                self.taken[found[1].decode()] += 1

    @rule(digest=st.booleans(), mode=st.sampled_from(list(CommissionMode)))
    def change_ladders(self, digest, mode):
        self.city.with_ladders(digest=digest, commission=mode)

    @rule()
    def start_again(self):
        """The service ends and starts; nothing it knew by heart mattered."""
        book, now = self.city.book, self.city.clock.now()
        self.city.__exit__()
        self.city = City(self.city.url, self.home, now)
        self.city.book = book

    @invariant()
    def nothing_goes_back(self):
        for number, version in self.versions.items():
            case = self.city.case(number)
            assert case.version >= version
            self.versions[number] = case.version

    @invariant()
    def every_letter_left_once_and_was_owed(self):
        rows = self.city.letters()
        sent = {message_id(row.key, SENDER) for row in rows if row.state == "sent"}
        assert set(self.taken) == sent
        assert set(self.taken.values()) <= {1}

    @invariant()
    def the_store_is_whole(self):
        assert faults_in(self.city.engine, self.city.seal_log) == []

    def teardown(self):
        self.city.__exit__()
        shutil.rmtree(self.home)


@pytest.mark.parametrize(("examples", "steps"), [(8, 20), pytest.param(200, 60, marks=pytest.mark.long)])
def test_whatever_people_days_and_relays_do_the_store_agrees_with_the_model(examples, steps):
    policy()
    run_state_machine_as_test(
        RandomOffice,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            verbosity=Verbosity.normal,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
