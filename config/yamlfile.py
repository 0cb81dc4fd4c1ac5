"""Reads one YAML file into plain data and remembers the line of every value.

Only the plain part of YAML is taken: no anchors, aliases, tags or second documents, so a file can
neither grow in memory nor name a Python object, and no key may stand twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from config.faults import ConfigFaults, Fault, RuleFault

Where = tuple[str | int, ...]
LineOf = Callable[[Where], int]
Model = TypeVar("Model", bound=BaseModel)

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 20
PLAIN_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
PLAIN_INT: Final = re.compile(r"[-+]?(0|[1-9]\d{0,17})")
PLAIN_FLOAT: Final = re.compile(r"[-+]?\d{1,15}\.\d{1,15}")
WORDS: Final = {"": None, "~": None, "null": None, "true": True, "false": False}


class FileModel(BaseModel):
    """The base of everything read from a file: immutable, and an unknown field is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Lines:
    """Knows the line, counted from 1, on which each value of a file begins."""

    starts: dict[Where, int]

    def __call__(self, where: Where) -> int:
        while where and where not in self.starts:
            where = where[:-1]
        return self.starts.get(where, 1)


def read_yaml(path: Path) -> tuple[Any, LineOf]:
    """The plain data in *path* (dict, list, str, int, float, bool, None, date) and where it stands.

    A path of keys and list positions unknown to the returned function gives its nearest parent's line.

    Raises:
        ConfigFaults: the file is missing, too large, not UTF-8, not YAML, or uses a refused feature.
    """
    reader = _Reader(str(path), {})
    try:
        text = _text_of(path)
        events = iter(YAML(typ="safe").parse(text))  # lazily: nesting is refused before it costs
        data = reader.document(events)
    except OSError as error:
        raise reader.fault(1, _why_unread(error)) from error
    except UnicodeDecodeError as error:
        raise reader.fault(1, "berkas bukan teks UTF-8") from error
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = "bukan YAML yang sah; periksa lekukan, titik dua, kurung, dan tanda kutip di sekitar baris ini"
        raise reader.fault(mark.line + 1 if mark else 1, why) from error
    if reader.faults:
        raise ConfigFaults(reader.faults)
    return data, Lines(reader.starts)


def read_model(path: Path, model: type[Model]) -> tuple[Model, LineOf]:
    """The file at *path* as a checked *model*, and where each of its values stands.

    Raises:
        ConfigFaults: as `read_yaml`, or the content does not fit the model.
    """
    data, line_of = read_yaml(path)
    return validate(model, data, path, line_of), line_of


