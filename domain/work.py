"""What the system itself has to do at the stage it finds a family in; everything else waits for people.

The projector asks whether to wake the run, the flows ask what to do: one answer for both.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, TypeAlias

from domain.assistance import Assistance
from domain.dispute import Dispute, dossier_may_go
from domain.item import given_documents
from domain.objection import Objection, ObjectionStage
from domain.request import Request, Stage
from domain.rulebook import Rulebook

Case: TypeAlias = Request | Objection | Dispute | Assistance


class Job(StrEnum):
    """One piece of the system's work; the value is the step's name in Prefect."""

    PROPOSE_OPDS = "usulkan OPD"
    FORWARD = "teruskan ke OPD"
    OPEN_TEST = "buka lembar uji konsekuensi"
    COMPILE = "susun konsep jawaban"
    SEND_BUNDLE = "kirim dokumen kepada pemohon"
    PASS_TO_ATASAN = "serahkan keberatan kepada Atasan PPID"  # noqa: S105 a step, no secret
    BUILD_DOSSIER = "susun berkas untuk Komisi Informasi"


#: The flow file whose business each job is.
STAGE_OF: Final = {
    Job.PROPOSE_OPDS: "receipt",
    Job.FORWARD: "forwarding",
    Job.OPEN_TEST: "legal_review",
    Job.COMPILE: "response",
    Job.SEND_BUNDLE: "response",
    Job.PASS_TO_ATASAN: "objection",
    Job.BUILD_DOSSIER: "escalation",
}


def jobs_of(case: Case, book: Rulebook) -> tuple[Job, ...]:
    """The system's open work on that case, in order; empty when it waits for people or dates."""
    if isinstance(case, Request):
        return _request_jobs(case, book)
    if isinstance(case, Objection):
        return (Job.PASS_TO_ATASAN,) if case.stage is ObjectionStage.RECEIVED else ()
    if isinstance(case, Assistance):
        return ()  # people alone answer it
    return (Job.BUILD_DOSSIER,) if dossier_may_go(case) and not case.dossier_document else ()


def family_jobs(family: Iterable[Case], book: Rulebook) -> tuple[tuple[str, Job], ...]:
    """The system's open work on the whole family: number and job."""
    return tuple((case.number, job) for case in family for job in jobs_of(case, book))


def bundle_of(request: Request) -> tuple[str, ...]:
    """The documents the applicant gets; nothing that is exempt is among them."""
    return given_documents(request.items)


def _request_jobs(request: Request, book: Rulebook) -> tuple[Job, ...]:
    if request.stage is Stage.REGISTERED:
        jobs = [] if request.proposed or request.routed_on else [Job.PROPOSE_OPDS]
        ready = request.complete_on is not None and not request.assignments
        if book.office.auto_forward and ready and (request.proposed or jobs):
            jobs.append(Job.FORWARD)
        return tuple(jobs)
    if request.stage is Stage.LEGAL_REVIEW and request.test_opened_on is None:
        return (Job.OPEN_TEST,)
    if request.stage is Stage.DRAFTING and request.compiled_on is None:
        return (Job.COMPILE,)
    waits = request.stage is Stage.ANSWERED and request.bundle_sent_on is None
    if waits and bundle_of(request) and not request.cost_idr:
        return (Job.SEND_BUNDLE,)
    return ()
