"""Where the agency's files are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def config_folder(environ: Mapping[str, str]) -> Path:
    """The folder of the agency's files: ``PPID_CONFIG``, else the one that comes with the programme."""
    chosen = environ.get("PPID_CONFIG", "").strip()
    return Path(chosen) if chosen else Path(__file__).parent


def own_or_shipped(policy: Path, part: str) -> Path:
    """That part of a policy folder; one without its own uses the programme's."""
    own = policy / part
    return own if own.is_dir() else Path(__file__).parent / part
