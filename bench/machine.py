"""What the machine is, and what a process of it has used."""

from __future__ import annotations

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds_of(pid: int, *, with_children: bool = False) -> float:
    """CPU seconds of a process; with its ended and living children where asked.

    Raises:
        FileNotFoundError: no such process, or no /proc.
    """
    fields = _stat(pid)
    used = int(fields[11]) + int(fields[12])
    if with_children:
        used += int(fields[13]) + int(fields[14])
    seconds = used / _TICKS
    if with_children:
        seconds += sum(cpu_seconds_of(child, with_children=True) for child in children_of(pid))
    return seconds


def children_of(pid: int) -> list[int]:
    """The living children of a process."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [int(child) for child in found.read_text().split()]
    except FileNotFoundError:
        return []


def resident_mb_of(pid: int) -> float:
    """Resident memory of a process in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def described() -> dict[str, str | int]:
    """The machine and the versions a figure belongs to."""
    return {
        "cores": os.cpu_count() or 0,
        "cpu": _cpu_name(),
        "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: version(name) for name in ("sqlalchemy", "psycopg", "prefect", "aiosmtplib")},
    }


def _stat(pid: int) -> list[str]:
    # The name, in brackets, may hold blanks; what follows it is counted from there.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _cpu_name() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
