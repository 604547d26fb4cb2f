"""
A mistake is said once: what hangs on an unknown name causes no second message.

Expressions that check are given one unknown name, wherever the known one stood; all that may
be said then is that this name is unknown, at its places.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from random import Random

import pytest
from msgspec.structs import replace
from typed_generator import ENTRY, TypedGenerator

from mapping_engine.functions import CATALOGUE
from mapping_engine.functions.catalogue import NOT_CONSTANT
from mapping_engine.language.checker import check
from mapping_engine.language.expression import compile_expression
from mapping_engine.language.parser import parse_source
from mapping_engine.language.scope import Binding, Scope
from mapping_engine.language.typed import Constant, Typed
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.limits import DEFAULT_LIMITS
from mapping_engine.source.text import SourceText
from mapping_engine.values.types import TEXT, Object, Text, Type, union
from mapping_engine.values.words import words

SEEDS = range(6)
EXPRESSIONS = 350 * (50 if os.environ.get("MAPPING_ENGINE_DEEP") else 1)
LIMITS = replace(DEFAULT_LIMITS, expression_size=100_000)


def said(text: str, record: Type = ENTRY) -> list[tuple[str, str]]:
    """Return the codes of what is wrong with an expression, each with the text it points at."""
    report = Report()
    compile_expression(SourceText("expression", text), record, report, limits=LIMITS)
    return [(each.code.number, each.span.text if each.span else "") for each in report]


def misspelt(seed: int) -> Iterator[tuple[str, str]]:
    """Yield expressions that check, each with one of its names replaced everywhere."""
    random = Random(seed)
    expressions = TypedGenerator(random, slips=0)
    for _ in range(EXPRESSIONS):
        text = expressions.expression(random.choice((2, 3, 4)))
        names = [
            each
            for each in ENTRY.fields
            if not each.startswith("phone") and re.search(_places(each), text)
        ]
        if names and not said(text):
            yield text, re.sub(_places(random.choice(names)), "nobody", text)


def _places(name: str) -> str:
    return rf"(?<![\w.\"])(?:record\.)?{name}(?![\w=(\"])"


@pytest.mark.parametrize("seed", SEEDS)
def test_an_unknown_name_never_causes_a_second_message(seed: int) -> None:
    tried = 0
    for text, wrong in misspelt(seed):
        found = said(wrong)
        assert {("M402", "nobody")} >= set(found), f"{text}\n{wrong}"
        assert len(found) <= wrong.count("nobody")
        tried += bool(found)
    assert tried > EXPRESSIONS // 4


@pytest.mark.parametrize("seed", SEEDS)
def test_checking_twice_gives_the_same_tree(seed: int) -> None:
    random = Random(seed)
    expressions = TypedGenerator(random)
    for _ in range(EXPRESSIONS // 4):
        text = expressions.expression(3)
        one, two = (
            compile_expression(SourceText("expression", text), ENTRY, Report()) for _ in range(2)
        )
        assert one == two
        assert (one is None and two is None) or words(one.type) == words(two.type)  # type: ignore


def test_ten_mistakes_give_ten_messages() -> None:
    names = [f"nobody{each}" for each in range(10)]
    found = said(f"[{', '.join(names)}]")
    assert [("M402", each) for each in names] == found


SETTINGS = Object(
    name="settings", fields={"edition": Text(choices=("AU", "NZ", "US")), "prefix": TEXT}
)


def checked_with(text: str, settings: object) -> tuple[Typed, list[str]]:
    """Check an expression where these settings are known, the others only with a record."""
    report = Report()
    names = {"settings": Binding("settings", SETTINGS, settings)}
    tree = parse_source(SourceText("expression", text), report)
    node = check(tree, Scope(None, names, CATALOGUE.functions), report)
    return node, [each.code.number for each in report]


@pytest.mark.parametrize("settings", [NOT_CONSTANT, {}, {"edition": "AU"}])
@pytest.mark.parametrize("word", ["AU", "NZ", "US"])
def test_a_pack_may_ask_for_every_word_of_a_setting(settings: object, word: str) -> None:
    assert [] == checked_with(f'settings.edition == "{word}"', settings)[1]
    assert [] == checked_with(f'settings.edition not in ["AU", "{word}"]', settings)[1]


@pytest.mark.parametrize("settings", [NOT_CONSTANT, {}, {"edition": "AU"}])
def test_a_word_that_no_setting_has_is_a_mistake(settings: object) -> None:
    assert ["M407"] == checked_with('settings.edition == "UK"', settings)[1]


@pytest.mark.parametrize(
    "never, expected",
    [
        ("1 + settings.prefix", []),  # it makes no demands: what it gives is never used
        ("nobody + 1", ["M402"]),  # but what does not exist is wrong for every firm
        ("settings.prefxi", ["M402"]),
        ("triim(settings.prefix)", ["M405"]),
        ("round_up(5, too=1)", ["M406"]),
    ],
)
def test_a_known_setting_decides_before_a_record_is_there(never: str, expected: list[str]) -> None:
    known, wrong = {"edition": "AU"}, 'settings.edition == "US"'
    node, codes = checked_with(f"if {wrong} then {never} else settings.edition", known)
    assert expected == codes
    assert isinstance(node, Constant)
    assert node.value == "AU"
    assert expected == checked_with(f"{wrong} and ({never}) == 1", known)[1]
    assert expected == checked_with(f'"x" ?? ({never})', known)[1]


def test_an_empty_list_takes_the_type_of_the_other_branch() -> None:
    node = compile_expression(SourceText("x", "if free then [] else [word]"), ENTRY, Report())
    assert node is not None
    assert words(node.type) == words(union(node.type, node.type) or node.type)
    assert "text" in words(node.type)
