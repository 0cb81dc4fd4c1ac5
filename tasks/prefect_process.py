"""The Prefect server as a process: `python -m tasks.prefect_process PORT`.

As `prefect server start` runs it, but with garbage collected outside the event loop. On SQLite a cursor
left in a reference cycle is otherwise freed by the loop's own thread, waits there for its connection, which
waits for the write lock, whose holder waits for the loop: the server stands still for 60 s (Prefect 3.8.8,
seen in 5 of some 30 bursts of 40 passes).
"""

from __future__ import annotations

import gc
import sys
import threading
from typing import Final

import uvicorn

HOST: Final = "127.0.0.1"
COLLECT_EVERY_SECONDS: Final = 2.0
FULL_COLLECTION_EVERY: Final = 15


def _collect_for_ever() -> None:
    pause, turn = threading.Event(), 0
    while not pause.wait(COLLECT_EVERY_SECONDS):
        turn += 1
        gc.collect(2 if turn % FULL_COLLECTION_EVERY == 0 else 1)


def main() -> None:
    """Serve on the port named by the first argument until SIGTERM."""
    gc.disable()
    threading.Thread(target=_collect_for_ever, name="collect-garbage", daemon=True).start()
    uvicorn.run(
        "prefect.server.api.server:create_app",
        factory=True,
        lifespan="on",
        host=HOST,
        port=int(sys.argv[1]),
        log_level="warning",
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
