"""The only place that reads the time. Dates are those of Asia/Jakarta, instants are aware and UTC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from domain.act import WIB
from domain.errors import DomainError


class Clock(Protocol):
    """Tells the time; handed to whatever needs it."""

    def now(self) -> datetime:
        """This instant, aware, in UTC."""
        ...

    def today(self) -> date:
        """The date in Jakarta at this instant."""
        ...


def date_in_jakarta(instant: datetime) -> date:
    """The date in Jakarta at *instant*, which must be aware."""
    return _in_utc(instant).astimezone(WIB).date()


class RealClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return date_in_jakarta(self.now())


class FixedClock:
    """Stands still at one instant."""

    def __init__(self, instant: datetime) -> None:
        self._instant = _in_utc(instant)

    def now(self) -> datetime:
        return self._instant

    def today(self) -> date:
        return date_in_jakarta(self._instant)


class VirtualClock(FixedClock):
    """Moves only when told to, and only forward."""

    def set(self, instant: datetime) -> None:
        """Go to *instant*.

        Raises:
            ValueError: it lies in the past of this clock, or is naive.
        """
        target = _in_utc(instant)
        if target < self._instant:
            raise ValueError(f"the clock cannot go back from {self._instant} to {target}")
        self._instant = target

    def advance(self, by: timedelta) -> None:
        """Go on by a span of real time.

        Raises:
            ValueError: *by* is negative.
        """
        self.set(self._instant + by)


class ClockSettingUnreadable(DomainError):
    """PPID_CLOCK does not hold an instant."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return (
            f"PPID_CLOCK: {self.text!r} bukan waktu yang dapat dibaca; "
            "tulis seperti 2026-03-13T09:00+07:00 (tanpa zona dianggap WIB)."
        )


def clock_from_env(environ: Mapping[str, str]) -> Clock:
    """The clock this process goes by: fixed at ``PPID_CLOCK`` for trials, else the machine's own.

    An instant without a zone is read as Asia/Jakarta, a date alone as its first minute there.

    Raises:
        ClockSettingUnreadable: ``PPID_CLOCK`` is set to something else.
    """
    text = environ.get("PPID_CLOCK", "").strip()
    if not text:
        return RealClock()
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ClockSettingUnreadable(text) from error
    return FixedClock(instant if instant.tzinfo else instant.replace(tzinfo=WIB))


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone")
    return instant.astimezone(UTC)
