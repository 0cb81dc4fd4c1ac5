"""Dates and numbers as Indonesian letters write them (CLDR, by Babel)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from babel.dates import format_date, get_month_names
from babel.numbers import format_decimal

LOCALE: Final = "id"
MONTHS: Final = tuple(get_month_names("wide", "format", LOCALE).values())


@lru_cache(maxsize=4096)
def long_date(day: str | date) -> str:
    """``Senin, 2 Maret 2026``, of a day or its ISO form."""
    return format_date(_day(day), "EEEE, d MMMM y", locale=LOCALE)


@lru_cache(maxsize=4096)
def short_date(day: str | date) -> str:
    """``2 Maret 2026``, of a day or its ISO form."""
    return format_date(_day(day), "d MMMM y", locale=LOCALE)


def whole(number: int) -> str:
    """``15.000``."""
    return format_decimal(number, locale=LOCALE)


def rupiah(amount: int) -> str:
    """``Rp15.000``, written together as EYD V asks."""
    return f"Rp{whole(amount)}"


def _day(day: str | date) -> date:
    return day if isinstance(day, date) else date.fromisoformat(day)
