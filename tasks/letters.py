"""Writes letters: fills the city's texts in `config/mail/` with the facts of a letter.

One text per `LetterKind`, read and compiled once. Its first line is ``Subject: …``; what follows is the
source that `tasks.letter_layout` lays out as plain text and as HTML. Files whose names begin with an
underscore are parts that several texts include.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from jinja2 import DictLoader, StrictUndefined, Template, TemplateError, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from config.folder import own_or_shipped
from domain.letter import LetterKind
from tasks.letter_layout import Layout
from tasks.plain import one_line, several_lines
from tasks.words import long_date, rupiah, short_date

FOLDER: Final = "mail"
SUFFIX: Final = ".txt.j2"
FOOT: Final = "_kaki"
_INCLUDE: Final = re.compile(r'{% include "(\w+)" %}')

#: What a letter may leave out; everything else it does not tell is a fault.
DEFAULTS: Final[Mapping[str, Any]] = {
    "public_url": "",
    "task_url": "",
    "by_hand": False,
    "reminder_no": 0,
    "to_label": "",
    "request_number": "",
    "trace": (),
    "law": "",
    "stage": "",
    "channel": "",
    "how_to_answer": "",
    "perki_due": None,
    "notice_due": None,
    "late": False,
    "items": (),
    "paper_of": "",
    "cause": "",
    "extended": False,
    "opd_due_before": None,
    "decreed_through": "",
    "signed_by": "",
    "opd_name": "",
    "answered_on": None,
    "given": True,
    "documents": (),
    "dispute_last_day": None,
}

#: Facts that keep their paragraphs; all others stand on one line.
_SEVERAL_LINES: Final = frozenset({"reasons_text", "how_to_pay"})


@dataclass(frozen=True, slots=True)
class Addressee:
    """The applicant as a letter needs to know them; read under the person's key, never stored with it.

    Attributes:
        contact: telephone and e-mail, for the form the applicant signs.
    """

    name: str
    address: str
    salutation: str = "Bapak/Ibu"
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter in words; *text* and *html* say the same."""

    subject: str
    text: str
    html: str


class LetterUnrenderable(Exception):
    """The text of this kind cannot be filled with these facts; a person must mend text or facts."""

    def __init__(self, kind: LetterKind, problem: str) -> None:
        super().__init__(kind, problem)
        self.kind, self.problem = kind, problem

    def __str__(self) -> str:
        return f"{self.kind}{SUFFIX}: {self.problem}"


class Texts:
    """The city's texts, compiled; safe to share between threads.

    Raises:
        OSError: *folder* cannot be read.
        jinja2.TemplateSyntaxError: a text is not well formed; `tasks.letter_check` lists all at once.
    """

    def __init__(self, folder: Path) -> None:
        self.sources = read_sources(folder)
        self.environment = environment_of({name: _whole(name, self.sources) for name in self.sources})
        kinds = [kind for kind in LetterKind if kind.value in self.sources]
        self._compiled: dict[LetterKind, Template] = {
            kind: self.environment.get_template(kind.value) for kind in kinds
        }

    def render(
        self,
        kind: LetterKind,
        facts: Mapping[str, Any],
        *,
        applicant: Addressee | None,
        common: Mapping[str, Any],
    ) -> Rendered:
        """The letter in words. Dates among the facts are ISO strings; *facts* win over *common*.

        A counted date past `decreed_through` (ISO; empty: none) is marked as an estimate.

        Raises:
            LetterUnrenderable: no text for the kind, or the text asks for what is not told.
        """
        template = self._compiled.get(kind)
        if template is None:
            raise LetterUnrenderable(kind, "teks surat ini tidak ada")
        context = context_of(kind, facts, applicant, common)
        try:
            source = template.render(context)
        except (TemplateError, TypeError, ValueError) as error:
            raise LetterUnrenderable(kind, str(error)) from error
        return _laid_out(kind, source, number=context.get("number", ""), city=context.get("city", ""))


