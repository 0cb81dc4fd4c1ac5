"""The JSON Schemas editors use are those of the models."""

from pathlib import Path

import pytest

import config
from config.schemas import FOLDER, main, schemas, stale, write

POLICY_FILES = ["deadlines.yaml", "ladders.yaml", "opd.yaml", "people.yaml", "sample/requests.yaml"]


def test_the_schemas_on_disk_fit_the_models() -> None:
    assert stale() == []
    assert main(["--check"]) == 0


def test_a_schema_left_behind_is_noticed(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "opd.json").write_text("{}", encoding="utf-8")
    (tmp_path / "people.json").unlink()

    assert stale(tmp_path) == ["opd.json", "people.json"]


@pytest.mark.parametrize("file", POLICY_FILES)
def test_each_policy_file_points_its_editor_to_its_schema(file: str) -> None:
    path = Path(config.__file__).parent / file
    first_line = path.read_text(encoding="utf-8").splitlines()[0]
    schema = path.parent / first_line.partition("$schema=")[2]

    assert schema.resolve().parent == FOLDER
    assert schema.name in schemas()
