"""Figures of the long fault runs: one line `RESULT {json}` each, shown by `make faults`."""

from __future__ import annotations

import json


def result(**figures: object) -> None:
    """Print the figures of one run."""
    print(f"RESULT {json.dumps(figures)}")
