"""The worker is killed in the middle of each stage's work: the next worker does it, once."""

from __future__ import annotations

import os
import shutil
import signal
from collections import Counter
from datetime import date

import pytest

from domain.act import ObjectionReason
from domain.dispute_arrows import DisputeFiling
from domain.identity import Channel
from domain.item import Ground
from domain.objection_arrows import ObjectionFiling
from domain.office import Actor, Role
from domain.work import STAGE_OF, family_jobs
from tasks import cases
from tasks.deployments import apply_deployments
from tasks.projector import Projector
from tasks.runs import RunBoard, StateType
from tasks.store.engine import reading, writing
from tasks.store.schema import journal
from tests.faults.up_process import ROOT, worker_of
from tests.flows.waiting import until
from tests.tasks.one_office import a_filing, an_office, copy_of_policy, do, forwarded, register
from tests.tasks.store_check import faults_in

DAY = date(2026, 3, 2)


def at_receipt(office):
    return register(office)


def at_forwarding(office):
    number = office.acts.register(
        a_filing(subject="Anggaran sekolah", items=("Dana BOS sekolah dasar",)), Actor(Role.DESK)
    )
    do(office, number.result().number, "record_complete", Role.DESK)
    return number.result().number


def at_legal_review(office):
    number = forwarded(office)
    do(office, number, "propose_exemption", Role.OPD, "Dikbud", ground=Ground.H, note="data siswa")
    return number


def at_response(office):
    number = forwarded(office)
    do(office, number, "answer", Role.OPD, "Dikbud")
    return number


def objected(office):
    number = at_response(office)
    do(office, number, "send_notice", Role.COORDINATOR, name="ppid")
    do(office, number, "record_sent", Role.DESK)
    filing = ObjectionFiling(reasons=(ObjectionReason.D,), received_on=DAY, channel=Channel.ONLINE)
    return number, office.acts.file_objection(filing, Actor(Role.APPLICANT), request=number).result().number


def at_objection(office):
    return objected(office)[0]


def at_escalation(office):
    number, objection = objected(office)
    do(office, objection, "pass_to_atasan", Role.DESK)
    do(office, objection, "answer", Role.ATASAN, name="sekda", granted=False, note="tetap")
    do(office, objection, "record_sent", Role.DESK)
    told = DisputeFiling(
        objection=cases.read(office, objection), received_on=DAY, ki_number="012/KI-BTN/2026"
    )
    by = Actor(Role.COORDINATOR)
    dispute = office.acts.register_dispute(told, by, objection=objection).result().number
    do(office, dispute, "release_dossier", Role.ATASAN, name="sekda")
    return number


STAGES = {
    "receipt": at_receipt,
    "forwarding": at_forwarding,
    "legal_review": at_legal_review,
    "response": at_response,
    "objection": at_objection,
    "escalation": at_escalation,
}


def open_stages(office, number):
    """Which stages have work for the system in that family."""
    family = cases.read_family(office, number)
    return {STAGE_OF[job] for _, job in family_jobs(family.cases, office.policy())}


async def killed_at_work(office, board, worker, runs) -> str:
    """Kill the worker once it stands before the write of one of those cases; which case it was.

    The store's write lock is ours meanwhile: the pass runs up to its act, and no further.
    """

    async def at_work() -> str:
        for number, run in runs.items():
            if (await board.state_of(run)).kind is StateType.RUNNING:
                return number
        return ""

    with writing(office.engine):
        worker.start()
        number = await until(at_work, bool)
        os.kill(worker.pid, signal.SIGKILL)
        worker.stop()
    return number


@pytest.mark.parametrize("stages", [("response",), pytest.param(tuple(STAGES), marks=pytest.mark.long)])
async def test_work_cut_off_in_the_middle_is_done_once_by_the_next_worker(tmp_path, prefect, stages):
    home, policy = tmp_path / "home", copy_of_policy(tmp_path / "policy")
    shutil.copytree(ROOT / "config" / "mail", policy / "mail")
    people = policy / "people.yaml"
    people.write_text(people.read_text().replace("auto_forward: false", "auto_forward: true"))
    await apply_deployments(ROOT / "deployment.yaml", prefect.api_url, schedules=False)
    with an_office(home, policy, DAY) as office:
        numbers = {stage: make(office) for stage, make in STAGES.items() if stage in stages}
        async with RunBoard(prefect.api_url) as board:
            projector = Projector(office.acts, board, real_time=False)
            await projector.catch_up()
            runs = {n: await board.find(n.replace("/", "-")) for n in numbers.values()}
            worker = worker_of(home, policy, DAY, prefect)
            cut_off = []
            for _ in stages:
                left = {n: run for n, run in runs.items() if n not in cut_off}
                cut_off.append(await killed_at_work(office, board, worker, left))
                for stage, number in numbers.items():
                    assert stage in open_stages(office, number)  # nothing half done
            assert sorted(cut_off) == sorted(numbers.values())

            worker.start()

            async def caught_up() -> bool:
                await projector.catch_up()
                if not projector.settled() or any(open_stages(office, n) for n in numbers.values()):
                    return False
                kinds = {(await board.state_of(run)).kind for run in runs.values()}
                return kinds == {StateType.SCHEDULED}  # a pass records what it saw, then leaves

            await until(caught_up, bool)
            worker.stop()
        with reading(office.engine) as connection:
            done = Counter(
                (row.number, row.action)
                for row in connection.execute(journal.select())
                if row.role == "system"
            )
        assert set(done.values()) == {1}
        assert faults_in(office.engine, home / "seals.log") == []
