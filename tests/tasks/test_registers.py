"""The registers: what the annexes ask for, who may see names, and how many rows memory must hold."""

from datetime import date

import pytest
from sqlalchemy import event

from domain.act import ObjectionReason
from domain.errors import Refused
from domain.identity import Channel
from domain.item import Ground, Outcome
from domain.number import CaseKind
from domain.objection_arrows import ObjectionFiling
from domain.office import Actor, Role
from tasks.registers import export, reading
from tasks.registers.export import REGISTERS
from tasks.registers.reading import Filter
from tasks.store.engine import reading as reading_from
from tasks.store.schema import journal, runs
from tasks.verify import verify

from .city import PEOPLE
from .one_desk import desk_of, rows_of

IDENTITY = (PEOPLE[0].name, PEOPLE[0].nik, PEOPLE[0].address, PEOPLE[0].phone, PEOPLE[0].email, "penelitian")


def test_columns_of_requests_are_those_of_the_annex_in_its_order():
    numbers = [c.no for c in REGISTERS["requests"].layout.columns if c.no.isdigit()]

    assert numbers == [str(n) for n in range(1, 22)]


def test_columns_of_objections_are_those_of_the_annex_in_its_order():
    numbers = [c.no for c in REGISTERS["objections"].layout.columns if c.no.isdigit()]

    assert numbers == [str(n) for n in range(1, 21)]


def test_a_public_copy_tells_nothing_of_who_asked(office):
    office.answered()

    for row in rows_of(desk_of(office), "requests"):
        assert not any(secret in str(cell) for cell in row.values() for secret in IDENTITY)


def test_a_full_copy_holds_what_article_32_asks_for(office):
    office.answered()

    (row,) = rows_of(desk_of(office), "requests", full_for=Actor(Role.COORDINATOR, "ppid"))

    assert row["name"] == "Ratna Contohwati"
    assert row["identity_no"] == "3674015503900001"
    assert row["contact"] == "0812-7777-0001; ratna.contohwati@pemohon.example"
    assert row["asked"] == "1. Salinan A; 2. Salinan B"
    assert (row["received"], row["noticed"]) == (date(2026, 3, 2), date(2026, 3, 2))
    assert (row["decision"], row["held"], row["copy"]) == ("Dikabulkan", "✓", "✓")


def test_a_full_copy_is_made_only_by_a_named_officer_of_the_register(sqlite_office):
    desk = desk_of(sqlite_office)
    for actor in (
        Actor(Role.COORDINATOR),
        Actor(Role.COORDINATOR, "tidak-ada"),
        Actor(Role.ADMIN, "admin"),
        Actor(Role.OPD, "", "Dikbud"),
    ):
        with pytest.raises(Refused):
            rows_of(desk, "requests", full_for=actor)


def test_each_identity_read_for_a_full_copy_stands_in_its_journal_and_wakes_no_run(office):
    numbers = [office.answered(), office.answered(PEOPLE[1])]
    wanted = [row.wanted for row in office.rows(runs)]

    rows_of(desk_of(office), "requests", full_for=Actor(Role.COORDINATOR, "ppid"))

    read = office.rows(journal, journal.c.action == "export_register")
    assert sorted(row.number for row in read) == numbers
    assert {(row.role, row.actor) for row in read} == {("coordinator", "ppid")}
    assert [row.wanted for row in office.rows(runs)] == wanted
    with reading_from(office.engine) as connection:
        assert verify(connection, office.seal_log).broken is None


def test_a_refusal_tells_its_ground_in_public_and_its_reason_only_in_full(sqlite_office):
    office = sqlite_office
    number = office.forwarded("Dikbud")
    office.do(
        number, "propose_exemption", Role.OPD, opd="Dikbud", items=(1, 2), ground=Ground.H, note="rahasia"
    )
    office.do(number, "open_test", Role.LEGAL)
    office.do(
        number,
        "record_verdict",
        Role.LEGAL,
        name="hukum",
        items=(1, 2),
        outcome=Outcome.EXEMPT,
        ground=Ground.H,
        basis="UU 27/2022",
        note="memuat nama anak",
        until=date(2030, 1, 1),
    )
    office.do(number, "approve", Role.ATASAN, name="sekda")
    office.do(number, "send_notice", Role.COORDINATOR)
    desk = desk_of(office)

    (public,) = rows_of(desk, "requests")
    (full,) = rows_of(desk, "requests", full_for=Actor(Role.COORDINATOR, "ppid"))

    assert public["decision"] == "Ditolak"
    assert public["refused_because"] == "Pasal 17 huruf h: mengungkapkan rahasia pribadi (UU 27/2022)"
    assert full["refused_because"].endswith("(UU 27/2022). memuat nama anak")


def test_an_objection_is_listed_with_its_seven_boxes_and_its_answer(sqlite_office):
    office = sqlite_office
    number = office.answered()
    filing = ObjectionFiling(
        reasons=(ObjectionReason.D, ObjectionReason.E),
        channel=Channel.ONLINE,
        received_on=office.clock.today(),
        subject="Anggaran uji",
    )
    objection = office.acts.file_objection(filing, Actor(Role.APPLICANT), request=number).result().number
    office.do(objection, "pass_to_atasan", Role.COORDINATOR)
    office.do(objection, "answer", Role.ATASAN, name="sekda", granted=False, note="sudah lengkap")

    (row,) = rows_of(desk_of(office), "objections", full_for=Actor(Role.COORDINATOR, "ppid"))

    assert [row[f"reason_{letter}"] for letter in "abcdefg"] == [None, None, None, "✓", "✓", None, None]
    assert (row["request"], row["decision"], row["because"]) == (number, "Ditolak", "sudah lengkap")
    assert row["by"] == "Sekretaris Daerah selaku Atasan PPID"
    assert row["answered"] == date(2026, 3, 2)


def test_filters_by_year_stage_opd_and_channel(office):
    office.forwarded("Dikbud")
    office.forwarded("DLH", channel=Channel.EMAIL)
    office.register()
    desk = desk_of(office)

    def numbers(**fields):
        return [row["number"] for row in rows_of(desk, "requests", Filter(**fields))]

    assert numbers(opd="DLH") == ["002/PPID-TS/2026"]
    assert numbers(channel="email") == ["002/PPID-TS/2026"]
    assert numbers(stage="registered") == ["003/PPID-TS/2026"]
    assert numbers(year=2025) == []
    assert len(numbers(year=2026)) == 3


def test_a_register_is_read_a_page_at_a_time(office):
    for _ in range(5):
        office.register()
    fetched: list[str] = []

    @event.listens_for(office.engine, "before_cursor_execute")
    def count(connection, cursor, statement, *rest):
        if "FROM cases" in statement:
            fetched.append(statement)

    source = reading.entries(office.engine, CaseKind.REQUEST, Filter(), page=2)
    first = next(source)
    assert (first.number, len(fetched)) == ("001/PPID-TS/2026", 1)

    assert [entry.number[:3] for entry in source] == ["002", "003", "004", "005"]
    assert len(fetched) == 4
    event.remove(office.engine, "before_cursor_execute", count)


def test_another_kind_of_file_is_refused(sqlite_office, tmp_path):
    desk = desk_of(sqlite_office)
    sheet = export.sheet_of(desk, REGISTERS["requests"], Filter())

    with pytest.raises(Refused):
        export.write(desk, sheet, tmp_path / "register.docx")
