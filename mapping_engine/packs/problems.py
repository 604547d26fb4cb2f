"""
Words for the shape of the files of a pack (M201 to M239).

Detection is in `shape.py`, `reading.py`, `rules.py`, `mapping_files.py` and `table_files.py`;
on what the parts of a pack must agree is worded in `problems_of_agreement.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.suggest import did_you_mean

__all__ = [
    "back_without_both", "bad_range", "both_outcomes", "cell_not_alone", "column_name_taken",
    "empty_cell", "empty_file", "field_twice", "fields_and_payloads",
    "helper_twice", "listed", "members_need_fields", "missing_key", "name_outside_list",
    "needs_each", "no_expression", "no_fields", "no_object", "no_value", "not_a_name",
    "nothing_written", "part_name_twice", "payloads_inward", "reserved_name", "several_values",
    "table_twice", "unknown_key", "unknown_word", "wrong_kind", "wrong_place", "yes_or_no",
]  # fmt: skip


def listed(words: Iterable[str], last: str = "or") -> str:
    """Return words in backticks as a person lists them: `a`, `b` or `c`."""
    quoted = [f"`{each}`" for each in words]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"


@problem("M201", "unknown-key")
def unknown_key(name: str, owner: str, known: Sequence[str]) -> Wording:
    """
    A key stands where it means nothing.

    Keys are written exactly as the reference lists them. A key that belongs elsewhere may
    be indented too much or too little.
    """
    return Wording(f"`{name}` is not a key of {owner}", "unknown key", did_you_mean(name, known))


@problem("M202", "wrong-kind")
def wrong_kind(where: str, needed: str, seen: str, hint: str | None = None) -> Wording:
    """
    A text, a list or a block of keys stands where another kind of value is needed.
    """
    return Wording(f"{where} needs {needed}", f"this is {seen}", hint)


@problem("M203", "missing-key")
def missing_key(name: str, where: str) -> Wording:
    """
    A key that is always needed is not there.
    """
    return Wording(f"the key `{name}` is missing", f"{where} needs it", f"add `{name}: …`")


@problem("M204", "unknown-word")
def unknown_word(where: str, word: str, words: Sequence[str]) -> Wording:
    """
    A word stands where only some words have a meaning, and is none of them.
    """
    return Wording(f"{where} cannot be `{word}`", "unknown word", did_you_mean(word, words))


@problem("M205", "not-a-name")
def not_a_name(word: str, needed: str) -> Wording:
    """
    A name has a character that names do not have.

    Helpers, payloads, tables, settings and switches are read by expressions, so their names
    are made of letters, digits and `_`. A dotted field name has a name on each side of a dot.
    """
    hints = {
        "a name": "a name is made of letters, digits and `_`, and does not begin with a digit",
        "a field name": "write a name on each side of every dot",
        "a pack name": "a pack's name is made of small letters, digits, `_` and `-`",
        "a version": "a version is made of numbers and dots: `1.2.0`",
        "a currency": "a currency is written by its code of three capital letters: `AUD`",
    }
    return Wording(f"`{word}` is not {needed}", hint=hints.get(needed))


@problem("M206", "key-without-value")
def nothing_written(where: str, needed: str) -> Wording:
    """
    A key has no value, or an empty list or text where at least one thing is needed.
    """
    return Wording(
        f"nothing is written after {where}",
        f"needs {needed}",
        "write it, or leave the key out",
    )


@problem("M207", "members-need-fields")
def members_need_fields(where: str, member: str) -> Wording:
    """
    The members of a nested object stand directly below its name.

    A block below a field name is a rule with `value`, `fields`, `each` or `template`. The
    members of an object stand under `fields:`; for a single one a dotted name is shorter.
    """
    field = where.removeprefix("an item of ").strip("`")
    dotted = f", or write `{field}.{member}`" if where.startswith("`") else ""
    return Wording(
        f"`{member}` is not a key of a rule",
        "a member of an object?",
        f"put the members of {where} under `fields:`{dotted}",
    )


@problem("M208", "empty-file")
def empty_file(needed: str) -> Wording:
    """
    A file of a pack holds nothing but comments.
    """
    return Wording("the file is empty", None, f"write {needed}, or delete the file")


@problem("M210", "no-expression")
def no_expression(where: str) -> Wording:
    """
    A rule or a condition has no text at all.
    """
    return Wording(
        f"nothing is written after {where}",
        "an expression is needed",
        "write a value, or `null` to clear the field",
    )


@problem("M211", "yes-or-no")
def yes_or_no(word: str, meant: str) -> Wording:
    """
    A rule says `yes`, `no`, `on` or `off`, which are names of fields to an expression.
    """
    return Wording(
        f"`{word}` is not a value",
        "read as the name of a field",
        f'write `{meant}`, or `"{word}"` for the text',
    )


@problem("M213", "several-values")
def several_values(first: str, second: str) -> Wording:
    """
    A block says twice what its value is.

    A rule has one of `value`, `fields`, `each` or `template`; only `each` goes together with
    `fields` or `value`, which then build one item.
    """
    return Wording(
        f"`{second}` cannot stand beside `{first}`", "a second value", "keep one of them"
    )


@problem("M214", "no-value")
def no_value(where: str, choices: Sequence[str]) -> Wording:
    """
    A block says when or how a field is sent, but not what.
    """
    return Wording(f"{where} has no value", None, f"add {listed(choices)}")


@problem("M215", "needs-each")
def needs_each(key: str) -> Wording:
    """
    A key that only makes sense for a list stands in a rule without `each`.
    """
    return Wording(f"`{key}` needs `each` beside it", "no list to go through", "add `each: …`")


@problem("M216", "part-name-twice")
def part_name_twice(name: str) -> Wording:
    """
    Two parts of one list have the same name, so a firm file could not say which it changes.
    """
    return Wording(f"two parts are named `{name}`", "the second", "give each part its own name")


@problem("M217", "helper-twice")
def helper_twice(name: str) -> Wording:
    """
    A helper or group key has the name of a helper that can already be read here.
    """
    return Wording(f"`{name}` already names a helper", "hides it", "give one of them another name")


@problem("M218", "reserved-name")
def reserved_name(name: str) -> Wording:
    """
    A helper, group key or payload has a name that the language keeps for itself.
    """
    return Wording(
        f"`{name}` is a word of the language", "kept for the language", "choose another name"
    )


@problem("M219", "field-twice")
def field_twice(name: str, other: str) -> Wording:
    """
    A field is given twice, once under a dotted name and once inside an object.
    """
    what = (
        "is given twice" if name == other else f"stands inside `{other}`, which is given as a whole"
    )
    return Wording(f"`{name}` {what}", "the second", "keep one of the two rules")


@problem("M220", "fields-and-payloads")
def fields_and_payloads(keys: Sequence[str]) -> Wording:
    """
    A mapping file with `payloads` also has keys that belong to each payload.
    """
    return Wording(
        f"{listed(keys, 'and')} cannot stand beside `payloads`",
        "belongs to a payload",
        "move it into a payload" if len(keys) == 1 else "move them into a payload",
    )


@problem("M221", "no-object")
def no_object() -> Wording:
    """
    A mapping file does not say which payload object of the system it is about.
    """
    return Wording(
        "the key `object` is missing",
        "which object is this about?",
        "add `object: …`, or several `payloads:`",
    )


@problem("M222", "no-fields")
def no_fields() -> Wording:
    """
    A mapping file gives no field at all.
    """
    return Wording("the mapping gives no field", None, "add `fields:` or `payloads:`")


@problem("M223", "back-without-both")
def back_without_both(direction: str) -> Wording:
    """
    A mapping that goes one way says something about its way back.
    """
    return Wording(
        f"`back` means nothing when the direction is `{direction}`",
        "no way back",
        "write `direction: both`, or drop `back`",
    )


@problem("M224", "payloads-inward")
def payloads_inward(key: str) -> Wording:
    """
    A mapping that reads payloads into records says something that only sending has.
    """
    return Wording(
        f"`{key}` means nothing when the direction is `in`",
        "only for what is sent",
        "one record is built: use `object` and `fields`",
    )


@problem("M225", "name-outside-list")
def name_outside_list() -> Wording:
    """
    `name` stands in a rule that is no part of a list.
    """
    return Wording("`name` belongs to a part of a list", "no list here", "drop it")


@problem("M226", "table-twice")
def table_twice(name: str) -> Wording:
    """
    Two files of a pack hold a table of the same name.
    """
    return Wording(f"there are two tables `{name}`", "the second", "rename one of them")


@problem("M227", "wrong-place")
def wrong_place(what: str, folder: str) -> Wording:
    """
    A table stands among the mapping files, or a mapping file among the tables.
    """
    return Wording(f"this is {what}", f"it belongs into {folder}", f"move the file into {folder}")


@problem("M229", "column-name-taken")
def column_name_taken(name: str) -> Wording:
    """
    A column has a name that means something else in a row, or is an input and an output.
    """
    return Wording(f"a column cannot be named `{name}` here", "taken", "give it another name")


@problem("M230", "cell-not-alone")
def cell_not_alone(word: str) -> Wording:
    """
    A list of words in a cell holds `any` or a range.
    """
    what = "quote it to mean the word itself" if word == "any" else "write a row for each range"
    return Wording(f"`{word}` stands alone in a cell", "inside a list", what)


@problem("M231", "bad-range")
def bad_range(text: str) -> Wording:
    """
    A range has no bounds, or ends before it begins.

    `10..20` is everything from 10 up to, not including, 20. One end may be left open.
    """
    return Wording(
        f"the range `{text}` is empty",
        None,
        "write `10..20`, `10..` or `..20`; the upper end is not included",
    )


@problem("M232", "empty-cell")
def empty_cell(column: str) -> Wording:
    """
    Nothing is written in a cell, or `null`.
    """
    return Wording(
        f"nothing is written for `{column}`",
        None,
        "write `empty` for no value, or `any` for all of them",
    )


@problem("M233", "both-outcomes")
def both_outcomes(column: str) -> Wording:
    """
    A row refuses what its inputs fit, and also gives an answer.
    """
    return Wording(
        f"a row with `reject` gives no `{column}`",
        "never used",
        "drop the answer, or drop `reject`",
    )
