"""`ppid status`: how the office stands, at a glance."""

from __future__ import annotations

import json as jsonlib
from collections import Counter
from typing import Any

from sqlalchemy import case, func, literal_column, select

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
    open_cases = cases.c.stage != literal_column("'closed'")  # as the index over open cases says it
    with reading(service.engine) as connection:
        by_stage = connection.execute(
            select(
                cases.c.kind,
                cases.c.stage,
                func.count().label("cases"),
                func.min(cases.c.next_on).label("soonest"),
                func.sum(case((cases.c.next_on <= today, 1), else_=0)).label("due"),
            )
            .where(open_cases)
            .group_by(cases.c.kind, cases.c.stage)
            .order_by(cases.c.kind.desc(), cases.c.stage)
        ).all()
        waiting = unsent(connection)
        alarms = connection.execute(select(marks).where(marks.c.name.startswith("alarm."))).all()
    by_name: Counter[str] = Counter()
    for row in by_stage:
        by_name[row.stage] += row.cases
    soonest = min((row.soonest for row in by_stage if row.soonest), default=None)
    finished = sweep.last_finished(service.acts)
    return {
        "today": today.isoformat(),
        "open": dict(by_name),
        "stages": [
            {"kind": r.kind, "stage": r.stage, "shown_as": SHOWN_AS[r.kind][r.stage], "cases": r.cases}
            for r in by_stage
        ],
        "next_on": soonest.isoformat() if soonest else None,
        "due": sum(row.due for row in by_stage),
        "letters": waiting,
        "last_sweep": finished.isoformat() if finished else None,
        "pending": sweep.pending(service.acts, now),
        "alarms": {row.name: {"value": row.value, "at": row.at.isoformat()} for row in alarms},
    }
