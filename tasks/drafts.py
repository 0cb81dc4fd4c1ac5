"""The draft of a notice, from the answers as they stand; the PPID reads, mends and signs."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from domain import request_letters
from domain.act import Act
from domain.arrow import Scene
from domain.office import SYSTEM
from domain.request import Request
from tasks.letters import Addressee, Texts, folder_of
from tasks.service import Service

#: The draft lies in the store without a name: whoever signs sees the applicant on the case itself.
_NO_NAME = Addressee(name="[nama pemohon]", address="[alamat pemohon]")


def draft_notice(request: Request, service: Service) -> str:
    """The notice as it would be sent today, as plain text.

    Raises:
        LetterUnrenderable: the city's text asks for what the case does not tell.
    """
    book = service.policy()
    scene: Scene[Request] = Scene(Act(action="compile", by=SYSTEM, at=service.clock.now()), book)
    (told,) = request_letters.notice(request, request, scene)
    common = {
        "city": book.office.city,
        "ppid_mailbox": book.office.ppid_mailbox,
        "decreed_through": book.calendar.decreed_through.isoformat(),
    }
    texts = _texts(folder_of(service.policy.folder))
    rendered = texts.render(told.kind, told.facts, applicant=_NO_NAME, common=common)
    return f"KONSEP\n\n{rendered.subject}\n\n{rendered.text}\n"


@lru_cache(maxsize=2)
def _texts(folder: Path) -> Texts:
    return Texts(folder)
