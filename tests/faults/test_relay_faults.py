"""Whatever the relay does wrong, an hour after it is well again every letter has left, under its one id."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

import config
from tasks.dispatcher import Dispatcher
from tasks.letter_mail import Outlet
from tasks.letters import Texts
from tasks.mail import RelaySettings, Tls
from tasks.mail_message import message_id
from tests.tasks.city import PEOPLE
from tests.tasks.smtp_server import scripted_relay
from tests.tasks.store_check import faults_in
from tests.tasks.test_mail import certificate, server_context  # noqa: F401 a fixture

SENDER = "ppid@tangsel.example"
TEXTS = Texts(Path(config.__file__).parent / "mail")
CONNECTIONS = 2

#: What the relay says, by fault.
FAULTS = {
    "turns everybody away": {"GREETING": "554 no service"},
    "hangs at the greeting": {"GREETING": "hang"},
    "hangs after DATA": {"CONTENT": "hang"},
    "cuts the line in the middle of DATA": {"DATA": "cut"},
    "cuts the line before it answers": {"CONTENT": "drop"},
    "takes one byte a second": {"DATA": "slow"},
    "closes for maintenance": {"MAIL": "421 closing"},
    "closes in the middle": {"RCPT": "421 closing"},
    "greylists the applicant": {f"RCPT {PEOPLE[0].email}": "451 4.7.1 greylisted"},
    "greylists everybody": {"RCPT": "451 4.7.1 greylisted"},
    "is full": {"CONTENT": "452 4.3.1 insufficient storage"},
    "drops every connection": {"EHLO": "drop"},
}


def dispatcher_to(office, port: int, tls: Tls = Tls.NONE, seconds: float = 0.3) -> Dispatcher:
    """A dispatcher that waits that long for the relay."""
    waits = {"connect_timeout": seconds, "command_timeout": seconds, "data_timeout": seconds}
    relay = RelaySettings("127.0.0.1", port, SENDER, tls=tls, **waits)
    outlet = Outlet(relay, kept=False, connections=CONNECTIONS)
    return Dispatcher(office.acts, TEXTS, office.documents, outlet)


async def tried(office, dispatcher: Dispatcher, hours: int) -> None:
    """What a dispatcher does in that time: a turn every quarter of an hour."""
    for _ in range(4 * hours):
        while await dispatcher.drain():
            pass
        office.clock.advance(timedelta(minutes=15))


def ids(taken: list[bytes]) -> Counter[str]:
    found = (re.search(rb"^Message-ID:\s*(\S+)", content, re.M | re.I) for content in taken)
    return Counter(match[1].decode() for match in found if match)


def all_sent(office, taken: list[bytes]) -> None:
    owed = office.letters()
    assert {row.state for row in owed} == {"sent"}
    assert set(ids(taken)) == {message_id(row.key, SENDER) for row in owed}
    assert faults_in(office.engine, office.seal_log) == []


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_hour_after_the_fault_every_letter_has_left_once(sqlite_office, fault):
    office = sqlite_office
    office.noticed()
    async with scripted_relay(FAULTS[fault]) as relay:
        dispatcher = dispatcher_to(office, relay.port)
        await tried(office, dispatcher, 1)
        number = office.register(PEOPLE[1])  # acts go on meanwhile
        assert office.letters(number, "receipt")[0].state == "ready"
        relay.says.clear()
        await tried(office, dispatcher, 1)
        await dispatcher.close()
        all_sent(office, relay.taken)
        assert set(ids(relay.taken).values()) == {1}


async def test_nobody_listening_for_an_hour_delays_letters_and_loses_none(sqlite_office):
    office = sqlite_office
    office.noticed()
    async with scripted_relay() as gone:
        port = gone.port
    away = dispatcher_to(office, port)
    await tried(office, away, 1)
    await away.close()
    async with scripted_relay() as relay:
        dispatcher = dispatcher_to(office, relay.port)
        await tried(office, dispatcher, 1)
        await dispatcher.close()
        all_sent(office, relay.taken)
        assert set(ids(relay.taken).values()) == {1}


async def test_a_letter_too_large_for_the_relay_is_a_persons_task_and_stops_no_other(sqlite_office):
    office = sqlite_office
    large = office.register()
    async with scripted_relay({"CONTENT": "552 5.3.4 too large"}) as relay:
        dispatcher = dispatcher_to(office, relay.port)
        await tried(office, dispatcher, 1)
        assert {row.state for row in office.letters(large, "receipt")} == {"undeliverable"}
        relay.says.clear()
        other = office.register(PEOPLE[1])
        await tried(office, dispatcher, 1)
        await dispatcher.close()
    assert {row.state for row in office.letters(other)} == {"sent"}
    assert faults_in(office.engine, office.seal_log) == []


async def test_a_wrong_certificate_stops_every_letter_until_it_is_mended(sqlite_office, certificate):  # noqa: F811
    office = sqlite_office
    office.register()
    async with scripted_relay(tls=server_context(certificate)) as relay:
        dispatcher = dispatcher_to(office, relay.port, Tls.STARTTLS)
        await tried(office, dispatcher, 1)
        await dispatcher.close()
        assert relay.taken == []
        assert {row.state for row in office.letters()} == {"ready"}
    assert faults_in(office.engine, office.seal_log) == []
