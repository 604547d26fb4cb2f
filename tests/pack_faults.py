"""
Put one fault into the text of a pack: the mistakes that people make, each in one place.

Every kind of fault is a generator over the nodes of a file; a fault is a piece of text that
takes the place of another. Nothing here names a pack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.node import Entry, MappingNode, Node, ScalarNode, SequenceNode, Style
from mapping_engine.source.text import SourceText, Span

__all__ = ["Fault", "faults_in", "typo"]

#: Keys whose values are expressions.
_FORMULAS = ("when", "value", "each", "record", "payload")
_OPERATORS = {
    "==": "!=", "!=": "==", "<=": ">", ">=": "<", " < ": " > ", " > ": " < ", " + ": " - ",
    " - ": " + ", " * ": " / ", " / ": " * ", " and ": " or ", " or ": " and ", "present": "empty",
    "empty": "present", " in [": " not in [", "not ": "",
}  # fmt: skip
_WORD = re.compile(r"(?<![\w\"'{.-])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_RESERVED = {"if", "then", "else", "and", "or", "not", "in", "is", "true", "false", "null",
             "present", "empty", "places", "to", "zone"}  # fmt: skip
_CONSTANTS = ("12.345", '"a word"', "true", "2026-01-31", "[1]")
_NUMBER = re.compile(r"(?<![\w.\"-])\d+(?:\.\d+)?(?![\w.-])")


@dataclass(frozen=True)
class Fault:
    """One change of one file. `is_gone` when a whole line was taken out."""

    kind: str
    file: str
    start: int
    end: int
    text: str
    is_gone: bool = False

    def applied(self, text: str) -> str:
        """Return the file's text with the fault in it."""
        return text[: self.start] + self.text + text[self.end :]

    def lines(self, text: str) -> range:
        """Return the numbers of the lines that changed, from 1."""
        first = text.count("\n", 0, self.start) + 1
        return range(first, first + self.text.count("\n") + 1)


def typo(word: str, chance: Random) -> str:
    """Return a word with one typing mistake: a letter missing, doubled, wrong, or two swapped."""
    place = chance.randrange(len(word))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    match chance.randrange(4):
        case 0 if len(word) > 3:
            return before + after
        case 1:
            return before + letter * 2 + after
        case 2 if after and after[0] != letter:
            return before + after[0] + letter + after[1:]
        case _:
            return before + ("x" if letter != "x" else "y") + after


def faults_in(file: str, text: str, chance: Random) -> Iterator[Fault]:
    """Yield faults of every kind that can be put into a file."""
    root = read(SourceText(file, text), Report()).root
    assert isinstance(root, MappingNode)
    for kind, rule in _KINDS.items():
        for span, new in rule(root, chance):
            start, end = span.start, span.end
            is_gone = kind.startswith("drop")
            if is_gone:
                start = text.rindex("\n", 0, start) + 1 if "\n" in text[:start] else 0
                end = text.find("\n", max(start, end - 1)) + 1 or len(text)
            if text[start:end] != new:
                yield Fault(kind, file, start, end, new, is_gone)


_Change = Iterator[tuple[Span, str]]


def _entries(node: Node) -> Iterator[tuple[Entry, MappingNode]]:
    """Yield every entry below a node with the mapping it stands in."""
    if isinstance(node, MappingNode):
        for each in node:
            yield each, node
            yield from _entries(each.value)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _entries(item)


def _under(root: MappingNode, *names: str) -> Iterator[tuple[Entry, MappingNode]]:
    """Yield the entries directly in the mappings that stand under a key of these names."""
    for each, _ in _entries(root):
        if each.key.text in names and isinstance(each.value, MappingNode):
            yield from ((inner, each.value) for inner in each.value)


def _formulas(root: MappingNode) -> Iterator[ScalarNode]:
    """Yield what is written as an expression."""
    if root.entry("record") is None:
        return
    for each, inside in _entries(root):
        value = each.value
        if not isinstance(value, ScalarNode) or value.is_quoted or not value.text:
            continue
        rules = (e.value for e, _ in _entries(root) if e.key.text in ("fields", "let"))
        if (each.key.text in _FORMULAS and inside is not root) or any(
            inside is rule for rule in rules
        ):
            yield value


def _lists(root: MappingNode, *names: str) -> Iterator[Node]:
    for each, _ in _entries(root):
        if each.key.text in names and isinstance(each.value, SequenceNode):
            yield from each.value.items


def _found(pattern: re.Pattern[str], node: ScalarNode) -> Iterator[tuple[Span, str]]:
    """Yield where a pattern stands in a scalar, outside its texts."""
    blank = re.sub(r"\"[^\"]*\"", lambda found: "\0" * len(found[0]), node.text)
    for each in pattern.finditer(blank):
        yield node.part(each.start(), each.end()), each[0]


