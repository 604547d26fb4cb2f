"""
Recognise the mistake behind a stop: one diagnostic, with the hint that mends it.

Each `find` function looks at the place where reading stopped and knows one family of
mistakes; the first that finds something speaks. They are asked in the order of `explain`,
what is unmistakable first. `reads` tells whether a text can be read, so that a hint
proposes only what can.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from mapping_engine.language import problems
from mapping_engine.language.alternatives import (
    Reads,
    around_choice,
    around_pipe,
    around_sign,
    in_parentheses,
    joined_comparisons,
    proposals,
)
from mapping_engine.language.mistakes_of_values import find_character, find_number, find_text
from mapping_engine.language.mistakes_of_words import (
    find_equals,
    find_question,
    find_sign,
    find_word,
)
from mapping_engine.language.stop import COMPARISONS, RESERVED, Kind, Sign, Stop
from mapping_engine.source.diagnostic import Diagnostic

__all__ = ["explain"]

_ARITHMETIC: Final = ("+", "-", "*", "/")
_LOGIC: Final = ("and", "or", "not")
_RELATIONS: Final = (*COMPARISONS, "in", "is")
_BINARY: Final = (*_ARITHMETIC, *_RELATIONS, "and", "or", "??")
_CHOICE: Final = ("if", "then", "else")
#: What can stand at a place, in people's words, by the terminals of the grammar.
_FOLLOWING: Final = (
    ("NUMBER", "a value"),
    ("MEMBER", "a name"),
    ("PRESENT", "`present`"),
    ("EMPTY", "`empty`"),
    ("PLUS", "a sign such as `+`"),
    ("_IN", "`in`"),
    ("_AND", "`and`"),
    ("_OR", "`or`"),
    ("_FALLBACK", "`??`"),
    ("_PIPE", "`|`"),
)


def explain(stop: Stop, reads: Reads) -> Diagnostic:
    """Return the one diagnostic for an expression that could not be read."""
    found = chain(
        find_text(stop),
        find_number(stop),
        _find_star(stop),
        find_question(stop),
        find_sign(stop, reads),
        find_equals(stop),
        _find_spreadsheet_function(stop),
        find_word(stop),
        _find_mixed_logic(stop, reads),
        _find_pipe(stop, reads),
        _find_fallback(stop, reads),
        _find_chain(stop, reads),
        _find_middle(stop, reads),
        _find_dot(stop),
        _find_function_missing(stop),
        _find_comma(stop),
        _find_value_missing(stop),
        _find_choice(stop),
        _find_bracket(stop),
        _find_reserved(stop),
        find_character(stop),
        _find_nothing_between(stop),
        _find_anything(stop),
    )
    return next(found)


def _find_star(stop: Stop) -> Iterator[Diagnostic]:
    here, before, after = stop.here, stop.before, stop.after
    if here.says("*") and before.says("[") and after.says("]"):
        yield problems.star_in_brackets(stop.span(before, after), "[*]")
    elif here.says("*") and before.says("."):
        yield problems.star_in_brackets(stop.span(before, here), ".*")


def _find_spreadsheet_function(stop: Stop) -> Iterator[Diagnostic]:
    if stop.here.says(",", ";") and stop.open_brackets:
        opening = stop.open_brackets[-1]
        word = stop.sign(opening - 1)
        if stop.signs[opening].says("(") and word.says("if", "and", "or", "not"):
            yield problems.spreadsheet_function(stop.span(word), word.text)


def _find_mixed_logic(stop: Stop, reads: Reads) -> Iterator[Diagnostic]:
    other = {"and": "or", "or": "and"}.get(stop.here.text, "")
    last = _last(stop, other)
    if other and stop.here.says("and", "or") and last is not None and not stop.takes_value:
        written = proposals(around_sign(stop, last), reads)
        yield problems.mixed_and_or(stop.span(stop.here), written)


def _find_pipe(stop: Stop, reads: Reads) -> Iterator[Diagnostic]:
    here = stop.here
    if stop.takes_value or stop.before.says("|"):
        return
    if here.says("|"):
        bound = stop.sign(stop.level(*_CHOICE)[0])
        if bound.says("else"):
            written = proposals(around_choice(stop), reads)
        else:
            written = proposals(around_pipe(stop, _last(stop, *_BINARY)), reads)
        yield problems.pipe_beside(stop.span(here), "|", written)
    elif here.says(*_BINARY, "not", ".", "[") and _last(stop, "|") is not None:
        last = _last(stop, "|") or 0
        written = proposals(around_sign(stop, last)[:1], reads)
        yield problems.pipe_beside(stop.span(here), here.text, written)


def _find_fallback(stop: Stop, reads: Reads) -> Iterator[Diagnostic]:
    here = stop.here
    beside = (*_ARITHMETIC, *_RELATIONS, *_LOGIC)
    if here.says("??") and not stop.takes_value:
        last = _last(stop, *beside)
    elif here.says(*beside):
        last = _last(stop, "??")
    else:
        return
    if last is not None and (not stop.takes_value or last == stop.at - 1):
        sign = stop.signs[last].text if here.says("??") else here.text
        written = proposals(around_sign(stop, last), reads)
        yield problems.fallback_beside(stop.span(here), sign, written)


def _find_chain(stop: Stop, reads: Reads) -> Iterator[Diagnostic]:
    here, last = stop.here, _last(stop, *_RELATIONS)
    if last is None or stop.takes_value or not here.says(*_RELATIONS, "not"):
        return
    both = here.says(*COMPARISONS) and stop.signs[last].says(*COMPARISONS)
    candidates = joined_comparisons(stop, last) if both else around_sign(stop, last)[:1]
    yield problems.chained_comparison(stop.span(here), proposals(candidates, reads))


def _find_middle(stop: Stop, reads: Reads) -> Iterator[Diagnostic]:
    here = stop.here
    if stop.takes_value and stop.before.says(*_BINARY, "not") and here.says("if", "not", "-"):
        written = proposals(in_parentheses(stop), reads)
        yield problems.needs_brackets(stop.span(here), here.text, written)


def _find_dot(stop: Stop) -> Iterator[Diagnostic]:
    here, before = stop.here, stop.before
    if here.says(".") and stop.takes_value:
        name = stop.after.text
        hint = f"leave the dot out, or write `record.{name}`" if name else "leave the dot out"
        yield problems.member_missing(stop.span(here), hint)
    elif here.says(".."):
        yield problems.member_missing(stop.span(here), "write one dot")
    elif before.says(".") and here.kind is Kind.TEXT:
        owner = stop.sign(stop.at - 2).text
        yield problems.member_missing(stop.span(before), f"write `{owner}[{here.text}]`")
    elif before.says(".") and "MEMBER" in stop.expected and here.text.isascii():
        hint = "write a name behind it, or leave the dot out"
        yield problems.member_missing(stop.span(before), hint)


def _find_function_missing(stop: Stop) -> Iterator[Diagnostic]:
    if stop.before.says("|") and not stop.takes_value:
        hint = "write the name of a function behind it, as in `| trim`"
        yield problems.function_missing(stop.span(stop.here), hint)


def _find_comma(stop: Stop) -> Iterator[Diagnostic]:
    here, before = stop.here, stop.before
    if here.says(")", "]") and before.says(","):
        yield problems.comma_stray(stop.span(before), "leave the last comma out")
    elif here.says(",") and before.says(",", "(", "["):
        yield problems.comma_stray(stop.span(here), "leave it out, or write a value before it")
    elif here.says(",") and not stop.takes_value and not stop.open_choices():
        yield problems.comma_stray(stop.span(here), _for_comma(stop))


def _for_comma(stop: Stop) -> str:
    if stop.open_brackets:
        number = stop.open_brackets[-1]
        opening, owner = stop.signs[number], stop.sign(number - 1)
        if opening.says("[") and owner.end == opening.start:
            return "brackets hold one condition; join two with `and`"
    return "a list is written `[a, b]`"


def _find_value_missing(stop: Stop) -> Iterator[Diagnostic]:
    here, before = stop.here, stop.before
    if not stop.takes_value or (stop.is_end and before.says("(", "[", ",")):
        return
    if stop.is_end:
        yield problems.value_missing(stop.span(here), f"after `{before.text}`", "ends here")
    elif here.says(")", "]") and before.says("(", "["):
        hint = None
        if here.text == "]":
            hint = 'brackets hold a condition, as in `phones[kind == "work"]`'
        where = f"between `{before.text}` and `{here.text}`"
        yield problems.value_missing(stop.span(before, here), where, "nothing in it", hint)
    elif here.says("+") and stop.after.begins_value:
        where, hint = "before `+`", "leave the `+` out"
        yield problems.value_missing(stop.span(here), where, "no value before it", hint)
    elif here.says(*_BINARY, "|", "then", "else") and not _is_name_by_mistake(stop):
        where = f"before `{here.text}`"
        yield problems.value_missing(stop.span(here), where, "no value before it")
    elif here.says(")", "]", ",", "=", "}"):
        where = f"after `{before.text}`" if before.text else f"before `{here.text}`"
        yield problems.value_missing(stop.span(here), where, "no value before it")


def _is_name_by_mistake(stop: Stop) -> bool:
    """Whether a reserved word is meant as a name: what follows it is not a value."""
    goes_on = stop.after.begins_value or stop.after.says("-", "not", "if", "present", "empty")
    return stop.here.kind is Kind.WORD and not goes_on


def _find_choice(stop: Stop) -> Iterator[Diagnostic]:
    here, choices = stop.here, stop.open_choices()
    if here.says("then", "else") and not stop.takes_value and not choices:
        yield problems.condition_incomplete(stop.span(here), here.text, "if")
    if not choices or stop.takes_value:
        return
    word, missing = choices[-1]
    ends = stop.is_end or here.says(")", "]", ",", "then", "else")
    if ends or (missing == "then" and here.begins_value):
        yield problems.condition_incomplete(stop.span(word), "if", missing)


def _find_bracket(stop: Stop) -> Iterator[Diagnostic]:
    here, opened = stop.here, stop.open_brackets
    if stop.is_end and opened:
        opening = stop.signs[opened[-1]]
        in_flow = stop.passage.scalar.in_flow
        word = problems.cut_by_comma if in_flow else problems.bracket_open
        yield word(stop.span(opening), opening.text)
    elif here.says(")", "]") and not stop.takes_value and opened:
        opening = stop.signs[opened[-1]]
        mismatched = problems.bracket_mismatched(stop.span(here), here.text, opening.text)
        yield mismatched.with_label(stop.span(opening), "opened here")
    elif here.says(")", "]") and not stop.takes_value:
        yield problems.bracket_mismatched(stop.span(here), here.text, None)


def _find_reserved(stop: Stop) -> Iterator[Diagnostic]:
    if stop.takes_value and stop.here.says(*RESERVED):
        yield problems.reserved_word(stop.span(stop.here), stop.here.text)


def _find_nothing_between(stop: Stop) -> Iterator[Diagnostic]:
    here, before = stop.here, stop.before
    if stop.expected.isdisjoint(("PLUS", "_PIPE")) or not (here.begins_value or here.says("if")):
        return
    hint = "write a sign between them, such as `+`, `==` or `and`"
    if here.text == "if":
        hint = "a choice begins with its condition: `if … then … else …`"
    elif here.is_name and before.is_name:
        hint = (
            f"for a member write `{before.text}.{here.text}`, for a field of that name "
            f'`record["{before.text} {here.text}"]`'
        )
    elif Kind.TEXT in (here.kind, before.kind) and (here.is_name or before.is_name):
        hint = f"to put texts together write one text: `{_one_text(before, here)}`"
    yield problems.nothing_between(stop.span(here), before.text, here.text, hint)


def _one_text(before: Sign, here: Sign) -> str:
    inner = [s.text[1:-1] if s.kind is Kind.TEXT else f"{{{s.text}}}" for s in (before, here)]
    return f'"{"".join(inner)}"'


def _find_anything(stop: Stop) -> Iterator[Diagnostic]:
    can_follow = [words for terminal, words in _FOLLOWING if terminal in stop.expected]
    yield problems.cannot_follow(stop.span(stop.here), stop.here.text, can_follow)


def _last(stop: Stop, *words: str) -> int | None:
    """Return the number of the last of `words` beside the stop and before it."""
    level = stop.level(*_CHOICE)[1:]
    return next((n for n in reversed(level) if stop.signs[n].says(*words)), None)
