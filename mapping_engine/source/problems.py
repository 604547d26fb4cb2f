"""
The words for a text that is not YAML (M101 to M108 and M124 to M130).

Detection is in `mistakes.py`; here are only sentences.
"""

from __future__ import annotations

from mapping_engine.source.codes import Wording, problem

__all__ = [
    "bad_escape",
    "bad_indentation",
    "colon_missing",
    "goes_on_after_text",
    "key_inside_value",
    "list_on_key_line",
    "not_a_start",
    "not_yaml",
    "quote_inside_text",
    "split_in_braces",
    "tab_indentation",
    "text_on_block_line",
    "unclosed_bracket",
    "unclosed_quote",
    "wrong_bracket",
]


_CLOSING = {"[": "]", "{": "}"}

#: What to do about a second colon, by what stands before it.
_KEY_HINTS = {
    "choice": "a choice is written `if … then … else …`",
    "text": "give each key its own line; a text with a colon in it stands in quotes as a whole",
    "braces": "put a comma between two keys; a value with a colon and a blank needs a line "
    "of its own, and quotes or a block (`>-`)",
}


@problem("M101", "not-yaml")
def not_yaml(
    what: str = "this cannot be read as YAML", label: str | None = "here", hint: str | None = None
) -> Wording:
    """
    The text is not YAML, and none of the usual mistakes explains it.

    Look for a missing quote, bracket or colon at the place shown or on the line before it.
    """
    usual = "look for a missing quote, colon or bracket here or on the line before"
    return Wording(what, label, hint or usual)


@problem("M102", "key-inside-value")
def key_inside_value(kind: str = "") -> Wording:
    """
    A value holds a colon and a blank, which YAML reads as a second key on the same line.

    Write the value as a block (`>-`, then the value indented on the next line), or take the
    blank away. A named argument is written with an equals sign: `round_up(hours, to=0.1)`.
    """
    hint = (
        "a colon and a blank inside a value need a block (`>-`); "
        "a named argument is written `to=0.1`"
    )
    hint = _KEY_HINTS.get(kind, hint)
    return Wording("a second key on one line", "YAML reads a new key here", hint)


@problem("M103", "goes-on-after-text")
def goes_on_after_text(*, is_list: bool = False, in_braces: bool = False) -> Wording:
    """
    A value begins with a quoted text or a list and goes on behind it.

    YAML takes a leading quote or bracket for the whole value. An expression that begins
    with one is put in parentheses: `("client" in roles)`.
    """
    what = "list" if is_list else "text"
    hint = f"this starts like a {what}; put the whole expression in ( )"
    if in_braces:
        hint += ", or a comma between two entries"
    return Wording(f"the value goes on after the {what}", f"behind the {what}", hint)


@problem("M104", "split-in-braces")
def split_in_braces(piece: str, *, is_list: bool = False) -> Wording:
    """
    An expression inside YAML's own `{ }` or `[ ]` was cut in pieces.

    There a comma, a bracket, a brace or a question mark belongs to YAML. Short values may
    stand in `{ }`; for longer ones give each key (or list item) its own line.
    """
    what = "list item" if is_list else "key"
    where = "[ ]" if is_list else "{ }"
    hint = f"inside {where} a comma starts the next {what}; give each {what} its own line"
    return Wording(f"the value is cut into pieces at `{piece}`", "YAML cuts here", hint)


@problem("M105", "tab-indentation")
def tab_indentation(*, inside: bool = False) -> Wording:
    """
    A line is indented with a tab, or a tab stands between words. YAML wants blanks there.

    Most editors can replace tabs by blanks, two for each step.
    """
    if inside:
        return Wording("a tab between words", "a tab", "type blanks instead of the tab")
    return Wording("a tab in the indentation", "a tab", "indent with blanks, two for each step")


@problem("M106", "unclosed-quote")
def unclosed_quote(quote: str) -> Wording:
    """
    A quoted text has no closing quote, so it swallows the lines that follow.
    """
    return Wording(
        "the quote is never closed", "opened here", f"put `{quote}` at the end of the text"
    )


@problem("M107", "unclosed-bracket")
def unclosed_bracket(opening: str) -> Wording:
    """
    A `[` or `{` has no closing partner.

    When the bracket belongs to an expression, put the whole expression in ( ); when it
    begins a sentence, put the sentence in quotes.
    """
    closing = _CLOSING.get(opening, opening)
    return Wording(f"`{opening}` is never closed", "opened here", f"put `{closing}` where it ends")


@problem("M108", "bad-indentation")
def bad_indentation(what: str, label: str, hint: str) -> Wording:
    """
    A line is indented more or less than the lines it belongs to.

    Keys of one block begin in the same column; what belongs to a key is indented by two
    more blanks.
    """
    return Wording(what, label, hint)


@problem("M124", "not-a-start")
def not_a_start(character: str) -> Wording:
    """
    A value begins with a character that YAML keeps for itself (`@`, a backtick, `%`).
    """
    name = "a backtick" if character == "`" else f"`{character}`"
    return Wording(f"a value cannot begin with {name}", "kept by YAML", "put the text in quotes")


@problem("M125", "colon-missing")
def colon_missing(*, has_colon: bool) -> Wording:
    """
    A line among keys has no colon, or no blank behind its colon.
    """
    if has_colon:
        return Wording(
            "there is no blank after the colon",
            "no blank here",
            "write a blank after the colon: `key: value`",
        )
    return Wording(
        "this line is neither a key nor part of a value",
        "no colon in this line",
        "write `key: value`, or indent the line when it continues the value before it",
    )


@problem("M126", "bad-escape")
def bad_escape(escape: str) -> Wording:
    """
    A backslash in double quotes is followed by a letter that has no meaning there.
    """
    return Wording(
        f"`{escape}` has no use in double quotes",
        "a backslash begins a special character",
        "write `\\\\` for a backslash, or put the text in single quotes",
    )


@problem("M127", "text-on-block-line")
def text_on_block_line(mark: str) -> Wording:
    """
    A value begins with `>` or `|`, which opens a block, and goes on in the same line.
    """
    return Wording(
        f"`{mark}` opens a block, whose text begins on the next line",
        "still on the same line",
        f"begin the text on the next line, indented; a text that begins with `{mark}` needs quotes",
    )


@problem("M128", "wrong-bracket")
def wrong_bracket(bracket: str, opening: str = "") -> Wording:
    """
    A closing bracket or a comma stands where nothing is open, or does not fit what is open.
    """
    closing = _CLOSING.get(opening)
    if closing:
        hint = f"what begins with `{opening}` ends with `{closing}`"
        return Wording(f"`{bracket}` does not close `{opening}`", "the other bracket", hint)
    return Wording(
        f"`{bracket}` closes or separates nothing here",
        "nothing fits to it",
        "delete it, or put the text in quotes",
    )


@problem("M129", "list-on-key-line")
def list_on_key_line() -> Wording:
    """
    A list with dashes begins on the line of its key.
    """
    return Wording(
        "a list item cannot stand on the line of its key",
        "a dash and a blank begin a list item",
        "begin the list on the next line, or put a text that begins with a dash in quotes",
    )


@problem("M130", "quote-inside-text")
def quote_inside_text(quote: str) -> Wording:
    """
    A quoted text holds the same quote, which ends it too early.
    """
    single = "double the apostrophe (`''`) or put the text in double quotes"
    double = 'put the text in single quotes, or write `\\"` for a quote in it'
    return Wording(
        "the text ends at a quote in its middle",
        "behind the end of the text",
        single if quote == "'" else double,
    )
