"""The twelve samples: real subjects, invented people, and something wrong with exactly one."""

from datetime import date
from pathlib import Path

from config.samples import SAMPLES, SampleRequest, load_samples
from domain.identity import FIELDS, ApplicantKind, Identity, checked, papers_missing

ALL = load_samples()


def identity_of(sample: SampleRequest) -> Identity:
    return checked(Identity(**{name: getattr(sample.applicant, name) for name in FIELDS}))


def test_there_are_twelve_received_around_lebaran() -> None:
    assert [sample.id for sample in ALL] == [f"S{number:02d}" for number in range(1, 13)]
    assert all(date(2026, 2, 20) <= sample.received_on <= date(2026, 5, 20) for sample in ALL)
    assert [sample.days_ago for sample in ALL] == sorted((s.days_ago for s in ALL), reverse=True)


def test_every_kind_of_applicant_and_every_channel_comes_up() -> None:
    assert {sample.applicant.kind for sample in ALL} == set(ApplicantKind)
    assert len({sample.channel for sample in ALL}) == 5
    assert any(sample.applicant.proxy_name for sample in ALL)


def test_only_the_request_meant_to_lapse_lacks_a_paper() -> None:
    lacking = [s.id for s in ALL if papers_missing(s.applicant.kind, identity_of(s))]

    assert lacking == ["S10"]


def test_addresses_are_invented() -> None:
    assert all(s.applicant.email.endswith(".example") for s in ALL if s.applicant.email)
    assert all(
        sample.applicant.phone[4:].startswith("-0000") or "-0000-" in sample.applicant.phone for sample in ALL
    )


def test_the_citys_own_history_is_kept_with_its_source() -> None:
    rows = Path(SAMPLES).with_name("history.csv").read_text(encoding="utf-8").splitlines()

    assert rows[0] == "year,channel,requests,source"
    assert len(rows) == 6
