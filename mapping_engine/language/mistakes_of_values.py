"""Recognise mistakes in numbers, texts and characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from mapping_engine.language import problems, problems_of_texts
from mapping_engine.language.stop import COMPARISONS, Kind, Stop
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.source.node import Style

__all__ = ["find_character", "find_number", "find_text"]

_CURLY: Final = "“”„‟‘’‚‛«»″′"
_KNOWN: Final = frozenset([*"()[]{}+-*/.,=<>|?:;!&%^", *COMPARISONS, "??", ".."])
_STAMP: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T0-9]")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(_[0-9]{3})+(\.[0-9]+)?")
_DECIMAL: Final = re.compile(r"[0-9]+(\.[0-9]+)?")


def find_text(stop: Stop) -> Iterator[Diagnostic]:
    """Find a text that does not end, or ends too early, and quotes that are none."""
    here, before = stop.here, stop.before
    if here.kind is Kind.OPEN_TEXT:
        if _goes_on_as_comment(stop):
            yield problems_of_texts.cut_by_comment(stop.span(here))
        else:
            is_apostrophe = before.kind in (Kind.WORD, Kind.MEMBER) and before.end == here.start
            word = before.text if is_apostrophe else None
            yield problems_of_texts.text_without_end(stop.span(here), here.text, word)
    touches = before.kind is Kind.TEXT and before.end == here.start
    if touches and here.kind in (Kind.WORD, Kind.NUMBER, Kind.TEXT):
        quote = before.text[0]
        span = stop.passage.span(before.end - 1, before.end)
        yield problems_of_texts.quote_in_text(span, quote)
    if here.text in _CURLY and here.kind is Kind.SIGN:
        yield problems_of_texts.curly_quotes(stop.span(here), here.text)
    if here.says("{", "}"):
        yield problems_of_texts.hole_sign_outside(stop.span(here), here.text)


def _goes_on_as_comment(stop: Stop) -> bool:
    scalar = stop.passage.scalar
    behind = scalar.span.source.text[scalar.span.end : scalar.span.end + 200].lstrip(" \t")
    begins_at_end = stop.at == len(stop.signs) - 1
    return scalar.style is Style.PLAIN and begins_at_end and behind.startswith("#")


def find_number(stop: Stop) -> Iterator[Diagnostic]:
    """Find numbers written as elsewhere: `0123`, `50%`, `.5`, `1,5`, `1e3`."""
    here, before, after = stop.here, stop.before, stop.after
    touches = here.start == before.end
    is_number = _DECIMAL.fullmatch(before.text) is not None
    if here.kind is Kind.NUMBER and before.says("."):
        place, source = here.text.partition(".")[0], stop.sign(stop.at - 2).text
        span = stop.passage.span(here.start, here.start + len(place))
        yield problems.place_by_number(span, source, place)
    if here.kind is Kind.NUMBER and (hint := _hint_for(here.text, stop)):
        yield problems_of_texts.number_malformed(stop.span(here), here.text, hint)
    if here.says("%") and is_number and not after.begins_value:
        share = format((Decimal(before.text) / 100).normalize(), "f")
        span = stop.span(before, here)
        yield problems_of_texts.number_malformed(span, f"{before.text}%", f"write `{share}`")
    if here.says(".") and stop.takes_value and after.kind is Kind.NUMBER:
        written = f".{after.text}"
        span = stop.span(here, after)
        yield problems_of_texts.number_malformed(span, written, f"write `0{written}`")
    continues = after.kind is Kind.NUMBER and after.start == here.end
    if here.says(",") and touches and is_number and continues and not stop.open_brackets:
        span, written = stop.span(before, after), f"{before.text},{after.text}"
        hint = f"write `{before.text}{after.text}`"
        if "." not in written:
            hint += f", or `{before.text}.{after.text}` if the comma begins the decimals"
        yield problems_of_texts.number_malformed(span, written, hint)


def _hint_for(written: str, stop: Stop) -> str | None:
    """Return how to write a number, or None when it is written well."""
    if _STAMP.match(written):
        return f'a point in time is a text: `parse_datetime("{written}")`'
    if re.fullmatch(r"0[0-9]+(\.[0-9]+)?", written):
        return f'write `{_without_zeros(written)}` for the number, `"{written}"` for a code'
    if _GROUPED.fullmatch(written):
        return f"write `{written.replace('_', '')}`"
    if re.fullmatch(r"[0-9]+\.", written):
        return f"write `{written[:-1]}`"
    if re.fullmatch(r"[0-9.]+[eE][0-9]*", written):
        return "write all digits"
    if re.fullmatch(r"[0-9]+[A-Za-z_]\w*", written):
        return f'for a field of that name write `record["{written}"]`, for a code `"{written}"`'
    if not re.fullmatch(r"(0|[1-9][0-9]*)(\.[0-9]+)?", written):
        return "a number has digits and at most one point, as in `12.50`"
    return None


def _without_zeros(written: str) -> str:
    plain = written.lstrip("0") or "0"
    return f"0{plain}" if plain.startswith(".") else plain


def find_character(stop: Stop) -> Iterator[Diagnostic]:
    """Find characters that no expression is made of."""
    here = stop.here
    is_word = here.kind in (Kind.WORD, Kind.MEMBER)
    if is_word and not here.text.isascii():
        at = next(i for i, character in enumerate(here.text) if not character.isascii())
        span = stop.passage.span(here.start + at, here.start + at + 1)
        hint = f'for a field of that name write `record["{here.text}"]`'
        if here.kind is Kind.MEMBER:
            hint = f'write the name in brackets: `["{here.text}"]`'
        yield problems_of_texts.unknown_character(span, f"`{here.text[at]}`", hint)
    elif here.text.endswith("#"):
        span = stop.passage.span(here.end - 1, here.end)
        hint = "`#` goes with a name that stands alone, as in `phone#`"
        yield problems_of_texts.unknown_character(span, "`#`", hint)
    elif here.kind is Kind.SIGN and here.text not in _KNOWN:
        advice = "a name is made of letters, digits and `_`" if here.text in "@$\\~`" else None
        yield problems_of_texts.unknown_character(stop.span(here), _named(here.text), advice)


def _named(character: str) -> str:
    if character.isprintable() and not character.isspace():
        return f"`{character}`"
    return f"the character {unicodedata.name(character, f'U+{ord(character):04X}').lower()}"
