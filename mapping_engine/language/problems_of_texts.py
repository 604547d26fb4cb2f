"""
The words for values that cannot be read, texts among them, and for limits (M324 to M339, M341).

Detection is in `mistakes.py`, `building.py` and `texts.py`; here are only sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mapping_engine.source.codes import Wording, problem

__all__ = [
    "curly_quotes", "cut_by_comment", "date_written_otherwise", "empty_hole",
    "expression_too_deep", "expression_too_long", "hole_sign_outside", "impossible_date",
    "number_malformed", "number_too_long", "quote_in_text", "text_too_long", "text_without_end",
    "too_many_parts", "unknown_character", "unknown_escape", "unpaired_brace",
]  # fmt: skip


@problem("M324", "text-without-end")
def text_without_end(written: str, word: str | None) -> Wording:
    """A text in an expression has no closing quote. A text ends on the line it begins on."""
    hint = f"write `{written[0]}` where it ends"
    if word is not None:
        hint = f'for a field of that name write `record["{word}{written}"]`'
    return Wording("this text is never closed", "begins here", hint)


@problem("M325", "quote-in-text")
def quote_in_text(quote: str) -> Wording:
    """A text holds the quote it is written in, which ends it too early."""
    other = "'" if quote == '"' else '"'
    return Wording(
        f"the text ends at this `{quote}`, but it goes on",
        "the text ends here",
        f"write the whole text in `{other}`, or `\\{quote}` inside it",
    )


@problem("M326", "text-cut-by-comment")
def cut_by_comment() -> Wording:
    """YAML takes a blank and `#` as the start of a comment, also inside a text of an expression.

    Write the value as a block: `>-`, then the expression indented on the next line.
    """
    return Wording(
        "the text is cut at ` #`",
        "begins here",
        "YAML takes ` #` as the start of a comment; write this value as a block (`>-`)",
    )


@problem("M327", "unknown-escape")
def unknown_escape(escape: str) -> Wording:
    r"""A text holds a backslash with a character that has no meaning behind it.

    Known are `\"`, `\'`, `\\`, `\n`, `\t`, `\r` and `\u` with four digits or letters a to f.
    """
    double = f"\\\\{escape[1:2]}"
    return Wording(
        f"`{escape}` means nothing in a text",
        "not known",
        f"for the backslash itself write two: `{double}`",
    )


@problem("M328", "unpaired-brace")
def unpaired_brace(brace: str) -> Wording:
    """A text holds one `{` or `}` alone. `{…}` fills a value in; a brace itself is doubled."""
    if brace == "{":
        return Wording(
            "this `{` is never closed",
            "begins here",
            "write `}` behind the value that is filled in, or `{{` for the brace itself",
        )
    return Wording("this `}` closes nothing", "no `{` before it", "write `}}` for the brace itself")


@problem("M329", "empty-hole")
def empty_hole() -> Wording:
    """A text fills in nothing: there is no expression between `{` and `}`."""
    return Wording(
        "there is nothing between `{` and `}`",
        "nothing to fill in",
        "name what is filled in, as in `{matter.number}`; braces themselves are doubled: `{{}}`",
    )


@problem("M330", "brace-outside-text")
def hole_sign_outside(brace: str) -> Wording:
    """A brace stands outside a text. `{…}` fills values into a quoted text and nothing else."""
    return Wording(
        f"`{brace}` stands outside a text",
        "not in a text",
        "`{…}` fills a value into a quoted text; elsewhere write the value without braces",
    )


@problem("M331", "curly-quotes")
def curly_quotes(character: str) -> Wording:
    """A text is written with typographic quotes, as word processors make them."""
    return Wording(
        f"`{character}` does not begin a text",
        "a curly quote",
        'write the text with straight quotes: `"…"`',
    )


@problem("M332", "unknown-character")
def unknown_character(what: str, hint: str | None) -> Wording:
    """A character that no expression is made of."""
    return Wording(f"{what} is not part of an expression", "cannot be read", hint)


@problem("M333", "number-malformed")
def number_malformed(written: str, hint: str) -> Wording:
    """A number is written in a way that could mean two things, or nothing.

    Numbers are written with digits and at most one point: `0.5`, `1250`, `12.50`. Codes with
    leading zeros are texts and stand in quotes.
    """
    return Wording(
        f"`{written}` is not a number as numbers are written here", "cannot be read", hint
    )


@problem("M334", "impossible-date")
def impossible_date(written: str) -> Wording:
    """A date that the calendar does not have."""
    return Wording(
        f"there is no day `{written}`",
        "not in the calendar",
        "a date is written year-month-day, as in `2026-01-31`",
    )


@problem("M335", "number-too-long")
def number_too_long(digits: int, low: int, high: int) -> Wording:
    """A number has more digits than amounts have, or is larger or nearer to 0 than they are."""
    return Wording(
        "this number is out of bounds",
        "too long",
        f"a number has at most {digits} digits, {high + 1} of them before the point; "
        f"the smallest is `0.{'0' * (-low - 1)}1`",
    )


@problem("M336", "expression-too-long")
def expression_too_long(size: int, limit: int) -> Wording:
    """An expression is longer than expressions may be."""
    return Wording(
        f"this expression has {size:,} characters; the limit is {limit:,}",
        hint="give parts of it a name under `let`",
    )


@problem("M337", "expression-too-deep")
def expression_too_deep(limit: int) -> Wording:
    """An expression holds expressions that hold expressions, more often than is allowed.

    A sum or a path counts one step for each sign or dot.
    """
    return Wording(
        f"this expression is more than {limit} steps deep",
        hint="give parts of it a name under `let`",
    )


@problem("M338", "expression-too-large")
def too_many_parts(limit: int) -> Wording:
    """An expression has more parts (names, values, calls, signs) than is allowed."""
    return Wording(
        f"this expression has more than {limit:,} parts",
        hint="give parts of it a name under `let`, or put what it lists into a table",
    )


@problem("M339", "constant-too-long")
def text_too_long(size: int, limit: int) -> Wording:
    """A text in a pack is longer than texts may be."""
    return Wording(f"this text has {size:,} characters; the limit is {limit:,}")


@problem("M341", "date-written-otherwise")
def date_written_otherwise(written: str, meant: Sequence[date]) -> Wording:
    """A date is written as in letters or spreadsheets: `31/01/2026`, `2026-1-31`, `31.01.2026`.

    Dates are written year-month-day with two digits each for month and day. To compute with
    three numbers, put blanks around the signs.
    """
    hint = "a date is written year-month-day, as in `2026-01-31`"
    if meant:
        hint = f"write `{meant[0]}`"
    if len(meant) > 1:
        hint = f"write `{meant[0]}` if the day comes first, `{meant[1]}` if the month does"
    return Wording(f"`{written}` is not how a date is written here", "cannot be read", hint)
