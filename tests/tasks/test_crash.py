"""Kill -9 at any instant: no act half done, no number lost, no letter twice, every chain whole."""

import random
import subprocess
import sys
import threading
from pathlib import Path

from tasks.store.engine import open_engine, reading
from tasks.store.schema import cases, ledger

from .city import City
from .store_check import faults_in

LOOP = Path(__file__).parent / "acting_process.py"
INSTANTS = random.Random(14)  # noqa: S311 the same instants each time, nothing secret


def killed_after(seconds: float, url: str, home: Path) -> None:
    """Start the loop, let it work for that long, and kill it in the middle of whatever it does."""
    command = [sys.executable, str(LOOP), url, str(home), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        end = threading.Timer(seconds, process.kill)
        end.start()
        process.stdout.read()
        end.join()
    assert process.returncode == -9


def test_after_each_kill_the_store_is_whole_and_work_goes_on(database_url, tmp_path):
    engine = open_engine(database_url)
    counts = []
    for _ in range(5):
        killed_after(INSTANTS.uniform(0.2, 0.7), database_url, tmp_path)
        assert faults_in(engine, tmp_path / "seals.log") == []
        with reading(engine) as connection:
            counts.append(len(connection.execute(cases.select()).all()))

    assert counts == sorted(counts)
    assert counts[-1] > counts[0]
    with reading(engine) as connection:
        assert connection.execute(ledger.select()).all()
    engine.dispose()
    with City(database_url, tmp_path) as city:
        assert city.register() == f"{counts[-1] + 1:03d}/PPID-TS/2026"
