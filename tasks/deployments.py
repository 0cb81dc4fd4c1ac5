"""Puts deployment.yaml on a Prefect server: the work pool and its deployments, without a subprocess."""

from __future__ import annotations

import asyncio
import sys
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyOptions
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectNotFound
from prefect.utilities.callables import parameter_schema
from ruamel.yaml import YAML

Entry = dict[str, Any]


def load_flow(entrypoint: str) -> Flow[..., Any]:
    """The flow at *entrypoint*, `flows/request_path.py:request_path` from the project's root.

    Imported as a module, not run as a script: one copy of it in the process, however many runs.

    Raises:
        ImportError, AttributeError, TypeError: no such file, function or no flow.
    """
    path, _, function = entrypoint.partition(":")
    module = import_module(".".join(PurePosixPath(path).with_suffix("").parts))
    flow = getattr(module, function)
    if not isinstance(flow, Flow):
        raise TypeError(entrypoint)
    return flow


def read_entries(path: Path) -> list[Entry]:
    """The deployments in the file at *path*, in its order."""
    return list(YAML(typ="safe").load(path)["deployments"])


async def apply_deployments(path: Path, api_url: str, *, schedules: bool = True) -> dict[str, str]:
    """Make the server hold what the file at *path* says; ids by `flow/deployment`. Safe to repeat.

    Args:
        schedules: False leaves every schedule out, for a process that runs on a virtual clock.
    """
    entries, ids = read_entries(path), {}
    async with PrefectClient(api_url) as client:
        for pool, kind in {_pool_of(entry): "ppid" for entry in entries}.items():
            await _ensure_pool(client, pool, kind)
        for entry in entries:
            flow = load_flow(entry["entrypoint"])
            ids[f"{flow.name}/{entry['name']}"] = await _apply(client, entry, flow, schedules=schedules)
    return ids


def _pool_of(entry: Entry) -> str:
    return str(entry["work_pool"]["name"])


async def _ensure_pool(client: PrefectClient, name: str, kind: str) -> None:
    try:
        await client.read_work_pool(name)
    except ObjectNotFound:
        await client.create_work_pool(WorkPoolCreate(name=name, type=kind))


async def _apply(client: PrefectClient, entry: Entry, flow: Flow[..., Any], *, schedules: bool) -> str:
    limit, options = _concurrency(entry)
    deployment_id = await client.create_deployment(
        flow_id=await client.create_flow_from_name(flow.name),
        name=entry["name"],
        description=entry.get("description"),
        entrypoint=entry["entrypoint"],
        parameters=entry.get("parameters") or {},
        parameter_openapi_schema=parameter_schema(flow).model_dump(exclude_unset=True),
        enforce_parameter_schema=True,
        tags=entry.get("tags") or [],
        work_pool_name=_pool_of(entry),
        concurrency_limit=limit,
        concurrency_options=options,
        schedules=_schedules(entry) if schedules else [],
    )
    return str(deployment_id)


def _concurrency(entry: Entry) -> tuple[int | None, ConcurrencyOptions | None]:
    stated = entry.get("concurrency_limit")
    if not isinstance(stated, dict):
        return stated, None
    config = ConcurrencyLimitConfig(**stated)
    return config.limit, ConcurrencyOptions(collision_strategy=config.collision_strategy)


def _schedules(entry: Entry) -> list[DeploymentScheduleCreate]:
    return [
        DeploymentScheduleCreate(
            schedule=CronSchedule(cron=stated["cron"], timezone=stated["timezone"]),
            active=stated.get("active", True),
        )
        for stated in entry.get("schedules") or []
    ]


if __name__ == "__main__":
    # `ppid up` asks a process of its own: importing Prefect would stay in the core as 43 MB.
    asyncio.run(apply_deployments(Path(sys.argv[1]), sys.argv[2]))
