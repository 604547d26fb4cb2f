"""
Write `language/grammar.json`: what Lark finds out about the grammar of expressions.

Lark numbers tokens and states as its sets happen to be ordered. Here tokens are numbered by name
and states in the order in which they are reached, so that the same grammar gives the same file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mapping_engine import language
from mapping_engine.language.grammar import TABLES, analysed, grammar_text

__all__ = ["FILE", "tables_text"]

FILE = Path(language.__path__[0]) / TABLES
_SHIFT = 0


def tables_text() -> str:
    """Return what the file has to hold for the grammar and the Lark that are here."""
    import lark
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    data, memo = analysed().memo_serialize([TerminalDef, Rule])
    data["parser"]["parser"] = _renumbered(data["parser"]["parser"])
    tables = {"data": data, "memo": memo}
    known = {"lark": lark.__version__, "grammar": grammar_text(), "tables": tables}
    return json.dumps(known, separators=(",", ":")) + "\n"


def _renumbered(table: dict[str, Any]) -> dict[str, Any]:
    """Return the table of the parser with numbers that depend on nothing but the grammar."""
    names = sorted(table["tokens"].values())
    token = {number: names.index(name) for number, name in table["tokens"].items()}
    actions = {
        state: sorted((token[number], action) for number, action in row.items())
        for state, row in table["states"].items()
    }
    reached = list(dict.fromkeys(table["start_states"].values()))
    for state in reached:  # grows while it is read
        after = (to for _, (kind, to) in actions[state] if kind == _SHIFT)
        reached.extend(dict.fromkeys(to for to in after if to not in reached))
    place = {state: number for number, state in enumerate(reached)}
    states = {
        place[state]: {
            number: [kind, place[to] if kind == _SHIFT else to]
            for number, (kind, to) in actions[state]
        }
        for state in reached
    }
    ends = {
        name: {each: place[state] for each, state in table[name].items()}
        for name in ("start_states", "end_states")
    }
    return {"tokens": dict(enumerate(names)), "states": states, **ends}


if __name__ == "__main__":
    FILE.write_text(tables_text(), encoding="utf-8")
