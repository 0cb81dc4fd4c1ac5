"""The run board: one Prefect run per request, kept as a view of the case (DESIGN decision 3).

Speaks Prefect's REST API over one connection kept open, without importing Prefect (3 CPU-seconds a process).
Only what a coordinator may see goes there: number, date, stage, OPD keys; never personal data.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Self
from urllib.parse import urlencode
from uuid import UUID

import httpx

from tasks.clock import RealClock
from tasks.failures import MustAct, TryAgain

DEPLOYMENT: Final = "request-path/request-path"
FAR_AHEAD: Final = datetime(2999, 12, 31, tzinfo=UTC)
BULK: Final = 100  # the most the server creates in one call
CREATION_LEAD: Final = timedelta(hours=1)
# On SQLite the server answers 503 while another writer holds its file, for some milliseconds.
LOCKED_PAUSES_SECONDS: Final = (0.05, 0.1, 0.2, 0.4, 0.8)
PAGE_PAST: Final = timedelta(days=365)
PAGE_AHEAD: Final = timedelta(days=60)

Json = dict[str, Any]


class PrefectUnavailable(TryAgain):
    """The Prefect server gave no answer or a passing fault; try again."""

    def __str__(self) -> str:
        asked = " ".join(map(str, self.args))
        return f"Prefect tidak menjawab ({asked}). Jalankan `ppid up`, lalu coba lagi."


class RunNotFound(Exception):
    """Prefect has no such run (deleted by hand or by retention); create it anew."""


class NotDeployed(MustAct):
    """The deployment of the run board is not on the server; apply deployment.yaml first."""

    def __str__(self) -> str:
        named = " ".join(map(str, self.args))
        return f"Prefect belum mengenal {named}. Terapkan deployment.yaml; `ppid up` melakukannya sendiri."


class StateType(StrEnum):
    """Prefect's kinds of state, as its API spells them."""

    SCHEDULED = "SCHEDULED"
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CRASHED = "CRASHED"
    CANCELLED = "CANCELLED"
    CANCELLING = "CANCELLING"
    PAUSED = "PAUSED"


BUSY: Final = frozenset({StateType.PENDING, StateType.RUNNING, StateType.CANCELLING})


@dataclass(frozen=True, slots=True)
class RunView:
    """What Prefect's list shows of one case.

    Attributes:
        number: registration number with `-` for `/`, the run's only parameter.
        next_on: the next date of the case in Jakarta, None when it waits for no date.
        stage: the stage as people read it, in Indonesian.
        tags: keys of the OPDs that hold it.
        timeline_markdown: history and clocks, without names of persons.
        backstop_at: aware; when the run wakes although nobody woke it; None for never. No virtual dates here.
    """

    number: str
    next_on: date | None
    stage: str
    tags: tuple[str, ...] = ()
    closed: bool = False
    timeline_markdown: str = ""
    backstop_at: datetime | None = None

    @property
    def name(self) -> str:
        """Name of the run; sorting names lists the soonest date first, then the closed, then the undated."""
        if self.closed:
            return f"selesai · {self.number}"
        first = self.next_on.isoformat() if self.next_on else "tanpa tanggal"
        return f"{first} · {self.number}"


@dataclass(frozen=True, slots=True)
class RunState:
    """A run as the list shows it. *scheduled_at* is aware UTC, None unless it is scheduled."""

    run_id: UUID
    number: str
    name: str
    stage: str
    kind: StateType
    scheduled_at: datetime | None
    tags: tuple[str, ...]
    message: str
    runs: int


