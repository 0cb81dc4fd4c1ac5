"""Whether a store is whole, told without the code that wrote it; fault tests ask after every crash."""

import hashlib
import json
from itertools import groupby
from pathlib import Path

from sqlalchemy import Engine, select

from tasks.store.codec import load_case
from tasks.store.engine import reading
from tasks.store.schema import cases, clocks, counters, journal, ledger, letters, seals

_COVERED = (
    *("number", "seq", "at", "action", "role", "actor", "stage_before", "stage_after"),
    *("version", "facts", "state_hash", "prev_hash"),
)


def faults_in(engine: Engine, seal_log: Path | None = None) -> list[str]:
    """Everything that does not fit, in words; empty when the store is whole."""
    with reading(engine) as connection:
        tables = {
            table.name: connection.execute(select(table).order_by(*table.primary_key.columns)).all()
            for table in (cases, clocks, counters, journal, ledger, letters, seals)
        }
    return [
        *_numbers(tables),
        *_chains(tables),
        *_seals(tables),
        *_clocks(tables),
        *_ledger(tables),
        *_letters(tables),
        *(_log(tables, seal_log) if seal_log else ()),
    ]


def _digest(*parts: str | bytes) -> str:
    sha = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        sha.update(len(raw).to_bytes(8, "big") + raw)
    return sha.hexdigest()


def _numbers(tables):
    def series(row):
        return row.kind, row.series, row.year

    given = {series(row): row.last for row in tables["counters"]}
    for key, rows in groupby(sorted(tables["cases"], key=series), key=series):
        counts = sorted(int(row.number.split("/")[0]) for row in rows)
        if counts != list(range(1, len(counts) + 1)):
            yield f"numbers of {key} have gaps: {counts}"
        if given.get(key) != len(counts):
            yield f"counter of {key} says {given.get(key)}, there are {len(counts)}"


def _chains(tables):
    entries = sorted(tables["journal"], key=lambda row: (row.case_id, row.seq))
    chains = {case: list(rows) for case, rows in groupby(entries, key=lambda row: row.case_id)}
    for case in tables["cases"]:
        previous = ""
        for seq, row in enumerate(chains.get(case.id, []), start=1):
            covered = [str(row._mapping[name]) for name in _COVERED]
            if (row.seq, row.prev_hash) != (seq, previous) or row.hash != _digest(
                *covered, row.sealed or b""
            ):
                yield f"{case.number}: entry {seq} does not fit"
            previous = row.hash
        last = chains[case.id][-1]
        if (case.head_seq, case.head_hash) != (last.seq, last.hash) or last.state_hash != _digest(case.state):
            yield f"{case.number}: the case is not what its last entry says"


def _seals(tables):
    hashes, sealed, previous = {row.id: row.hash for row in tables["journal"]}, [], ""
    for row in tables["seals"]:
        ids = [int(part) for part in row.entries.split(",")]
        if row.prev_hash != previous or row.hash != _digest(previous, row.entries, *(hashes[i] for i in ids)):
            yield f"seal {row.id} does not fit"
        sealed, previous = sealed + ids, row.hash
    if sorted(sealed) != sorted(hashes):
        yield "entries sealed twice or not at all"


def _clocks(tables):
    rows = {(r.case_id, r.kind, r.key): (r.version, r.due_on, r.running) for r in tables["clocks"]}
    for case in tables["cases"]:
        for clock in load_case(case.kind, case.state).clocks:
            if rows.pop((case.id, clock.kind, clock.key), None) != (
                clock.version,
                clock.due_on,
                clock.is_running,
            ):
                yield f"{case.number}: clock {clock.kind} {clock.key} differs from its row"
    if rows:
        yield f"clock rows without a clock: {sorted(rows)}"


def _ledger(tables):
    keys = {row.key for row in tables["letters"]}
    written = {(r.case_id, r.clock, r.clock_key, r.rung, r.clock_version) for r in tables["ledger"]}
    for row in tables["ledger"]:
        if row.letter_key and row.letter_key not in keys:
            yield f"ledger {row.id} names a letter that is not there: {row.letter_key}"
    told = [json.loads(r.facts) | {"case": r.case_id} for r in tables["journal"] if r.action == "rung"]
    rungs = [(f["case"], f["clock"], f["key"], rung) for f in told for rung in f["rungs"]]
    if sorted(rungs) != sorted(entry[:4] for entry in written):
        yield "journal and ledger tell different rungs"
    for case in tables["cases"]:
        for clock in load_case(case.kind, case.state).clocks:
            this = {
                e[3] for e in written if e[:3] == (case.id, clock.kind, clock.key) and e[4] == clock.version
            }
            if not this <= set(clock.fired):
                yield f"{case.number}: clock {clock.kind} forgot rungs {this - set(clock.fired)}"


def _letters(tables):
    keys = [row.key for row in tables["letters"]]
    if len(keys) != len(set(keys)):
        yield "a letter's key stands twice"
    stages = {row.id: load_case(row.kind, row.state) for row in tables["cases"]}
    for row in tables["letters"]:
        if row.state in ("sent", "kept") and (row.sent_at is None or not row.message_id):
            yield f"{row.key} is {row.state} without its mark"
        meets = row.state in ("sent", "kept") and row.meets == "notice" and not row.by_hand
        if meets and stages[row.case_id].notice_sent_at is None:
            yield f"{row.key} left and its duty is open"


def _log(tables, seal_log: Path):
    lines = seal_log.read_text().split() if seal_log.exists() else []
    gone = set(lines) - {row.hash for row in tables["seals"]}
    if gone or len(lines) != len(set(lines)):
        yield f"{len(gone)} seals of the log are not in the store"
