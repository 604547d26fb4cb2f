"""
Write the page of a pack: as Markdown, as one HTML file that needs nothing else, or as CSV.

The templates hold the layout, this module what they call. Every text of the pack is data:
HTML escapes it, Markdown escapes its own signs, and a cell of CSV never begins like a formula
of a spreadsheet. The CSV has a row for every field rule.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mapping_engine.values.words import count_words
from mapping_engine.workbench.markdown import code, escaped, heading_link
from mapping_engine.workbench.page_records import FieldLine, KindPage, Page
from mapping_engine.workbench.page_words import Words, human, plain

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["FORMATS", "as_csv", "as_html", "as_markdown", "slug"]

_COLUMNS: Final = (
    "system", "firm", "kind", "mapping", "direction", "part", "object", "field", "takes",
    "required", "filled_with", "rule", "notes", "about", "origin", "at",
)  # fmt: skip
_FORMULA: Final = re.compile(r"\s*[=+\-@]|[\t\r]")
#: A rule that its words say as well: a name, a number, a quoted text without holes.
_SAYS_IT_ALL: Final = re.compile(r'[\w.#]+|"[^"{}\\]*"')


def as_markdown(page: Page) -> str:
    """Return the page as Markdown, as GitHub and help centres read it."""
    return _environment(html=False).get_template("page.md.jinja").render(page=page)


def as_html(page: Page) -> str:
    """Return the page as one HTML file."""
    return _environment(html=True).get_template("page.html.jinja").render(page=page)


def as_csv(page: Page) -> str:
    """Return every field rule as a row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for kind in page.kinds:
        for part, object, line in _lines(kind):
            first = [page.system, page.firm or "", kind.kind, kind.name, kind.direction]
            writer.writerow(map(_safe, [*first, part, object, *_cells(line)]))
    return out.getvalue()


FORMATS: Final[Mapping[str, Callable[[Page], str]]] = {
    "md": as_markdown, "html": as_html, "csv": as_csv,
}  # fmt: skip


@cache
def _environment(*, html: bool) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        autoescape=html,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "words": _marked if html else _starred, "prose": _prose if html else _told,
        "slug": slug, "human": human, "e": escaped, "code": code, "link": heading_link,
        "needs_rule": _needs_rule, "capital": _capital, "counted": count_words,
    }  # fmt: skip
    return environment


def _marked(words: Words) -> Markup:
    """Return words as HTML, names and values as such."""
    from markupsafe import Markup, escape

    parts = (
        escape(each.text) if each.kind == "plain"
        else Markup('<span class="{}">{}</span>').format(each.kind, each.text)
        for each in words
    )  # fmt: skip
    return Markup("").join(parts)


def _starred(words: Words) -> str:
    """Return words as Markdown, names in italics."""
    return "".join(
        f"*{escaped(each.text)}*" if each.kind == "name" else escaped(each.text) for each in words
    )


def _prose(text: str) -> Markup:
    """Return a text in which what stands between backticks is code, as HTML."""
    from markupsafe import Markup, escape

    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )


def _told(text: str) -> str:
    """Return such a text as Markdown."""
    parts = text.split("`")
    return "".join(
        code(part) if place % 2 and part.strip() else escaped(part)
        for place, part in enumerate(parts)
    )


def slug(text: str) -> str:
    """Return a text as the name of a place on the page, or of a file."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", text).strip("-") or "x"


def _needs_rule(rule: str) -> bool:
    """Whether a rule says more than its words do."""
    return bool(rule) and _SAYS_IT_ALL.fullmatch(rule) is None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lines(kind: KindPage) -> Iterator[tuple[str, str, FieldLine]]:
    """Yield every rule of a kind with the part of the mapping and the object it belongs to."""
    yield from (("helper", "", each) for each in kind.helpers)
    for payload in kind.payloads:
        yield from (("field", payload.object or kind.kind, each) for each in payload.fields)
    if kind.back is not None:
        yield from (("helper of the way back", "", each) for each in kind.back.helpers)
        yield from (("way back", kind.kind, each) for each in kind.back.fields)
    yield from (("write back", kind.kind, each) for each in kind.write_back)
    yield from (("total", "", each) for each in kind.totals)


def _cells(line: FieldLine) -> list[str]:
    """Return the cells of one rule, in the order of the last columns."""
    notes = "; ".join(map(plain, line.notes))
    return [
        line.name, line.takes, "yes" if line.is_demanded else "", plain(line.words), line.rule,
        notes, line.about, line.source.who, line.source.at,
    ]  # fmt: skip


def _safe(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; its lines end alike."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{lines}" if _FORMULA.match(text) else lines
