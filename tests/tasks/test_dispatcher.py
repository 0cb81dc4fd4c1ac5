"""The dispatcher over real SMTP: what left is marked, what did not is tried again, and nothing is lost."""

import asyncio
import os
import signal
import socket
import sys
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

import config
from domain.office import Role
from tasks import leases
from tasks.dispatcher import Dispatcher
from tasks.letter_mail import Outlet
from tasks.letters import Texts
from tasks.mail import RelaySettings, Tls
from tasks.mailbox import Mailbox
from tasks.store.engine import reading, writing
from tasks.store.schema import cases, letters
from tasks.store.schema import leases as lease_rows

from .city import PEOPLE, City, march
from .smtp_server import scripted_relay
from .store_check import faults_in

TEXTS = Path(config.__file__).parent / "mail"
SENDER = Path(__file__).parent / "sending_process.py"
NO_EMAIL = replace(PEOPLE[0], email="")


def outlet(port: int, *, kept: bool = False, connections: int = 2) -> Outlet:
    relay = RelaySettings("127.0.0.1", port, "ppid@tangsel.example", tls=Tls.NONE, connect_timeout=2.0)
    return Outlet(relay, kept=kept, connections=connections)


@asynccontextmanager
async def sending(office, port: int, texts: Path = TEXTS, **fields):
    dispatcher = Dispatcher(office.acts, Texts(texts), office.documents, outlet(port, **fields))
    try:
        yield dispatcher
    finally:
        await dispatcher.close()


async def drain(dispatcher) -> None:
    while await dispatcher.drain():
        pass


def state_of(office, kind: str) -> list[str]:
    return [row.state for row in office.letters(kind=kind)]


def notice_is_met(office, number) -> bool:
    return next(c for c in office.case(number).clocks if c.kind == "notice").met_at is not None


def alarm(office):
    with reading(office.engine) as connection:
        return leases.marked(connection, "alarm.mail")


async def test_what_the_relay_took_is_marked_sent_and_meets_the_duty(office):
    number = office.noticed()
    assert not notice_is_met(office, number)

    async with scripted_relay() as relay, sending(office, relay.port) as dispatcher:
        await drain(dispatcher)

    assert {row.state for row in office.letters()} == {"sent"}
    assert len(relay.taken) == len(office.letters())
    assert notice_is_met(office, number)
    assert all(row.sent_at == office.clock.now() and row.message_id for row in office.letters())
    assert faults_in(office.engine) == []


async def test_the_duty_is_met_by_the_relays_250_only(office):
    number = office.noticed()

    async with scripted_relay({"CONTENT": "451 later"}) as relay, sending(office, relay.port) as dispatcher:
        await drain(dispatcher)

        assert not notice_is_met(office, number)
        del relay.says["CONTENT"]
        office.clock.advance(timedelta(minutes=31))
        await drain(dispatcher)

    assert notice_is_met(office, number)


async def test_in_the_embedded_mailbox_letters_are_kept_here(sqlite_office, tmp_path):
    office = sqlite_office
    mailbox = Mailbox(tmp_path / "mail")
    mailbox.start()
    office.noticed()
    try:
        async with sending(office, mailbox.port, kept=True) as dispatcher:
            await drain(dispatcher)
    finally:
        mailbox.stop()

    assert {row.state for row in office.letters()} == {"kept"}
    assert len(mailbox.messages()) == len(office.letters())


async def test_a_refused_address_is_undeliverable_and_a_person_is_asked(office):
    number = office.noticed()
    no = {f"RCPT {PEOPLE[0].email}": "550 5.1.1 no such user"}

    async with scripted_relay(no) as relay, sending(office, relay.port) as dispatcher:
        await drain(dispatcher)

    assert state_of(office, "notice") == ["undeliverable"]
    assert not notice_is_met(office, number)
    tasks = office.letters(number, "mend_contact")
    assert len(tasks) == len([r for r in office.letters() if r.state == "undeliverable"])
    assert {row.state for row in tasks} == {"sent"}
    assert PEOPLE[0].email not in repr(office.everything())
    assert faults_in(office.engine) == []


async def test_once_the_contact_is_mended_the_letters_leave_and_the_duty_is_met(office):
    number = office.noticed()
    no = {f"RCPT {PEOPLE[0].email}": "550 5.1.1 no such user"}
    async with scripted_relay(no) as relay, sending(office, relay.port) as dispatcher:
        await drain(dispatcher)
        office.do(
            number, "correct", Role.DESK, changes={"email": "benar@pemohon.example"}, note="salah tulis"
        )
        await drain(dispatcher)

    assert state_of(office, "notice") == ["sent"]
    assert notice_is_met(office, number)
    assert b"benar@pemohon.example" in b"".join(relay.taken)


