"""Wordings of M4xx: names and types of expressions."""

from __future__ import annotations

from collections.abc import Iterable

from mapping_engine.functions.lookalikes import look_alike
from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.suggest import did_you_mean, nearest
from mapping_engine.values.words import count_words

__all__ = [
    "always_refused", "argument_missing", "argument_out_of_range", "argument_unknown",
    "arguments_too_many", "comparison_of_empty", "condition_may_be_empty", "double_argument",
    "may_be_empty", "needs_rounding", "never_equal", "no_mixed_kinds", "not_a_condition",
    "not_constant", "not_in_enum", "unit_mismatch", "unknown_field", "unknown_function",
    "word_in_quotes", "wrong_arguments", "wrong_type",
]  # fmt: skip


@problem("M402", "unknown-field")
def unknown_field(owner: str, name: str, fields: Iterable[str], hint: str | None = None) -> Wording:
    """An expression reads a field that its record does not have."""
    return Wording(
        message=f"`{owner}` has no field `{name}`",
        label=f"not a field of `{owner}`",
        hint=hint or did_you_mean(name, fields),
    )


def word_in_quotes(name: str) -> str:
    """Return the hint for a name that is none, and may be a word that was meant to be sent."""
    return f'a word that is meant as it stands is put in quotes: `"{name}"`'


@problem("M403", "may-be-empty")
def may_be_empty(
    target: str, wanted: str, state: str, can_omit: bool, *, hint: str | None = None
) -> Wording:
    """A field that the target demands is filled from something that can be empty.

    Say what to send instead with `??`, reject the record with `on_empty: reject`, or ask
    `is present` in a condition before.
    """
    leave = ", or leave the field out with `on_empty: omit`" if can_omit else ""
    return Wording(
        message=f"`{target}` needs {wanted}, but this can be {state}",
        label=f"can be {state}",
        hint=hint
        or f"say what to send instead with `??`, or refuse such a record with "
        f"`on_empty: reject`{leave}",
    )


@problem("M404", "wrong-type")
def wrong_type(what: str, wanted: str, given: str, hint: str | None = None) -> Wording:
    """A value has another type than the place where it stands needs."""
    return Wording(
        message=f"{what} needs {wanted}, but this is {given}", label=f"is {given}", hint=hint
    )


@problem("M405", "unknown-function")
def unknown_function(name: str, functions: Iterable[str], field: bool) -> Wording:
    """A call names a function or table that does not exist."""
    near = did_you_mean(name, [each for each in functions if nearest(name, [each])])
    hint = look_alike(name) or near
    if field:
        hint = f"`{name}` is a field: write it without ( )"
    return Wording(
        message=f"there is no function or table `{name}`",
        label="not a function, not a table of this pack",
        hint=hint or "see `rules/REFERENCE.md` for the functions; tables stand under `tables/`",
    )


@problem("M406", "wrong-arguments")
def wrong_arguments(message: str, hint: str | None) -> Wording:
    """A function is called with arguments that it does not take, or without one that it needs."""
    return Wording(message=message, hint=hint)


def argument_missing(function: str, name: str, signature: str) -> tuple[str, str]:
    """Word a missing argument."""
    return f"`{function}` needs `{name}`", f"it is written `{signature}`"


def argument_unknown(function: str, name: str, names: Iterable[str]) -> tuple[str, str | None]:
    """Word an argument name that the function does not have."""
    return f"`{function}` has no argument `{name}`", did_you_mean(name, list(names))


def arguments_too_many(function: str, most: int, signature: str) -> tuple[str, str]:
    """Word too many arguments."""
    counted = "no arguments" if not most else "one argument" if most == 1 else f"{most} arguments"
    return f"`{function}` takes {counted}", f"it is written `{signature}`"


def double_argument(function: str, name: str) -> tuple[str, str | None]:
    """Word an argument given twice."""
    return f"`{function}` is given `{name}` twice", "leave one of the two out"


@problem("M407", "not-in-enum")
def not_in_enum(what: str, word: str, choices: Iterable[str]) -> Wording:
    """A text is compared with a field, or sent to one, whose list of words does not have it."""
    words = list(choices)
    return Wording(
        message=f"{what} cannot be `{word}`",
        label=f"one of {len(words)} words is needed" if len(words) > 5 else None,
        hint=did_you_mean(word, words),
    )


@problem("M408", "not-a-condition")
def not_a_condition(given: str, hint: str | None) -> Wording:
    """A condition is something other than yes or no."""
    return Wording(
        message=f"a condition must be yes or no, but this is {given}",
        label=f"is {given}",
        hint=hint or "ask `is present`, or compare it with something",
    )


