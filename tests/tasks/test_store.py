"""The store: migrated once, the same schema on both databases, clear words when it cannot be reached."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import event, insert, inspect, select, text

from domain.act import Act
from domain.errors import DomainError
from domain.office import SYSTEM, Role
from tasks.acts import Performed
from tasks.store import migrate as migrate_module
from tasks.store.codec import dump_case, load_case
from tasks.store.engine import DatabaseUrlUnusable, StoreUnavailable, open_engine, reading, writing
from tasks.store.migrate import DatabaseIsNewer, migrate, revisions
from tasks.store.schema import cases, marks, metadata
from tasks.store.writer import Writer

from .city import march
from .store_check import faults_in


def test_migrating_twice_changes_nothing(engine):
    before = {name: inspect(engine).get_columns(name) for name in inspect(engine).get_table_names()}
    migrate(engine)

    assert set(before) == {*metadata.tables, "alembic_version"}
    assert {name: inspect(engine).get_columns(name) for name in before}.keys() == before.keys()


def test_the_revisions_by_file_name_are_the_ones_alembic_runs():
    scripts = ScriptDirectory(str(Path(migrate_module.__file__).parent / "migrations"))

    assert revisions() == [script.revision for script in reversed(list(scripts.walk_revisions()))]


def test_a_store_that_is_up_to_date_is_opened_without_alembic(tmp_path):
    url = f"sqlite:///{tmp_path / 'ppid.sqlite'}"
    migrate(open_engine(url))
    again = (
        "import sys; from tasks.store.engine import open_engine; from tasks.store.migrate import migrate;"
        f"migrate(open_engine({url!r})); sys.exit('alembic' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", again], check=False).returncode == 0


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(engine):
    migrate(engine)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'z999'"))

    with pytest.raises(DatabaseIsNewer, match="z999"):
        migrate(engine)

    with reading(engine) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "z999"


def test_the_migrations_build_the_schema_the_code_knows(engine):
    for table in metadata.sorted_tables:
        columns = {c["name"]: c["nullable"] for c in inspect(engine).get_columns(table.name)}
        indexes = {i["name"] for i in inspect(engine).get_indexes(table.name)}

        assert columns == {c.name: bool(c.nullable) for c in table.columns}, table.name
        assert {i.name for i in table.indexes} <= indexes, table.name


def test_a_case_comes_back_as_it_was_written(office):
    number = office.answered()
    case = office.case(number)

    assert load_case("request", dump_case(case)) == case
    assert case.clocks[0].met_at.tzinfo is not None


def test_instants_come_back_aware_and_in_utc(office):
    number = office.register()

    assert office.rows(cases, cases.c.number == number)[0].registered_at == march(2)
    assert office.rows(cases)[0].registered_at.utcoffset() == UTC.utcoffset(None)


def test_a_naive_instant_never_reaches_the_store(engine):
    with pytest.raises(Exception, match="naive"), writing(engine) as connection:
        naive = datetime(2026, 3, 2)  # noqa: DTZ001 what must be refused
        connection.execute(insert(marks).values(name="a", value="b", at=naive))


def test_an_unreachable_database_says_try_again_and_nothing_is_acknowledged(office):
    number = office.register()
    closed = open_engine("postgresql://ppid@127.0.0.1:1/ppid?connect_timeout=1")
    writer = Writer(closed, lambda _connection, _results: None)

    future = writer.submit(lambda connection: connection.execute(text("SELECT 1")))

    with pytest.raises(StoreUnavailable):
        future.result()
    with pytest.raises(StoreUnavailable), reading(closed):
        pass
    writer.close()
    assert office.case(number).stage == "registered"


@pytest.mark.parametrize("url", ["bukan url", "oracle+entah://x", "mysql://u:rahasia@x/y"])
def test_a_url_nobody_can_read_is_refused_without_its_password(url):
    with pytest.raises(DatabaseUrlUnusable) as refusal:
        open_engine(url)
    assert "rahasia" not in str(refusal.value)


def test_a_job_that_fails_undoes_only_itself_in_a_shared_commit(office):
    def wrong(connection):
        connection.execute(insert(marks).values(name="salah", value="", at=march(2)))
        raise ValueError("salah")

    def right(connection):
        connection.execute(insert(marks).values(name="benar", value="", at=march(2)))
        return Performed("", "", "", 0, 0)

    with ThreadPoolExecutor(8) as crowd:
        futures = list(crowd.map(office.acts.writer.submit, [wrong, wrong, right, wrong, wrong]))

    assert [type(f.exception()) for f in futures].count(ValueError) == 4
    assert [row.name for row in office.rows(marks)] == ["benar"]


def test_a_reader_never_waits_for_a_writer(office):
    number = office.register()
    with writing(office.engine) as writing_connection:
        writing_connection.execute(cases.update().values(subject="sedang diubah"))
        with reading(office.engine) as connection:
            seen = connection.execute(select(cases.c.subject).where(cases.c.number == number)).scalar()

    assert seen == "Anggaran uji"


def test_the_writer_goes_on_after_a_bug(office):
    bug = office.acts.writer.submit(lambda connection: connection.nothing_of_the_kind)

    assert isinstance(bug.exception(), AttributeError)
    assert office.register()


def test_the_system_acts_without_a_name(office):
    number = office.forwarded()

    act = Act(action="take_over", by=SYSTEM, at=office.clock.now(), opds=("Dikbud",))
    assert office.acts.perform(number, act).result().action == "take_over"


# --- the writer -----------------------------------------------------------------------------------


def busy(office):
    """Keeps the writer in a job until the returned event is set, so that what follows shares a commit."""
    begun, go_on = threading.Event(), threading.Event()

    def wait(_connection):
        begun.set()
        go_on.wait(30)

    office.acts.writer.submit(wait)
    begun.wait(30)
    return go_on


def test_a_cancelled_job_is_not_done_and_takes_no_other_with_it(office):
    go_on, done = busy(office), []
    cancelled = office.acts.writer.submit(lambda _: done.append("cancelled"))
    following = office.acts.writer.submit(lambda _: done.append("following"))
    cancelled.cancel()

    go_on.set()

    following.result(30)
    assert done == ["following"]


def test_an_act_decides_on_what_the_acts_of_its_commit_have_changed(office):
    number = office.forwarded("Dikbud", "BKAD")
    go_on = busy(office)
    acts = [
        office.act("answer", Role.OPD, opd=opd, items=(item,)) for opd, item in (("Dikbud", 1), ("BKAD", 2))
    ]
    futures = [office.acts.perform(number, act) for act in acts]
    go_on.set()

    versions = [future.result(30).version for future in futures]

    assert versions == sorted(set(versions))
    assert {item.answered_by for item in office.case(number).items} == {"Dikbud", "BKAD"}
    assert faults_in(office.engine, office.seal_log) == []


def test_a_refused_act_takes_none_of_its_commit_with_it(office):
    number, other = office.forwarded("Dikbud"), office.forwarded("BKAD")
    go_on = busy(office)
    first = office.acts.perform(number, office.act("answer", Role.OPD, opd="Dikbud"))
    again = office.acts.perform(number, office.act("answer", Role.OPD, opd="Dikbud"))
    beside = office.acts.perform(other, office.act("answer", Role.OPD, opd="BKAD"))
    go_on.set()

    with pytest.raises(DomainError):
        again.result(30)

    assert (first.result(30).stage, beside.result(30).stage) == ("drafting", "drafting")
    assert faults_in(office.engine, office.seal_log) == []


def test_a_write_lock_held_by_another_process_is_waited_for(sqlite_url):
    engine, other = open_engine(sqlite_url), open_engine(sqlite_url)
    begun, waits = threading.Event(), threading.Event()

    def watched(driver, _record):
        driver.set_trace_callback(lambda said: waits.set() if said.startswith("BEGIN") else None)

    event.listen(engine, "connect", watched)

    def hold():
        with writing(other) as connection:
            connection.execute(insert(marks).values(name="pertama", value="", at=march(2)))
            begun.set()
            waits.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    begun.wait()
    with writing(engine) as connection:
        seen = connection.execute(select(marks.c.name)).scalars().all()
    holder.join()

    assert "pertama" in seen  # it began only once the other had committed
    for one in (engine, other):
        one.dispose()
