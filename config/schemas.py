"""JSON Schemas of the agency's files, for editors; kept in `config/schemas/` and written from the models.

`python -m config.schemas` writes them again, with `--check` it only compares (used by `make check`).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from config.calendars import YearFile
from config.letterhead import LettersFile
from config.models import DeadlinesFile, LaddersFile, OpdFile, PeopleFile
from config.report import ReportFile
from config.samples import SamplesFile
from config.yamlfile import FileModel

FOLDER: Final = Path(__file__).parent / "schemas"
MODELS: Final[dict[str, type[FileModel]]] = {
    "calendar": YearFile,
    "deadlines": DeadlinesFile,
    "ladders": LaddersFile,
    "letters": LettersFile,
    "opd": OpdFile,
    "people": PeopleFile,
    "report": ReportFile,
    "samples": SamplesFile,
}


def schemas() -> dict[str, str]:
    """The text of each schema by file name."""
    return {f"{name}.json": _text(model) for name, model in MODELS.items()}


def stale(folder: Path = FOLDER) -> list[str]:
    """The names of schema files that are missing or differ from the models."""
    return [
        name
        for name, text in schemas().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def write(folder: Path = FOLDER) -> None:
    """Write every schema."""
    folder.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")


def _text(model: type[FileModel]) -> str:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write or, with ``--check``, compare; 1 when something is stale."""
    if arguments != ["--check"]:
        write()
        return 0
    behind = stale()
    for name in behind:
        print(f"config/schemas/{name}: tidak sesuai model; jalankan python -m config.schemas")
    return 1 if behind else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
