"""Every kind of letter is owed by some real act or rung, and its text can be filled with what it tells."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import config
from domain.act import ExtensionGround, ObjectionReason, ProposedOpd
from domain.assistance_arrows import AssistanceFiling
from domain.dispute_arrows import DisputeFiling
from domain.identity import Channel
from domain.item import Ground, Outcome
from domain.ladder import CommissionMode
from domain.letter import LetterKind
from domain.objection_arrows import ObjectionFiling
from domain.office import Actor, Role
from tasks import digest
from tasks.dispatcher import Dispatcher
from tasks.letter_mail import Outlet
from tasks.letters import Texts
from tasks.mail import RelaySettings, Tls
from tasks.mailbox import Mailbox
from tasks.registers import lists
from tasks.reports import opds, yearly
from tasks.store.engine import writing

from .city import PEOPLE, at, march
from .one_desk import desk_of

TEXTS = Path(config.__file__).parent / "mail"
VERDICT = {
    "outcome": Outcome.EXEMPT,
    "ground": Ground.H,
    "basis": "UU 27/2022",
    "note": "rahasia pribadi siswa",
    "until": date(2030, 1, 1),
}


def a_document(office, number: str) -> str:
    with writing(office.engine) as connection:
        case, now = office.filed(number).id, office.clock.now()
        return office.documents.put(connection, case, "data.pdf", "application/pdf", b"%PDF uji", now)


def objecting(office, number: str, reason: ObjectionReason) -> str:
    filing = ObjectionFiling(
        reasons=(reason,),
        received_on=office.clock.today(),
        channel=Channel.ONLINE,
        subject="" if number else "Informasi berkala APBD",
    )
    who = None if number else PEOPLE[1]
    filed = office.acts.file_objection(filing, Actor(Role.DESK), request=number, identity=who).result().number
    office.do(filed, "pass_to_atasan", Role.DESK)
    return filed


def a_refused_case(office) -> None:
    """Proposed, moved, given time, extended, tested, sent back, refused, objected to, fulfilled."""
    number = office.register()
    office.acts.perform(
        number,
        office.act(
            "propose_opds",
            Role.SYSTEM,
            proposed=(ProposedOpd("Dikbud", (1,), "sekolah"), ProposedOpd("BKAD", (2,), "APBD")),
        ),
    ).result()
    office.do(number, "record_complete", Role.DESK)
    office.do(number, "forward", Role.COORDINATOR, opds=("Dikbud", "BKAD"))
    office.do(number, "not_ours", Role.OPD, opd="Dikbud", note="bukan kami", holder="Bapenda")
    office.do(number, "reroute", Role.COORDINATOR, opds=("Dikbud", "Bapenda"), note="menurut Dikbud")
    office.do(number, "ask_time", Role.OPD, opd="BKAD", days=1, note="arsip di gudang")
    office.do(number, "give_time", Role.COORDINATOR, opds=("BKAD",))
    office.do(
        number, "extend", Role.COORDINATOR, extension=ExtensionGround.NOT_YET_DECIDED, note="menunggu uji"
    )
    paper = a_document(office, number)
    office.do(number, "answer", Role.OPD, opd="Bapenda", documents=(paper,), note="terlampir")
    office.do(number, "propose_exemption", Role.OPD, opd="BKAD", ground=Ground.H, note="data siswa")
    office.do(number, "record_verdict", Role.LEGAL, name="hukum", **VERDICT)
    office.do(number, "send_back", Role.ATASAN, name="sekda", note="akibatnya belum dinilai")
    office.do(number, "record_verdict", Role.LEGAL, name="hukum", **VERDICT)
    office.do(number, "approve", Role.ATASAN, name="sekda")
    office.do(number, "send_notice", Role.COORDINATOR, name="ppid")
    office.do(number, "record_sent", Role.DESK)
    office.do(number, "cost_note", Role.DESK, amount_idr=15_000, note="Tunai di loket.\nBawa nomor.")
    office.do(number, "pay", Role.DESK)
    office.do(number, "hand_over", Role.DESK)
    objection = objecting(office, number, ObjectionReason.A)
    office.do(objection, "answer", Role.ATASAN, name="sekda", granted=True, note="berikan yang dihitamkan")
    office.do(number, "fulfil", Role.COORDINATOR, note="sudah dikirim")


def short_cases(office) -> None:
    """Answered, not held, withdrawn, incomplete."""
    office.noticed()
    nowhere = office.forwarded(items=("Jadwal kereta",))
    office.do(nowhere, "not_held", Role.OPD, opd="Dikbud", holder="PT Kereta Contoh", note="milik pusat")
    office.do(nowhere, "send_notice", Role.COORDINATOR)
    office.do(office.forwarded(), "withdraw", Role.APPLICANT, note="sudah tahu")
    poor = office.register(replace(PEOPLE[0], id_document="", nik="36740155039"))
    office.do(poor, "ask_completion", Role.DESK, note="KTP yang terbaca")


def a_case_nobody_answers(office) -> str:
    """Every rung up to the Commission, with the city's approval first and then of itself."""
    number = office.forwarded()
    office.sweep(march(4))
    digest.run(office.acts, office.clock.now())
    office.sweep_until(date(2026, 3, 30))
    objection = objecting(office, number, ObjectionReason.C)
    lone = objecting(office, "", ObjectionReason.B)
    office.sweep(at(date(2026, 4, 30)))
    office.with_ladders(commission=CommissionMode.AFTER_APPROVAL)
    due = next(c for c in office.case(lone).clocks if c.kind == "objection_answer").due_on
    office.sweep(at(office.book.rung_day(due, -1)))
    office.sweep(at(office.book.rung_day(due, 1)))
    office.do(lone, "release_escalation", Role.ATASAN, name="sekda")
    office.acts.register_dispute(
        DisputeFiling(
            objection=office.case(objection), received_on=office.clock.today(), ki_number="012/KI/2026"
        ),
        Actor(Role.COORDINATOR),
        objection=objection,
    ).result()
    return number


