"""Checks the city's letter texts before they are used: every fault at once, with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import TemplateSyntaxError, nodes

from config.faults import Fault
from domain.letter import LetterKind
from tasks.letter_samples import SAMPLE_COMMON, other_facts, sample_applicant, sample_facts
from tasks.letters import (
    DEFAULTS,
    SUFFIX,
    Addressee,
    LetterUnrenderable,
    Texts,
    environment_of,
    read_sources,
)

_ALWAYS: Final = frozenset({*DEFAULTS, *SAMPLE_COMMON, "applicant", "kind", "pengingat", "perkiraan"})
_PARTS: Final = frozenset({"name", "address", "salutation", "contact"})


def check(folder: Path) -> list[Fault]:
    """What is wrong with the texts of *folder*; empty when each kind has one and all of them can be filled.

    Raises:
        OSError: the folder cannot be read.
    """
    sources = read_sources(folder)
    faults = [
        Fault(str(folder / f"{kind}{SUFFIX}"), 1, "", "teks surat ini tidak ada")
        for kind in LetterKind
        if kind.value not in sources
    ]
    faults += [fault for name in sources for fault in _faults_in(folder, name, sources)]
    if not faults:
        texts = Texts(folder)
        faults += [fault for kind in LetterKind for fault in _trial(folder, kind, texts)]
    return faults


def _faults_in(folder: Path, name: str, sources: Mapping[str, str]) -> Iterator[Fault]:
    file = str(folder / f"{name}{SUFFIX}")
    if not name.startswith("_") and name not in {kind.value for kind in LetterKind}:
        yield Fault(file, 1, "", "tidak ada surat dengan nama ini")
        return
    environment = environment_of(sources)
    try:
        tree = environment.parse(sources[name])
        environment.compile(sources[name])
    except TemplateSyntaxError as error:
        yield Fault(file, error.lineno, "", f"tidak dapat dibaca ({error.message})")
        return
    if not name.startswith("_") and not sources[name].startswith("Subject: "):
        yield Fault(file, 1, "Subject", "baris pertama harus 'Subject: …'")
    known, parts = _vocabulary(name)
    yield from _unknown_names(file, tree, known, parts)
    for include in tree.find_all(nodes.Include):
        target = getattr(include.template, "value", None)
        if target not in sources:
            yield Fault(file, include.lineno, str(target), "bagian ini tidak ada")


def _unknown_names(file: str, tree: nodes.Template, known: set[str], parts: set[str]) -> Iterator[Fault]:
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name not in known | own:
            yield Fault(file, node.lineno, node.name, "tidak dikenal dalam surat ini")
    for part in tree.find_all(nodes.Getattr):
        if part.attr not in parts:
            yield Fault(file, part.lineno, part.attr, "bagian ini tidak dikenal dalam surat ini")


def _vocabulary(name: str) -> tuple[set[str], set[str]]:
    """The names a text may use, and the parts of rows; a shared part may use those of every letter."""
    kinds = list(LetterKind) if name.startswith("_") else [LetterKind(name)]
    known, parts = set(_ALWAYS), set(_PARTS)
    for kind in kinds:
        facts = sample_facts(kind)
        known |= set(facts)
        parts |= _parts_of(facts)
    # A part is included in the scope of a loop, so its rows may come from outside.
    return known | ({"item", "reason"} if name.startswith("_") else set()), parts


def _parts_of(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        return set(value).union(*(_parts_of(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(_parts_of(inner) for inner in value))
    return set()


def _trial(folder: Path, kind: LetterKind, texts: Texts) -> Iterator[Fault]:
    by_hand = {
        **SAMPLE_COMMON,
        "by_hand": True,
        "task_url": "https://ppid.example/t/1",
        "public_url": "https://ppid.example",
    }
    applicant = sample_applicant(kind)
    nameless = Addressee("", "", "") if applicant else None
    trials = ((sample_facts(kind), SAMPLE_COMMON, applicant), (other_facts(kind), by_hand, nameless))
    for facts, common, to in trials:
        try:
            texts.render(kind, facts, applicant=to, common=common)
        except LetterUnrenderable as error:
            yield Fault(str(folder / f"{kind}{SUFFIX}"), 1, "", error.problem)
