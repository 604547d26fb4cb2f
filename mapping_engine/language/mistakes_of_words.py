"""Recognise signs and words of spreadsheets and programming languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mapping_engine.language import problems
from mapping_engine.language.alternatives import Reads, proposals, ternary
from mapping_engine.language.stop import RESERVED, Kind, Stop
from mapping_engine.source.diagnostic import Diagnostic

__all__ = ["find_equals", "find_question", "find_sign", "find_word"]

_SIGNS: Final = {
    "&&": "write `and`",
    "||": "write `or`",
    "!": "write `not`",
    "<>": "write `!=`",
    "><": "write `!=`",
    "!==": "write `!=`",
    "=!": "write `!=`",
    "===": "write `==`",
    "=>": "write `>=`",
    "=<": "write `<=`",
    "^": "a power is written as a product: `a * a`",
    "**": "a power is written as a product: `a * a`",
    "//": "write `round_down(a / b, places=0)`",
    "%": "a percentage is written as a product: `amount * 15 / 100`",
    "&": 'texts are put together in one text: `"{first_name} {last_name}"`',
    ";": "a comma stands between arguments",
    ":=": "a named argument is written with `=`: `to=0.1`",
    "?.": "write `.`: what follows a dot may be empty",
    "->": "write `.`",
    "::": "write `.`",
    "++": "write `+`",
}
_WORDS: Final = {
    "elif": "write `else if`",
    "elsif": "write `else if`",
    "elseif": "write `else if`",
    "unless": "write `if not … then …`",
    "contains": "write it the other way round: `value in list`",
    "equals": "write `==`",
    "eq": "write `==`",
    "ne": "write `!=`",
    "xor": "write `!=`",
    "mod": "there are no remainders",
    "between": "write `low <= value and value <= high`",
    "like": "compare the whole text with `==`",
}
_EMPTY: Final = frozenset(
    ["empty", "null", "nothing", "none", "nil", "blank", "absent", "missing", "undefined"]
)
_PRESENT: Final = frozenset(["present", "set", "given", "there", "filled", "defined"])


def find_sign(stop: Stop, reads: Reads) -> Iterator[Diagnostic]:
    """Find `&&`, `<>`, `?` and their like."""
    here = stop.here
    if here.kind is not Kind.SIGN:
        return
    hint = _SIGNS.get(here.text)
    if here.text == "?":
        written = proposals(ternary(stop), reads)
        hint = f"write `{written[0]}`" if written else "write `if … then … else …`"
    if here.text == ":":
        hint = _for_colon(stop)
    if hint:
        yield problems.foreign_sign(stop.span(here), here.text, hint)


def _for_colon(stop: Stop) -> str:
    if stop.open_choices():
        return "write `if … then … else …`"
    bound = stop.sign(stop.at - 2)
    if stop.before.is_name and bound.says("(", ",") and stop.after.begins_value:
        written = f"{stop.before.text}={stop.after.text}"
        return f"a named argument is written with `=`: `{written}`"
    return "a named argument is written with `=`: `to=0.1`"


def find_equals(stop: Stop) -> Iterator[Diagnostic]:
    """Find `=` where nothing is named."""
    if stop.here.says("=") and (stop.at == 0 or not stop.takes_value):
        yield problems.single_equals(stop.span(stop.here), stop.at == 0)


def find_word(stop: Stop) -> Iterator[Diagnostic]:
    """Find `AND`, `elif`, `contains` and their like between two values."""
    for sign in (stop.here, stop.before):
        small = sign.text.lower()
        if stop.takes_value or not sign.is_name:
            continue
        if small in RESERVED:
            yield problems.foreign_word(stop.span(sign), sign.text, f"write `{small}`")
        elif small in _WORDS and sign is stop.here:
            yield problems.foreign_word(stop.span(sign), sign.text, _WORDS[small])


def find_question(stop: Stop) -> Iterator[Diagnostic]:
    """Find what does not belong after `is`: `is null`, `is not empty`, `is true`."""
    if "PRESENT" not in stop.expected:
        return
    here = stop.here
    negated = here.says("not")
    word = stop.after if negated else here
    if word.kind is Kind.END:
        hint = "write `present` or `empty`"
        yield problems.value_missing(stop.span(word), "after `is`", "ends here", hint)
        return
    last = word if word.kind in (Kind.WORD, Kind.TEXT, Kind.NUMBER) else here
    parts = ["is", *(["not"] if negated else []), *([last.text] if last is word else [])]
    hint = _for_question(word.text, negated)
    yield problems.wrong_after_is(stop.span(stop.before, last), " ".join(parts), hint)


def _for_question(word: str, negated: bool) -> str:
    small = word.lower()
    if small in _EMPTY or small in _PRESENT:
        asks_present = (small in _PRESENT) is not negated
        return f"write `is {'present' if asks_present else 'empty'}`"
    if small == "in":
        return f"write `{'not in' if negated else 'in'}`"
    sign = "!=" if negated else "=="
    return f"write `is present` or `is empty`; to compare write `{sign}`"
