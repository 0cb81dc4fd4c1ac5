"""`ppid status`: how the office stands, at a glance."""

from __future__ import annotations

import json as jsonlib
from collections import Counter
from typing import Any

from sqlalchemy import func, select

from cli.casebook import LETTER_STATES, SHOWN_AS
from cli.opening import opened
from cli.options import Json
from cli.verify import NoStoreYet
from cli.words import in_jakarta
from tasks import sweep
from tasks.dispatcher import unsent
from tasks.service import Service
from tasks.store.engine import reading
from tasks.store.schema import cases, marks


def status(*, json: Json = False) -> int:
    """Berkas terbuka per tahap, surat yang menunggu, sapuan terakhir, dan peringatan."""
    try:
        with opened(writes=False) as service:
            told = gather(service)
    except NoStoreYet as empty:
        print("{}" if json else empty)
        return 0
    if json:
        print(jsonlib.dumps(told, ensure_ascii=False, indent=1))
        return 0
    print(f"Hari ini {told['today']}. Berkas terbuka: {sum(told['open'].values())}")
    for row in told["stages"]:
        print(f"  {row['shown_as']}: {row['cases']}")
    print(f"Tanggal terdekat: {told['next_on'] or '–'}; jatuh tempo hari ini atau lewat: {told['due']}")
    letters = ", ".join(f"{count} {LETTER_STATES[state]}" for state, count in told["letters"].items())
    print(f"Surat: {letters or 'semua terkirim'}")
    last = in_jakarta(told["last_sweep"]) if told["last_sweep"] else "belum pernah"
    print(f"Sapuan terakhir: {last}")
    print(f"Pengingat jatuh tempo yang belum tercatat: {told['pending']}")
    for name, alarm in told["alarms"].items():
        print(f"PERINGATAN sejak {in_jakarta(alarm['at'])}: {alarm['value']} [{name}]")
    return 0


def gather(service: Service) -> dict[str, Any]:
    """The figures behind the page."""
    now, today = service.clock.now(), service.clock.today()
    open_cases = cases.c.stage != "closed"
    with reading(service.engine) as connection:
        by_stage = connection.execute(
            select(cases.c.kind, cases.c.stage, func.count().label("cases"))
            .where(open_cases)
            .group_by(cases.c.kind, cases.c.stage)
            .order_by(cases.c.kind.desc(), cases.c.stage)
        ).all()
        soonest = connection.execute(select(func.min(cases.c.next_on)).where(open_cases)).scalar()
        due = connection.execute(
            select(func.count()).select_from(cases).where(open_cases, cases.c.next_on <= today)
        ).scalar_one()
        waiting = unsent(connection)
        alarms = connection.execute(select(marks).where(marks.c.name.startswith("alarm."))).all()
    by_name: Counter[str] = Counter()
    for row in by_stage:
        by_name[row.stage] += row.cases
    finished = sweep.last_finished(service.acts)
    return {
        "today": today.isoformat(),
        "open": dict(by_name),
        "stages": [
            {"kind": r.kind, "stage": r.stage, "shown_as": SHOWN_AS[r.kind][r.stage], "cases": r.cases}
            for r in by_stage
        ],
        "next_on": soonest.isoformat() if soonest else None,
        "due": due,
        "letters": waiting,
        "last_sweep": finished.isoformat() if finished else None,
        "pending": sweep.pending(service.acts, now),
        "alarms": {row.name: {"value": row.value, "at": row.at.isoformat()} for row in alarms},
    }
