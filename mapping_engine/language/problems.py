"""
The words for an expression that cannot be read: signs, words and brackets (M301 to M323).

Detection is in `mistakes.py` and `building.py`; here are only sentences. What a hint
proposes has been tried: it can be read.
"""

from __future__ import annotations

from collections.abc import Sequence

from mapping_engine.source.codes import Wording, problem

__all__ = [
    "bracket_mismatched", "bracket_open", "cannot_follow", "chained_comparison", "comma_stray",
    "condition_incomplete", "cut_by_comma", "fallback_beside", "foreign_sign", "foreign_word",
    "function_missing", "member_missing", "mixed_and_or", "needs_brackets", "nothing_between",
    "nothing_written", "pipe_beside", "place_by_number", "reserved_word", "single_equals",
    "spreadsheet_function", "star_in_brackets", "value_missing", "wrong_after_is",
]  # fmt: skip


@problem("M301", "cannot-follow")
def cannot_follow(what: str, can_follow: Sequence[str]) -> Wording:
    """An expression goes on, or ends, in a way that none of the named mistakes explains."""
    message = f"`{what}` cannot stand here" if what else "the expression ends too early"
    is_short = 0 < len(can_follow) <= 5
    hint = f"what can follow is {_choices(can_follow)}" if is_short else None
    return Wording(message, "cannot be read" if what else "ends here", hint)


@problem("M302", "value-missing")
def value_missing(where: str, label: str, hint: str | None = None) -> Wording:
    """A value is missing beside a sign or word, or the expression ends too early."""
    return Wording(f"a value is missing {where}", label, hint)


@problem("M303", "bracket-open")
def bracket_open(opening: str) -> Wording:
    """A bracket that is opened is never closed."""
    closing = {"(": ")", "[": "]"}[opening]
    return Wording(
        f"this `{opening}` is never closed", "opened here", f"write `{closing}` where it ends"
    )


@problem("M304", "bracket-mismatched")
def bracket_mismatched(closing: str, opening: str | None) -> Wording:
    """A closing bracket has no opening one, or one of another kind."""
    if opening is None:
        wanted = {")": "(", "]": "["}[closing]
        return Wording(
            f"this `{closing}` closes nothing",
            f"no `{wanted}` before it",
            f"leave it out, or write `{wanted}` where it begins",
        )
    right = {"(": ")", "[": "]"}[opening]
    return Wording(
        f"`{closing}` cannot close `{opening}`", f"`{right}` goes here", f"write `{right}`"
    )


@problem("M305", "cut-by-comma")
def cut_by_comma(opening: str) -> Wording:
    """An expression inside YAML's own `{ }` or `[ ]` was cut at a comma or a bracket."""
    return Wording(
        f"YAML ends the value before this `{opening}` is closed",
        "opened here",
        "inside { } a comma starts the next key; give each key its own line",
    )


@problem("M306", "single-equals")
def single_equals(leading: bool) -> Wording:
    """One `=` gives an argument its name (`to=0.1`); two compare (`==`)."""
    if leading:
        return Wording("an expression does not begin with `=`", "not needed", "leave the `=` out")
    return Wording("`=` does not compare", "names an argument", "write `==` to compare")


@problem("M307", "foreign-sign")
def foreign_sign(sign: str, hint: str) -> Wording:
    """A sign of spreadsheets or programming languages, which is written otherwise here."""
    return Wording(f"`{sign}` is not a sign of this language", "not known", hint)


@problem("M308", "foreign-word")
def foreign_word(word: str, hint: str) -> Wording:
    """A word of spreadsheets or programming languages, which is written otherwise here."""
    return Wording(f"`{word}` is not a word of this language", "not known", hint)


@problem("M309", "spreadsheet-function")
def spreadsheet_function(name: str) -> Wording:
    """A condition is written like a function of a spreadsheet: `IF(…)`, `AND(…)`, `NOT(…)`."""
    written = {
        "if": "if … then … else …",
        "and": "… and …",
        "or": "… or …",
        "not": "not …",
    }[name.lower()]
    return Wording(f"`{name}` is not a function", "a word", f"write `{written}`")


@problem("M310", "wrong-after-is")
def wrong_after_is(written: str, hint: str) -> Wording:
    """After `is` comes `present` or `empty`; other questions have other words."""
    return Wording(f"`{written}` is not a question of this language", "not known", hint)


