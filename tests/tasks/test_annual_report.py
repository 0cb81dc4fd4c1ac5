"""The yearly report of a made year, every answer worked out by hand (calendar of March 2026).

Working days of that month: 2-6, 9-13, 16, 17, 25-27, 30, 31; 18-24 are holidays and joint leave.
"""

import json
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from pypdf import PdfReader

from config.report import YearText
from domain.act import ExtensionGround, ObjectionReason
from domain.identity import ApplicantKind, Channel
from domain.item import Ground, Outcome
from domain.objection_arrows import ObjectionFiling
from domain.office import Actor, Role
from tasks import history
from tasks.registers.reading import Filter
from tasks.reports import paper
from tasks.reports.annual import YearTotal, annual_report
from tasks.reports.counting import tally_of
from tasks.store.engine import reading

from .city import PEOPLE, march
from .one_desk import Policy, desk_of

GROUP = replace(PEOPLE[0], power_of_attorney=True)
TEXT = YearText(year=2026, policy=("Kebijakan uji.",), recommendations=("Rekomendasi uji.",))


def answer_on(office, number, day, **fields):
    office.go(march(day))
    office.do(number, fields.pop("action", "answer"), Role.OPD, opd="Dikbud", **fields)
    office.do(number, "send_notice", Role.COORDINATOR)
    office.do(number, "record_sent", Role.DESK)


@pytest.fixture
def made_year(office):
    """Five requests of 2 March, one objection; see the numbers in the tests."""
    quick = office.forwarded()
    slow = office.forwarded(channel=Channel.EMAIL, applicant=ApplicantKind.GROUP, person=GROUP)
    extended = office.forwarded(person=PEOPLE[1], channel=Channel.WALK_IN)
    withdrawn = office.register()
    absent = office.forwarded()
    office.do(withdrawn, "withdraw", Role.APPLICANT)
    office.do(
        extended, "extend", Role.COORDINATOR, extension=ExtensionGround.NOT_YET_DECIDED, note="menunggu uji"
    )
    answer_on(office, quick, 4)
    answer_on(office, absent, 5, action="not_held", holder="PT Kereta Contoh", note="milik pusat")
    answer_on(office, slow, 16)
    refuse_on(office, extended, 17)
    filing = ObjectionFiling(
        reasons=(ObjectionReason.A, ObjectionReason.D),
        channel=Channel.WALK_IN,
        received_on=office.clock.today(),
        subject="",
    )
    objection = office.acts.file_objection(filing, Actor(Role.DESK), request=extended).result().number
    office.do(objection, "pass_to_atasan", Role.DESK)
    office.go(march(25))
    office.do(objection, "answer", Role.ATASAN, name="sekda", granted=False, note="sudah tepat")
    return office


def refuse_on(office, number, day):
    office.go(march(day))
    office.do(number, "propose_exemption", Role.OPD, opd="Dikbud", ground=Ground.H, note="data siswa")
    verdict = {"outcome": Outcome.EXEMPT, "ground": Ground.H, "basis": "UU 27/2022", "note": "rahasia"}
    office.do(number, "record_verdict", Role.LEGAL, name="hukum", until=date(2030, 1, 1), **verdict)
    office.do(number, "approve", Role.ATASAN, name="sekda")
    office.do(number, "send_notice", Role.COORDINATOR)
    office.do(number, "record_sent", Role.DESK)


def tally(office):
    return tally_of(office.engine, office.book, Filter(year=2026), office.clock.today())


def test_the_figures_of_the_made_year(made_year):
    figures = dict(tally(made_year).figures())

    assert figures["requests"] == figures["requests.month.03"] == 5
    assert figures["requests.channel.online"] == 3
    assert figures["requests.channel.email"] == figures["requests.channel.walk_in"] == 1
    assert (figures["requests.applicant.individual"], figures["requests.applicant.group"]) == (4, 1)
    assert (figures["requests.opd.Dikbud"], figures["requests.opd.-"]) == (4, 1)
    assert (figures["result.granted"], figures["result.refused"]) == (2, 1)
    assert (figures["result.not_held"], figures["result.withdrawn"]) == (1, 1)
    assert figures["refused.ground.17h"] == figures["extended"] == 1


def test_time_to_answer_is_counted_in_working_days_from_receipt(made_year):
    """4 March is day 2, 5 March day 3, 16 March day 10, 17 March day 11."""
    counted = tally(made_year)
    figures = dict(counted.figures())

    assert sorted(days for _, days in counted.spans["time.answer"]) == [2, 3, 10, 11]
    assert figures["time.answer.median"] == 6.5
    assert figures["time.answer.p90"] == 11
    assert figures["time.answer.granted.median"] == 6.0
    assert (figures["answered.within.10"], figures["answered.within.17"]) == (3, 1)
    assert "answered.later" not in figures
    assert figures["time.allocate.median"] == 0.0


