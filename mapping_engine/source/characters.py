"""
Find the characters that make a text lie: invisible ones, line ends that editors do not
show, curly quotes.

Characters that are refused everywhere are replaced by a blank before YAML sees the
text, one for one, so that reading goes on and every offset stays true. Those that are
harmless in quotes and comments are looked for in single scalars.
"""

from __future__ import annotations

import re
import unicodedata

from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.problems import bad_escape
from mapping_engine.source.problems_of_documents import (
    curly_quote,
    directive,
    forbidden_character,
    hidden_character,
)
from mapping_engine.source.text import SourceText, Span

__all__ = [
    "clean",
    "control_escape",
    "curly_quotes",
    "first_hidden",
    "has_control",
    "has_forbidden",
    "has_hidden",
]

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)
_HIDDEN = re.compile(
    "[\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180e\u2000-\u200f\u202a-\u202f\u205f-\u206f\u3000\u3164]"
)
_CURLY = re.compile("(?:^|[=<>+*/|?(,\\[-]\\s*|\\b(?:then|else|in)\\s+)([“”„‟‘‛«])")
_DIRECTIVE = re.compile(r"%[^\r\n]*")
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ESCAPE = re.compile(r"\\(?:x(..)|u(....)|U(.{8})|(.))", re.DOTALL)
_CONTROL_LETTERS = "0abefvN"
_BEFORE_CONTENT = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*")
_BYTE_ORDER_MARK = "\ufeff"


def clean(source: SourceText, report: Report) -> str:
    """Return the text with every forbidden character reported and replaced by a blank.

    A byte order mark at the start stays; the caller skips it.
    """
    text = source.text
    start = 1 if text.startswith(_BYTE_ORDER_MARK) else 0
    if _FORBIDDEN.search(text, start):
        _report_forbidden(source, start, report)
        text = text[:start] + _FORBIDDEN.sub(" ", text[start:])
    return _without_directives(source, text, start, report)


def control_escape(source: SourceText, start: int, end: int) -> Diagnostic | None:
    """Return the diagnostic of the first escape that makes a control character, if there is one."""
    for found in _ESCAPE.finditer(source.text, start, end):
        if _makes_control(*found.groups()):
            return bad_escape(Span(source, found.start(), found.end()), found.group())
    return None


def has_control(text: str) -> bool:
    """Say whether a control character that no file may hold stands in `text`."""
    return _UNSPEAKABLE.search(text) is not None


def has_forbidden(text: str) -> bool:
    """Say whether a character that is refused everywhere stands in `text`."""
    return _FORBIDDEN.search(text) is not None


def has_hidden(text: str) -> bool:
    """Say whether a character without width, or a blank that is none, stands anywhere in `text`."""
    return not text.isascii() and _HIDDEN.search(text) is not None


def first_hidden(source: SourceText, start: int, end: int) -> Diagnostic | None:
    """Return the diagnostic of the first hidden character between two offsets."""
    found = _HIDDEN.search(source.text, start, end)
    if not found:
        return None
    return hidden_character(Span(source, found.start(), found.end()), _name(found.group()))


def curly_quotes(source: SourceText, start: int, end: int) -> Diagnostic | None:
    """Return the advice about a curly quote where a text would begin, if there is one."""
    found = _CURLY.search(source.text[start:end])
    if not found:
        return None
    place = Span(source, start + found.start(1), start + found.end(1))
    return curly_quote(place, found.group(1))


def _makes_control(*parts: str | None) -> bool:
    *numbers, letter = parts
    if letter is not None:
        return letter in _CONTROL_LETTERS
    number = next(filter(None, numbers), "20")
    return has_control(chr(int(number, 16)))


def _report_forbidden(source: SourceText, start: int, report: Report) -> None:
    """Report the first of each kind on each line: a pasted page may hold thousands."""
    seen = set()
    for found in _FORBIDDEN.finditer(source.text, start):
        kind = (found.group(), source.place(found.start()).line)
        if kind in seen:
            continue
        seen.add(kind)
        span = Span(source, found.start(), found.end())
        report.add(forbidden_character(span, _name(found.group())))


def _without_directives(source: SourceText, text: str, start: int, report: Report) -> str:
    """Blank out the lines before the document that begin with `%`; only YAML 1.2 is no mistake."""
    position = start
    while True:
        skipped = _BEFORE_CONTENT.match(text, position)
        position = skipped.end() if skipped else position
        found = _DIRECTIVE.match(text, position)
        if not found:
            return text
        if found.group().split() != ["%YAML", "1.2"]:
            report.add(directive(Span(source, found.start(), found.end())))
        text = text[: found.start()] + " " * len(found.group()) + text[found.end() :]
        position = found.end()


def _name(character: str) -> str:
    code = f"U+{ord(character):04X}"
    return f"the character {code} ({unicodedata.name(character, 'a control character').lower()})"