def folder_of(policy: Path) -> Path:
    """The texts of that policy folder; one without its own uses those of the programme."""
    return own_or_shipped(policy, FOLDER)


def read_sources(folder: Path) -> dict[str, str]:
    """Every text of *folder* by name, the foot joined to each letter so that none can lack it."""
    found = {
        path.name.removesuffix(SUFFIX): path.read_text(encoding="utf-8")
        for path in sorted(folder.glob(f"*{SUFFIX}"))
    }
    for name in found:
        if not name.startswith("_") and FOOT in found:
            found[name] = found[name].rstrip("\n") + f'\n\n{{% include "{FOOT}" %}}\n'
    return found


def _whole(name: str, sources: Mapping[str, str]) -> str:
    """The text with the parts it includes put in their places: a context for each part took a third of the
    filling. `tasks.letter_check` looks at texts and parts as they lie, so that its lines are the editor's.
    """

    def part(found: re.Match[str]) -> str:
        known = found[1] != name and found[1] in sources
        return _whole(found[1], sources).removesuffix("\n") if known else found[0]

    return _INCLUDE.sub(part, sources[name])


def environment_of(sources: Mapping[str, str]) -> SandboxedEnvironment:
    """Compiles and fills texts; they reach each other, the facts and five filters, nothing else."""
    environment = SandboxedEnvironment(
        loader=DictLoader(dict(sources)),
        undefined=StrictUndefined,
        # The text is the source of both forms; `letter_layout` escapes all of it for HTML.
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.globals.clear()
    environment.filters |= {
        "tanggal": _counted_long,
        "tanggal_pendek": _counted_short,
        "tanggal_tetap": long_date,
        "tanggal_pendek_tetap": short_date,
        "rupiah": rupiah,
    }
    return environment


def context_of(
    kind: LetterKind, facts: Mapping[str, Any], applicant: Addressee | None, common: Mapping[str, Any]
) -> dict[str, Any]:
    """Everything a text may name; what people wrote is made harmless, *common* is the office's own."""
    told = {name: _harmless(value, name) for name, value in facts.items()}
    context: dict[str, Any] = {**DEFAULTS, **common, **told}
    context["documents"] = _harmless(context.get("documents", ()))
    reminder = context["reminder_no"]
    context["kind"] = kind.value
    context["perkiraan"] = []
    context["pengingat"] = f"Pengingat ke-{reminder}: " if reminder else ""
    context["applicant"] = None
    if applicant is not None:
        context["applicant"] = Addressee(
            *(
                _harmless(part)
                for part in (applicant.name, applicant.address, applicant.salutation, applicant.contact)
            )
        )
    return context


@pass_context
def _counted_long(context: Context, day: str | date) -> str:
    return long_date(day) + _estimate(context, day)


@pass_context
def _counted_short(context: Context, day: str | date) -> str:
    return short_date(day) + _estimate(context, day)


def _estimate(context: Context, day: str | date) -> str:
    """The mark of a date that was counted past the last decree; the foot then says why."""
    through = context["decreed_through"]
    if not through or str(day) <= through:
        return ""
    context["perkiraan"].append(str(day))
    return " (perkiraan)"


def _harmless(value: Any, name: str = "") -> Any:
    if isinstance(value, str):
        clean = several_lines(value) if name in _SEVERAL_LINES else one_line(value)
        return clean.replace("**", "*\u200a*") if "**" in clean else clean
    if isinstance(value, Mapping):
        return {key: _harmless(inner, key) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_harmless(inner) for inner in value]
    return value


def _laid_out(kind: LetterKind, source: str, *, number: str, city: str) -> Rendered:
    first, _, body = source.lstrip("\n").partition("\n")
    label, _, subject = first.partition(":")
    if label != "Subject" or not subject.strip():
        raise LetterUnrenderable(kind, "baris pertama harus 'Subject: …'")
    subject = one_line(subject)
    subject = f"[{number}] {subject}" if number else subject
    layout = Layout.of(body)
    return Rendered(subject, layout.as_text(), layout.as_html(title=subject, sender=city))
