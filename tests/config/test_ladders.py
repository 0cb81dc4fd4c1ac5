"""Ladders: a rung that reaches nobody, means nothing or can never fire is refused."""

from pathlib import Path

import pytest

from config.loader import load_policy
from domain.ladder import CommissionMode
from domain.rule import ClockKind

LADDERS = "ladders.yaml"
OPD_LAST = "- {offset: +3, to: [atasan]}"
NOTICE_FIRST = "- {offset: -3, to: [coordinator]}"
LAPSE = "- {offset: +1, to: [applicant], effect: lapse}"
CLOSE = "- {offset: +1, to: [], effect: close}"


def also(rung: str, more: str) -> tuple[str, str]:
    """The rung, and after it another."""
    return rung, f"{rung}\n      - {more}"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (also(OPD_LAST, "{offset: +4, to: []}"), "tanpa penerima"),
        (also(OPD_LAST, "{offset: -10, to: [opd]}"), "tidak akan pernah terjadi"),
        (also(OPD_LAST, "{offset: +3, to: [coordinator]}"), "sudah ada"),
        (also(LAPSE, "{offset: +2, to: [coordinator]}"), "sudah berakhir"),
        (also(CLOSE, "{offset: +5, to: [coordinator]}"), "sudah berakhir"),
        (also(OPD_LAST, "{offset: +4, to: [atasan, atasan]}"), "dua kali"),
        (also(OPD_LAST, "{offset: +4, to: [walikota]}"), "harus salah satu dari"),
        (also(OPD_LAST, "{offset: +4, to: [atasan], effect: shame}"), "harus salah satu dari"),
        (also(OPD_LAST, "{offset: +4, to: [atasan], via: fax}"), "harus salah satu dari"),
        (also(OPD_LAST, "{offset: +4, to: [atasan], efek: remind}"), "tidak dikenal"),
        (also(OPD_LAST, "{offset: +400, to: [atasan]}"), "paling banyak"),
        (also(OPD_LAST, "{offset: 1.5, to: [atasan]}"), "bilangan bulat"),
        (also(OPD_LAST, "{offset: +4, to: [atasan], effect: lapse}"), "tidak berarti pada «opd_answer»"),
        (also(NOTICE_FIRST, "{offset: +2, to: [atasan], effect: escalate}"), "tidak berarti pada «notice»"),
        (also(NOTICE_FIRST, "{offset: +2, to: [opd]}"), "bukan tenggat satu OPD"),
        (also(NOTICE_FIRST, "{offset: +2, to: [commission]}"), "effect: escalate"),
        (also(NOTICE_FIRST, "{offset: +2, to: [applicant]}"), "pemohon tidak menerima pengingat"),
        (also(NOTICE_FIRST, "{offset: -2, to: [coordinator], via: digest}"), "digest hanya"),
        (also(NOTICE_FIRST, "{offset: -2, to: [owner], via: digest}"), "digest hanya"),
        ((LAPSE, "- {offset: -1, to: [owner]}\n      " + LAPSE), "pemohon tidak menerima pengingat"),
        ((LAPSE, "- {offset: 0, to: [applicant], effect: lapse}"), "sesudah hari terakhir"),
        (("- {offset: +2, to: [coordinator, opd], effect: take_over}", OPD_LAST), "sudah ada"),
        (("clock: correction", "clock: notice"), "sudah ada"),
        (("clock: correction", "clock: koreksi"), "harus salah satu dari"),
        (("commission: automatic", "commission: kadang"), "harus salah satu dari"),
        (("digest: true", "digest: ya"), "true atau false"),
        ((", effect: record_unanswered", ""), "harus memuat effect: record_unanswered"),
        ((", effect: escalate", ""), "harus memuat effect: escalate"),
    ],
)
def test_a_rung_that_cannot_stand_is_refused(faults_after, change: tuple[str, str], message: str) -> None:
    faults = faults_after(LADDERS, *change)

    assert [fault for fault in faults if message in fault.message and fault.line > 1]


def test_a_rung_on_the_first_day_of_a_period_can_fire(faults_after) -> None:
    assert not faults_after(LADDERS, *also(OPD_LAST, "{offset: -3, to: [opd], via: digest}"))


def test_a_rung_may_lie_within_the_extension_of_the_notice(faults_after) -> None:
    assert not faults_after(LADDERS, *also(NOTICE_FIRST, "{offset: -17, to: [coordinator]}"))


def test_a_rung_before_even_the_extended_notice_never_fires(faults_after) -> None:
    (fault,) = faults_after(LADDERS, *also(NOTICE_FIRST, "{offset: -18, to: [coordinator]}"))

    assert "17 hari kerja" in fault.message


def test_a_promised_day_may_lie_further_away_than_the_default(faults_after) -> None:
    assert not faults_after(
        LADDERS,
        "clock: fulfilment\n    rungs:",
        "clock: fulfilment\n    rungs:\n      - {offset: -20, to: [owner]}",
    )


def test_the_commission_may_be_told_only_after_approval(policy_folder: Path) -> None:
    path = policy_folder / LADDERS
    text = path.read_text(encoding="utf-8").replace("commission: automatic", "commission: after_approval")
    path.write_text(text, encoding="utf-8")

    assert load_policy(policy_folder).ladders.commission is CommissionMode.AFTER_APPROVAL


def test_rungs_are_sorted_whatever_their_order_in_the_file(policy_folder: Path) -> None:
    path = policy_folder / LADDERS
    text = path.read_text(encoding="utf-8").replace(*also(NOTICE_FIRST, "{offset: -7, to: [coordinator]}"))
    path.write_text(text, encoding="utf-8")

    offsets = [rung.offset for rung in load_policy(policy_folder).ladders.of(ClockKind.NOTICE)]
    assert offsets == [-7, -3, -1, 0, 1]
