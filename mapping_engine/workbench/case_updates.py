"""
Write what a case expects anew, and leave everything else of its file as it is.

Only the characters of a value that differs are replaced, so comments and layout stay. What
has no value of its own in the file (a field that is not sent any more, a payload where a
skip was expected) is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Final

from mapping_engine.source.node import Node, ScalarNode
from mapping_engine.values.json import encode
from mapping_engine.values.number import plain
from mapping_engine.values.value import MISSING, Value
from mapping_engine.workbench.case_checks import Difference
from mapping_engine.workbench.cases import Case

__all__ = ["rewritten", "write"]

#: Texts that YAML reads as they are, wherever they stand.
_PLAIN: Final = re.compile(r"[A-Za-z0-9](?:[\w.@/+&()';=<>!?$%-]|:(?=\w)| (?=[^\s#]))*")
_NOTHING: Final = ("null", "~", "")
_MARK: Final = b"\xef\xbb\xbf"


def rewritten(case: Case, differences: Iterable[Difference]) -> str | None:
    """Return the text of the case's file with what came out; None when nothing can be replaced."""
    changes = [each for each in differences if each.node is not None and each.value is not MISSING]
    if not changes:
        return None
    text = case.source.text
    for each in sorted(changes, key=lambda change: change.span.start, reverse=True):
        node = each.node
        assert node is not None
        kept = text[node.span.start : node.span.end]
        end = node.span.start + len(kept.rstrip())
        text = text[: node.span.start] + _written(each.value, node) + text[end:]
    return text


def _written(value: Value, node: Node) -> str:
    """Return a value as YAML, in the quotes that stood there before."""
    if isinstance(value, list):
        return "[" + ", ".join(_written(each, node) for each in value) + "]"
    if isinstance(value, dict):
        pairs = (f"{_word(name)}: {_written(each, node)}" for name, each in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, Decimal):
        return plain(value)
    if not isinstance(value, str):
        return encode(value)
    return encode(value) if isinstance(node, ScalarNode) and node.is_quoted else _word(value)


def _word(text: str) -> str:
    is_plain = _PLAIN.fullmatch(text) is not None and text.lower() not in _NOTHING
    return text if is_plain else encode(text)


def write(path: Path, text: str) -> None:
    """Replace the content of a case file; what an editor put before the text stays."""
    mark = _MARK if path.read_bytes().startswith(_MARK) else b""
    path.write_bytes(mark + text.encode())
