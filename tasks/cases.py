"""Reading cases for flows and commands, and keeping documents with them."""

from __future__ import annotations

import asyncio

from sqlalchemy import Connection

from tasks.acts import Performed
from tasks.service import Service
from tasks.store import casefile
from tasks.store.codec import Case
from tasks.store.engine import reading
from tasks.store.family import Family


def read_family(service: Service, number: str) -> Family:
    """The family of that case as it stands.

    Raises:
        CaseNotFound: no case of that number.
    """
    with reading(service.engine) as connection:
        return casefile.load_family(connection, number)


def read(service: Service, number: str) -> Case:
    """The case of that number as it stands.

    Raises:
        CaseNotFound: no case of that number.
    """
    return read_family(service, number).file(number).case


async def keep_document(service: Service, number: str, name: str, media_type: str, content: bytes) -> str:
    """Keep a document with the case; its id. The act that uses it names it afterwards."""
    case_id = read_family(service, number).file(number).id
    kept: list[str] = []

    def job(connection: Connection) -> Performed:
        now = service.clock.now()
        kept.append(service.documents.put(connection, case_id, name, media_type, content, now))
        return Performed(number, "", "", 0, 0)

    await asyncio.wrap_future(service.acts.writer.submit(job))
    return kept[-1]
