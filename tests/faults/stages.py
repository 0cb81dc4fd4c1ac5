"""A request at each stage that has work for the system, made by the acts that lead there."""

from collections import Counter
from datetime import date
from pathlib import Path

from domain.act import ObjectionReason
from domain.dispute_arrows import DisputeFiling
from domain.identity import Channel
from domain.item import Ground
from domain.objection_arrows import ObjectionFiling
from domain.office import Actor, Role
from domain.work import STAGE_OF, family_jobs
from tasks import cases
from tasks.store.engine import reading
from tasks.store.schema import journal
from tests.tasks.one_office import a_filing, copy_of_policy, do, forwarded, register

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


def works_by_itself(folder: Path) -> Path:
    """A policy under which the system forwards what it can."""
    policy = copy_of_policy(folder)
    people = policy / "people.yaml"
    people.write_text(people.read_text().replace("auto_forward: false", "auto_forward: true"))
    return policy


def done_by_the_system(office):
    """How often the system did each thing to each case."""
    with reading(office.engine) as connection:
        rows = connection.execute(journal.select().where(journal.c.role == "system")).all()
    return Counter((row.number, row.action) for row in rows)
