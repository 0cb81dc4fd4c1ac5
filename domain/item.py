"""The items of a request: each is answered on its own, one notice tells all (Q-16)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from domain.errors import Refused


class Outcome(StrEnum):
    """The answer to one item (UU 14/2008 Pasal 22 ayat (7))."""

    OPEN = "open"
    PARTLY = "partly"
    EXEMPT = "exempt"
    NOT_HELD = "not_held"
    NOT_DOCUMENTED = "not_documented"
    ALREADY_PUBLISHED = "already_published"


OUTCOME_SHOWN_AS: Final = {
    Outcome.OPEN: "Diberikan",
    Outcome.PARTLY: "Diberikan sebagian",
    Outcome.EXEMPT: "Dikecualikan",
    Outcome.NOT_HELD: "Tidak dikuasai",
    Outcome.NOT_DOCUMENTED: "Belum dikuasai atau didokumentasikan",
    Outcome.ALREADY_PUBLISHED: "Sudah dipublikasikan",
}

#: Outcomes under which the applicant gets something.
GIVEN: Final = frozenset({Outcome.OPEN, Outcome.PARTLY})
#: Outcomes nobody may give without a consequence test approved by Atasan PPID (R-S10.2e/f, R-19).
TESTED: Final = frozenset({Outcome.EXEMPT, Outcome.PARTLY})


class Ground(StrEnum):
    """UU 14/2008 Pasal 17."""

    A = "17a"
    B = "17b"
    C = "17c"
    D = "17d"
    E = "17e"
    F = "17f"
    G = "17g"
    H = "17h"
    I = "17i"  # noqa: E741 the law's own letter
    J = "17j"


GROUND_SHOWN_AS: Final = {
    Ground.A: "menghambat proses penegakan hukum",
    Ground.B: "mengganggu perlindungan hak kekayaan intelektual atau persaingan usaha yang sehat",
    Ground.C: "membahayakan pertahanan dan keamanan negara",
    Ground.D: "mengungkapkan kekayaan alam Indonesia",
    Ground.E: "merugikan ketahanan ekonomi nasional",
    Ground.F: "merugikan kepentingan hubungan luar negeri",
    Ground.G: "mengungkapkan isi akta otentik pribadi atau wasiat",
    Ground.H: "mengungkapkan rahasia pribadi",
    Ground.I: "memorandum atau surat antar atau intra badan publik yang dirahasiakan",
    Ground.J: "tidak boleh diungkapkan berdasarkan undang-undang",
}

#: What keeping the information closed protects, for the sheet of the test (PERKI 1/2021 Lampiran II).
PROTECTS: Final = {
    Ground.A: "melindungi proses penegakan hukum",
    Ground.B: "melindungi hak kekayaan intelektual dan persaingan usaha yang sehat",
    Ground.C: "melindungi pertahanan dan keamanan negara",
    Ground.D: "melindungi kekayaan alam Indonesia",
    Ground.E: "melindungi ketahanan ekonomi nasional",
    Ground.F: "melindungi kepentingan hubungan luar negeri",
    Ground.G: "melindungi isi akta otentik pribadi atau wasiat",
    Ground.H: "melindungi rahasia pribadi",
    Ground.I: "melindungi kerahasiaan memorandum atau surat antar atau intra badan publik",
    Ground.J: "memenuhi larangan mengungkapkan dalam undang-undang",
}

#: UU Pasal 20 ayat (1): 17a to 17f are never permanent. PP 61/2010 Pasal 5: 17a at most 30 years.
NEVER_PERMANENT: Final = frozenset({Ground.A, Ground.B, Ground.C, Ground.D, Ground.E, Ground.F})
LONGEST_17A_YEARS: Final = 30


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an OPD says should be withheld; a wish, not an outcome."""

    ground: Ground
    reason: str
    by_opd: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of the consequence test for one item (PERKI 1/2021 Pasal 49, Lampiran II).

    Attributes:
        basis: the statute the ground rests on.
        until: last day of the exemption; None with `permanent` or where nothing is withheld.
        drafted_by: officer's key; whoever drafted may not approve.
    """

    outcome: Outcome
    reason: str
    drafted_by: str
    ground: Ground | None = None
    basis: str = ""
    until: date | None = None
    permanent: bool = False
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing asked for. `documents` are ids of stored files; `until` of a not-documented item is
    the day it is promised for."""

    no: int
    text: str
    outcome: Outcome | None = None
    answered_by: str = ""
    note: str = ""
    holder: str = ""
    documents: tuple[str, ...] = ()
    available_on: date | None = None
    proposal: Proposal | None = None
    verdict: Verdict | None = None

    @property
    def needs_test(self) -> bool:
        """An exemption was proposed and no approved verdict stands yet."""
        return self.proposal is not None and (self.verdict is None or not self.verdict.approved_by)

    @property
    def is_settled(self) -> bool:
        """Nothing more is needed from an OPD: answered, or its exemption proposed."""
        return self.outcome is not None or self.proposal is not None

    @property
    def settled_by(self) -> str:
        """The OPD, or "PPID", that answered it or proposed to withhold it."""
        return self.proposal.by_opd if self.proposal is not None else self.answered_by


def check_verdict(verdict: Verdict, *, today: date) -> None:
    """Refuse a verdict the law does not allow.

    Raises:
        Refused: ground, reason or duration missing, or beyond UU Pasal 17 and 20, PP 61/2010 Pasal 5.
    """
    if not verdict.reason:
        raise Refused("note", "alasan wajib ditulis (PERKI 1/2021 Pasal 49)")
    if verdict.outcome not in TESTED:
        return
    if verdict.ground is None:
        raise Refused("ground", "sebutkan huruf Pasal 17 UU 14/2008 (17a–17j)")
    if not verdict.basis:
        raise Refused("basis", "sebutkan undang-undang yang menjadi dasar (PERKI 1/2021 Pasal 49 ayat (2))")
    if verdict.permanent and verdict.ground in NEVER_PERMANENT:
        raise Refused("permanent", f"{verdict.ground} tidak boleh permanen (UU 14/2008 Pasal 20 ayat (1))")
    if verdict.until is None and not verdict.permanent:
        raise Refused("until", "jangka waktu pengecualian wajib ditetapkan (PERKI 1/2021 Pasal 51)")
    if verdict.until is not None and verdict.until <= today:
        raise Refused("until", "jangka waktu pengecualian harus berakhir setelah hari ini")
    if (
        verdict.ground is Ground.A
        and verdict.until is not None
        and verdict.until > _years_after(today, LONGEST_17A_YEARS)
    ):
        raise Refused("until", "17a paling lama 30 tahun (PP 61/2010 Pasal 5)")


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def given_documents(items: Iterable[Item]) -> tuple[str, ...]:
    """The documents the applicant gets, each once; nothing that is exempt is among them."""
    given = (item for item in items if item.outcome is not Outcome.EXEMPT)
    return tuple(dict.fromkeys(document for item in given for document in item.documents))


def change(items: tuple[Item, ...], numbers: Iterable[int], **fields: Any) -> tuple[Item, ...]:
    """The items with the fields of those of *numbers* changed."""
    wanted = frozenset(numbers)
    return tuple(replace(item, **fields) if item.no in wanted else item for item in items)
