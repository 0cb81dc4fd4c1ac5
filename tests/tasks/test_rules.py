"""What a changed policy does to open cases: shown first, one entry per case, nothing shortened silently."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from config.faults import ConfigFaults
from domain.clock import latest
from domain.errors import Refused
from domain.office import Role
from domain.rule import ClockKind
from tasks import cases, rules
from tasks.store.engine import reading
from tasks.store.schema import clocks, journal
from tasks.verify import verify

from .one_office import an_office, copy_of_policy, do, forwarded, register

DECREE = """\
  - instrument: "SKB susulan"
    decided_on: 2026-03-02
    source: uji
    days:
      - {on: 2026-03-10, kind: joint_leave, name: "Cuti bersama susulan"}
"""
REVOKING = """\
  - instrument: "SKB pencabutan"
    decided_on: 2026-03-02
    source: uji
    revokes: [2026-03-18]
    days: []
"""
SHORTER = """\
  - name: notice
    working_days: 8
    counts_from: permohonan diterima
    effective_from: 2026-03-05
    law: Kebijakan kota, lebih ketat dari UU 14/2008 Pasal 22 ayat (7)

  - name: notice
"""


@pytest.fixture
def active(tmp_path):
    return copy_of_policy(tmp_path / "berlaku")


@pytest.fixture
def office(tmp_path, active):
    with an_office(tmp_path / "home", active) as service:
        yield service


@pytest.fixture
def proposed(tmp_path):
    return copy_of_policy(tmp_path / "usulan")


def add_decree(folder, text=DECREE):
    path = folder / "calendar" / "2026.yaml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def add_shorter_notice(folder):
    path = folder / "deadlines.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  - name: notice\n", SHORTER, 1), encoding="utf-8")


def notice_of(service, number):
    return latest(cases.read(service, number).clocks, ClockKind.NOTICE)


def entries(service, action):
    with reading(service.engine) as connection:
        return connection.execute(select(journal).where(journal.c.action == action)).all()


def shown(service, folder, open_cases=False):
    return {(m.number, m.kind): m for m in rules.preview(service, folder, open_cases=open_cases)}


def test_the_policy_in_force_moves_nothing(office, active):
    forwarded(office, "Dikbud", "BKAD")

    assert shown(office, active) == {}


def test_a_preview_names_old_and_new_day_and_the_decree_and_writes_nothing(office, proposed):
    number = forwarded(office)
    add_decree(proposed)
    move = shown(office, proposed)[number, ClockKind.NOTICE]

    assert (move.old_due_on, move.new_due_on) == (date(2026, 3, 16), date(2026, 3, 17))
    assert move.because == ("2026-03-10 libur: Cuti bersama susulan (SKB susulan)",)
    assert notice_of(office, number).due_on == date(2026, 3, 16)
    assert entries(office, "redate") == []


def test_a_decree_added_to_the_active_folder_is_named_as_well(office, active):
    number = forwarded(office)
    add_decree(active)
    office.policy.reload()

    assert "SKB susulan" in shown(office, active)[number, ClockKind.NOTICE].because[0]


def test_applying_re_dates_each_case_with_one_entry_and_puts_the_folder_in_force(office, proposed):
    first, second = forwarded(office), register(office)
    add_decree(proposed)

    assert rules.apply(office, proposed, open_cases=False, shorten="") == 2
    told = entries(office, "redate")
    assert [row.number for row in told] == [first, second]
    assert {"clock": "notice", "old": "2026-03-16", "new": "2026-03-17"}.items() <= json.loads(told[0].facts)[
        "moves"
    ][0].items()
    assert notice_of(office, first).due_on == date(2026, 3, 17)
    assert notice_of(office, first).version == 2
    assert office.policy.reload()
    assert shown(office, office.settings.config) == {}
    with reading(office.engine) as connection:
        assert verify(connection).broken is None


def test_applying_twice_changes_nothing_more(office, proposed):
    forwarded(office)
    add_decree(proposed)
    rules.apply(office, proposed, open_cases=False, shorten="")

    assert rules.apply(office, proposed, open_cases=False, shorten="") == 0
    assert len(entries(office, "redate")) == 1


def test_a_changed_ladder_plans_the_rungs_again(office, proposed):
    register(office)
    path = proposed / "ladders.yaml"
    text = path.read_text(encoding="utf-8")
    head, _, tail = text.partition("clock: notice")
    path.write_text(head + "clock: notice" + tail.replace("offset: -3", "offset: -5", 1), encoding="utf-8")

    def rung():
        with reading(office.engine) as connection:
            return connection.execute(select(clocks).where(clocks.c.kind == "notice")).one().next_rung_on

    assert rung() == date(2026, 3, 11)
    assert rules.apply(office, proposed, open_cases=False, shorten="") == 0
    assert rung() == date(2026, 3, 9)


def test_a_running_date_is_shortened_only_by_a_named_decision(office, proposed):
    number = register(office)
    do(office, number, "extend", Role.COORDINATOR, extension="not_yet_held", note="arsip")
    add_decree(proposed, REVOKING)

    with pytest.raises(Refused, match="--shorten"):
        rules.apply(office, proposed, open_cases=False, shorten="")
    assert entries(office, "redate") == []
    assert not (office.settings.config / "calendar" / "2026.yaml").read_text().endswith(REVOKING)

    rules.apply(office, proposed, open_cases=False, shorten="SK Wali Kota 1/2026")
    (entry,) = entries(office, "redate")
    assert json.loads(entry.facts)["decision"] == "SK Wali Kota 1/2026"


def test_a_changed_rule_binds_open_cases_only_when_asked(office, proposed):
    number = register(office)
    add_shorter_notice(proposed)

    assert shown(office, proposed) == {}
    move = shown(office, proposed, open_cases=True)[number, ClockKind.NOTICE]
    assert (move.new_due_on, move.rule) == (date(2026, 3, 12), "notice@2026-03-05")


def test_a_folder_without_a_year_that_is_in_force_is_refused(office, proposed):
    (proposed / "calendar" / "2018.yaml").unlink()

    with pytest.raises((Refused, ConfigFaults)):
        rules.apply(office, proposed, open_cases=False, shorten="")


def test_a_faulty_folder_is_refused_whole(office, proposed):
    (proposed / "deadlines.yaml").write_text("rules: []\n")

    with pytest.raises(ConfigFaults):
        rules.apply(office, proposed, open_cases=False, shorten="")


def test_every_clock_is_explained_day_by_day_with_the_other_readings_beside(office):
    number = register(office, received_on=date(2026, 3, 2))
    office.clock.set(office.clock.now().replace(day=4))
    do(office, number, "record_complete", Role.DESK)
    notice = rules.explain(office, number)[0]

    assert (notice["kind"], notice["due"], notice["law"]) == (
        "notice",
        "2026-03-16",
        "UU 14/2008 Pasal 22 ayat (7)",
    )
    assert notice["trace"][0]["number"] == 0
    assert notice["trace"][-1] == {"on": "2026-03-16", "number": 10, "reason": "hari kerja"}
    assert ("2026-03-25", "Q-1") in [(r["due"], r["why"][-4:-1]) for r in notice["other_readings"]]
