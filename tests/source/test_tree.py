"""Looking into a document: plain values for a schema, nodes and places by path."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.text import SourceText
from mapping_engine.source.tree import find, key_span, nearest_span, plain

TEXT = "pack: xero\nsettings:\n  due: {type: integer, default: 30}\nrows:\n  - a: 1.50\n  - b\n"
ROOT = read(SourceText("x.yaml", TEXT), Report()).root
assert ROOT


def test_plain_values_keep_decimals() -> None:
    assert plain(ROOT) == {
        "pack": "xero",
        "settings": {"due": {"type": "integer", "default": Decimal("30")}},
        "rows": [{"a": Decimal("1.50")}, "b"],
    }
    assert plain(None) is None


@pytest.mark.parametrize(
    "path, text",
    [
        (["pack"], "xero"),
        (["settings", "due", "type"], "integer"),
        (["rows", 0, "a"], "1.50"),
        (["rows", 1], "b"),
        (["rows", 2], None),
        (["rows", "a"], None),
        (["pack", "x"], None),
        (["nothing", "at", "all"], None),
    ],
)
def test_a_path_leads_to_its_node(path: list[str | int], text: str | None) -> None:
    node = find(ROOT, path)
    assert text == (node.span.text if node else None)


@pytest.mark.parametrize(
    "path, key, nearest",
    [
        (["settings", "due"], "due", "due"),
        (["settings", "due", "minimum"], None, "due"),
        (["rows", 0], "a: 1.50", "a: 1.50"),
        (["rows", 0, "a"], "a", "a"),
        (["rows", 7], None, "rows"),
        (["unknown"], None, "pack"),
    ],
)
def test_a_mistake_is_placed_at_the_key(
    path: list[str | int], key: str | None, nearest: str
) -> None:
    assert ROOT
    span = key_span(ROOT, path)
    assert (key, nearest) == (span.text if span else None, nearest_span(ROOT, path).text)
