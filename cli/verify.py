"""`ppid verify`: is the record whole? Needs no key and nothing that starts slowly."""

from __future__ import annotations

import json
import os
import sys

from sqlalchemy import Engine, inspect
from sqlalchemy.engine import make_url

from cli.options import Json
from config.settings import Settings, settings_from
from domain.errors import DomainError
from tasks.store.engine import open_engine, reading
from tasks.verify import verify as check


class NoStoreYet(DomainError):
    """There is no database where the settings point."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place

    def __str__(self) -> str:
        return f"Belum ada data di {self.place}. Mulai dengan `ppid up` atau `ppid request file BERKAS`."


def existing_store(settings: Settings) -> Engine:
    """The database the settings point to, which must be there already.

    Raises:
        NoStoreYet: it is not, or is empty.
        StoreUnavailable: it gives no answer.
    """
    url = make_url(settings.database_url)
    is_file = url.get_backend_name() == "sqlite"
    if is_file and not os.path.exists(url.database or ""):  # noqa: PTH110 the URL holds text
        raise NoStoreYet(url.database or "")
    engine = open_engine(settings.database_url)
    with reading(engine) as connection:
        known = inspect(connection).has_table("journal")
    if not known:
        engine.dispose()
        raise NoStoreYet(url.database or "")
    return engine


def verify(
    *,
    as_json: Json = False,
) -> int:
    """Periksa rantai jurnal setiap berkas dan rantai segel; sebut entri pertama yang rusak."""
    settings = settings_from(os.environ)
    engine = existing_store(settings)
    try:
        with reading(engine) as connection:
            found = check(connection, settings.home / "seals.log")
    finally:
        engine.dispose()
    broken = found.broken
    if as_json:
        named = {"number": broken.number, "seq": broken.seq, "what": broken.what} if broken else None
        counted = {"cases": found.cases, "entries": found.entries, "seals": found.seals}
        print(json.dumps({"ok": broken is None, **counted, "broken": named}, ensure_ascii=False))
    elif broken is None:
        print(f"Utuh: {found.cases} berkas, {found.entries} entri jurnal, {found.seals} segel.")
    else:
        print(f"RUSAK pada {broken}", file=sys.stderr)
    return 0 if broken is None else 1
