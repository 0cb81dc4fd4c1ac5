"""Waiting for what another thread or process will do, without a fixed sleep."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Seen = TypeVar("Seen")
SECONDS = 120.0  # the server's scheduler looks once a minute


async def until(look: Callable[[], Awaitable[Seen]], met: Callable[[Seen], bool]) -> Seen:
    """The first thing that *look* sees and *met* accepts."""
    async with asyncio.timeout(SECONDS):
        while not met(seen := await look()):  # noqa: ASYNC110 - what we wait for is in another process
            await asyncio.sleep(0.05)
    return seen
