"""The letters a dispute's arrows owe: tasks of the city's representative, never the Commission's own."""

from __future__ import annotations

from datetime import date

from domain.act import REASON_SHOWN_AS, RULING_SHOWN_AS
from domain.arrow import Scene
from domain.clock import latest
from domain.dispute import DISPUTE_SHOWN_AS, Dispute, order_name
from domain.ladder import Recipient
from domain.letter import Fact, Letter, LetterKind
from domain.number import for_files
from domain.request_facts import iso
from domain.rule import ClockKind

Letters = tuple[Letter, ...]
DScene = Scene[Dispute]


def base_facts(dispute: Dispute) -> dict[str, Fact]:
    """What every letter of a dispute tells."""
    return {
        "number": dispute.number,
        "request_number": dispute.request,
        "objection_number": dispute.objection,
        "ki_number": dispute.ki_number,
        "subject": dispute.subject,
        "received_on": dispute.received_on.isoformat(),
        "stage": DISPUTE_SHOWN_AS[dispute.stage],
        "reasons": [{"code": str(r), "label": REASON_SHOWN_AS[r]} for r in dispute.reasons],
        "hearing_on": iso(dispute.hearing_on),
        "decision_hearing_on": iso(dispute.decision_hearing_on),
        "ruling": RULING_SHOWN_AS[dispute.ruling] if dispute.ruling else "",
        "law": "UU 14/2008 Pasal 38",
    }


def letter(dispute: Dispute, kind: LetterKind, tag: str, to: tuple[Recipient, ...], **facts: Fact) -> Letter:
    """A letter of this dispute; *tag* makes its key unique among the letters of its kind."""
    key = ":".join(part for part in (for_files(dispute.number), str(kind), tag) if part)
    return Letter(key=key, kind=kind, number=dispute.number, to=to, facts={**base_facts(dispute), **facts})


def registered(before: Dispute, after: Dispute, scene: DScene) -> Letters:
    due_on = _due(after, ClockKind.KI_START)
    return _task(
        after, "siapkan jawaban tertulis dan berkas bukti", due_on, law="PERKI 1/2013 Pasal 25 dan 52"
    )


def mediation(before: Dispute, after: Dispute, scene: DScene) -> Letters:
    due_on = _due(after, ClockKind.MEDIATION)
    return _task(after, "hadiri mediasi dengan wakil yang berwenang", due_on, law="PERKI 1/2013 Pasal 41")


def hearing(before: Dispute, after: Dispute, scene: DScene) -> Letters:
    law = "PERKI 1/2013 Pasal 24 ayat (2), 25 dan 31"
    return _task(after, "siapkan jawaban tertulis dan hadiri sidang", after.hearing_on, law=law)


def conclusions(before: Dispute, after: Dispute, scene: DScene) -> Letters:
    due_on = _due(after, ClockKind.CONCLUSIONS)
    return _task(after, "serahkan kesimpulan tertulis", due_on, law="PERKI 1/2013 Pasal 57 ayat (3)")


def copy_awaited(before: Dispute, after: Dispute, scene: DScene) -> Letters:
    due_on = _due(after, ClockKind.DECISION_COPY)
    return _task(after, "catat hari salinan putusan diterima", due_on, law="PERKI 1/2013 Pasal 59 ayat (4)")


def court_or_comply(before: Dispute, after: Dispute, scene: DScene) -> Letters:
    due_on = _due(after, ClockKind.APPEAL)
    law = "UU 14/2008 Pasal 48 ayat (1); PERKI 1/2013 Pasal 60 ayat (2)"
    return _task(after, "terima putusan, atau ajukan keberatan ke pengadilan", due_on, law=law)


def cassation(before: Dispute, after: Dispute, scene: DScene) -> Letters:
    due_on = _due(after, ClockKind.CASSATION)
    return _task(after, "terima putusan pengadilan, atau ajukan kasasi", due_on, law="UU 14/2008 Pasal 50")


def order_task(before: Dispute, after: Dispute, scene: DScene) -> Letters:
    """For a dispute without a request; otherwise the request's own order tells it."""
    if after.request or not after.is_ordered:
        return ()
    return (
        letter(
            after,
            LetterKind.ORDER_TASK,
            f"v{after.version}",
            (Recipient.COORDINATOR,),
            ordered_by=order_name(after),
            due=iso(after.comply_by),
            what=after.order,
        ),
    )


def _due(dispute: Dispute, kind: ClockKind) -> date | None:
    found = latest(dispute.clocks, kind)
    return found.due_on if found else None


def _task(dispute: Dispute, what: str, due_on: date | None, *, law: str) -> Letters:
    to = (Recipient.COORDINATOR, Recipient.ATASAN)
    tag = f"v{dispute.version}"
    return (letter(dispute, LetterKind.DISPUTE_TASK, tag, to, what=what, due=iso(due_on), law=law),)
