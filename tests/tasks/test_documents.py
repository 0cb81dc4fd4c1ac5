"""Documents: encrypted in the folder, whole or missing by name, refused at the edge."""

import pytest

from domain.errors import Refused
from tasks.documents import LARGEST_BYTES, DocumentMissing, read_attachment
from tasks.keys import SecretUnusable
from tasks.store.engine import reading, writing
from tasks.store.schema import documents

from .city import march

TEXT = b"Realisasi anggaran yang hanya ada di dokumen ini"


def put(office, name="realisasi.pdf", content=TEXT) -> str:
    case = office.filed(office.register()).id
    with writing(office.engine) as connection:
        return office.documents.put(connection, case, name, "application/pdf", content, march(2))


def test_a_document_is_kept_encrypted_and_comes_back_whole(office):
    document = put(office)

    assert all(TEXT not in path.read_bytes() for path in office.documents.folder.iterdir())
    with reading(office.engine) as connection:
        found = office.documents.get(connection, document)
    assert (found.name, found.content) == ("realisasi.pdf", TEXT)
    assert office.rows(documents)[0].size_bytes == len(TEXT)


def test_a_document_whose_bytes_are_gone_is_named(office):
    document = put(office)
    (office.documents.folder / document).unlink()

    with reading(office.engine) as connection, pytest.raises(DocumentMissing, match=document):
        office.documents.get(connection, document)


def test_a_changed_byte_is_noticed(sqlite_office):
    document = put(sqlite_office)
    path = sqlite_office.documents.folder / document
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)

    with reading(sqlite_office.engine) as connection, pytest.raises(SecretUnusable):
        sqlite_office.documents.get(connection, document)


def test_a_name_with_a_line_break_is_refused(sqlite_office):
    with pytest.raises(Refused, match="attach"):
        put(sqlite_office, name="a\r\nBcc: b.pdf")


@pytest.mark.parametrize(("name", "content"), [("a.exe", b"x"), ("kosong.pdf", b""), ("tanpa-akhiran", b"x")])
def test_a_file_of_the_wrong_kind_or_size_is_refused_by_name(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(Refused, match="attach"):
        read_attachment(path)


def test_a_file_too_large_or_missing_is_refused(tmp_path):
    large = tmp_path / "besar.pdf"
    with large.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)

    for path in (large, tmp_path / "tidak-ada.pdf"):
        with pytest.raises(Refused, match="attach"):
            read_attachment(path)


def test_an_act_that_is_refused_keeps_nothing_of_its_files(office):
    number = office.register()
    act = office.act("answer", "opd", opd="Dikbud")

    with pytest.raises(Exception, match="tahap"):
        office.acts.perform_with(number, act, [("a.pdf", "application/pdf", TEXT)], office.documents).result()

    assert office.rows(documents) == []
    assert [*office.documents.folder.iterdir()] == []
