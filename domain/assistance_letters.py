"""The letters an assistance owes: to the asking body, to the OPDs that help, to the coordinator."""

from __future__ import annotations

from dataclasses import replace

from domain.arrow import Scene
from domain.assistance import ASSISTANCE_SHOWN_AS, Assistance
from domain.ladder import Recipient
from domain.letter import Fact, Letter, LetterKind, kind_label
from domain.number import for_files

Letters = tuple[Letter, ...]
AScene = Scene[Assistance]
LAW = "PERKI 1/2021 Pasal 54 dan 55"


def base_facts(case: Assistance) -> dict[str, Fact]:
    """What every letter of an assistance tells."""
    return {
        "number": case.number,
        "subject": case.subject,
        "asking_body": case.asking_body,
        "received_on": case.received_on.isoformat(),
        "stage": ASSISTANCE_SHOWN_AS[case.stage],
        "law": LAW,
    }


def letter(case: Assistance, kind: LetterKind, tag: str, to: tuple[Recipient, ...], **facts: Fact) -> Letter:
    """A letter of this assistance; *tag* makes its key unique among the letters of its kind."""
    key = ":".join(part for part in (for_files(case.number), str(kind), tag) if part)
    return Letter(
        key=key,
        kind=kind,
        number=case.number,
        to=to,
        facts={**base_facts(case), **facts},
        by_hand=Recipient.APPLICANT in to and not case.has_email,
    )


def received(before: Assistance, after: Assistance, scene: AScene) -> Letters:
    return (
        letter(after, LetterKind.ASSISTANCE_RECEIPT, "", (Recipient.APPLICANT,)),
        letter(after, LetterKind.ASSISTANCE_NEW, "", (Recipient.COORDINATOR,)),
    )


def tasks(before: Assistance, after: Assistance, scene: AScene) -> Letters:
    """One task to each OPD that was asked with this act."""
    return tuple(
        replace(
            letter(
                after,
                LetterKind.ASSISTANCE_TASK,
                f"{key}:v{after.version}",
                (Recipient.OPD,),
                opd_name=_name_of(scene, key),
                note=scene.act.note,
            ),
            opd=key,
        )
        for key in after.opds
        if key not in before.opds
    )


def contributed(before: Assistance, after: Assistance, scene: AScene) -> Letters:
    return (
        letter(
            after,
            LetterKind.ASSISTANCE_COLLECTED,
            f"v{after.version}",
            (Recipient.COORDINATOR,),
            answers=_answers(after, scene),
            waiting_for=[_name_of(scene, key) for key in after.waiting_for],
        ),
    )


def answered(before: Assistance, after: Assistance, scene: AScene) -> Letters:
    """To the asking body, with every document; OPDs still asked learn that nothing is awaited any more."""
    told = letter(
        after,
        LetterKind.ASSISTANCE_ANSWER,
        "",
        (Recipient.APPLICANT,),
        answers=_answers(after, scene),
        reasons_text=after.answer,
    )
    return (replace(told, documents=after.all_documents), *released(before, after, scene))


def released(before: Assistance, after: Assistance, scene: AScene) -> Letters:
    """To each OPD that had not answered: nothing is awaited from it any more."""
    withdrawn = after.answered_on is None
    reason = "permintaan bantuan dicabut" if withdrawn else "PPID sudah menjawab badan publik peminta"
    return tuple(
        replace(
            letter(
                after,
                LetterKind.OPD_RELEASED,
                f"{key}:v{after.version}",
                (Recipient.OPD,),
                reason=reason,
                cause="withdrawn" if withdrawn else "answered",
            ),
            opd=key,
        )
        for key in before.waiting_for
    )


def mend_contact(before: Assistance, after: Assistance, scene: AScene) -> Letters:
    return (
        letter(
            after,
            LetterKind.MEND_CONTACT,
            f"v{after.version}",
            (Recipient.COORDINATOR, Recipient.DESK),
            letter_key=scene.act.other,
            letter_kind_label=kind_label(scene.act.other),
            reason=scene.act.note,
        ),
    )


def _answers(case: Assistance, scene: AScene) -> list[Fact]:
    return [
        {"opd": _name_of(scene, one.opd), "text": one.text, "documents": len(one.documents)}
        for one in case.contributions
    ]


def _name_of(scene: AScene, key: str) -> str:
    opd = scene.book.office.opd(key)
    return opd.name if opd else key