def _rename_field(root: MappingNode, chance: Random) -> _Change:
    for each, _ in _under(root, "fields"):
        yield each.key.span, typo(each.key.text, chance)


def _rename_word(root: MappingNode, chance: Random) -> _Change:
    for node in _formulas(root):
        for span, word in _found(_WORD, node):
            if word not in _RESERVED:
                yield span, typo(word, chance)


def _rename_helper(root: MappingNode, chance: Random) -> _Change:
    for each, _ in _under(root, "let"):
        yield each.key.span, typo(each.key.text, chance)


def _rename_reason(root: MappingNode, chance: Random) -> _Change:
    for each, _ in _entries(root):
        if each.key.text == "reason" and isinstance(each.value, ScalarNode):
            yield each.value.span, typo(each.value.text, chance)


def _rename_key(root: MappingNode, chance: Random) -> _Change:
    for each, inside in _entries(root):
        if inside is root or each.key.text in ("when", "reason", "value", "on_empty", "on_error"):
            yield each.key.span, typo(each.key.text, chance)


def _rename_column(root: MappingNode, chance: Random) -> _Change:
    if root.entry("table") is not None:
        for each, _ in _under(root, "inputs", "outputs"):
            yield each.key.span, typo(each.key.text, chance)


def _rename_table(root: MappingNode, chance: Random) -> _Change:
    name = root.get("table")
    if isinstance(name, ScalarNode):
        yield name.span, typo(name.text, chance)


def _rename_object(root: MappingNode, chance: Random) -> _Change:
    for key in ("record", "object"):
        node = root.get(key)
        if isinstance(node, ScalarNode):
            yield node.span, typo(node.text, chance)


def _drop_entry(*names: str) -> Callable[[MappingNode, Random], _Change]:
    def drop(root: MappingNode, chance: Random) -> _Change:
        for each, inside in _under(root, *names):
            if len(inside.entries) > 1:
                yield _whole(each), ""

    return drop


def _drop_item(*names: str) -> Callable[[MappingNode, Random], _Change]:
    def drop(root: MappingNode, chance: Random) -> _Change:
        for each in _lists(root, *names):
            yield each.span, ""

    return drop


def _whole(entry: Entry) -> Span:
    return Span(entry.key.span.source, entry.key.span.start, entry.value.span.end)


def _drop_policy(root: MappingNode, chance: Random) -> _Change:
    for each, inside in _entries(root):
        if (
            each.key.text in ("on_empty", "on_error", "when", "only_on")
            and inside.entry("reason") is None
        ):
            yield _whole(each), ""


def _drop_column(root: MappingNode, chance: Random) -> _Change:
    if root.entry("table") is not None:
        for each, inside in _under(root, "inputs", "outputs"):
            if "\n" in inside.span.text:
                yield _whole(each), ""


def _swap_fields(root: MappingNode, chance: Random) -> _Change:
    rules = [(e, m) for e, m in _under(root, "fields") if isinstance(e.value, ScalarNode)]
    for each, inside in rules:
        others = [e for e, m in rules if m is inside and e is not each]
        if others:
            yield each.value.span, chance.choice(others).value.span.text


def _wrong_type(root: MappingNode, chance: Random) -> _Change:
    for each, _ in _under(root, "fields"):
        if isinstance(each.value, ScalarNode):
            yield (
                each.value.span,
                chance.choice(("12.345", '"a word"', "true", "2026-01-31", "[1]")),
            )


_WIDE = (
    (re.compile(r"round_\w+\(([^()]*|[^()]*\([^()]*\)[^()]*), *(?:places|to)=[\d.]+\)"), r"\1"),
    (re.compile(r" \| (?:truncate\(\d+\)|trim|lower)"), ""),
    (re.compile(r" \?\? [\w.]+"), ""),
    (re.compile(r"if (.*) then .* else (.*)"), r"\2"),
)


def _widen(root: MappingNode, chance: Random) -> _Change:
    for node in _formulas(root):
        for pattern, new in _WIDE:
            for found in pattern.finditer(node.text):
                yield node.part(found.start(), found.end()), found.expand(new)


def _rows(root: MappingNode) -> list[MappingNode]:
    return [each for each in _lists(root, "rows") if isinstance(each, MappingNode)]


def _wrong_row(root: MappingNode, chance: Random) -> _Change:
    """Give a cell the word of another row in the same column."""
    rows = _rows(root)
    for row in rows:
        for cell in row:
            others = [other.get(cell.key.text) for other in rows if other is not row]
            words = [each.span.text for each in others if each is not None]
            if words:
                yield cell.value.span, chance.choice(words)


def _misspelt_cell(root: MappingNode, chance: Random) -> _Change:
    for row in _rows(root):
        for cell in row:
            if isinstance(cell.value, ScalarNode):
                yield cell.value.span, typo(cell.value.text, chance)


