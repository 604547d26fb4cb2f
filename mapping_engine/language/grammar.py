"""
Get Lark ready for the grammar of `grammar.lark`.

Analysing a grammar takes Lark longer than reading all expressions of a pack, so what it finds is
kept in `grammar.json` (`make docs` writes it, a test holds it true). The tables count for the
very text and the very version of Lark that they were made with; else the grammar is analysed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lark import Lark

__all__ = ["TABLES", "analysed", "grammar_text", "recogniser"]

#: The file of the tables, beside this module.
TABLES = "grammar.json"


def grammar_text() -> str:
    """Return the grammar as people read it."""
    return _text("grammar.lark")


def analysed(transformer: object = None) -> Lark:
    """Return Lark as the text of the grammar says."""
    from lark import Lark

    return Lark(
        grammar_text(),
        parser="lalr",
        start="expression",
        maybe_placeholders=False,
        transformer=transformer,
    )


def recogniser(transformer: object) -> Lark:
    """Return Lark for the grammar: by the tables where they count."""
    import lark

    known: dict[str, Any] = json.loads(_text(TABLES), object_hook=_numbered)
    if (known["lark"], known["grammar"]) != (lark.__version__, grammar_text()):
        return analysed(transformer)
    tables = known["tables"]
    tables["data"]["options"]["transformer"] = transformer
    return lark.Lark.load(tables)


def _numbered(members: dict[str, Any]) -> dict[str | int, Any]:
    """Make numbers of the keys again that JSON has made texts of."""
    return {int(key) if key.isdigit() else key: value for key, value in members.items()}


def _text(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
