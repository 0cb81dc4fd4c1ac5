"""Failures of the world outside: those that pass by themselves, and those a person must mend.

OutsideFailure
├── TryAgain     no answer, locked, greylisted: the same again later may work
└── MustAct      it stays until a person changes something
"""

from __future__ import annotations


class OutsideFailure(Exception):
    """Something outside our code failed; `str()` says what to do, in Bahasa Indonesia."""


class TryAgain(OutsideFailure):
    """The same again later may work."""


class MustAct(OutsideFailure):
    """It stays as it is until a person changes something."""
