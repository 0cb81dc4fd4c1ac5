"""Where the agency's files are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def config_folder(environ: Mapping[str, str]) -> Path:
    """The folder of the agency's files: ``PPID_CONFIG``, else the one that comes with the programme."""
    chosen = environ.get("PPID_CONFIG", "").strip()
    return Path(chosen) if chosen else Path(__file__).parent
