"""Corrections of the register: fields that are not personal, and the applicant's data wherever it is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection

from domain.act import Act
from domain.arrow import Decision, Happened
from domain.errors import Refused
from domain.identity import FIELDS, Identity, checked, papers_missing
from domain.request import Request
from tasks.sealing import Sealing
from tasks.store import casefile, people
from tasks.store.family import Case, Family, Filed

#: Register entries a `correct` may change that are not personal.
PLAIN_FIELDS: Final = ("subject", "received_on")


def change_register(
    sealing: Sealing, connection: Connection, family: Family, filed: Filed, decision: Decision[Any], act: Act
) -> tuple[Decision[Any], Filed, dict[str, Any]]:
    """Apply corrected fields; the old and the new values go sealed into the journal."""
    case = filed.case
    personal: dict[str, Any] = {n: _typed(n, v) for n, v in act.changes.items() if n in FIELDS}
    unknown = sorted(set(act.changes) - set(personal) - set(PLAIN_FIELDS))
    if unknown:
        known = ", ".join((*PLAIN_FIELDS, *FIELDS))
        raise Refused(unknown[0], f"bukan isian register; yang ada: {known}")
    before: dict[str, Any] = {name: str(getattr(case, name)) for name in act.changes if name in PLAIN_FIELDS}
    if personal:
        identity = sealing.identity_of(filed)
        before.update({name: getattr(identity, name) for name in personal})
        changed = checked(replace(identity, **personal))
        sealed = sealing.seal_identity(filed.person_id, filed.wrapped_key, filed.number, changed)
        filed = casefile.reseal_identity(connection, filed, sealed)
        people.reindex(connection, sealing.keyring, filed.person_id, changed)
        decision = replace(decision, case=_with_identity(decision.case, changed))
        if "email" in personal:
            ids = [f.id for f in family.files if f.person_id == filed.person_id]
            casefile.offer_again(connection, ids, act.at, by_hand=not changed.email)
    return decision, filed, {"before": before, "after": dict(act.changes)}


def change_beside(
    sealing: Sealing, connection: Connection, family: Family, filed: Filed, act: Act
) -> list[tuple[Filed, Happened, Case]]:
    """Objections and disputes hold the applicant's data too: it changes there with the request's.

    Returns:
        The cases whose letters now reach the applicant by another way, with what their own journal tells.
    """
    personal: dict[str, Any] = {n: _typed(n, v) for n, v in act.changes.items() if n in FIELDS}
    told: list[tuple[Filed, Happened, Case]] = []
    for other in family.files:
        if not personal or other.id == filed.id or other.person_id != filed.person_id:
            continue
        changed = replace(sealing.identity_of(other), **personal)
        sealed = sealing.seal_identity(other.person_id, other.wrapped_key, other.number, changed)
        other = casefile.reseal_identity(connection, other, sealed)
        case = _with_identity(other.case, changed)
        if case == other.case:
            continue
        stage = str(case.stage)
        facts = {"changed": sorted(personal), "with": filed.number}
        event = Happened(other.number, act.action, stage, stage, act.by, act.at, facts)
        marked = replace(case, version=case.version + 1)
        told.append((other, event, marked))
    return told


def _with_identity(case: Case, identity: Identity) -> Case:
    has_email = bool(identity.email)
    if isinstance(case, Request):
        faults = papers_missing(case.applicant, identity)
        return replace(case, has_email=has_email, faults=faults)
    return replace(case, has_email=has_email)


def _typed(name: str, value: str) -> str | bool:
    if name == "power_of_attorney":
        return value.strip().lower() in ("true", "ya", "1")
    return value
