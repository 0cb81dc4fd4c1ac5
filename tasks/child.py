"""Starts a program that ends when its parent does, however that ends: `python -m tasks.child PARENT CMD …`.

Killed hard, `ppid up` cannot stop what it started; left behind, the Prefect server would hold its port and
the next start would fail. Linux tells the child; elsewhere nothing is promised.

Standard library only: it runs before the program it starts.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
GRACE_SECONDS: Final = 10.0


class Child:
    """A program of ours in a process of its own; what it prints goes to the end of *log*.

    Args:
        command: arguments for our own interpreter.
    """

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], log: Path, cwd: Path | None = None
    ) -> None:
        self._command, self._env, self._log, self._cwd = command, env, log, cwd
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def exit_code(self) -> int | None:
        """How it ended, minus the signal's number if by a signal; None while it lives or before `start`."""
        return self._process.poll() if self._process is not None else None

    @property
    def pid(self) -> int | None:
        """Its process id; None before `start`."""
        return self._process.pid if self._process is not None else None

    def is_running(self) -> bool:
        """Whether the process we started is alive."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it. Call from the main thread: Linux ends it with the thread that started it."""
        command = [sys.executable, "-m", "tasks.child", str(os.getpid()), sys.executable, *self._command]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 our own interpreter, no outside input
                command,
                env=dict(self._env),
                cwd=self._cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us alone: we stop it when its time has come
            )

    def stop(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """End the process we started, and only that: ask, wait, then kill. Safe to repeat."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(grace_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main() -> None:
    """Ask for the end at the parent's death, then become the program.

    SIGKILL, for nothing needs an orderly end (an act is a transaction, a run cut off is taken up again) and
    an orderly one would hold port and database while the next `ppid up` starts.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(sys.argv[1]):  # the parent died before we asked
            sys.exit(1)
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 our own command line, no shell


if __name__ == "__main__":
    main()
