"""Starts a program that ends when its parent does, however the parent ends: `python -m tasks.child CMD …`.

Killed hard, `ppid up` cannot stop what it started; left behind, the Prefect server would hold its port and
the next start would fail. Linux tells the child; elsewhere nothing is promised.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def main() -> None:
    """Ask for SIGTERM at the parent's death, then become the program."""
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # the parent died before we asked
            sys.exit(1)
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 our own command line, no shell


if __name__ == "__main__":
    main()
