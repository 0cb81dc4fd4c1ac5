"""The core in a process of its own beside the one that measures, as the service runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import sleep
from typing import Final

from bench.core_process import ALONE
from bench.office import environ_of
from bench.places import Place
from bench.sink import Sink

#: The core's first look round is over.
SETTLED_SECONDS: Final = 5.0


@contextmanager
def core_apart(
    place: Place, sink: Sink, begin: datetime, policy: Path | None = None, *, projects: bool = False
) -> Iterator[int]:
    """The core at work, from the instant *begin* on, its first look round over; its process id.

    Args:
        projects: with the projector, whose server is away.
    """
    command = [sys.executable, "-m", "bench.core_process", begin.isoformat(), *([] if projects else [ALONE])]
    environ = os.environ | environ_of(place, sink) | ({"PPID_CONFIG": str(policy)} if policy else {})
    with subprocess.Popen(  # noqa: S603 our own interpreter, no outside input
        command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as core:
        assert core.stdin is not None and core.stdout is not None  # noqa: S101 both are pipes
        core.stdout.readline()
        try:
            sleep(SETTLED_SECONDS)
            yield core.pid
        finally:
            core.stdin.close()
