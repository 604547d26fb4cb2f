"""
Undo the built-in functions: which of them lose nothing, and how they are turned round.

`CALLS` holds one small function for each that can be undone. It gets what came out, and the
other arguments of the call, and returns what went in. `COMES_BACK` shows, for functions that
lose something, the smallest value that would not come back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.functions import CATALOGUE
from mapping_engine.language import nodes
from mapping_engine.language.nodes import Expression
from mapping_engine.packs.reverse_nodes import Pen
from mapping_engine.values import moment
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import DATE, NUMBER, TEXT, List, Type

__all__ = ["CALLS", "COMES_BACK", "Given", "NoWay", "call_undone", "number_of"]


class NoWay(Exception):
    """An expression that cannot be undone; `why` is a sentence without its end."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Given(Struct, frozen=True):
    """What the payload gives: an expression over it, its type, and the field it reads.

    `asks` says that the expression answers or refuses also when the field is empty, and
    `is_quotient` that it may have more digits than are kept. `conditions` are asked before it
    is taken.
    """

    tree: Expression
    type: Type
    source: Expression
    source_type: Type
    asks: bool = False
    is_quotient: bool = False
    conditions: tuple[Expression, ...] = ()

    def made(self, tree: Expression, type: Type) -> Given:
        """Return what is made of it."""
        return replace(self, tree=tree, type=type)


Undo: TypeAlias = Callable[[Given, Mapping[str, Expression], Pen], Given]

#: What a function makes of a value, and of what it made: a value that does not come back.
COMES_BACK: Final[Mapping[str, tuple[str, str]]] = {
    "trim": ('" a"', '"a"'),
    "lower": ('"A"', '"a"'),
    "upper": ('"a"', '"A"'),
    "squeeze": ('"a  b"', '"a b"'),
    "name_case": ('"ANNA"', '"Anna"'),
    "abs": ("-1", "1"),
    "unique": ("[1, 1]", "[1]"),
    "end_of_month": ("2026-01-01", "2026-01-31"),
}
_ROUNDING: Final = ("round_half_up", "round_half_even", "round_up", "round_down")


def call_undone(call: nodes.Call, given: Given, pen: Pen) -> tuple[Expression, Given]:
    """Return the first argument of a call, and what it was. Raises `NoWay`."""
    function = CATALOGUE.functions.get(call.function)
    if function is None or not call.arguments:
        raise NoWay(f"`{call.function}( )` does not tell what it was asked")
    names = [each.name for each in function.parameters]
    placed = {
        each.name or names[min(place, len(names) - 1)]: each.value
        for place, each in enumerate(call.arguments)
    }
    undo = CALLS.get(call.function)
    if undo is None or names[0] not in placed:
        raise NoWay(_lost(call.function, placed))
    return placed[names[0]], undo(given, placed, pen)


def _lost(function: str, placed: Mapping[str, Expression]) -> str:
    """Say what a function loses, with the smallest value that does not come back."""
    if function in COMES_BACK:
        value, back = COMES_BACK[function]
        return f"`{function}( )` loses what was there: `{value}` comes back as `{back}`"
    places = number_of(placed["places"]) if "places" in placed else None
    if function in _ROUNDING and places is not None:
        step = Decimal(1).scaleb(-int(places))
        lost, rounded = (
            (step * 9 / 10, step) if function == "round_up" else (step * 4 / 10, step * 0)
        )
        return f"`{function}( )` loses digits: `{lost:f}` comes back as `{rounded:f}`"
    if function in ("truncate", "left"):
        return f"`{function}( )` cuts off what does not come back"
    return f"`{function}( )` does not tell what it was made of"


def number_of(tree: Expression) -> Decimal | None:
    """Return the number that is written out, if one is."""
    match tree:
        case nodes.Literal(value=Decimal() as number):
            return number
        case nodes.Negative(operand=nodes.Literal(value=Decimal() as number)):
            return -number
        case _:
            return None


def _to_text(given: Given, more: Mapping[str, Expression], pen: Pen) -> Given:
    return given.made(given.tree, TEXT)  # read as what the record has, at its place


def _to_number(given: Given, more: Mapping[str, Expression], pen: Pen) -> Given:
    return given.made(pen.call("to_text", given.tree), TEXT)


def _format_number(given: Given, more: Mapping[str, Expression], pen: Pen) -> Given:
    return given.made(pen.call("to_number", given.tree), NUMBER)


def _format_date(given: Given, more: Mapping[str, Expression], pen: Pen) -> Given:
    pattern = more["pattern"]
    if not isinstance(pattern, nodes.Literal) or not _reads_back(str(pattern.value)):
        raise NoWay("this way of writing a date does not say the whole date")
    return given.made(pen.call("parse_date", given.tree, pattern), DATE)


def _reads_back(pattern: str) -> bool:
    days = (date(1999, 12, 31), date(2026, 1, 2))
    try:
        written = [moment.format_date(each, pattern) for each in days]
        return [moment.parse_date(each, pattern) for each in written] == [*days]
    except Refusal:
        return False


def _parse_date(given: Given, more: Mapping[str, Expression], pen: Pen) -> Given:
    pattern = more.get("pattern", pen.literal("yyyy-MM-dd"))
    return given.made(pen.call("format_date", given.tree, pattern), TEXT)


def _parse_datetime(given: Given, more: Mapping[str, Expression], pen: Pen) -> Given:
    return given.made(pen.call("to_text", given.tree), TEXT)


def _midnight_of(given: Given, more: Mapping[str, Expression], pen: Pen) -> Given:
    return given.made(pen.call("date_of", given.tree, zone=more["zone"]), DATE)


def _add_days(given: Given, more: Mapping[str, Expression], pen: Pen) -> Given:
    days = number_of(more["days"])
    if days is None:
        raise NoWay("`add_days( )` adds a number of days that is not written out")
    return given.made(pen.call("add_days", given.tree, _signed(-days, pen)), DATE)


def _signed(number: Decimal, pen: Pen) -> Expression:
    written = pen.literal(abs(number))
    return nodes.Negative(span=pen.span, operand=written) if number < 0 else written


def _join(given: Given, more: Mapping[str, Expression], pen: Pen) -> Given:
    found = pen.call("parts", given.tree, more["separator"])
    return given.made(found, List(item=TEXT))


def _split(given: Given, more: Mapping[str, Expression], pen: Pen) -> Given:
    return replace(given.made(pen.call("join", given.tree, more["separator"]), TEXT), asks=True)


def _by(function: str, *, quotient: bool = False) -> Undo:
    """Return what undoes one change of unit by the other."""

    def undo(given: Given, more: Mapping[str, Expression], pen: Pen) -> Given:
        made = given.made(pen.call(function, given.tree), NUMBER)
        return replace(made, is_quotient=quotient)

    return undo


CALLS: Final[Mapping[str, Undo]] = {
    "to_text": _to_text,
    "to_number": _to_number,
    "format_number": _format_number,
    "format_date": _format_date,
    "parse_date": _parse_date,
    "parse_datetime": _parse_datetime,
    "midnight_of": _midnight_of,
    "add_days": _add_days,
    "join": _join,
    "split": _split,
    "percent_to_fraction": _by("fraction_to_percent"),
    "fraction_to_percent": _by("percent_to_fraction"),
    "minutes_from_hours": _by("hours_from_minutes", quotient=True),
    "seconds_from_hours": _by("hours_from_seconds", quotient=True),
}
