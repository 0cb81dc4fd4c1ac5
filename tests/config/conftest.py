"""A copy of the city's own policy, changed in one place, and the faults that gives."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import config
from config.faults import ConfigFaults, Fault
from config.loader import load_policy

TODAY = date(2026, 11, 24)

Refusing = Callable[..., tuple[Fault, ...]]


@pytest.fixture
def policy_folder(tmp_path: Path) -> Path:
    """The policy files of the project in a folder of their own."""
    source = Path(config.__file__).parent
    for path in source.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    shutil.copytree(source / "calendar", tmp_path / "calendar")
    return tmp_path


@pytest.fixture
def faults_after(policy_folder: Path) -> Refusing:
    """Replace *old* by *new*, once, in a file, and return what the loader then refuses."""

    def change(file: str, old: str, new: str, *, on: date = TODAY) -> tuple[Fault, ...]:
        path = policy_folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        try:
            load_policy(policy_folder, on=on)
        except ConfigFaults as refused:
            return refused.faults
        return ()

    return change
