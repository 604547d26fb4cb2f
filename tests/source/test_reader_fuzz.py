"""
Change packs at random and read what comes out.

Whatever the text, only diagnostics come back, every place lies in the text and in its
parent, both loaders of PyYAML are read alike, and the answer can be rendered.
`MAPPING_ENGINE_DEEP=50` reads fifty times as many texts.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from mapping_engine.source import document
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.node import Document, MappingNode, Node, ScalarNode
from mapping_engine.source.render import render_text
from mapping_engine.source.text import SourceText

ROOT = Path(__file__).parents[2]
DEEP = int(os.environ.get("MAPPING_ENGINE_DEEP") or 1)
TEXTS = 20_000 * DEEP
PARTS = 8
SAMPLES = [
    'record: invoice\nfields:\n  Type: "ACCREC"\n  Amount:\n    value: >-\n      if a\n',
    "skip:\n  - when: sent_at is present\n    reason: sent\n    because: it's sent {sent_at}\n",
    "rows:\n  - {kind: [a, b], send: 'it''s', x: 1..2}  # why\n  - {kind: any, send: \"x\\ty\"}\n",
    "a: |\n  one\n\n    two\n  three\nb: plain\n   over lines\nc:\n- 1\n- 0123\n- {x: , y: ~}\n",
]
PIECES = [
    *" \t\r\n:#-?,[]{}&*!|>'\"%@`~<=.\\0aA",
    *(": ", " #", "- ", "\n  ", "{a: ", "[b, ", "<<: ", "&x ", "*x ", "!t ", "!%zz ", "!<x> "),
    *("---\n", "...\n", "%YAML 1.1\n", "%TAG !e! x", "''", '""', ">-\n", "|2\n", "|10\n", ">+"),
    *("\ufeff", "\u2028", "\x85", "\xa0", "\u200b", "“", "é", "e\u0301", "\x00", "\x07", "\ud800"),
    *(
        "😀",
        "? ",
        "??",
        "\r\n",
        "null",
        "0x1F",
        "{{",
        "\\x0",
        '"\\ud83d"',
        '"\\U00110000"',
        '"\\\n',
    ),
]
Shape: TypeAlias = "tuple[object, ...]"


def chunks() -> list[str]:
    """Return short pieces of real packs: a mutation in four lines meets more than one in a file."""
    found = []
    for path in sorted((ROOT / "rules").rglob("*.yaml")):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        found += ["".join(lines[start : start + 4]) for start in range(0, len(lines), 3)]
    return SAMPLES + found


def mutate(chance: random.Random, text: str) -> str:
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((1, 1, 2, 3, 8, 20)))
        match chance.randrange(6):
            case 0:
                text = text[:start] + text[end:]
            case 1 | 2:
                text = text[:start] + chance.choice(PIECES) + text[start:]
            case 3:
                text = text[:start] + chance.choice(PIECES) + text[end:]
            case 4:
                lines = text.splitlines(keepends=True)
                chance.shuffle(lines)
                text = "".join(lines)
            case _:
                text = text[:end] + text[start:]
    return text


def of_bytes(chance: random.Random, text: str) -> str:
    """Return the text with some bytes changed, as a file that is still UTF-8 would hold it."""
    data = bytearray(text.encode("utf-8", "replace"))
    for _ in range(min(3, len(data))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return data.decode("utf-8", "replace")


def texts(part: int) -> Iterator[str]:
    chance = random.Random(part)
    pieces = chunks()
    for number in range(TEXTS // PARTS):
        text = mutate(chance, chance.choice(pieces))
        yield of_bytes(chance, text) if number % 10 == 0 else text


def shape(node: Node) -> Shape:
    """Return everything about a node, checking that its parts lie inside it."""
    start, end = node.span.start, node.span.end
    assert 0 <= start <= end <= len(node.span.source.text)
    if isinstance(node, ScalarNode):
        offsets = None if node.offsets is None else tuple(node.offsets)
        return start, end, node.text, node.style, str(node.value), offsets, node.in_flow
    if isinstance(node, MappingNode):
        children = [part for each in node for part in (each.key, each.value)]
    else:
        children = list(node.items)
    for child in children:
        assert start <= child.span.start <= child.span.end <= end
    return start, end, *(shape(child) for child in children)


def result(text: str) -> tuple[Document, Report, Shape | None]:
    source = SourceText("x.yaml", text)
    report = Report()
    found = read(source, report)
    for each in report:
        assert each.span is not None
        assert 0 <= each.span.start <= each.span.end <= len(text)
        assert each.hint
    if found.root is None and text.strip("\ufeff \t\r\n"):
        starts = {line.strip()[:1] for line in text.splitlines()}
        assert report.has_errors or starts <= {"", "#", "-", ".", "%"}
    return found, report, shape(found.root) if found.root else None


def words(report: Report) -> list[tuple[object, ...]]:
    return [
        (each.code.number, each.message, each.hint, str(each.span), each.span and each.span.end)
        for each in report
    ]


def check_offsets(node: Node | None, text: str) -> None:
    stack = [node] if node else []
    while stack:
        each = stack.pop()
        if isinstance(each, MappingNode):
            stack += [part for entry in each for part in (entry.key, entry.value)]
        elif not isinstance(each, ScalarNode):
            stack += each.items
        elif each.offsets is not None:
            check_scalar(each, text)


def check_scalar(node: ScalarNode, text: str) -> None:
    """Each visible character is found again; blanks may have been folded or cleaned."""
    offsets = node.offsets or ()
    assert len(offsets) == len(node.text) + 1
    assert list(offsets) == sorted(offsets)
    for character, offset in zip(node.text, offsets, strict=False):
        assert character in " \t\n" or text[offset] == character


@pytest.mark.parametrize("part", range(PARTS))
def test_any_text_gives_nodes_or_diagnostics(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in texts(part):
        monkeypatch.setattr(document, "has_fast_loader", lambda: True)
        found, report, fast = result(text)
        check_offsets(found.root, text)
        render_text(list(report)[:1])
        if found.root is None:
            continue  # the slow loader was asked already
        monkeypatch.setattr(document, "has_fast_loader", lambda: False)
        _, slow_report, slow = result(text)
        assert (words(report), fast) == (words(slow_report), slow), repr(text)


def test_reading_twice_gives_the_same() -> None:
    for text in list(texts(99))[:500]:
        first, second = result(text), result(text)
        assert (words(first[1]), first[2]) == (words(second[1]), second[2])