def validate(model: type[Model], data: Any, path: Path, line_of: LineOf, at: Where = ()) -> Model:
    """*data*, found under *at* in the file, as a checked *model*.

    Raises:
        ConfigFaults: every field that does not fit, each with its line.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise ConfigFaults(_as_fault(one, str(path), line_of, at) for one in error.errors()) from error


def field_name(where: Where) -> str:
    """The way a person would write a place in a file: ``decrees[0].days[3].on``."""
    name = ""
    for step in where:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else step
    return name


def _text_of(path: Path) -> str:
    with path.open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise ConfigFaults([Fault(str(path), 1, "", f"berkas lebih besar dari {MAX_BYTES} bita")])
    return raw.decode("utf-8-sig")


class _Reader:
    """Builds plain data from parse events, so that an alias is refused before it could be expanded."""

    def __init__(self, file: str, starts: dict[Where, int]) -> None:
        self.file, self.starts = file, starts
        self.faults: list[Fault] = []

    def fault(self, line: int, message: str, where: Where = ()) -> ConfigFaults:
        return ConfigFaults([Fault(self.file, line, field_name(where), message)])

    def document(self, events: Iterator[Any]) -> Any:
        next(events)
        if _kind(next(events)) != "DocumentStart":
            raise self.fault(1, "berkas kosong")
        data = self.node(next(events), events, ())
        next(events)
        after = next(events)
        if _kind(after) != "StreamEnd":
            raise self.fault(after.start_mark.line + 1, "hanya satu dokumen per berkas")
        return data

    def node(self, event: Any, events: Iterator[Any], where: Where) -> Any:
        line = event.start_mark.line + 1
        self.starts[where] = line
        if _kind(event) == "Alias" or event.anchor is not None:
            raise self.fault(line, "jangkar dan alias YAML (& dan *) tidak diterima", where)
        if event.tag is not None:
            raise self.fault(line, f"tag YAML ({event.tag}) tidak diterima", where)
        if len(where) > MAX_DEPTH:
            raise self.fault(line, f"lebih dari {MAX_DEPTH} tingkat", where)
        match _kind(event):
            case "MappingStart":
                return self.mapping(events, where)
            case "SequenceStart":
                return self.sequence(events, where)
            case _:
                return self.scalar(event, where)

    def mapping(self, events: Iterator[Any], where: Where) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while _kind(event := next(events)) != "MappingEnd":
            line = event.start_mark.line + 1
            if _kind(event) != "Scalar" or event.tag is not None or event.anchor is not None:
                raise self.fault(line, "kunci harus berupa teks biasa", where)
            key, here = event.value, (*where, event.value)
            if key in found:
                message = f"kunci ganda, sudah ada di baris {self.starts[here]}"
                self.faults.append(Fault(self.file, line, field_name(here), message))
                self.node(next(events), events, (*where, f"{key} (ganda)"))
                continue
            found[key] = self.node(next(events), events, here)
            self.starts[here] = line
        return found

    def sequence(self, events: Iterator[Any], where: Where) -> list[Any]:
        found: list[Any] = []
        while _kind(event := next(events)) != "SequenceEnd":
            found.append(self.node(event, events, (*where, len(found))))
        return found

    def scalar(self, event: Any, where: Where) -> Any:
        text: str = event.value
        if not event.implicit[0]:
            return text
        if text in WORDS:
            return WORDS[text]
        if PLAIN_INT.fullmatch(text):
            return int(text)
        if PLAIN_FLOAT.fullmatch(text):
            return float(text)
        if PLAIN_DATE.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                line = event.start_mark.line + 1
                self.faults.append(Fault(self.file, line, field_name(where), f"tanggal {text} tidak ada"))
        return text


def _kind(event: Any) -> str:
    return type(event).__name__.removesuffix("Event")


MESSAGES: Final = {
    "missing": "wajib diisi",
    "extra_forbidden": "kolom tidak dikenal",
    "string_type": "harus berupa teks",
    "string_too_short": "tidak boleh kosong",
    "string_too_long": "terlalu panjang (paling banyak {max_length} huruf)",
    "string_pattern_mismatch": "bentuknya tidak sesuai pola {pattern}",
    "int_type": "harus berupa bilangan bulat",
    "int_parsing": "harus berupa bilangan bulat",
    "int_from_float": "harus berupa bilangan bulat",
    "bool_type": "harus true atau false",
    "bool_parsing": "harus true atau false",
    "date_type": "harus berupa tanggal (TTTT-BB-HH)",
    "date_parsing": "harus berupa tanggal (TTTT-BB-HH)",
    "date_from_datetime_parsing": "harus berupa tanggal (TTTT-BB-HH)",
    "date_from_datetime_inexact": "harus berupa tanggal (TTTT-BB-HH)",
    "enum": "harus salah satu dari {expected}",
    "literal_error": "harus salah satu dari {expected}",
    "greater_than": "harus lebih dari {gt}",
    "greater_than_equal": "paling sedikit {ge}",
    "less_than": "harus kurang dari {lt}",
    "less_than_equal": "paling banyak {le}",
    "list_type": "harus berupa daftar",
    "tuple_type": "harus berupa daftar",
    "too_short": "paling sedikit {min_length} isian",
    "dict_type": "harus berupa pasangan kunci dan nilai",
    "model_type": "harus berupa pasangan kunci dan nilai",
}


def _as_fault(error: Any, file: str, line_of: LineOf, at: Where) -> Fault:
    where: Where = (*at, *error["loc"])
    context = error.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, RuleFault):
        where = (*where, *cause.at)
        return Fault(file, line_of(where), field_name(where), cause.message, cause.law)
    known = MESSAGES.get(error["type"])
    message = known.format(**context).replace(" or ", " atau ") if known else str(cause or error["msg"])
    return Fault(file, line_of(where), field_name(where), message)


def _why_unread(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "berkas tidak ada"
        case IsADirectoryError():
            return "ini folder, bukan berkas"
        case PermissionError():
            return "berkas tidak boleh dibaca oleh pengguna ini"
        case _:
            return f"berkas tidak dapat dibaca ({error.strerror})"