@problem("M409", "condition-may-be-empty")
def condition_may_be_empty(name: str, state: str, hint: str) -> Wording:
    """A condition or a comparison could have neither yes nor no for an answer.

    Nothing is neither smaller nor greater than a number. Ask `is present` first.
    """
    return Wording(
        message=f"{name} can be {state}, so this is not always yes or no",
        label=f"can be {state}",
        hint=hint,
    )


def comparison_of_empty(name: str, state: str) -> tuple[str, str, str]:
    """Word a comparison of something that can be nothing."""
    return (
        name,
        state,
        f"ask first: `{name.strip('`')} is present and …`, or give a value with `??`",
    )


@problem("M410", "unit-mismatch")
def unit_mismatch(left: str, right: str, operator: str | None = None) -> Wording:
    """Numbers of different units are computed with, compared, put side by side or sent to a field.

    Hours, minutes, seconds, percent, fractions and amounts of money (currency) do not mix.
    Hours times a rate are money; a fraction of anything keeps its unit; percent must be
    divided by 100 before they count as a share.
    """
    label = f"{left} and {right}"
    if operator is None:
        message = f"this gives {left} in one case and {right} in another"
    elif operator in ("*", "/"):
        message = f"`{operator}` of {label} means nothing"
    elif operator in _BETWEEN:
        message = f"`{operator}` mixes {label}"
    else:  # a field, a function, a control total
        message, label = f"`{operator}` takes {left}, but this is {right}", f"is {right}"
    return Wording(message=message, label=label, hint=_conversion(left, right, operator))


_BETWEEN = ("+", "-", "<", "<=", ">", ">=", "==", "in")
_TIMES = {"hours", "minutes", "seconds"}


def _conversion(left: str, right: str, operator: str | None) -> str | None:
    """Return what turns one of two units into the other, or what else to write."""
    units = {left, right}
    times, percents = units & _TIMES, [each for each in units if each.startswith("percent")]
    if units == {"currency"}:
        return "an amount of money is multiplied by hours, a quantity or a share"
    if any(" of " in each for each in percents):
        return "divide by 100: so many percent of something are a hundred times too much"
    if "currency" in units and percents:
        return "a share of an amount is `amount * rate / 100`"
    if "currency" in units and "fraction" in units:
        return "multiply the amount by the share"
    if "currency" in units and times:
        return "hours times a rate are an amount of money; `hours_from_minutes(x)` gives hours"
    if units == {"percent", "fraction"}:
        return "`percent_to_fraction(x)` and `fraction_to_percent(x)` turn one into the other"
    if not times or (operator in ("*", "/") and times == units and len(units) == 1):
        return None
    other = next(iter(sorted(times - {"hours"})), "minutes")
    return f"`hours_from_{other}(x)` gives hours, `{other}_from_hours(x)` gives {other}"


@problem("M411", "branches-differ")
def no_mixed_kinds(first: str, second: str) -> Wording:
    """The possible results of one expression are of different types."""
    return Wording(
        message=f"this gives {first} in one case and {second} in another",
        label=f"is {second}",
        hint="both must be of one type; `to_text( )` makes a text of anything",
    )


@problem("M412", "needs-rounding")
def needs_rounding(target: str, places: int, given: int | None) -> Wording:
    """A number with more decimal places than its field holds must be rounded by name.

    A quotient has no end of places; a product has those of both factors together.
    """
    held = count_words(places, "decimal place") if places else "no decimal places"
    can = "any number of them" if given is None else f"{given}"
    return Wording(
        message=f"`{target}` holds {held}, but this can have {can}",
        label=f"can have {'any number of' if given is None else given} decimal places",
        hint=f"round it, e.g. `round_half_up(…, places={places})`",
    )


@problem("M413", "not-constant")
def not_constant(function: str, name: str) -> Wording:
    """An argument must be written out, because it decides what the pack means."""
    return Wording(
        message=f"`{name}` of `{function}` must be written out, not computed",
        hint="write a number or a text in quotes",
    )


@problem("M414", "always-refused")
def always_refused(why: str) -> Wording:
    """An expression without any field in it can never give a value."""
    return Wording(message=f"this can never give a value: {why}")


@problem("M415", "never-equal")
def never_equal(left: str, right: str, hint: str | None = None) -> Wording:
    """Two values of different types are compared; they can never be equal."""
    return Wording(
        message=f"{left} is never equal to {right}", label=f"{left} against {right}", hint=hint
    )


@problem("M424", "argument-out-of-range")
def argument_out_of_range(what: str, taken: str, given: str, other: str | None) -> Wording:
    """A number written as an argument lies outside what the function takes there."""
    return Wording(
        message=f"{what} takes {taken}, but this is `{given}`",
        hint=f"for `{other}` write `{other}={given}`" if other else None,
    )
