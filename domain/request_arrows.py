"""The whole path of a request: one table, and the function that moves one along it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from domain.act import Act
from domain.arrow import AnyCase, Arrow, Decision, Scene, advance
from domain.request import Request
from domain.request_actions import RequestAction
from domain.request_arrows_early import EARLY
from domain.request_arrows_late import LATE
from domain.request_filing import LONGEST_ITEM, LONGEST_SUBJECT, MOST_ITEMS, Filing, register
from domain.rulebook import Rulebook

__all__ = [
    "ARROWS",
    "LONGEST_ITEM",
    "LONGEST_SUBJECT",
    "MOST_ITEMS",
    "Filing",
    "RequestAction",
    "decide",
    "register",
]

ARROWS: Final[Mapping[StrEnum, Arrow[Request]]] = {**EARLY, **LATE}


def decide(request: Request, act: Act, book: Rulebook, family: tuple[AnyCase, ...] = ()) -> Decision[Request]:
    """Take the arrow the act names; see `advance` for what it raises."""
    return advance(request, Scene(act, book, family), ARROWS)
