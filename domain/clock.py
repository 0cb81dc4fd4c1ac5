"""A clock of a case: since when, until when, by which rule, and whether it was met.

Clocks are frozen values; the functions below return the changed tuple. A due date ends at 24.00 WIB.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from domain.rule import ClockKind

CLOCK_SHOWN_AS: Final = {
    ClockKind.COMPLETENESS: "Pemeriksaan kelengkapan",
    ClockKind.CORRECTION: "Kelengkapan dari pemohon",
    ClockKind.FORWARD: "Penerusan ke OPD",
    ClockKind.OPD_ANSWER: "Jawaban OPD",
    ClockKind.REVIEW: "Uji konsekuensi",
    ClockKind.DRAFTING: "Penyusunan jawaban",
    ClockKind.NOTICE: "Pemberitahuan tertulis",
    ClockKind.OBJECTION_WINDOW: "Masa pengajuan keberatan",
    ClockKind.HANDOVER: "Penyerahan salinan",
    ClockKind.FULFILMENT: "Pelaksanaan putusan",
    ClockKind.OBJECTION_ANSWER: "Tanggapan Atasan PPID",
    ClockKind.DISPUTE_WINDOW: "Masa pengajuan sengketa",
    ClockKind.KI_COMPLETION: "Kelengkapan permohonan sengketa",
    ClockKind.KI_START: "Mulai proses di Komisi Informasi",
    ClockKind.HEARING: "Panggilan sidang",
    ClockKind.MEDIATION: "Mediasi",
    ClockKind.CONCLUSIONS: "Kesimpulan tertulis",
    ClockKind.KI_PROCESS: "Penyelesaian sengketa",
    ClockKind.DECISION_COPY: "Salinan putusan",
    ClockKind.APPEAL: "Pernyataan tidak menerima putusan",
    ClockKind.CASSATION: "Kasasi",
    ClockKind.COMPLIANCE: "Kepatuhan pada putusan",
}

#: Windows that belong to the applicant: the city is never late on them.
APPLICANT_CLOCKS: Final = frozenset(
    {
        ClockKind.CORRECTION,
        ClockKind.OBJECTION_WINDOW,
        ClockKind.DISPUTE_WINDOW,
        ClockKind.KI_COMPLETION,
    }
)

#: Duties of Komisi Informasi: watched, never chased.
COMMISSION_CLOCKS: Final = frozenset({ClockKind.KI_START, ClockKind.KI_PROCESS, ClockKind.DECISION_COPY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One running or ended period.

    Attributes:
        key: the OPD, for an OPD's own clock; otherwise empty.
        version: rises when the date moves; the ledger's rows carry it.
        start_on: day 0, the day of the event the period counts from.
        first_due_on: the date before any extension, kept for ever.
        rule: the rule's id at the time, `notice@2010-04-30`.
        capped: an internal date pulled forward by the statutory one.
        met_at: when the duty was done.
        ended_at: when it stopped without being met (withdrawn, lapsed, replaced).
        fired: offsets of the rungs done for this version.
    """

    kind: ClockKind
    start_on: date
    due_on: date
    first_due_on: date
    rule: str
    law: str
    key: str = ""
    version: int = 1
    capped: bool = False
    provisional: bool = False
    met_at: datetime | None = None
    ended_at: datetime | None = None
    fired: tuple[int, ...] = ()

    @property
    def is_running(self) -> bool:
        """Neither met nor ended."""
        return self.met_at is None and self.ended_at is None

    def is_late(self, today: date) -> bool:
        """Whether the due day has fully passed while the clock ran."""
        return self.is_running and today > self.due_on

    @property
    def is_extended(self) -> bool:
        """Whether the date was moved later than first set."""
        return self.due_on > self.first_due_on


Clocks = tuple[Clock, ...]


def running(clocks: Clocks, kind: ClockKind, key: str = "") -> Clock | None:
    """The running clock of that kind and key, or None."""
    return next((c for c in clocks if c.kind is kind and c.key == key and c.is_running), None)


def latest(clocks: Clocks, kind: ClockKind, key: str = "") -> Clock | None:
    """The clock of that kind and key whatever its state, or None."""
    return next((c for c in clocks if c.kind is kind and c.key == key), None)


def put(clocks: Clocks, clock: Clock) -> Clocks:
    """The clocks with *clock* in place of the one of its kind and key; its version rises past that one's."""
    old = latest(clocks, clock.kind, clock.key)
    if old is None:
        return (*clocks, clock)
    newer = replace(clock, version=old.version + 1)
    return tuple(newer if c is old else c for c in clocks)


def meet(clocks: Clocks, kind: ClockKind, at: datetime, key: str | None = "") -> Clocks:
    """The clocks after the duty was done; *key* None means every key of that kind."""
    return tuple(
        replace(c, met_at=at) if c.kind is kind and (key is None or c.key == key) and c.is_running else c
        for c in clocks
    )


def end(clocks: Clocks, at: datetime, *kinds: ClockKind, key: str | None = None) -> Clocks:
    """The clocks after those of *kinds* (all when none is named) stopped without being met."""
    return tuple(
        replace(c, ended_at=at)
        if c.is_running and (not kinds or c.kind in kinds) and (key is None or c.key == key)
        else c
        for c in clocks
    )


def redate(clock: Clock, due_on: date, *, fired: tuple[int, ...], provisional: bool) -> Clock:
    """The clock with another due date: a new version that keeps its first date."""
    return replace(
        clock, due_on=due_on, version=clock.version + 1, fired=fired, provisional=provisional, capped=False
    )


def reopen(clocks: Clocks, kind: ClockKind) -> Clocks:
    """The clocks with a met duty open again (the letter that met it came back)."""
    return tuple(
        replace(c, met_at=None, version=c.version + 1) if c.kind is kind and c.met_at is not None else c
        for c in clocks
    )
