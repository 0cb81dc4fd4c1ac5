"""The real `ppid up` in a process group of its own, to be killed in whatever way a test likes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeVar

from tasks.child import Child
from tasks.prefect_server import PrefectServer

Seen = TypeVar("Seen")
SECONDS = 120.0
ROOT = Path(__file__).parents[2]
WORKER, PREFECT = "flows.worker", "tasks.prefect_process"


def until(look: Callable[[], Seen], seconds: float = SECONDS) -> Seen:
    """The first thing *look* sees that is not empty; what it looks at is in another process."""
    end = time.monotonic() + seconds
    while not (seen := look()):
        if time.monotonic() > end:
            raise TimeoutError(look)
        time.sleep(0.05)
    return seen


class Up:
    """One start of `ppid up`; what it prints goes to *home*/up.out."""

    def __init__(self, home: Path, port: int, **environ: str) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home, self.port = home, port
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "PPID_"))}
        self.out = home / "up.out"
        self._from = self.out.stat().st_size if self.out.exists() else 0
        with self.out.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "import sys; from cli.main import main; sys.exit(main(['up']))"],
                env={**clean, "PPID_HOME": str(home), "PPID_PREFECT_PORT": str(port), **environ},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def said(self) -> str:
        """What this start has printed so far."""
        return self.out.read_bytes()[self._from :].decode()

    def ready(self) -> Up:
        """Once it says so; a start that ended instead is told with its words."""
        until(lambda: "Siap." in self.said() or self.process.poll() is not None)
        assert self.process.poll() is None, self.said()
        return self

    def children(self) -> dict[str, int]:
        """Its worker and its Prefect server, as far as they live, by module."""
        found = {}
        for task in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            for pid in task.read_text().split():
                name = module_of(int(pid))
                if name:
                    found[name] = int(pid)
        return found

    def kill_child(self, module: str) -> int:
        """SIGKILL one of them; its process id."""
        pid = self.children()[module]
        os.kill(pid, signal.SIGKILL)
        return pid

    def kill(self) -> None:
        """SIGKILL of the service alone; what it started must go by itself."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM, as a service manager stops it; its exit code."""
        self.process.terminate()
        return self.process.wait(60)


@contextmanager
def up(home: Path, port: int, **environ: str) -> Iterator[Up]:
    """A service that is ready; killed at the end, if it still runs."""
    started = Up(home, port, **environ)
    try:
        yield started.ready()
    finally:
        if started.process.poll() is None:
            started.kill()


def module_of(pid: int) -> str:
    """Which of the two modules that process runs; empty for neither, or when it is gone."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        dead = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return next((name for name in (WORKER, PREFECT) if name in words and not dead), "")


def worker_of(home: Path, policy: Path, day: date, prefect: PrefectServer, **environ: str) -> Child:
    """A worker that takes one run at a time, on a clock that stands at 09.00 WIB of *day*; not started."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "PPID_"))}
    told = {"PPID_HOME": str(home), "PPID_CONFIG": str(policy), "PPID_CLOCK": f"{day}T09:00+07:00"} | environ
    command = ["-m", "flows.worker", "--limit", "1", "--query-seconds", "0.2"]
    return Child(command, {**clean, **prefect.env(), **told}, home / "worker.log", cwd=ROOT)