def test_lateness_is_told_by_whoever_held_the_clock(made_year):
    """The OPD's three days ended on 5 March, extended by seven on 16 March: 7 and 1 working days late."""
    counted = tally(made_year)

    assert counted.explain("late.owner.opd") == ["002/PPID-TS/2026", "003/PPID-TS/2026"]
    assert [days for _, days in counted.spans["late.days.opd"]] == [7, 1]
    assert counted.of("late.opd.Dikbud") == 2
    assert counted.of("late.clock.notice") == 0


def test_objections_by_reason_and_outcome(made_year):
    """Received 17 March, answered 25 March: one working day."""
    figures = dict(tally(made_year).figures())

    assert (figures["objections"], figures["objections.reason.a"], figures["objections.reason.d"]) == (
        1,
        1,
        1,
    )
    assert figures["objections.outcome.rejected"] == 1
    assert figures["time.objection.median"] == 1.0


def test_every_figure_names_the_cases_behind_it(made_year):
    counted = tally(made_year)

    assert counted.explain("result.refused") == ["003/PPID-TS/2026"]
    assert counted.explain("time.answer.median")[0] == "001/PPID-TS/2026: 2 hari kerja"
    assert counted.explain("tidak.ada") is None
    for name, value in counted.figures():
        behind = counted.explain(name)
        assert behind
        if not name.endswith((".median", ".p90")):
            assert len(behind) == value


def the_report(office):
    others = (YearTotal(2022, 21, "impor: register lama"), YearTotal(2026, 5))
    counted = tally(office)
    report = annual_report(
        2026, counted, TEXT, office.book.office, others, today=office.clock.today(), sample=False
    )
    return report, counted


def test_paper_workbook_and_json_tell_the_same(made_year, tmp_path):
    report, counted = the_report(made_year)
    at = made_year.clock.now()

    (tmp_path / "r.pdf").write_bytes(paper.as_pdf(report, Policy.folder / "print", at=at))
    paper.write_workbook(report, tmp_path / "r.xlsx")
    told = json.loads(paper.as_json(report, counted))

    text = "\n".join(page.extract_text() for page in PdfReader(tmp_path / "r.pdf").pages)
    for words in ("Kebijakan uji.", "Rekomendasi uji.", "Tahun 2026", "h. mengungkapkan rahasia pribadi"):
        assert words in text
    assert "Median waktu jawab (hari kerja) 6,5" in " ".join(text.split())
    assert told["figures"] == dict(counted.figures())
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    cells = {row[0].value: row[1].value for page in book for row in page.iter_rows(min_col=1, max_col=2)}
    assert cells["Permohonan"] == 5
    assert cells["Median waktu jawab (hari kerja)"] == 6.5
    assert cells["2022"] == 21


def test_what_nobody_wrote_is_said_to_be_missing_and_charts_are_told_in_words(made_year):
    report, _ = the_report(made_year)

    assert "anggaran (budget_idr)" in report.missing
    months = next(table for section in report.sections for table in section.tables if "bulan" in table.title)
    assert months.told.startswith("Diagram batang. Permohonan menurut bulan pendaftaran: Januari 0;")
    assert "Maret 5" in months.told


def test_what_is_written_in_the_workbook_stays_text(made_year, tmp_path):
    text = YearText(year=2026, obstacles=("=cmd|' /C calc'!A0", "+1+1", "@SUM(1)"))
    report = annual_report(
        2026, tally(made_year), text, made_year.book.office, (), today=date(2026, 4, 1), sample=False
    )
    paper.write_workbook(report, tmp_path / "r.xlsx")

    cells = [
        c for page in openpyxl.load_workbook(tmp_path / "r.xlsx") for row in page.iter_rows() for c in row
    ]
    hostile = [cell for cell in cells if cell.value in text.obstacles]
    assert len(hostile) == 3
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in hostile)
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_no_name_reaches_the_report(made_year):
    report, counted = the_report(made_year)

    assert not any(person.name in paper.as_json(report, counted) for person in PEOPLE)


def test_years_before_stand_beside_and_never_among_the_files(office):
    desk = desk_of(office)
    rows = [
        {"line": 2, "year": 2021, "requests": 18, "channel": "offline", "source": "buku lama"},
        {"line": 3, "year": 2022, "requests": 21, "channel": "offline", "source": "buku lama"},
    ]
    assert history.keep(desk, rows, "a" * 64, Actor(Role.COORDINATOR, "ppid")) == 2

    with reading(office.engine) as connection:
        assert [(one.year, one.requests) for one in history.totals(connection)] == [(2021, 18), (2022, 21)]
    assert office.rows(history.cases) == []
    assert office.sweep(march(31)).fired == 0
