"""The projector: it alone writes the states of idle runs, and wakes those with work for the system.

A family is behind while its run shows an older version than wanted. The projector never touches a
running run; a pass records the version it saw, so a change during the pass leaves the family behind and
it is woken again. Prefect may be down for days: the families stay behind and are caught up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Connection, bindparam, select, update

from domain.act import WIB
from domain.work import family_jobs
from tasks.acts import Acts, Performed
from tasks.runs import NotDeployed, PrefectUnavailable, RunBoard, RunNotFound, RunView
from tasks.store import casefile
from tasks.store.engine import StoreUnavailable, reading
from tasks.store.family import Family
from tasks.store.schema import runs
from tasks.view import view_of

log = structlog.get_logger()

POLL_SECONDS: Final = 1.0
_CHUNK: Final = 100
#: A woken run that has not come back after this long is looked at again.
PATIENCE_SECONDS: Final = 60.0
_LONGEST_REST_SECONDS: Final = 30.0

_BEHIND: Final = select(runs).where(runs.c.wanted > runs.c.projected).order_by(runs.c.woken_at).limit(_CHUNK)
_PROJECTED: Final = (
    update(runs)
    .where(runs.c.root_id == bindparam("b_root"))
    .values(projected=bindparam("b_seen"), run_id=bindparam("b_run"))
)
_ALL: Final = select(runs).order_by(runs.c.root_id)


@dataclass(frozen=True, slots=True)
class Behind:
    """A family whose run shows an older version."""

    root_id: int
    number: str
    run_id: UUID | None
    wanted: int


class Projector:
    """Brings runs in line with their cases.

    Args:
        every_stage_runs: wake the run at each new stage instead of only where the system has work (the
            demo shows each stage as a real run).
        real_time: give runs a backstop at the end of their due day; off on a virtual clock, for Prefect
            never gets virtual dates.
    """

    def __init__(
        self, acts: Acts, board: RunBoard, *, every_stage_runs: bool = False, real_time: bool = True
    ) -> None:
        self.acts, self.board = acts, board
        self._every_stage_runs, self._real_time = every_stage_runs, real_time
        self._stages_run: dict[int, set[tuple[str, str]]] = {}
        self._woken: dict[int, tuple[int, float]] = {}
        self._nudged = asyncio.Event()

    def nudge(self) -> None:
        """A commit may have changed a case; call from the event loop."""
        self._nudged.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Project until *stop* is set; with Prefect away, rest a little longer each time."""
        rest = POLL_SECONDS
        ended = asyncio.create_task(stop.wait())
        while not stop.is_set():
            try:
                await self.catch_up()
                rest = POLL_SECONDS
            except (PrefectUnavailable, NotDeployed, StoreUnavailable) as error:
                log.warning("projector.resting", cause=type(error).__name__, seconds=rest)
                rest = min(rest * 2, _LONGEST_REST_SECONDS)
            woken = asyncio.create_task(self._nudged.wait())
            await asyncio.wait({ended, woken}, timeout=rest, return_when=asyncio.FIRST_COMPLETED)
            woken.cancel()
            self._nudged.clear()
        ended.cancel()

    async def catch_up(self) -> int:
        """Project every family that is behind; how many were written or woken.

        Raises:
            PrefectUnavailable: Prefect gives no answer; what is behind stays behind.
        """
        done = 0
        while behind := self._behind():
            moved = 0
            for one in behind:
                moved += await self._project(one)
            done += moved
            if not moved or len(behind) < _CHUNK:
                break
        return done

    def settled(self) -> bool:
        """Whether every run shows its case as it stands."""
        with reading(self.acts.engine) as connection:
            return connection.execute(_BEHIND).first() is None

    async def rebuild(self) -> int:
        """Make every run anew where it is gone, and show each as its case stands; how many families.

        Raises:
            PrefectUnavailable, NotDeployed: Prefect gives no answer, or knows no deployment.
        """
        with reading(self.acts.engine) as connection:
            rows = connection.execute(_ALL).all()
        for start in range(0, len(rows), _CHUNK):
            await self._rebuild([_behind(row) for row in rows[start : start + _CHUNK]])
        return len(rows)

    async def _rebuild(self, families: Sequence[Behind]) -> None:
        views = {one.root_id: self._look(one)[1] for one in families}
        ids = await self.board.create_many(list(views.values()))
        for one in families:
            view = views[one.root_id]
            await self._written(one, ids[view.number])

    def _behind(self) -> list[Behind]:
        with reading(self.acts.engine) as connection:
            rows = connection.execute(_BEHIND).all()
        now = time.monotonic()
        waiting: list[Behind] = []
        for row in rows:
            wanted, since = self._woken.get(row.root_id, (0, 0.0))
            if wanted < row.wanted or now - since > PATIENCE_SECONDS:
                waiting.append(_behind(row))
        return waiting

    def _look(self, one: Behind) -> tuple[bool, RunView]:
        """Whether the system has work there, and what the run should show."""
        book = self.acts.policy()
        with reading(self.acts.engine) as connection:
            family = casefile.load_family_of_root(connection, one.root_id)
            view = view_of(connection, family, book, backstop_at=self._backstop(family))
        works = bool(family_jobs(family.cases, book)) or self._is_new_stage(one.root_id, family)
        return works, view

    def _is_new_stage(self, root_id: int, family: Family) -> bool:
        """Whether a case of the family stands at a stage no run has shown yet."""
        if not self._every_stage_runs:
            return False
        standing = {(case.number, str(case.stage)) for case in family.cases}
        shown = self._stages_run.setdefault(root_id, set())
        fresh = not standing <= shown
        shown |= standing
        return fresh

    def _backstop(self, family: Family) -> datetime | None:
        return end_of_next_day(family, self.acts.clock.now()) if self._real_time else None

    async def _project(self, one: Behind) -> int:
        works, view = self._look(one)
        run_id = one.run_id or await self.board.find(view.number)
        try:
            if run_id is None:
                run_id = await self.board.create(view, wake=works)
                self._remember(one.root_id, run_id)
                return await self._shown(one, run_id, view, works, True)
            written = await (self.board.wake(run_id, view) if works else self.board.show(run_id, view))
        except RunNotFound:
            self._remember(one.root_id, None)
            return 1
        return await self._shown(one, run_id, view, works, written)

    async def _shown(self, one: Behind, run_id: UUID, view: RunView, works: bool, written: bool) -> int:
        if works or not written:
            if works and written:
                self._woken[one.root_id] = (one.wanted, time.monotonic())
            return int(written)
        await self.board.annotate(run_id, view)
        await self._written(one, run_id)
        return 1

    async def _written(self, one: Behind, run_id: UUID) -> None:
        values = {"b_root": one.root_id, "b_seen": one.wanted, "b_run": str(run_id)}
        await asyncio.wrap_future(self.acts.writer.submit(lambda c: _project_row(c, values)))
        self._woken.pop(one.root_id, None)

    def _remember(self, root_id: int, run_id: UUID | None) -> None:
        values = {"b_root": root_id, "b_run": str(run_id) if run_id else None}
        statement = (
            update(runs).where(runs.c.root_id == bindparam("b_root")).values(run_id=bindparam("b_run"))
        )

        def job(connection: Connection) -> Performed:
            connection.execute(statement, values)
            return Performed("", "", "", 0, 0)

        self.acts.writer.submit(job).result()