async def test_later_is_put_off_with_growing_pauses_then_sent(office):
    office.register()
    with writing(office.engine) as connection:
        connection.execute(update(letters).where(letters.c.kind != "receipt").values(state="sent"))
    pauses = []

    async with scripted_relay({"CONTENT": "451 greylisted"}) as relay, sending(office, relay.port) as sender:
        for _ in range(9):
            await drain(sender)
            (row,) = office.letters(kind="receipt")
            pauses.append(row.next_try_at - office.clock.now())
            office.go(row.next_try_at)
        del relay.says["CONTENT"]
        await drain(sender)

    assert pauses[:4] == [timedelta(seconds=s) for s in (30, 60, 120, 240)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(minutes=30)
    assert state_of(office, "receipt") == ["sent"]


async def test_a_letter_put_off_holds_up_no_other(office):
    office.register()
    busy = {f"RCPT {PEOPLE[0].email}": "450 mailbox busy"}

    async with scripted_relay(busy) as relay, sending(office, relay.port) as dispatcher:
        await drain(dispatcher)

    assert state_of(office, "receipt") == ["ready"]
    assert state_of(office, "new_request") == ["sent"]


async def test_while_the_relay_is_down_acts_go_on_and_after_four_hours_there_is_an_alarm(office):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]  # bound, not listening: every connection is refused
        office.noticed()
        owed = len(office.letters())
        async with sending(office, port) as dispatcher:
            await drain(dispatcher)
            assert alarm(office) is None
            for _ in range(16):
                office.clock.advance(timedelta(minutes=31))
                await drain(dispatcher)
            office.register()

    assert {row.state for row in office.letters()} == {"ready"}
    assert len(office.letters()) == owed + 2
    assert alarm(office) is not None
    office.clock.advance(timedelta(minutes=31))
    async with scripted_relay() as relay, sending(office, relay.port) as dispatcher:
        await drain(dispatcher)
    assert {row.state for row in office.letters()} == {"sent"}


async def test_an_opd_head_the_relay_refuses_is_mended_although_the_opd_got_the_letter(office):
    number = office.forwarded("Dikbud")
    office.do(number, "take_over", Role.COORDINATOR, opds=("Dikbud",))
    head = office.book.office.opd("Dikbud").head_mailbox

    refusing = {f"RCPT {head}": "550 no such user"}
    async with scripted_relay(refusing) as relay, sending(office, relay.port) as dispatcher:
        await drain(dispatcher)

    [told] = office.letters(number, "takeover")
    assert (told.state, told.error) == ("sent", "1 dari 3 penerima ditolak: kepala OPD Dikbud")
    assert state_of(office, "mend_contact") == ["sent"]


async def test_an_officer_the_relay_refuses_raises_an_alarm_and_no_further_letter(office):
    office.register()
    desk = "loket@ppid.tangsel.example"

    refusing = {f"RCPT {desk}": "550 no such user"}
    async with scripted_relay(refusing) as relay, sending(office, relay.port) as dispatcher:
        await drain(dispatcher)

    assert state_of(office, "new_request") == ["sent"]
    assert office.letters(kind="mend_contact") == []
    assert alarm(office) is not None


async def test_a_letter_by_hand_goes_to_the_desk_and_meets_nothing_until_recorded(office):
    number = office.noticed(NO_EMAIL)

    async with scripted_relay() as relay, sending(office, relay.port) as dispatcher:
        await drain(dispatcher)

    assert state_of(office, "notice") == ["sent"]
    assert not notice_is_met(office, number)
    assert any(b"loket@ppid.tangsel.example" in raw and b"Pemberitahuan" in raw for raw in relay.taken)
    office.do(number, "record_sent", Role.DESK, name="loket")
    assert notice_is_met(office, number)


async def test_a_broken_text_delays_its_letters_alone_and_raises_an_alarm(office, tmp_path):
    broken = tmp_path / "teks"
    broken.mkdir()
    for path in TEXTS.glob("*.j2"):
        (broken / path.name).write_text(path.read_text())
    (broken / "receipt.txt.j2").write_text("Subject: Tanda terima\n\n{{ tidak_ada }}\n")
    office.register()

    async with scripted_relay() as relay, sending(office, relay.port, broken) as dispatcher:
        await drain(dispatcher)
    assert state_of(office, "receipt") == ["ready"]
    assert state_of(office, "new_request") == ["sent"]
    assert alarm(office) is not None

    office.clock.advance(timedelta(minutes=1))
    async with scripted_relay() as relay, sending(office, relay.port) as dispatcher:
        await drain(dispatcher)
    assert state_of(office, "receipt") == ["sent"]


async def test_a_letter_that_cannot_be_made_stops_no_other(office):
    office.register()
    office.register()
    with writing(office.engine) as connection:
        first = office.letters(kind="receipt")[0].id
        connection.execute(update(letters).where(letters.c.id == first).values(facts="{", kind="entah"))

    async with scripted_relay() as relay, sending(office, relay.port) as dispatcher:
        await drain(dispatcher)

    assert sorted(row.state for row in office.letters()) == ["ready", "sent", "sent", "sent"]
    assert alarm(office) is not None