def an_assistance(office) -> None:
    """Another body asks, an OPD helps, the PPID answers."""
    filing = AssistanceFiling(
        asking_body="Kabupaten Contoh", received_on=office.clock.today(), subject="Data jalan"
    )
    number = office.acts.register_assistance(filing, PEOPLE[1], Actor(Role.DESK)).result().number
    office.do(number, "forward", Role.COORDINATOR, opds=("BKAD",), note="peta terbaru")
    office.do(number, "answer", Role.OPD, opd="BKAD", documents=(a_document(office, number),))
    office.do(number, "send_answer", Role.COORDINATOR, note="lengkap")


def an_exemption_ends(office) -> None:
    """One of the list, its last day near."""
    today = office.clock.today()
    with writing(office.engine) as connection:
        lists.put(
            connection,
            lists.DIK,
            "Nama pelapor",
            at=office.clock.now(),
            by="ppid",
            set_on=date(2026, 3, 2),
            content={"ground": "17a", "basis": "UU 31/2014"},
            until=today,
            next_on=today,
        )
    office.sweep()


def a_yearly_report(office) -> None:
    """Put forward, incomplete, after the year; then approved as if its chapters were written."""
    office.go(at(date(2027, 2, 1)))
    desk = desk_of(office)
    stands = replace(yearly.submit(desk, 2026), missing=())
    with writing(office.engine) as connection:
        yearly.keep(connection, stands, desk)
    yearly.approve(desk, 2026, Actor(Role.ATASAN, "sekda"))


@pytest.fixture
def mailbox(tmp_path):
    box = Mailbox(tmp_path / "mail")
    box.start()
    yield box
    box.stop()


async def test_every_letter_is_produced_and_reads_without_a_gap(sqlite_office, mailbox):
    office = sqlite_office
    a_refused_case(office)
    short_cases(office)
    an_assistance(office)
    number = a_case_nobody_answers(office)
    opds.owe_monthly_letters(desk_of(office))
    a_yearly_report(office)
    an_exemption_ends(office)
    office.do(number, "record_bounce", Role.DESK, other=f"{number}:receipt", note="alamat tidak dikenal")

    relay = RelaySettings("127.0.0.1", mailbox.port, "ppid@tangsel.example", tls=Tls.NONE)
    dispatcher = Dispatcher(office.acts, Texts(TEXTS), office.documents, Outlet(relay, kept=True))
    while await dispatcher.drain():
        pass
    await dispatcher.close()

    rows = office.letters()
    assert {row.key: row.error for row in rows if row.state != "kept"} == {}
    assert set(LetterKind) - {row.kind for row in rows} == set()
    assert len(mailbox.messages()) == len(rows)
    for message in mailbox.messages():
        body = message.get_body(("plain",)).get_content()
        assert message["Subject"]
        assert message["Message-ID"]
        for gap in ("None", "Undefined", "{{", "{%", "[]", "  \n\n\n"):
            assert gap not in body, (message["Subject"], gap, body)
