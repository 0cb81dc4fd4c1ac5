"""deployment.yaml: schedules in Jakarta's time, no overlapping sweep, entry points that exist."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.schedules import CronSchedule
from prefect.server.schemas.schedules import CronSchedule as ServerCron

from tasks.deployments import apply_deployments, load_flow, read_entries
from tasks.prefect_server import PrefectServer
from tests.flows.conftest import SAMPLES

ROOT = Path(__file__).parents[2]
WIB = ZoneInfo("Asia/Jakarta")
ENTRIES = {entry["name"]: entry for entry in read_entries(ROOT / "deployment.yaml")}


async def fires(name: str, start: datetime, count: int) -> list[datetime]:
    [stated] = ENTRIES[name]["schedules"]
    cron = ServerCron(cron=stated["cron"], timezone=stated["timezone"])
    return [at.astimezone(WIB) for at in await cron.get_dates(n=count, start=start)]


def test_the_pool_is_of_our_own_type_and_every_flow_uses_it() -> None:
    assert {entry["work_pool"]["name"] for entry in ENTRIES.values()} == {"ppid"}


async def test_the_sweep_comes_at_eight_and_every_quarter_of_an_hour_on_weekdays() -> None:
    friday_night = datetime(2026, 12, 4, 16, 50, tzinfo=UTC)  # 23.50 WIB

    first, second = await fires("watch-deadlines", friday_night, 2)

    assert first == datetime(2026, 12, 7, 8, 0, tzinfo=WIB)
    assert second == datetime(2026, 12, 7, 8, 15, tzinfo=WIB)


async def test_the_digest_comes_once_on_a_weekday_morning() -> None:
    first, second = await fires("daily-digest", datetime(2026, 12, 4, 12, 0, tzinfo=UTC), 2)

    assert first == datetime(2026, 12, 7, 8, 0, tzinfo=WIB)
    assert second == datetime(2026, 12, 8, 8, 0, tzinfo=WIB)


@pytest.mark.parametrize(
    "name", ["watch-deadlines", "daily-digest", "yearly-report", "monthly-letters", "rebuild-runs"]
)
def test_no_job_overlaps_itself(name: str) -> None:
    assert ENTRIES[name]["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}


@pytest.mark.parametrize("name", ENTRIES)
def test_every_entry_point_is_a_flow_of_that_name(name: str) -> None:
    assert load_flow(ENTRIES[name]["entrypoint"]).name == name


async def test_applying_twice_leaves_one_deployment_with_its_schedule(
    prefect_server: PrefectServer, client: PrefectClient
) -> None:
    first = await apply_deployments(SAMPLES, prefect_server.api_url)
    second = await apply_deployments(SAMPLES, prefect_server.api_url)

    assert first == second
    ticking = await client.read_deployment_by_name("ticking/ticking")
    [schedule] = ticking.schedules
    assert isinstance(schedule.schedule, CronSchedule)
    assert schedule.schedule.timezone == "Asia/Jakarta"
    assert ticking.global_concurrency_limit is not None
    assert (await client.read_work_pool("ppid")).type == "ppid"


def test_the_pinned_versions_are_the_ones_tried() -> None:
    assert version("prefect") == "3.8.8"
    assert version("sqlalchemy").startswith("2.0.")
    assert tuple(map(int, version("fastapi").split(".")[:2])) < (0, 151)
