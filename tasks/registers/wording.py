"""Words the registers share: what an item's outcome says of the information, and why it was withheld."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from domain.act import WIB
from domain.item import GROUND_SHOWN_AS, Item

TICK = "✓"


def day_of(at: datetime | None) -> date | None:
    """The day of an instant in Jakarta."""
    return at.astimezone(WIB).date() if at is not None else None


def tick(holds: bool) -> str | None:
    """The mark in a box that holds, nothing in another."""
    return TICK if holds else None


def some_of(items: tuple[Item, ...], holds: Callable[[Item], bool]) -> str | None:
    """The mark where it holds for every item, the items' numbers where only for some."""
    held = [item.no for item in items if holds(item)]
    if not held:
        return None
    return TICK if len(held) == len(items) else f"butir {_ranges(held)}"


def asked(items: tuple[Item, ...], subject: str) -> str:
    """The information asked for, item by item."""
    if len(items) == 1:
        return items[0].text
    told = "; ".join(f"{item.no}. {item.text}" for item in items)
    return told or subject


def withheld_because(items: Iterable[Item], *, in_full: bool) -> str | None:
    """Ground and statute of each of these withheld items, and in a full copy the written reason too."""
    told: dict[str, list[int]] = {}
    for item in items:
        verdict = item.verdict
        if verdict is None or verdict.ground is None:
            continue
        because = f"Pasal {verdict.ground[:2]} huruf {verdict.ground[2:]}: {GROUND_SHOWN_AS[verdict.ground]}"
        because += f" ({verdict.basis})" if verdict.basis else ""
        because += f". {verdict.reason}" if in_full and verdict.reason else ""
        told.setdefault(because, []).append(item.no)
    if len(told) == 1:
        return next(iter(told))
    return "; ".join(f"butir {_ranges(numbers)}: {text}" for text, numbers in told.items()) or None


def _ranges(numbers: list[int]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