async def test_a_letter_whose_case_cannot_be_read_is_still_marked_once_it_left(office):
    number = office.noticed()
    with writing(office.engine) as connection:
        connection.execute(update(cases).where(cases.c.number == number).values(state="{"))

    async with scripted_relay() as relay, sending(office, relay.port) as dispatcher:
        await drain(dispatcher)
        await drain(dispatcher)

    assert {row.state for row in office.letters()} == {"sent"}
    assert len(relay.taken) == len(office.letters())
    assert alarm(office) is not None


async def test_an_erased_person_gets_no_letter_and_the_rest_leaves(office):
    from_before = office.register()
    with writing(office.engine) as connection:
        connection.execute(text("UPDATE persons SET wrapped_key = NULL"))

    async with scripted_relay() as relay, sending(office, relay.port) as dispatcher:
        await drain(dispatcher)

    assert state_of(office, "receipt") == ["undeliverable"]
    assert state_of(office, "new_request") == ["sent"]
    assert office.letters(from_before, "mend_contact")


async def test_a_note_reaches_its_reader_though_the_store_keeps_it_sealed(office):
    number = office.forwarded()
    office.do(number, "not_ours", Role.OPD, opd="Dikbud", note="urusan provinsi saja")

    async with scripted_relay() as relay, sending(office, relay.port) as dispatcher:
        await drain(dispatcher)

    assert "urusan provinsi saja" not in repr(office.everything())
    assert b"urusan provinsi saja" in b"".join(relay.taken)


async def test_a_stopped_dispatcher_leaves_its_lease_to_the_next(office):
    office.register()
    stop = asyncio.Event()

    async with scripted_relay() as relay:
        dispatcher = Dispatcher(office.acts, Texts(TEXTS), office.documents, outlet(relay.port))
        running = asyncio.create_task(dispatcher.run(stop))
        async with asyncio.timeout(10):
            while len(relay.taken) < 2:
                dispatcher.nudge()
                await asyncio.sleep(0)
        stop.set()
        dispatcher.nudge()
        await running

    assert office.rows(lease_rows) == []
    assert {row.state for row in office.letters()} == {"sent"}


async def test_a_second_dispatcher_sends_nothing_while_the_first_lives(office):
    office.register()
    assert leases.take(office.engine, "dispatcher", leases.holder_name(), office.clock.now(), 3600)
    stop = asyncio.Event()

    async with scripted_relay() as relay:
        dispatcher = Dispatcher(office.acts, Texts(TEXTS), office.documents, outlet(relay.port))
        running = asyncio.create_task(dispatcher.run(stop))
        await asyncio.to_thread(office.register)
        stop.set()
        await running
        assert relay.taken == []


class KillingMailbox(Mailbox):
    """Keeps a message, then kills its sender before the 250 can be marked."""

    victim = 0
    after = 3
    seen = 0

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 aiosmtpd's name
        reply = await super().handle_DATA(server, session, envelope)
        self.seen += 1
        if self.victim and self.seen == self.after:
            os.kill(self.victim, signal.SIGKILL)
        return reply


@pytest.mark.parametrize("connections", [1, 3])
async def test_killed_between_250_and_mark_a_letter_goes_again_under_the_same_id(
    office, tmp_path, connections
):
    for _ in range(4):
        office.noticed()
    mailbox = KillingMailbox(tmp_path / "mail")
    mailbox.start()
    command = [sys.executable, str(SENDER), office.url, str(office.home), str(mailbox.port), str(connections)]
    try:
        sender = await asyncio.create_subprocess_exec(*command)
        mailbox.victim = sender.pid
        assert await asyncio.wait_for(sender.wait(), 30) == -signal.SIGKILL
        mailbox.victim = 0
        held = office.rows(lease_rows)
        assert [row.name for row in held] == ["dispatcher"]
        stop = asyncio.Event()
        dispatcher = Dispatcher(office.acts, Texts(TEXTS), office.documents, outlet(mailbox.port))
        running = asyncio.create_task(dispatcher.run(stop))
        async with asyncio.timeout(20):  # the dead holder's lease runs for minutes; the host knows better
            while {row.state for row in office.letters()} != {"sent"}:
                dispatcher.nudge()
                await asyncio.sleep(0)
        stop.set()
        await running
    finally:
        mailbox.stop()

    sent = Counter(message["Message-ID"] for message in mailbox.messages())
    assert set(sent) == {row.message_id for row in office.letters()}
    again = [count for count in sent.values() if count > 1]
    assert 1 <= len(again) <= connections
    assert set(again) == {2}
    assert faults_in(office.engine) == []


def test_the_waiting_query_reads_its_index(sqlite_url, tmp_path):
    with City(sqlite_url, tmp_path) as office, reading(office.engine) as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id FROM letters WHERE state = 'ready' AND next_try_at <= ?"
            " ORDER BY next_try_at, id",
            (march(2).isoformat(),),
        ).all()

    assert "ix_letters_waiting" in repr(plan)
