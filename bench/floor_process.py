"""The floor of holding: a plain program with that many clocks that looks once a second for what is due.

`python -m bench.floor_process DB URL HOME OPEN` says when it is loaded and ends with its stdin.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import aiosmtplib

from bench.floor import Floor
from bench.places import Place

__all__ = ["aiosmtplib"]  # a program that sends has an SMTP client loaded


async def hold(place: Place, count: int) -> None:
    """Look each second until stdin ends."""
    floor = Floor(place, None)
    async with floor.running():
        await floor.load_clocks([(case, "2026-04-01") for case in range(1, count + 1)])
        print("loaded", flush=True)
        ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
        while not ended.done():
            floor.due("2026-03-10")
            await asyncio.wait({ended}, timeout=1.0)


if __name__ == "__main__":
    db, url, home, count = sys.argv[1:]
    asyncio.run(hold(Place(db, Path(home), url, None), int(count)))
