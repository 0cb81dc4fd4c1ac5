"""The run board on a real server: what a coordinator sees in the list."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId
from prefect.states import Running

from tasks.prefect_server import PortTaken, PrefectServer
from tasks.runs import FAR_AHEAD, NotDeployed, PrefectUnavailable, RunBoard, RunNotFound, RunView, StateType


async def test_a_run_moved_twice_lists_in_order_with_stage_and_date(board: RunBoard, number: str) -> None:
    soon = RunView(f"{number}-A", date(2026, 12, 3), "Diterima")
    moved = RunView(f"{number}-B", date(2026, 12, 1), "Diterima", ("Dinkes",))
    ids = await board.create_many([moved, soon])
    run_id = ids[moved.number]

    assert await board.show(run_id, RunView(moved.number, date(2026, 12, 2), "Menunggu jawaban OPD"))
    assert await board.show(run_id, RunView(moved.number, date(2026, 12, 8), "Dijawab", ("Dishub",)))

    page = [run for run in await board.list_page() if run.run_id in ids.values()]
    assert [(run.name, run.stage, run.tags) for run in page] == [
        (f"2026-12-03 · {soon.number}", "Diterima", ()),
        (f"2026-12-08 · {moved.number}", "Dijawab", ("Dishub",)),
    ]
    assert page[1].scheduled_at == FAR_AHEAD


async def test_creating_a_run_twice_gives_one_run(board: RunBoard, number: str) -> None:
    view = RunView(number, date(2026, 12, 8), "Diterima")

    assert await board.create(view) == await board.create(view) == await board.find(number)


async def test_an_unknown_number_is_not_found(board: RunBoard) -> None:
    assert await board.find("999-TIDAK-ADA") is None
    with pytest.raises(RunNotFound):
        await board.state_of(uuid4())


async def test_a_running_run_is_neither_shown_nor_woken(
    board: RunBoard, client: PrefectClient, number: str
) -> None:
    view = RunView(number, date(2026, 12, 8), "Diterima")
    run_id = await board.create(view)
    await client.set_flow_run_state(run_id, Running(), force=True)

    assert not await board.show(run_id, RunView(number, None, "Dijawab"))
    assert not await board.wake(run_id, view)
    assert (await board.state_of(run_id)).kind is StateType.RUNNING

    await client.delete_flow_run(run_id)


async def test_a_closed_case_ends_its_run_and_a_reopened_one_rests_again(
    board: RunBoard, number: str
) -> None:
    run_id = await board.create(RunView(number, None, "Dijawab"))

    await board.show(run_id, RunView(number, None, "Selesai", closed=True))
    closed = await board.state_of(run_id)
    await board.show(run_id, RunView(number, date(2026, 12, 8), "Penyerahan"))
    reopened = await board.state_of(run_id)

    assert (closed.kind, closed.stage, closed.name) == (StateType.COMPLETED, "Selesai", f"selesai · {number}")
    assert (reopened.kind, reopened.stage) == (StateType.SCHEDULED, "Penyerahan")


async def test_a_run_rests_until_its_backstop(board: RunBoard, number: str) -> None:
    backstop_at = datetime(2099, 12, 8, 17, 0, tzinfo=UTC)
    run_id = await board.create(RunView(number, None, "Dijawab", backstop_at=backstop_at))

    assert (await board.state_of(run_id)).scheduled_at == backstop_at


async def test_a_run_has_one_timeline_however_often_it_is_written(
    board: RunBoard, client: PrefectClient, number: str
) -> None:
    run_id = await board.create(RunView(number, None, "Diterima"))

    for text in ("# satu", "# dua"):
        await board.annotate(run_id, RunView(number, None, "Diterima", timeline_markdown=text))

    wanted = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run_id]))
    found = await client.request(
        "POST", "/artifacts/filter", json={"artifacts": wanted.model_dump(mode="json", exclude_unset=True)}
    )
    assert [artifact["data"] for artifact in found.json()] == ["# dua"]


async def test_a_board_without_its_deployment_says_so(prefect_server: PrefectServer) -> None:
    async with RunBoard(prefect_server.api_url, "tiada/tiada") as board:
        with pytest.raises(NotDeployed):
            await board.list_page()


async def test_the_link_opens_the_v2_list_by_name(board: RunBoard) -> None:
    link = await board.page_link()

    assert "/v2/runs?start=" in link
    assert "&sort=NAME_ASC&deployments=" in link


def test_a_taken_port_is_told_before_anything_starts(prefect_server: PrefectServer) -> None:
    port = int(prefect_server.url.rpartition(":")[2])
    second = PrefectServer(prefect_server.log.parent / "second", port)

    with pytest.raises(PortTaken):
        second.start()
    assert not second.is_running()
    assert prefect_server.is_running()


async def test_a_server_that_is_down_means_try_again(number: str) -> None:
    async with RunBoard("http://127.0.0.1:9/api") as board:
        with pytest.raises(PrefectUnavailable):
            await board.find(number)
