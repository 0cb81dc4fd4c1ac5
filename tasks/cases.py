"""Reading cases for flows and commands."""

from __future__ import annotations

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
