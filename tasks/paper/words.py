"""Dates and numbers as Indonesian letters write them (CLDR, by Babel)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal

LOCALE: Final = "id"


@lru_cache(maxsize=4096)
def long_date(day: date) -> str:
    """``Senin, 2 Maret 2026``."""
    return format_date(day, "EEEE, d MMMM y", locale=LOCALE)


@lru_cache(maxsize=4096)
def short_date(day: date) -> str:
    """``2 Maret 2026``."""
    return format_date(day, "d MMMM y", locale=LOCALE)


def whole(number: int) -> str:
    """``15.000``."""
    return format_decimal(number, locale=LOCALE)


def rupiah(amount: int) -> str:
    """``Rp15.000``, written together as EYD V asks."""
    return f"Rp{whole(amount)}"