class RunBoard:
    """The runs of all requests; enter it once and keep it open.

    Every method raises PrefectUnavailable when the server does not answer; all may be repeated.
    """

    def __init__(self, api_url: str, deployment: str = DEPLOYMENT) -> None:
        self._api_url = api_url
        self._deployment_name = deployment
        self._deployment: Json | None = None
        self._artifacts: dict[str, str] = {}
        self._clock = RealClock()  # Prefect never gets virtual dates (DESIGN decision 8)
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._http = await self._open.enter_async_context(_client(self._api_url))
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._open.aclose()

    async def create(self, view: RunView, *, wake: bool = False) -> UUID:
        """Id of the run of *view*, created if it is not there; woken at once when *wake*.

        Raises:
            NotDeployed: the server does not know the deployment.
        """
        deployment = await self._deployed()
        path = f"/deployments/{deployment['id']}/create_flow_run"
        run = await self._of_deployment(path, self._new_run(view, wake=wake))
        run_id = UUID(run["id"])
        if not wake:
            await self._settle(run, view)
        return run_id

    async def create_many(self, views: Sequence[RunView]) -> dict[str, UUID]:
        """Ids by number of the runs of *views*, created where missing, a hundred to a call.

        Raises:
            NotDeployed: the server does not know the deployment.
        """
        deployment = await self._deployed()
        path = f"/deployments/{deployment['id']}/create_flow_run/bulk"
        ids: dict[str, UUID] = {}
        for chunk in _chunks(views, BULK):
            reply = await self._of_deployment(path, [self._new_run(view) for view in chunk])
            for view, result in zip(chunk, reply["results"], strict=True):
                made = result["flow_run_id"]  # None where SQLite was locked: once more, singly
                ids[view.number] = UUID(made) if made else await self.create(view)
        for view in views:
            await self.show(ids[view.number], view)
        return ids

    async def show(self, run_id: UUID, view: RunView) -> bool:
        """Put *view* on the board; False, and nothing written, while the run works or is about to.

        Raises:
            RunNotFound: there is no such run.
        """
        run = await self._call("GET", f"/flow_runs/{run_id}")
        if self._is_working(run):
            return False
        await self._settle(run, view)
        return True

    async def wake(self, run_id: UUID, view: RunView) -> bool:
        """Let the worker take the run now, its badge staying the stage; False while it works already.

        Raises:
            RunNotFound: there is no such run.
        """
        run = await self._call("GET", f"/flow_runs/{run_id}")
        if run["state_type"] in BUSY:
            return False
        await self._rename(run, view)
        if not self._is_working(run):
            await self._set_state(run_id, _scheduled(view.stage, self._clock.now()))
        return True

    async def annotate(self, run_id: UUID, view: RunView) -> None:
        """Write the timeline as the run's one Markdown artifact; later calls replace its text."""
        key = f"riwayat-{view.number.lower()}"
        body: Json = {"data": view.timeline_markdown}
        if known := self._artifacts.pop(key, None) or await self._artifact_of(run_id, key):
            try:
                await self._call("PATCH", f"/artifacts/{known}", body)
            except RunNotFound:
                known = None  # Prefect's database is not the one we knew
        if known is None:
            body |= {"key": key, "type": "markdown", "flow_run_id": str(run_id)}
            known = (await self._call("POST", "/artifacts/", body))["id"]
        self._artifacts[key] = known

    async def state_of(self, run_id: UUID) -> RunState:
        """The run as it stands.

        Raises:
            RunNotFound: there is no such run.
        """
        return _as_state(await self._call("GET", f"/flow_runs/{run_id}"))

    async def find(self, number: str) -> UUID | None:
        """Id of the run with the run-safe *number*, or None."""
        wanted = {"flow_runs": {"idempotency_key": {"any_": [number]}}, "limit": 1}
        found = await self._call("POST", "/flow_runs/filter", wanted)
        return UUID(found[0]["id"]) if found else None

    async def list_page(self, page: int = 1, limit: int = 100) -> list[RunState]:
        """One page of the list, asked for as Prefect's V2 page asks."""
        now, deployment = self._clock.now(), await self._deployed()
        wanted = {
            "flow_runs": {
                "operator": "and_",
                "start_time": {
                    "after_": (now - PAGE_PAST).isoformat(),
                    "before_": (now + PAGE_AHEAD).isoformat(),
                },
            },
            "deployments": {"operator": "and_", "id": {"any_": [deployment["id"]]}},
            "sort": "NAME_ASC",
            "page": page,
            "limit": limit,
        }
        found = await self._call("POST", "/flow_runs/paginate", wanted)
        return [_as_state(run) for run in found["results"]]

    async def page_link(self) -> str:
        """Address of the list for people: the V2 page, soonest date first."""
        now, deployment = self._clock.now(), await self._deployed()
        query = {
            "start": (now - PAGE_PAST).strftime("%Y-%m-%dT00:00:00Z"),
            "end": (now + PAGE_AHEAD).strftime("%Y-%m-%dT00:00:00Z"),
            "sort": "NAME_ASC",
            "deployments": deployment["id"],
        }
        return f"{self._api_url.removesuffix('/api')}/v2/runs?{urlencode(query)}"

    def _new_run(self, view: RunView, *, wake: bool = False) -> Json:
        # The card shows the first scheduled time for ever, so it is the creation, not the far future.
        at = self._clock.now() + (timedelta() if wake else CREATION_LEAD)
        return {
            "parameters": {"number": view.number},
            "idempotency_key": view.number,
            "name": view.name,
            "tags": list(view.tags),
            "state": _scheduled(view.stage, at),
        }

    async def _settle(self, run: Json, view: RunView) -> None:
        await self._rename(run, view)
        state = _resting(view)
        if not _stands(run, state):
            await self._set_state(UUID(run["id"]), state)

    async def _rename(self, run: Json, view: RunView) -> None:
        if run["name"] != view.name or set(run["tags"]) != set(view.tags):
            body = {"name": view.name, "tags": list(view.tags)}
            await self._call("PATCH", f"/flow_runs/{run['id']}", body)

    async def _set_state(self, run_id: UUID, state: Json) -> None:
        await self._call("POST", f"/flow_runs/{run_id}/set_state", {"state": state, "force": True})

    def _is_working(self, run: Json) -> bool:
        if run["state_type"] in BUSY:
            return True
        due = _instant(run["next_scheduled_start_time"])
        return run["state_type"] == StateType.SCHEDULED and due is not None and due <= self._clock.now()

    async def _deployed(self) -> Json:
        if self._deployment is None:
            try:
                self._deployment = await self._call("GET", f"/deployments/name/{self._deployment_name}")
            except RunNotFound as error:
                raise NotDeployed(self._deployment_name) from error
        return self._deployment

    async def _of_deployment(self, path: str, body: Json | list[Json]) -> Any:
        try:
            return await self._call("POST", path, body)
        except RunNotFound as error:
            self._deployment = None  # Prefect's database is not the one we knew: ask for the new id next time
            raise NotDeployed(self._deployment_name) from error

    async def _artifact_of(self, run_id: UUID, key: str) -> str | None:
        wanted = {"artifacts": {"key": {"any_": [key]}, "flow_run_id": {"any_": [str(run_id)]}}, "limit": 1}
        found = await self._call("POST", "/artifacts/filter", wanted)
        return found[0]["id"] if found else None

    async def _call(self, method: str, path: str, body: Json | list[Json] | None = None) -> Any:
        reply = await self._send(method, path, body)
        for pause_seconds in LOCKED_PAUSES_SECONDS:
            if reply.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            await asyncio.sleep(pause_seconds)
            reply = await self._send(method, path, body)
        if reply.status_code == httpx.codes.NOT_FOUND:
            raise RunNotFound(path)
        if reply.is_server_error or reply.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise PrefectUnavailable(method, path, reply.status_code)
        reply.raise_for_status()
        return reply.json() if reply.content else None

    async def _send(self, method: str, path: str, body: Json | list[Json] | None) -> httpx.Response:
        try:
            return await self._http.request(method, path, json=body)
        except httpx.TransportError as error:
            raise PrefectUnavailable(method, path) from error


