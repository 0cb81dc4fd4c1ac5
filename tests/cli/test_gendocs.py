"""The documentation says what the code does: generated pages are current, cited ids resolve."""

import re
from pathlib import Path

import pytest

from cli import gendocs
from domain.clock import CLOCK_SHOWN_AS
from domain.office import ROLE_SHOWN_AS

ROOT = Path(__file__).parents[2]
ROOMS = ("domain", "config", "tasks", "flows", "cli", "tests", "docs")
CITED = re.compile(r"\b(?:R-[A-Z0-9][0-9A-Za-z.]*|Q-[0-9]+|DESIGN [0-9]+)")


def texts(*endings):
    for room in ROOMS:
        for file in (ROOT / room).rglob("*"):
            if file.suffix in endings and file.is_file():
                yield file, file.read_text(encoding="utf-8")


def test_the_generated_pages_and_schemas_say_what_the_code_does():
    assert gendocs.stale() == []


def test_a_page_that_differs_is_named(tmp_path, capsys):
    assert gendocs.main(["--check"], tmp_path) == 1
    assert "docs/paths.md" in capsys.readouterr().out


@pytest.mark.parametrize("aggregate", gendocs.AGGREGATES, ids=lambda one: one.title)
def test_every_action_and_every_stage_stands_on_the_page(aggregate):
    page = gendocs.paths()

    assert all(f"| `{action}` |" in page for action in aggregate.arrows)
    assert all(f'state "{shown_as}" as {stage}' in page for stage, shown_as in aggregate.stages.items())


def test_every_rule_and_decision_cited_anywhere_resolves_inside_the_repository():
    defined = (ROOT / "docs/law-rules.md").read_text(encoding="utf-8")
    defined += (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^\| ([^|]+?) \|", defined, re.MULTILINE))
    cited = {
        (found, file.name)
        for file, text in texts(".py", ".yaml", ".j2", ".md")
        if file.name not in {"law-rules.md", "test_gendocs.py"}
        for found in (one.rstrip(".") for one in CITED.findall(text))
    }

    assert {(found, name) for found, name in cited if found not in known} == set()


def test_the_glossary_knows_every_stage_role_and_clock():
    glossary = (ROOT / "docs/GLOSSARY.md").read_text(encoding="utf-8")
    stages = [str(stage) for one in gendocs.AGGREGATES for stage in one.stages]

    missing = {word for word in (*stages, *ROLE_SHOWN_AS, *CLOCK_SHOWN_AS) if f"`{word}`" not in glossary}
    assert missing == set()


def test_every_decision_is_in_the_index():
    folder = ROOT / "docs/adr"
    index = (folder / "README.md").read_text(encoding="utf-8")

    assert [one.name for one in sorted(folder.glob("0*.md")) if f"({one.name})" not in index] == []
