"""Acts: one act, one transaction, on SQLite and on PostgreSQL alike."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.act import ObjectionReason
from domain.errors import CaseNotFound, DomainError, Refused, StaleFacts, WrongStage
from domain.identity import Channel
from domain.item import Ground, Outcome
from domain.objection_arrows import ObjectionFiling
from domain.office import Actor, Role
from tasks.keys import PersonErased
from tasks.store import people
from tasks.store.engine import writing
from tasks.store.schema import cases, journal, persons, runs, seals

from .city import PEOPLE, at, march
from .store_check import faults_in

DESK = Actor(Role.DESK)
LOOP = Path(__file__).parent / "acting_process.py"


def an_objection(office, *reasons, **fields):
    return ObjectionFiling(
        reasons=reasons or (ObjectionReason.D,),
        received_on=office.clock.today(),
        channel=Channel.ONLINE,
        **fields,
    )


def sequence(numbers):
    return sorted(int(number.split("/")[0]) for number in numbers)


def test_a_refused_act_writes_no_row_anywhere(office):
    number = office.forwarded()
    before = office.everything()

    with pytest.raises(Refused):
        office.do(number, "answer", Role.OPD, opd="BKAD")
    with pytest.raises(WrongStage):
        office.do(number, "approve", Role.ATASAN, name="sekda")
    with pytest.raises(Refused):
        office.acts.file_objection(an_objection(office), DESK, request=number).result()
    with pytest.raises(Refused):
        office.acts.register(office.filing(subject=""), DESK).result()
    with pytest.raises(CaseNotFound):
        office.do("999/PPID-TS/2026", "withdraw", Role.DESK)

    assert office.everything() == before


def test_a_refused_filing_gives_its_number_back(office):
    with pytest.raises(Refused):
        office.acts.register(office.filing(received_on=date(2026, 3, 3)), DESK).result()

    assert office.register() == "001/PPID-TS/2026"
    with pytest.raises(Refused):
        office.acts.register(office.filing(items=()), DESK).result()
    assert office.register() == "002/PPID-TS/2026"


def test_64_filings_at_once_get_numbers_without_a_gap(office):
    wrong = [office.filing(items=()) for _ in range(16)]
    right = [office.filing(PEOPLE[i % 2]) for i in range(64)]

    with ThreadPoolExecutor(16) as crowd:
        futures = list(crowd.map(lambda filing: office.acts.register(filing, DESK), [*wrong, *right]))
    numbers = [f.result().number for f in futures if f.exception() is None]

    assert sequence(numbers) == list(range(1, 65))
    assert faults_in(office.engine, office.seal_log) == []


def test_three_opds_answering_at_once_all_succeed(office):
    number = office.register(items=("A", "B", "C"))
    office.do(number, "record_complete", Role.DESK)
    opds = ("Dikbud", "BKAD", "Bapenda")
    for item, opd in enumerate(opds, start=1):
        office.do(number, "forward", Role.COORDINATOR, opds=(opd,), items=(item,))

    with office.beside() as second, office.beside() as third, ThreadPoolExecutor(3) as crowd:
        places = (office, second, third)
        done = list(crowd.map(lambda p, o: p.do(number, "answer", Role.OPD, opd=o), places, opds))

    assert {d.stage for d in done} == {"forwarded", "drafting"}
    assert office.case(number).stage == "drafting"
    assert faults_in(office.engine) == []


def test_of_twenty_same_acts_at_once_one_wins(office):
    number = office.register()

    with office.beside() as other:
        futures = [
            place.acts.perform(number, place.act("withdraw", Role.DESK))
            for place in (office, other)
            for _ in range(10)
        ]
        errors = [f.exception() for f in futures]

    assert sum(error is None for error in errors) == 1
    assert all(error is None or isinstance(error, WrongStage) for error in errors)
    assert len(office.letters(number, "withdrawn")) == 1


def test_two_processes_on_one_database_queue(office):
    command = [sys.executable, str(LOOP), office.url, str(office.home), "12"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "ready"
        mine = [office.drafted() for _ in range(12)]
        theirs = other.stdout.read().split()

    assert other.returncode == 0
    assert sequence([*mine, *theirs]) == list(range(1, 25))
    assert faults_in(office.engine, office.seal_log) == []


def test_what_was_decided_on_stale_facts_is_refused(office):
    number = office.register()
    seen = office.case(number).version
    office.do(number, "record_complete", Role.DESK)

    with pytest.raises(StaleFacts):
        office.do(number, "forward", Role.COORDINATOR, opds=("Dikbud",), expect_version=seen)
    office.do(number, "forward", Role.COORDINATOR, opds=("Dikbud",), expect_version=seen + 1)


def test_a_commit_wakes_the_run_of_its_family(office):
    number = office.answered()
    before = office.rows(runs, runs.c.number == number)[0].wanted

    office.acts.file_objection(an_objection(office), DESK, request=number).result()

    assert office.rows(runs, runs.c.number == number)[0].wanted == before + 1
    assert len(office.rows(runs)) == 1


# --- personal data --------------------------------------------------------------------------------


def test_personal_data_never_stands_in_plain_in_the_store(office):
    number = office.answered()
    notes = ("catatan-ditarik-pemohon", "catatan-perbaikan-register")
    office.do(
        number,
        "correct",
        Role.DESK,
        changes={"email": "surel.baru@pemohon.example", "address": "Jalan Pindahan 99"},
        note=notes[1],
    )
    office.acts.file_objection(an_objection(office), DESK, request=number).result()
    office.do(number, "withdraw", Role.APPLICANT, note=notes[0])
    person = PEOPLE[0]
    secret = [person.name, person.nik, person.email, person.phone, person.address]
    secret += ["surel.baru@pemohon.example", "Jalan Pindahan 99", *notes]

    dump = repr(office.everything()).encode()
    files = [path.read_bytes() for path in office.home.rglob("*") if path.is_file()]

    for text in secret:
        assert all(text.encode() not in raw for raw in (dump, *files)), text
    identity = office.acts.sealing.identity_of(office.filed(number))
    assert identity == replace(person, email="surel.baru@pemohon.example", address="Jalan Pindahan 99")


def test_a_correction_keeps_the_old_value_sealed_in_the_journal(office):
    number = office.register()
    office.do(number, "correct", Role.DESK, changes={"phone": "0899-1"}, note="salah ketik")

    entry = office.rows(journal, journal.c.action == "correct")[0]

    assert "0812" not in entry.facts
    filed = office.filed(number)
    held = (filed.person_id, filed.wrapped_key, number)
    assert office.acts.sealing.open_note(*held, entry.seq, entry.sealed) == {
        "note": "salah ketik",
        "before": {"phone": "0812-7777-0001"},
        "after": {"phone": "0899-1"},
    }


def test_two_filings_with_one_nik_belong_to_one_person(office):
    with office.beside() as other:
        futures = [
            place.acts.register(place.filing(PEOPLE[i % 2]), DESK)
            for i in range(6)
            for place in (office, other)
        ]
        for future in futures:
            future.result()

    assert len(office.rows(persons)) == 2
    index = office.keyring.blind_index(PEOPLE[1].nik)
    found = office.rows(persons, persons.c.nik_index == index)
    assert len(found) == 1
    assert len(office.rows(cases, cases.c.person_id == found[0].id)) == 6


def test_a_malformed_nik_joins_nobody(office):
    broken = replace(PEOPLE[0], nik="367401550390")
    office.register(broken)
    office.register(broken)

    assert len(office.rows(persons)) == 2


def test_a_corrected_nik_is_found_by_its_new_index(office):
    number = office.register(replace(PEOPLE[0], nik=""))
    office.do(number, "correct", Role.DESK, changes={"nik": PEOPLE[0].nik}, note="KTP diperlihatkan")

    assert office.rows(persons, persons.c.nik_index == office.keyring.blind_index(PEOPLE[0].nik))
    assert office.case(number).faults == ()


def test_an_erased_person_cannot_be_read_and_the_chains_stand(office):
    number = office.answered()
    office.do(number, "correct", Role.DESK, changes={"phone": "0899-1"}, note="salah ketik")
    with writing(office.engine) as connection:
        people.erase(connection, office.filed(number).person_id, march(9))
    office.keyring.forget(office.filed(number).person_id)

    with pytest.raises(PersonErased):
        office.acts.sealing.identity_of(office.filed(number))
    assert faults_in(office.engine, office.seal_log) == []
    office.do(number, "withdraw", Role.DESK, note="tanpa kunci tidak ada catatan yang disimpan")
    assert faults_in(office.engine, office.seal_log) == []


def test_an_erased_persons_nik_starts_a_new_person(office):
    first = office.filed(office.register()).person_id
    with writing(office.engine) as connection:
        people.erase(connection, first, march(3))

    assert office.filed(office.register()).person_id != first


# --- journal --------------------------------------------------------------------------------------


def test_each_commit_has_its_seal_in_store_and_log(office):
    number = office.answered()
    office.do(number, "withdraw", Role.DESK)

    assert office.seal_log.read_text().split() == [row.hash for row in office.rows(seals)]
    assert faults_in(office.engine, office.seal_log) == []


def test_a_changed_byte_breaks_the_chain(office):
    office.register()
    with writing(office.engine) as connection:
        connection.execute(journal.update().values(facts='{"channel":"letter"}'))

    assert faults_in(office.engine)


# --- one act on another case's heels --------------------------------------------------------------


def test_a_granted_objection_orders_its_request_in_the_same_transaction(office):
    number = office.answered()
    objection = office.acts.file_objection(an_objection(office), DESK, request=number).result().number
    office.do(objection, "pass_to_atasan", Role.DESK)
    before, entries = len(office.rows(seals)), len(office.rows(journal))

    office.do(objection, "answer", Role.ATASAN, name="sekda", granted=True, note="berikan")

    assert office.case(number).stage == "fulfilment"
    assert len(office.rows(journal)) == entries + 2
    assert len(office.rows(seals)) == before + 1
    assert len(office.letters(number, "order_task")) == 1
    assert faults_in(office.engine) == []


def test_an_objection_without_a_request_stands_alone_and_needs_its_applicant(office):
    filing = an_objection(office, ObjectionReason.B, subject="Informasi berkala APBD")
    with pytest.raises(Refused):
        office.acts.file_objection(filing, DESK).result()

    filed = office.acts.file_objection(filing, DESK, identity=PEOPLE[0]).result()

    assert filed.number == "001/KEB/PPID-TS/2026"
    assert office.acts.sealing.identity_of(office.filed(filed.number)) == PEOPLE[0]


# --- officers -------------------------------------------------------------------------------------


def a_tested_case(office) -> str:
    number = office.forwarded()
    office.do(number, "propose_exemption", Role.OPD, opd="Dikbud", ground=Ground.H, note="data siswa")
    return number


def test_an_unknown_name_may_neither_act_nor_file(office):
    number = office.register()

    with pytest.raises(Refused, match="as: «siapa»"):
        office.do(number, "record_complete", Role.DESK, name="siapa")
    with pytest.raises(Refused, match="as: «siapa»"):
        office.acts.register(office.filing(), Actor(Role.DESK, "siapa")).result()
    with pytest.raises(Refused, match="loket"):
        office.do(number, "record_complete", Role.DESK, name="sekda")
    office.do(number, "record_complete", Role.DESK, name="loket")


def test_an_acting_officer_approves_in_their_dates_only(office):
    number = a_tested_case(office)
    verdict = {
        "outcome": Outcome.EXEMPT,
        "ground": Ground.H,
        "basis": "UU 27/2022",
        "note": "rahasia pribadi",
        "until": date(2030, 1, 1),
    }
    office.do(number, "record_verdict", Role.LEGAL, name="hukum", **verdict)

    with pytest.raises(Refused, match="plh-sekda"):
        office.do(number, "approve", Role.ATASAN, name="plh-sekda")
    office.go(march(25))
    assert office.do(number, "approve", Role.ATASAN, name="plh-sekda").stage == "drafting"


def test_whoever_drafted_may_not_approve_even_while_acting(office):
    number = a_tested_case(office)
    office.book = replace(
        office.book,
        office=replace(
            office.book.office,
            officers=(
                *office.book.office.officers,
                replace(
                    office.book.office.officer("plh-sekda"), key="hukum", active_from=None, active_until=None
                ),
            ),
        ),
    )
    verdict = {"outcome": Outcome.OPEN, "note": "tidak ada akibat"}
    office.do(number, "record_verdict", Role.LEGAL, name="hukum", **verdict)

    with pytest.raises(DomainError):
        office.do(number, "approve", Role.ATASAN, name="hukum")
    office.do(number, "approve", Role.ATASAN, name="sekda")


def test_an_act_names_only_documents_that_are_kept(office):
    number = office.forwarded()

    with pytest.raises(Refused, match="attach"):
        office.do(number, "answer", Role.OPD, opd="Dikbud", documents=("tidak-ada",))
    assert office.case(number).stage == "forwarded"


def test_an_act_dated_before_the_request_is_refused(office):
    number = office.register()

    with pytest.raises(Refused):
        office.do(number, "record_complete", Role.DESK, on=office.clock.today() - timedelta(days=1))
    with pytest.raises(Refused):
        office.do(number, "record_complete", Role.DESK, on=at(date(2026, 4, 1)).date())


def test_an_address_removed_or_added_reaches_the_objections_and_disputes_beside(office):
    number = office.answered()
    objection = office.acts.file_objection(an_objection(office), DESK, request=number).result().number

    office.do(number, "correct", Role.DESK, changes={"email": ""}, note="alamat tidak dipakai lagi")
    assert not office.case(objection).has_email
    office.do(number, "correct", Role.DESK, changes={"email": "baru@pemohon.example"}, note="alamat baru")

    assert office.case(objection).has_email
    told = office.rows(journal, journal.c.number == objection, journal.c.action == "correct")
    assert ['"email"' in entry.facts for entry in told] == [True, True]
    assert faults_in(office.engine, office.seal_log) == []
