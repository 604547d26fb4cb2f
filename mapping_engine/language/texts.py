"""
Take a text apart: escapes, and the holes `{…}` that are filled in.

`{{` and `}}` are braces. A hole ends at the first `}` that does not stand in a text of its
own, so that `{replace(name, "}", "")}` is one hole. Nothing here reads what is in a hole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mapping_engine.language.passage import Mistaken, Passage
from mapping_engine.language.problems_of_texts import empty_hole, unknown_escape, unpaired_brace

__all__ = ["cut_holes", "unescape"]

_ESCAPED: Final = {'"': '"', "'": "'", "\\": "\\", "n": "\n", "t": "\t", "r": "\r"}
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.?))", re.DOTALL)
_HOLE: Final = re.compile(r"""\{((?:[^}"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*)\}""", re.DOTALL)
_BRACE: Final = re.compile(r"[{}]")


def unescape(content: Passage) -> Passage:
    """Return what stands between the quotes of a text with its escapes replaced."""
    if "\\" not in content.text:
        return content
    text = ""
    kept: list[int] = []  # for each character of `text`, where its last one was
    done = 0
    for escape in _ESCAPE.finditer(content.text):
        text += content.text[done : escape.start()] + _character(escape, content)
        kept += [*range(done, escape.start()), escape.end() - 1]
        done = escape.end()
    text += content.text[done:]
    kept += range(done, len(content.text) + 1)
    old = content.offsets
    return Passage(content.scalar, text, None if old is None else [old[place] for place in kept])


def _character(escape: re.Match[str], content: Passage) -> str:
    number, letter = escape.groups()
    found = chr(int(number, 16)) if number else _ESCAPED.get(letter)
    if found is None or "\ud800" <= found <= "\udfff":
        span = content.span(escape.start(), escape.end())
        raise Mistaken(unknown_escape(span, escape.group()))
    return found


def cut_holes(content: Passage) -> list[str | Passage]:
    """Return the plain parts and the holes of a text in the order written, none of them empty."""
    if "{" not in content.text and "}" not in content.text:
        return [content.text] if content.text else []
    parts: list[str | Passage] = []
    for part in _pieces(content):
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        elif part != "":
            parts.append(part)
    return parts


def _pieces(content: Passage) -> Iterator[str | Passage]:
    text, done = content.text, 0
    while brace := _BRACE.search(text, done):
        start, sign = brace.start(), brace.group()
        yield text[done:start]
        if text.startswith(sign * 2, start):
            yield sign
            done = start + 2
        elif sign == "}":
            raise Mistaken(unpaired_brace(content.span(start, start + 1), sign))
        else:
            done = _end_of_hole(content, start)
            yield content.cut(start + 1, done - 1)
    yield text[done:]


def _end_of_hole(content: Passage, start: int) -> int:
    hole = _HOLE.match(content.text, start)
    # A quote that never closes inside the hole hides its `}`: the hole ends there all the same,
    # and whoever reads it will speak of the quote.
    end = hole.end() if hole else content.text.find("}", start) + 1
    if not end:
        raise Mistaken(unpaired_brace(content.span(start, start + 1), "{"))
    if not content.text[start + 1 : end - 1].strip(" \t\r\n"):
        raise Mistaken(empty_hole(content.span(start, end)))
    return end
