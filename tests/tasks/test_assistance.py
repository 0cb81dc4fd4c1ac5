"""Bantuan kedinasan on both databases: its own numbers, its journal, its letters, the contact sealed."""

import pytest

from domain.assistance_arrows import AssistanceFiling
from domain.errors import Refused
from domain.identity import Identity
from domain.office import Actor, Role
from domain.work import jobs_of
from tasks.store.schema import cases, journal

from .store_check import faults_in

CONTACT = Identity(name="Sri Kontakwati", email="sri.kontakwati@kabupaten.example", phone="0811-222-333")


def registered(office, **fields) -> str:
    known = {"asking_body": "Kabupaten Contoh", "received_on": office.clock.today(), "subject": "Data jalan"}
    filing = AssistanceFiling(**{**known, **fields})
    return office.acts.register_assistance(filing, CONTACT, Actor(Role.DESK, "loket")).result().number


def test_its_numbers_run_in_a_series_of_their_own(office):
    office.register()

    assert [registered(office), registered(office)] == ["001/BK/PPID-TS/2026", "002/BK/PPID-TS/2026"]


def test_it_walks_from_receipt_to_its_answer_and_everything_is_journalled(office):
    number = registered(office)
    office.do(number, "forward", Role.COORDINATOR, opds=("BKAD", "DSDABMBK"))
    office.do(number, "answer", Role.OPD, opd="BKAD", note="terlampir")
    office.do(number, "send_answer", Role.COORDINATOR, note="lengkap")
    office.do(number, "close", Role.COORDINATOR)

    told = [
        row.action for row in sorted(office.rows(journal, journal.c.number == number), key=lambda r: r.seq)
    ]
    assert told == ["register", "forward", "answer", "send_answer", "close"]
    assert [row.kind for row in office.letters(number)] == [
        "assistance_receipt",
        "assistance_new",
        "assistance_task",
        "assistance_task",
        "assistance_collected",
        "assistance_answer",
        "opd_released",
    ]
    assert faults_in(office.engine, office.seal_log) == []


def test_it_is_found_by_the_opds_that_help(office):
    number = registered(office)
    office.do(number, "forward", Role.COORDINATOR, opds=("BKAD",))

    [row] = office.rows(cases, cases.c.number == number)
    assert (row.kind, row.opds, row.next_on) == ("assistance", ",BKAD,", None)


def test_its_contact_person_stands_nowhere_in_plain(office):
    number = registered(office)

    dump = repr(office.everything())
    assert not any(text in dump for text in (CONTACT.name, CONTACT.email, CONTACT.phone))
    assert office.acts.sealing.identity_of(office.filed(number)) == CONTACT


def test_a_corrected_contact_decides_how_its_letters_go(office):
    number = registered(office)
    office.do(number, "correct", Role.DESK, changes={"email": ""}, note="surel tidak aktif")

    assert not office.case(number).has_email
    assert faults_in(office.engine, office.seal_log) == []


def test_the_system_has_no_work_on_it_and_no_rung_fires(office):
    number = registered(office)

    assert jobs_of(office.case(number), office.book) == ()
    assert office.sweep().fired == 0


def test_a_day_in_the_future_writes_nothing(office):
    with pytest.raises(Refused):
        registered(office, received_on=office.clock.today().replace(year=2027))
    assert office.rows(cases) == []
