"""Figures that remember the case numbers behind them, so that each can be told again (`--explain`)."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Final

#: Figures taken from a list of working days.
MEDIAN: Final = "median"
P90: Final = "p90"


@dataclass(slots=True)
class Tally:
    """Counts and spans of working days by key, each with the numbers behind it.

    Attributes:
        counted: key → case numbers, in the order met.
        spans: key → (case number, working days).
    """

    counted: dict[str, list[str]] = field(default_factory=dict)
    spans: dict[str, list[tuple[str, int]]] = field(default_factory=dict)

    def count(self, key: str, number: str) -> None:
        """One more case under *key*."""
        self.counted.setdefault(key, []).append(number)

    def span(self, key: str, number: str, working_days: int) -> None:
        """That case took so many working days."""
        self.spans.setdefault(key, []).append((number, working_days))

    def of(self, key: str) -> int:
        """How many cases stand under *key*."""
        return len(self.counted.get(key, ()))

    def under(self, prefix: str) -> list[str]:
        """The rest of every key that begins with *prefix*, most cases first, then by name."""
        found = [key.removeprefix(prefix) for key in self.counted if key.startswith(prefix)]
        return sorted(found, key=lambda rest: (-self.of(prefix + rest), rest))

    def median(self, key: str) -> float | None:
        """The middle of the working days under *key*; between two, halfway. None without any."""
        days = [days for _, days in self.spans.get(key, ())]
        return float(statistics.median(days)) if days else None

    def p90(self, key: str) -> int | None:
        """The working days within which nine of ten were done (nearest rank). None without any."""
        days = sorted(days for _, days in self.spans.get(key, ()))
        return days[ceil(len(days) * 0.9) - 1] if days else None

    def figures(self) -> Iterator[tuple[str, float | None]]:
        """Every figure by its name."""
        for key, numbers in sorted(self.counted.items()):
            yield key, len(numbers)
        for key in sorted(self.spans):
            yield f"{key}.{MEDIAN}", self.median(key)
            yield f"{key}.{P90}", self.p90(key)

    def explain(self, figure: str) -> list[str] | None:
        """The case numbers behind a figure, with the working days where it is a span; None if unknown."""
        if figure in self.counted:
            return list(self.counted[figure])
        base = figure.removesuffix(f".{MEDIAN}").removesuffix(f".{P90}")
        spans = self.spans.get(base)
        if spans is None:
            return None
        ordered = sorted(spans, key=lambda pair: (pair[1], pair[0]))
        return [f"{number}: {days} hari kerja" for number, days in ordered]