@problem("M311", "condition-incomplete")
def condition_incomplete(word: str, without: str) -> Wording:
    """`if … then … else …` always has its three parts.

    To leave a field out when a condition does not hold, write the condition as the rule's
    `when:`.
    """
    hints = {
        "else": "add `else …`; to leave the field out instead, write the condition as `when:`",
        "then": "write `if … then … else …`",
        "if": "leave it out, or begin with `if … then … else …`",
    }
    return Wording(f"this `{word}` has no `{without}`", f"no `{without}`", hints[without])


@problem("M312", "place-by-number")
def place_by_number(source: str, number: str) -> Wording:
    """An item of a list is asked for by a number. Brackets hold a condition; places have names."""
    plain = number.lstrip("-")
    written = f"nth({source}, {int(plain) + 1})" if plain.isdigit() else f"nth({source}, 1)"
    if plain == "0":
        written = f"first({source})` or `nth({source}, 1)"
    elif number.startswith("-"):
        written = f"last({source})"
    return Wording(
        "an item is not chosen by a number", "brackets hold a condition", f"write `{written}`"
    )


@problem("M313", "star-for-each")
def star_in_brackets(sign: str) -> Wording:
    """`[*]` and `.*` are not needed: a dot after a list means each of its items."""
    return Wording(
        f"`{sign}` is not needed",
        "not known",
        f"leave `{sign}` out: a dot after a list means each of its items",
    )


@problem("M314", "and-beside-or")
def mixed_and_or(alternatives: Sequence[str]) -> Wording:
    """`and` and `or` stand side by side. Parentheses say which belongs together."""
    return Wording(
        "`and` stands beside `or`",
        "which comes first?",
        _write(alternatives, "put what belongs together in ( )"),
    )


@problem("M315", "fallback-beside")
def fallback_beside(sign: str, alternatives: Sequence[str]) -> Wording:
    """`??` stands beside another sign. Parentheses say what is to be replaced when it is empty."""
    return Wording(
        f"`??` stands beside `{sign}`",
        "which comes first?",
        _write(alternatives, "put what belongs together in ( )"),
    )


@problem("M316", "pipe-beside")
def pipe_beside(sign: str, alternatives: Sequence[str]) -> Wording:
    """A `|` takes everything before it and ends the expression. Parentheses say what it takes."""
    what = "`|` stands" if sign == "|" else f"`{sign}` stands behind a `|`"
    where = " where it could take more or less" if sign == "|" else ""
    return Wording(
        what + where, "what does `|` take?", _write(alternatives, "put what `|` takes in ( )")
    )


@problem("M317", "chained-comparison")
def chained_comparison(alternatives: Sequence[str]) -> Wording:
    """Two comparisons stand side by side. Each compares two values; `and` joins them."""
    return Wording(
        "a comparison stands beside another",
        "compares a second time",
        _write(alternatives, "join two comparisons with `and`"),
    )


@problem("M318", "needs-parentheses")
def needs_brackets(word: str, alternatives: Sequence[str]) -> Wording:
    """`if`, `not` or a sign stands in the middle of an expression, where it needs ( )."""
    return Wording(
        f"`{word}` needs ( ) here",
        "in the middle of an expression",
        _write(alternatives, f"put it in ( ), from `{word}` to its end"),
    )


@problem("M319", "stray-comma")
def comma_stray(hint: str) -> Wording:
    """A comma stands where nothing is listed, or nothing follows it."""
    return Wording("this comma separates nothing", "not needed", hint)


@problem("M320", "nothing-between")
def nothing_between(left: str, right: str, hint: str) -> Wording:
    """Two values stand side by side and nothing says what is to become of them."""
    return Wording(f"nothing joins `{left}` and `{right}`", "a second value", hint)


@problem("M321", "reserved-word")
def reserved_word(word: str) -> Wording:
    """A word that the language keeps for itself stands where a name is expected."""
    return Wording(
        f"`{word}` is a word of the language, not a name",
        "no name",
        f"for a field of that name write `record.{word}`",
    )


@problem("M322", "member-missing")
def member_missing(hint: str) -> Wording:
    """A dot stands without a name behind it, or without anything before it."""
    return Wording("this dot leads to no name", "a name goes with it", hint)


@problem("M323", "function-missing")
def function_missing(hint: str) -> Wording:
    """A `|` hands its value to a function; its name comes next."""
    return Wording("a function is missing after `|`", "not a function", hint)


@problem("M340", "nothing-written")
def nothing_written() -> Wording:
    """There is no expression where one is expected."""
    return Wording(
        "there is no expression here", "nothing", 'an empty text is written `""`, nothing `null`'
    )


def _write(alternatives: Sequence[str], otherwise: str) -> str:
    if not alternatives:
        return otherwise
    return "write " + _choices([f"`{each}`" for each in alternatives])


def _choices(words: Sequence[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
