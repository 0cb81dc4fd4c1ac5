"""Log events as JSON lines in a file that does not grow without end; the screen belongs to people."""

from __future__ import annotations

import logging
import sys
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final

import structlog
from structlog.typing import EventDict

MEGABYTE: Final = 1024 * 1024
_FILES_KEPT: Final = 5


def log_to(path: Path, *, max_bytes: int = 10 * MEGABYTE) -> None:
    """Send log events to the end of *path*; at *max_bytes* it becomes ``path.1``, five of them are kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=max_bytes, backupCount=_FILES_KEPT, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(message)s"))
    writer = logging.Logger("ppid")  # of our own: what libraries configure does not reach it
    writer.addHandler(handler)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            where_it_failed,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_: writer,
        cache_logger_on_first_use=False,
    )


def where_it_failed(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """An exception as its type and the lines it came through; its words stay out, they may name a person."""
    told = event.pop("exc_info", None)
    if not told:
        return event
    error = told if isinstance(told, BaseException) else sys.exc_info()[1]
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        event["exception"] = type(error).__name__
        event["through"] = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
    return event
