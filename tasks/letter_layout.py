"""Lays a letter's source out twice, as plain text and as HTML, so that both always say the same.

The source is text with a few marks, each at the start of a line: ``# heading``, ``! what counts most``,
``- point`` or ``1. point`` (indented lines belong to it), ``Label : value`` (rows of a table),
``> words: https://…`` (a link), ``---`` (the foot begins). An empty line ends a paragraph, a backslash
at a line's end breaks it, and ``**…**`` is set in bold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

_ALONE: Final = frozenset({"heading", "link", "foot"})
_POINT_BEGINS: Final = frozenset("-0123456789")
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*")
_POINT: Final = re.compile(r"(?:-|\d{1,3}\.) ")
_ROW: Final = re.compile(r"([^:<>]{2,34}?) +: +(\S.*)")
_LINK: Final = re.compile(r"> ([^:]+): (https?://[^\s\"'<>\\]+)")

Block = tuple[str, list[str]]
LayOut = Callable[[list[str]], str]


@dataclass(frozen=True, slots=True)
class Layout:
    """A letter's source, taken apart once for both of its forms."""

    blocks: tuple[Block, ...]

    @classmethod
    def of(cls, source: str) -> Layout:
        """The blocks of that source."""
        return cls(tuple(_blocks(source)))

    def as_text(self) -> str:
        """The plain text of a letter; every paragraph is one long line, for small screens."""
        text = "\n\n".join([_TEXT[kind](lines) for kind, lines in self.blocks])
        return (_BOLD.sub(r"\1", text) if "**" in text else text) + "\n"

    def as_html(self, *, title: str, sender: str) -> str:
        """The same letter as a page that needs no image, no script and no style sheet from elsewhere."""
        body, closing = list[str](), ""
        for kind, lines in self.blocks:
            closing = "</div>" if kind == "foot" else closing
            body.append(_HTML[kind](_escaped(lines)))
        head = _PAGE_HEAD.format(title=escape(title), sender=escape(sender))
        return head + "".join(body) + closing + _PAGE_END


def _escaped(lines: list[str]) -> list[str]:
    text = escape("\n".join(lines))
    return (_BOLD.sub(r"<strong>\1</strong>", text) if "**" in text else text).split("\n")


def _blocks(source: str) -> Iterator[Block]:
    kind, lines = "", list[str]()
    for raw in source.split("\n"):
        line = raw.rstrip()
        here = _kind_of(line, kind)
        if here != kind or here in _ALONE:
            if lines:
                yield kind, lines
            kind, lines = here, []
        if here:
            lines.append(line)
    if lines:
        yield kind, lines


def _kind_of(line: str, before: str) -> str:
    if not line:
        return ""
    first = line[0]
    if first == " " and before == "points":
        return "points"
    if first == "#" and line.startswith("# "):
        return "heading"
    if before == "callout" or line.startswith("! "):
        return "callout"
    if line == "---":
        return "foot"
    if first == ">" and _LINK.fullmatch(line):
        return "link"
    if first in _POINT_BEGINS and _POINT.match(line):
        return "points"
    if before != "paragraph" and " : " in line and _ROW.fullmatch(line):
        return "rows"
    return "paragraph"


def _joined(lines: list[str], line_break: str) -> str:
    text = ""
    for line in lines:
        text += line[:-1].rstrip() + line_break if line.endswith("\\") else line + " "
    return text.rstrip()


def _points(lines: list[str]) -> list[list[str]]:
    points: list[list[str]] = []
    for line in lines:
        if line[0] == " " and points:
            points[-1].append(line.strip())
        else:
            points.append([line])
    return points


def _rows(lines: list[str]) -> list[tuple[str, str]]:
    return [(label.strip(), value) for label, _, value in (line.partition(" : ") for line in lines)]


def _text_points(lines: list[str]) -> str:
    return "\n".join("\n".join([first, *("   " + more for more in rest)]) for first, *rest in _points(lines))


def _text_rows(lines: list[str]) -> str:
    rows = _rows(lines)
    width = max(len(label) for label, _ in rows)
    return "\n".join(f"{label.ljust(width)} : {value}" for label, value in rows)


_TEXT: Final[dict[str, LayOut]] = {
    "heading": lambda lines: lines[0][2:].upper(),
    "callout": lambda lines: ">> " + _joined([lines[0][2:], *lines[1:]], "\n>> "),
    "points": _text_points,
    "rows": _text_rows,
    "link": lambda lines: lines[0][2:],
    "foot": lambda lines: "-- ",
    "paragraph": lambda lines: _joined(lines, "\n"),
}


def _html_points(lines: list[str]) -> str:
    tag = "ul" if lines[0].startswith("- ") else "ol"
    start = "" if tag == "ul" else f' start="{int(lines[0].split(".")[0])}"'
    items = "".join(
        f'<li style="margin:0 0 10px">{"<br>".join([first.split(" ", 1)[1], *rest])}</li>'
        for first, *rest in _points(lines)
    )
    return f'<{tag}{start} style="margin:0 0 16px;padding:0 0 0 26px">{items}</{tag}>'


def _html_rows(lines: list[str]) -> str:
    cells = "".join(
        f'<tr><td style="padding:3px 14px 3px 0;color:#555;vertical-align:top">{label}</td>'
        f'<td style="padding:3px 0;vertical-align:top">{value}</td></tr>'
        for label, value in _rows(lines)
    )
    return f'<table role="presentation" style="border-collapse:collapse;margin:0 0 16px">{cells}</table>'


def _html_link(lines: list[str]) -> str:
    words, _, url = lines[0].removeprefix("&gt; ").partition(": ")
    return (
        f'<p style="margin:0 0 16px"><a href="{url}" style="display:inline-block;padding:10px 18px;'
        f'border:2px solid #1d3a5f;border-radius:4px;color:#1d3a5f;text-decoration:none">'
        f'<strong>{words}</strong></a><br><span style="font-size:13px;color:#555">{url}</span></p>'
    )


def _html_callout(lines: list[str]) -> str:
    text = _joined([lines[0][2:], *lines[1:]], "<br>")
    return (
        '<p style="margin:0 0 16px;padding:10px 14px;border-left:4px solid #1d3a5f;background:#f3f5f8">'
        f"{text}</p>"
    )


_HTML: Final[dict[str, LayOut]] = {
    "heading": lambda lines: f'<h2 style="font-size:17px;margin:24px 0 8px">{lines[0][2:]}</h2>',
    "callout": _html_callout,
    "points": _html_points,
    "rows": _html_rows,
    "link": _html_link,
    "foot": lambda lines: (
        '<div style="border-top:1px solid #bbb;margin-top:28px;padding-top:14px;font-size:13px;color:#555">'
    ),
    "paragraph": lambda lines: f'<p style="margin:0 0 16px">{_joined(lines, "<br>")}</p>',
}

_PAGE_HEAD: Final = (
    '<!doctype html>\n<html lang="id"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title></head>\n'
    '<body style="margin:0;padding:0;background:#eceef1;color:#1b1b1b">'
    '<div style="max-width:640px;margin:0 auto;padding:0 22px 26px;background:#fff;'
    "font-family:-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif;font-size:16px;line-height:1.5;"
    'overflow-wrap:anywhere">'
    '<p style="margin:0 -22px 22px;padding:14px 22px;background:#1d3a5f;color:#fff;font-size:14px">'
    "<strong>PPID</strong> &middot; {sender}</p>\n"
)
_PAGE_END: Final = "\n</div></body></html>\n"
