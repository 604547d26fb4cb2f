"""Whatever stands in a pack, loading it gives a pack and diagnostics, never an exception."""

from __future__ import annotations

import random

import pytest
from small_pack import PACK, TIME_ENTRY, loaded
from test_loader import MAPPING, PACK_FILE, TABLE

from mapping_engine.source.diagnostic import Report
from mapping_engine.source.render import render_text

SEEDS = {
    "pack.yaml": [PACK, PACK_FILE],
    "time_entry.yaml": [MAPPING, TIME_ENTRY],
    "tables/rates.yaml": [TABLE],
}
PIECES = [
    "", " ", "\n", "\t", ":", ": ", "-", "- ", "{", "}", "[", "]", ",", '"', "'", "#", " #", "|",
    ">-", "&a", "*a", "!x", "%", "null", "~", "yes", "..", "1..2", "any", "empty", "each",
    "fields", "value", "when", "rows", "record", "payloads",
    "\ufeff", "\0", "\u2028", "é", "😀", "???", "<<", "---\n",
]  # fmt: skip


def broken(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 3)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice([0, 0, 1, 2, 5, 30]))
        match chance.randrange(4):
            case 0:
                piece = chance.choice(PIECES)
            case 1:
                other = chance.randrange(len(text) + 1)
                piece = text[other : other + chance.randrange(40)]
            case 2:
                lines = text.splitlines(keepends=True)
                chance.shuffle(lines) if chance.random() < 0.1 else lines.pop(
                    chance.randrange(len(lines))
                )
                return "".join(lines) or "a"
            case _:
                piece = ""
        text = text[:start] + piece + text[end:]
    return text


@pytest.mark.parametrize("part", range(4))
def test_a_damaged_pack_gives_only_diagnostics(part: int) -> None:
    chance = random.Random(part)
    for _ in range(500):
        name = chance.choice(list(SEEDS))
        text = broken(chance.choice(SEEDS[name]), chance)
        report = Report()

        loaded({name: text}, report)

        for each in report:
            assert each.span is None or 0 <= each.span.start <= each.span.end
    render_text(report)