def _client(api_url: str) -> httpx.AsyncClient:
    # Loading the CA bundle is 43 % of a client's cost and means nothing on plain http.
    verify = api_url.startswith("https:")
    return httpx.AsyncClient(base_url=api_url, timeout=30, verify=verify, trust_env=verify)


def _scheduled(stage: str, at: datetime) -> Json:
    return {
        "type": StateType.SCHEDULED,
        "name": stage,
        "state_details": {"scheduled_time": at.isoformat()},
    }


def _resting(view: RunView) -> Json:
    if view.closed:
        return {"type": StateType.COMPLETED, "name": view.stage}
    return _scheduled(view.stage, view.backstop_at or FAR_AHEAD)


def _stands(run: Json, state: Json) -> bool:
    wanted = _instant(state.get("state_details", {}).get("scheduled_time"))
    at = _instant(run["next_scheduled_start_time"])
    return (run["state_type"], run["state_name"], at) == (state["type"], state["name"], wanted)


def _as_state(run: Json) -> RunState:
    return RunState(
        run_id=UUID(run["id"]),
        number=run["parameters"].get("number", ""),
        name=run["name"],
        stage=run["state_name"],
        kind=StateType(run["state_type"]),
        scheduled_at=_instant(run["next_scheduled_start_time"]),
        tags=tuple(sorted(run["tags"])),
        message=(run.get("state") or {}).get("message") or "",
        runs=run["run_count"],
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _chunks(views: Sequence[RunView], size: int) -> Iterator[Sequence[RunView]]:
    return (views[at : at + size] for at in range(0, len(views), size))