def end_of_next_day(family: Family, now: datetime) -> datetime | None:
    """The end of the soonest due day in Jakarta that lies ahead: the run's backstop calls the sweep.

    A day already past gives none: a run scheduled in the past would be taken up again at once, for ever.
    What is overdue has its rungs in the sweep.
    """
    ends = [_end_of(c.due_on) for case in family.cases for c in case.clocks if c.is_running]
    return min((end for end in ends if end > now), default=None)


def _end_of(day: date) -> datetime:
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=WIB)


def record_seen(connection: Connection, root_id: int, wanted: int, run_id: str) -> None:
    """At the end of a pass: the version it saw, so that later changes leave the family behind."""
    values = {"b_root": root_id, "b_seen": wanted, "b_run": run_id}
    connection.execute(_PROJECTED, values)


def wanted_version(connection: Connection, number: str) -> tuple[int, int]:
    """Root id and wanted version of the family with that root number.

    Raises:
        LookupError: there is no such family.
    """
    row = connection.execute(select(runs.c.root_id, runs.c.wanted).where(runs.c.number == number)).first()
    if row is None:
        raise LookupError(number)
    return row.root_id, row.wanted


def _behind(row: Any) -> Behind:
    return Behind(row.root_id, row.number, UUID(row.run_id) if row.run_id else None, row.wanted)


def _project_row(connection: Connection, values: dict[str, Any]) -> Performed:
    connection.execute(_PROJECTED, values)
    return Performed("", "", "", 0, 0)
