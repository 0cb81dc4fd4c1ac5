"""A copy of the record: made while acts go on, whole, and enough to go on from."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from domain.act import Act
from domain.office import Actor, Role
from tasks.backup import TargetNotEmpty, copy_record
from tasks.store.engine import open_engine, reading
from tasks.store.schema import documents
from tasks.verify import verify

from .one_office import a_filing, an_office, do, forwarded, register
from .store_check import faults_in

DESK = Actor(Role.DESK)


def copy_of(office, target: Path):
    return copy_record(office.engine, office.settings.home, office.settings.config, target)


def test_a_copy_made_while_acts_go_on_is_whole(tmp_path):
    with an_office(tmp_path / "home") as office:
        for _ in range(5):
            forwarded(office, "Dikbud", "BKAD")
        acting = [office.acts.register(a_filing(), DESK) for _ in range(40)]

        copied = copy_of(office, tmp_path / "copy")

        for one in acting:
            one.result()
    assert copied.record is not None and copied.record.broken is None
    assert 5 <= copied.record.cases <= 45
    engine = open_engine(f"sqlite:///{tmp_path / 'copy' / 'ppid.sqlite'}")
    assert faults_in(engine) == []
    engine.dispose()


def test_the_office_goes_on_from_a_copy_and_its_key(tmp_path):
    with an_office(tmp_path / "home") as office:
        number = forwarded(office)
        answer = Act(action="answer", by=Actor(Role.OPD, opd="Dikbud"), at=office.clock.now())
        file = ("jawaban.pdf", "application/pdf", b"%PDF-1.7 isi")
        office.acts.perform_with(number, answer, [file], office.documents).result()
        copy_of(office, tmp_path / "restored")
        shutil.copy2(tmp_path / "home" / "secret.key", tmp_path / "restored")

    with an_office(tmp_path / "restored") as office:
        do(office, number, "send_notice", Role.COORDINATOR, name="ppid")
        identity = office.acts.read_identity(number, DESK).result()
        with reading(office.engine) as connection:
            found = verify(connection, tmp_path / "restored" / "seals.log")
            kept = office.documents.get(connection, connection.execute(select(documents.c.id)).scalar_one())
    assert identity.name == "Ratna Contoh"
    assert kept.content == b"%PDF-1.7 isi"
    assert found.broken is None


def test_a_copy_holds_no_secret_and_overwrites_no_other(tmp_path):
    with an_office(tmp_path / "home") as office:
        register(office)
        copy_of(office, tmp_path / "copy")
        with pytest.raises(TargetNotEmpty):
            copy_of(office, tmp_path / "copy")

    assert not list((tmp_path / "copy").rglob("secret.key"))
    assert (tmp_path / "copy" / "config" / "deadlines.yaml").is_file()
