"""`ppid user`: who may act under a name of their own, beside the officers of people.yaml."""

from __future__ import annotations

import json as jsonlib

from sqlalchemy import Connection, insert, select, update

from cli.opening import opened
from cli.options import Json, commands_below
from cli.words import role_named
from domain.errors import Refused
from domain.office import Role
from domain.text import clean_line
from tasks.acts import Performed
from tasks.store.engine import reading
from tasks.store.schema import users

app = commands_below("user", "Pengguna yang boleh bertindak.")


@app.command
def add(name: str, /, *, role: str, opd: str = "") -> int:
    """Tambahkan pengguna dengan perannya; OPD memerlukan --opd."""
    kept = clean_line("NAME", name, longest=80)
    held = role_named(role)
    if not kept or held in (Role.SYSTEM, Role.APPLICANT):
        raise Refused(
            "--role", "pengguna hanya untuk petugas, PPID, OPD, hukum, Atasan, Komisi, administrator"
        )
    with opened() as service:
        if held is not Role.OPD and opd:
            raise Refused("--opd", f"hanya untuk peran opd, bukan {held}")
        if held is Role.OPD and service.policy().office.opd(opd) is None:
            raise Refused("--opd", f"OPD «{opd}» tidak dikenal di opd.yaml")
        now = service.clock.now()

        def job(connection: Connection) -> Performed:
            known = connection.execute(select(users.c.name).where(users.c.name == kept)).first()
            if known is not None or service.policy().office.officer(kept) is not None:
                raise Refused("NAME", f"«{kept}» sudah ada")
            row = {"name": kept, "role": str(held), "opd": opd, "created_at": now}
            connection.execute(insert(users), row)
            return Performed("", "", "", 0, 0)

        service.acts.writer.submit(job).result()
    print(f"{kept} ditambahkan sebagai {held}.")
    return 0


@app.command(name="list")
def list_(*, json: Json = False) -> int:
    """Daftar pengguna dan pejabat."""
    with opened(writes=False) as service, reading(service.engine) as connection:
        rows = connection.execute(select(users).order_by(users.c.name)).all()
        officers = service.policy().office.officers
    if json:
        known = [{"name": o.key, "role": str(o.role), "opd": "", "disabled_at": None} for o in officers]
        known += [
            {
                "name": row.name,
                "role": row.role,
                "opd": row.opd,
                "disabled_at": row.disabled_at.isoformat() if row.disabled_at else None,
            }
            for row in rows
        ]
        print(jsonlib.dumps(known, ensure_ascii=False, indent=1))
        return 0
    for officer in officers:
        print(f"{officer.key}\t{officer.role}\t{officer.title}\tpeople.yaml")
    for row in rows:
        state = f"nonaktif sejak {row.disabled_at:%Y-%m-%d}" if row.disabled_at else "aktif"
        print(f"{row.name}\t{row.role}\t{row.opd}\t{state}")
    return 0


@app.command
def disable(name: str, /) -> int:
    """Nonaktifkan pengguna; riwayatnya tetap."""
    with opened() as service:
        now = service.clock.now()

        def job(connection: Connection) -> Performed:
            changed = connection.execute(
                update(users)
                .where(users.c.name == name, users.c.disabled_at.is_(None))
                .values(disabled_at=now)
            )
            if not changed.rowcount:
                raise Refused("NAME", f"tidak ada pengguna aktif bernama «{name}»")
            return Performed("", "", "", 0, 0)

        service.acts.writer.submit(job).result()
    print(f"{name} dinonaktifkan.")
    return 0
