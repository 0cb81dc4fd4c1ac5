"""The log of the core: bounded, and silent about people."""

import json

import pytest
import structlog

from cli.logs import log_to


@pytest.fixture(autouse=True)
def as_before():
    known = structlog.get_config()
    yield
    structlog.configure(**known)


def test_a_log_does_not_grow_without_end(tmp_path):
    log_to(tmp_path / "core.log", max_bytes=2000)

    for count in range(200):
        structlog.get_logger().info("letter.sent", key=f"001:{count}")

    files = sorted(tmp_path.iterdir())
    assert len(files) == 6
    assert all(file.stat().st_size <= 2000 for file in files)
    assert json.loads((tmp_path / "core.log").read_text().splitlines()[-1])["key"] == "001:199"


def test_a_failure_is_told_by_its_lines_never_by_its_words(tmp_path):
    log_to(tmp_path / "core.log")
    try:
        raise ValueError("Ratna Contohwati, NIK 3674015503900001")
    except ValueError:
        structlog.get_logger().exception("letter.broken", key="k")

    written = (tmp_path / "core.log").read_text()
    told = json.loads(written)
    assert (told["exception"], told["event"]) == ("ValueError", "letter.broken")
    assert told["through"][-1].startswith("test_logs.py:")
    assert "Ratna" not in written and "3674" not in written