def _column_type(root: MappingNode, chance: Random) -> _Change:
    if root.entry("table") is None:
        return
    columns = [each for each, _ in _under(root, "inputs", "outputs")]
    for each in columns:
        words = ["boolean", "percent", "text", "canonical.matter.name"]
        words += [e.value.span.text for e in columns if e is not each]
        yield each.value.span, chance.choice(words)


def _lost_quote(root: MappingNode, chance: Random) -> _Change:
    for each, _ in _under(root, "fields"):
        if isinstance(each.value, ScalarNode) and each.value.is_quoted:
            yield each.value.span, each.value.text


def _added_quote(root: MappingNode, chance: Random) -> _Change:
    for each, _ in _under(root, "fields"):
        value = each.value
        if isinstance(value, ScalarNode) and value.style is Style.PLAIN and '"' not in value.text:
            yield value.span, f'"{value.text}"'


def _operator(root: MappingNode, chance: Random) -> _Change:
    for node in _formulas(root):
        for old, new in _OPERATORS.items():
            for span, _ in _found(re.compile(re.escape(old)), node):
                yield span, new


def _constant(root: MappingNode, chance: Random) -> _Change:
    for node in _formulas(root):
        for span, number in _found(_NUMBER, node):
            yield span, chance.choice(("7", "0.05", "5000", "-1", number + "5"))


def _word_of_text(root: MappingNode, chance: Random) -> _Change:
    """Misspell a word that something is compared with, or that is sent."""
    for node in _formulas(root):
        for found in re.finditer(r"\"(\w+)\"", node.text):
            yield node.part(found.start(1), found.end(1)), typo(found[1], chance)
    for each, _ in _under(root, "fields"):
        if isinstance(each.value, ScalarNode) and each.value.is_quoted and each.value.text:
            yield each.value.span, f'"{typo(each.value.text, chance)}"'


def _named_argument(root: MappingNode, chance: Random) -> _Change:
    for node in _formulas(root):
        for span, word in _found(re.compile(r"\b(?:places|to|zone)(?==)"), node):
            yield span, typo(word, chance)


def _one_of(*words: str) -> Callable[[MappingNode, Random], _Change]:
    def change(root: MappingNode, chance: Random) -> _Change:
        for each, _ in _entries(root):
            if isinstance(each.value, ScalarNode) and each.value.text in words:
                yield each.value.span, chance.choice([w for w in words if w != each.value.text])

    return change


def _match_key(root: MappingNode, chance: Random) -> _Change:
    for each, _ in _entries(root):
        if each.key.text == "match":
            yield each.value.span, f"[{typo(each.value.span.text.strip('[]'), chance)}]"


def _swap_words(root: MappingNode, chance: Random) -> _Change:
    """Read another field than the one meant."""
    words = [w for node in _formulas(root) for _, w in _found(_WORD, node) if w not in _RESERVED]
    for node in _formulas(root):
        for span, word in _found(_WORD, node):
            if word not in _RESERVED:
                yield span, chance.choice(words)


def _setting(root: MappingNode, chance: Random) -> _Change:
    for each, _ in _under(root, "settings"):
        if isinstance(each.value, MappingNode):
            for said in each.value:
                if said.key.text == "type":
                    yield said.value.span, chance.choice(("text", "date", "integer", "boolean"))
                elif said.key.text == "default":
                    yield said.value.span, chance.choice(("many", "12.5", "true", '""'))


_KINDS: dict[str, Callable[[MappingNode, Random], _Change]] = {
    "rename field": _rename_field,
    "rename word": _rename_word,
    "rename helper": _rename_helper,
    "rename reason": _rename_reason,
    "rename key": _rename_key,
    "rename column": _rename_column,
    "rename table": _rename_table,
    "rename object": _rename_object,
    "rename argument": _named_argument,
    "drop field": _drop_entry("fields"),
    "drop helper": _drop_entry("let"),
    "drop setting": _drop_entry("settings"),
    "drop reason": _drop_entry("reasons"),
    "drop row": _drop_item("rows"),
    "drop decision": _drop_item("skip", "reject", "warn"),
    "drop policy": _drop_policy,
    "drop column": _drop_column,
    "swap fields": _swap_fields,
    "swap words": _swap_words,
    "wrong type": _wrong_type,
    "widen": _widen,
    "wrong row": _wrong_row,
    "misspelt cell": _misspelt_cell,
    "column type": _column_type,
    "lost quote": _lost_quote,
    "added quote": _added_quote,
    "operator": _operator,
    "constant": _constant,
    "misspelt text": _word_of_text,
    "direction": _one_of("in", "out"),
    "operation": _one_of("create", "update", "upsert", "delete"),
    "policy": _one_of("omit", "reject", "null"),
    "match key": _match_key,
    "setting": _setting,
}
