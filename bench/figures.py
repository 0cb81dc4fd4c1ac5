"""A figure: what was measured, its bar, its floor; printed as one line `RESULT {json}`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value.

    Attributes:
        bar: what it must reach; None where it is only stated.
        more_is_better: the bar is a least value, else a greatest.
        floor: the same workload by `bench/floor.py` in the same run.
        facts: how it was measured, and what else was counted.
    """

    name: str
    value: float
    unit: str
    db: str = ""
    bar: float | None = None
    more_is_better: bool = False
    floor: float | None = None
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        """Whether the bar is reached; None where there is none."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.more_is_better else self.value <= self.bar

    @property
    def ratio(self) -> float | None:
        """The value as a multiple of the floor's."""
        return self.value / self.floor if self.floor else None


def tell(*figures: Figure) -> None:
    """Print one line a figure, and let it be seen at once."""
    for figure in figures:
        told = {**asdict(figure), "ratio": figure.ratio, "met": figure.met}
        print("RESULT " + json.dumps({name: _short(value) for name, value in told.items()}), flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that *share* (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _short(value: object) -> object:
    if isinstance(value, float):
        return float(f"{value:.4g}") if abs(value) < 1e6 else round(value)
    if isinstance(value, dict):
        return {name: _short(part) for name, part in value.items()}
    return value
