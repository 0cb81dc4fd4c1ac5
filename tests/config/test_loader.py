"""The policy as a whole: the city's own files are in order, and a bad one is refused with every fault."""

from datetime import date
from pathlib import Path
from time import perf_counter

import pytest

import config
from config.faults import ConfigFaults
from config.loader import load_policy
from domain.ladder import OWNER_OF, CommissionMode, Effect, Recipient, Via
from domain.law import AIM_WORKING_DAYS, BUDGET_STEPS
from domain.office import Role
from domain.rule import ClockKind

FOLDER = Path(config.__file__).parent
POLICY = load_policy(FOLDER, on=date(2026, 11, 24))


@pytest.mark.parametrize("received_on", [date(2018, 1, 2), date(2021, 7, 1), date(2026, 11, 24)])
@pytest.mark.parametrize("kind", list(ClockKind))
def test_every_clock_has_a_rule_for_cases_since_2018(kind: ClockKind, received_on: date) -> None:
    assert POLICY.rulebook.rule(kind, on=received_on).law


@pytest.mark.parametrize("name", ["extension", "presumed_receipt", "mediation_extension"])
def test_periods_that_stretch_a_clock_have_rules(name: str) -> None:
    assert POLICY.rulebook.rule(name, on=date(2018, 1, 2)).length > 0


def test_the_citys_own_steps_fill_the_aim_of_nine_days() -> None:
    days = [POLICY.rulebook.rule(step, on=date(2026, 1, 1)).length for step in BUDGET_STEPS]

    assert days == [1, 0, 3, 3, 2]
    assert sum(days) == AIM_WORKING_DAYS


def test_an_appeal_ends_on_the_earlier_of_two_readings() -> None:
    rule = POLICY.rulebook.rule(ClockKind.APPEAL, on=date(2026, 1, 1))

    # 14 working days from 2 March 2026 end in April, 14 calendar days on 16 March.
    assert POLICY.rulebook.due(rule, date(2026, 3, 2)) == date(2026, 3, 16)


def test_the_opd_ladder_reminds_then_takes_over_then_tells_atasan() -> None:
    rungs = POLICY.ladders.of(ClockKind.OPD_ANSWER)

    assert [rung.offset for rung in rungs] == [-1, 0, 1, 2, 3]
    assert [rung.via for rung in rungs[:2]] == [Via.DIGEST, Via.DIGEST]
    assert rungs[2].to == (Recipient.OPD, Recipient.OPD_HEAD)
    assert rungs[3].effect is Effect.TAKE_OVER
    assert rungs[4].to == (Recipient.ATASAN,)


def test_a_slipped_notice_is_recorded_and_the_applicant_told() -> None:
    last = POLICY.ladders.of(ClockKind.NOTICE)[-1]

    assert (last.offset, last.effect) == (1, Effect.RECORD_UNANSWERED)
    assert set(last.to) == {Recipient.COORDINATOR, Recipient.ATASAN, Recipient.APPLICANT}


def test_a_slipped_objection_goes_to_the_commission_by_itself() -> None:
    last = POLICY.ladders.of(ClockKind.OBJECTION_ANSWER)[-1]

    assert (last.offset, last.effect) == (1, Effect.ESCALATE)
    assert Recipient.COMMISSION in last.to
    assert POLICY.ladders.commission is CommissionMode.AUTOMATIC


def test_every_clock_has_an_owner() -> None:
    assert set(OWNER_OF) == set(ClockKind)


def test_all_37_opds_are_there_and_addresses_are_invented() -> None:
    office = POLICY.office
    standing_alone = [opd for opd in office.opds if not opd.parent]
    mailboxes = [m for opd in office.opds for m in (opd.mailbox, opd.head_mailbox)]
    mailboxes += [officer.mailbox for officer in office.officers]

    assert len(standing_alone) == 37
    assert all(mailbox.endswith(".example") for mailbox in mailboxes)
    assert len(set(mailboxes)) == len(mailboxes)


def test_a_letter_about_an_old_case_names_the_opd_as_it_was_called() -> None:
    damkar = POLICY.office.opd("Damkar")

    assert damkar is not None
    assert damkar.name_on(date(2022, 5, 1)) == "Dinas Pemadam Kebakaran"
    assert damkar.name_on(date(2026, 5, 1)) == "Dinas Pemadam Kebakaran dan Penyelamatan"


def test_the_acting_atasan_stands_in_on_those_days_only() -> None:
    def atasan_on(day: date) -> list[str]:
        return [officer.key for officer in POLICY.office.officers_in(Role.ATASAN, day)]

    assert atasan_on(date(2026, 3, 24)) == ["sekda"]
    assert atasan_on(date(2026, 3, 25)) == ["plh-sekda"]
    assert atasan_on(date(2026, 4, 1)) == ["sekda"]


def test_all_faults_of_all_files_come_at_once(policy_folder: Path) -> None:
    for file, old, new in (
        ("deadlines.yaml", "working_days: 10\n    counts_from: permohonan diterima", "working_days: 11"),
        ("ladders.yaml", "to: [owner]", "to: [walikota]"),
        ("opd.yaml", "key: Setwan", "key: setda"),
        ("people.yaml", "role: admin", "role: raja"),
        ("people.yaml", "city: ", "kota: "),
    ):
        path = policy_folder / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    (policy_folder / "calendar" / "2026.yaml").write_text("year: dua ribu\n", encoding="utf-8")

    with pytest.raises(ConfigFaults) as refused:
        load_policy(policy_folder)

    assert {Path(fault.file).name for fault in refused.value.faults} == {
        "2026.yaml",
        "deadlines.yaml",
        "ladders.yaml",
        "opd.yaml",
        "people.yaml",
    }
    assert all(fault.line > 0 and fault.message for fault in refused.value.faults)


HOSTILE = {
    "a bomb of aliases": b"a: &a [x, x]\nb: &b [*a, *a]\nrules: [*b, *b]\n",
    "a Python object": b"rules: !!python/object/apply:os.system [ls]\n",
    "ten megabytes": b"# " + b"x" * 10_000_000,
    "tabs": b"rules:\n\t- name: notice\n",
    "not UTF-8": "rules: [\xe9\xe8]\n".encode("latin-1"),
    "nothing": b"",
    "a list": b"- 1\n- 2\n",
    "a bare word": b"halo\n",
    "a null byte": b"rules: \x00\n",
    "deep nesting": b"[" * 100_000,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("file", ["deadlines.yaml", "ladders.yaml", "opd.yaml", "people.yaml"])
def test_a_hostile_file_gives_one_clear_fault(policy_folder: Path, file: str, content: bytes) -> None:
    (policy_folder / file).write_bytes(content)

    with pytest.raises(ConfigFaults) as refused:
        load_policy(policy_folder)

    assert [Path(fault.file).name for fault in refused.value.faults] == [file]


def test_a_missing_file_is_named(policy_folder: Path) -> None:
    (policy_folder / "people.yaml").unlink()

    with pytest.raises(ConfigFaults, match=r"people\.yaml"):
        load_policy(policy_folder)


def test_the_policy_loads_in_a_fraction_of_a_second() -> None:
    started = perf_counter()
    load_policy(FOLDER)

    assert perf_counter() - started < 0.5  # 0.02 s where it was written
