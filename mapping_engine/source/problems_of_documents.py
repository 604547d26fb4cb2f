"""
The words for what YAML allows and packs do not (M109 to M123).

Detection is in `document.py` and `characters.py`; here are only sentences.
"""

from __future__ import annotations

from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.diagnostic import Severity

__all__ = [
    "anchor_or_alias",
    "begins_with_brace",
    "curly_quote",
    "directive",
    "doubled_key",
    "forbidden_character",
    "hidden_character",
    "key_is_no_word",
    "key_not_composed",
    "merge_key",
    "second_document",
    "tag",
    "too_deep",
    "too_large",
    "too_many_nodes",
]


@problem("M109", "begins-with-brace")
def begins_with_brace() -> Wording:
    """
    A sentence begins with `{`, which YAML reads as a mapping.

    A text that begins with a filled-in value is put in quotes: `"{matter.number} is closed"`.
    """
    return Wording(
        "a text that begins with `{` needs quotes",
        "YAML reads keys and values in here",
        'a sentence that begins with `{` is written in quotes: `"{…} …"`',
    )


@problem("M110", "doubled-key")
def doubled_key(name: str) -> Wording:
    """
    A key stands twice in the same block. Nothing says which of the two counts.
    """
    return Wording(
        f"the key `{name}` is written twice",
        "a second time",
        "keep one of the two, or give the second its own name",
    )


@problem("M111", "anchor-or-alias")
def anchor_or_alias(mark: str) -> Wording:
    """
    YAML anchors (`&name`) and aliases (`*name`) are not used in packs.

    A value that is needed several times gets a name under `let`. A text that begins with
    `&` or `*` is put in quotes.
    """
    what = "an anchor" if mark == "&" else "an alias"
    return Wording(
        f"`{mark}` at the start of a value is {what} to YAML, which packs do not use",
        "not used in packs",
        "name a value that is needed twice under `let`; put a text in quotes",
    )


@problem("M112", "tag")
def tag() -> Wording:
    """
    A value begins with `!`, which YAML reads as a tag. Packs use no tags.

    The opposite of a condition is written `not x`.
    """
    return Wording(
        "`!` at the start of a value is a tag to YAML, which packs do not use",
        "not used in packs",
        "write `not` for the opposite; put a text in quotes",
    )


@problem("M113", "merge-key")
def merge_key() -> Wording:
    """
    The merge key `<<` is not used in packs: what a block holds is written in it.
    """
    return Wording(
        "the key `<<` is not used in packs",
        "a merge key",
        "write the keys out, or name a shared value under `let`",
    )


@problem("M114", "key-is-no-word")
def key_is_no_word(what: str = "") -> Wording:
    """
    A key is missing, or is a list, a block or several lines instead of a word.
    """
    if not what:
        return Wording(
            "a key is missing before the colon", "no key", "write a name before the colon"
        )
    return Wording(
        f"a key must be a word, not a {what}",
        f"a {what}",
        "put the key in quotes, or the whole text when this is a sentence",
    )


@problem("M115", "second-document")
def second_document() -> Wording:
    """
    The file holds a second YAML document (after `---` or `...`). One file is one document.
    """
    return Wording(
        "a second document begins in the same file",
        "everything from here is not read",
        "move what follows to a file of its own",
    )


@problem("M116", "directive")
def directive() -> Wording:
    """
    A line begins with `%`, a directive to YAML. Packs are YAML 1.2 and need none.
    """
    return Wording(
        "`%` at the start of a line is a directive", "not used in packs", "delete the line"
    )


@problem("M117", "forbidden-character")
def forbidden_character(name: str) -> Wording:
    """
    The text holds a control character or a line end that editors do not show.

    YAML and editors count lines differently around it, so places in messages would be wrong.
    """
    return Wording(
        f"{name} is not allowed in a file",
        "cannot be seen",
        "delete it, or type a blank or a line end",
    )


@problem("M118", "hidden-character")
def hidden_character(name: str) -> Wording:
    """
    A blank that is none, or a character without width, stands outside quotes.

    It usually comes from a web page or a word processor, and makes two names differ that
    look the same.
    """
    return Wording(
        f"{name} outside quotes",
        "looks like nothing or like a blank",
        "type a plain blank, or delete it",
    )


@problem("M119", "key-not-composed")
def key_not_composed(name: str) -> Wording:
    """
    A key is typed with separate accents (Unicode form NFD), so it differs from the same
    word typed as usual.
    """
    return Wording(
        f"the key `{name}` holds an accent as a character of its own",
        "looks the same, but is not",
        "type the key again",
    )


@problem("M120", "curly-quote", severity=Severity.WARNING)
def curly_quote(quote: str) -> Wording:
    """
    A value begins or compares with a curly quote, which is a letter like any other.

    Word processors put them in. Texts stand in straight quotes: `"…"`.
    """
    return Wording(
        f"`{quote}` is a curly quote and begins no text",
        "read as a letter",
        'write a straight quote: `"`',
    )


@problem("M121", "too-large")
def too_large(size: int, limit: int) -> Wording:
    """
    The file is larger than a file of a pack may be.
    """
    return Wording(
        f"the file has {size} characters, {limit} are allowed",
        None,
        "split it, or keep the rows of a large table in CSV",
    )


@problem("M122", "too-deep")
def too_deep(limit: int) -> Wording:
    """
    Blocks, lists or brackets are nested deeper than is allowed.
    """
    return Wording(
        f"nested more than {limit} deep", "too deep from here", "name an inner part under `let`"
    )


@problem("M123", "too-many-nodes")
def too_many_nodes(limit: int) -> Wording:
    """
    The file has more keys and values than is allowed.
    """
    return Wording(
        f"more than {limit} keys and values in one file",
        "not read from here",
        "split the file, or keep the rows of a large table in CSV",
    )
