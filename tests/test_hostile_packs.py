"""
Whatever stands in a pack, only diagnostics come out: no exception, each place in its text, and
no place told the same thing twice.

Texts made of shipped packs are damaged and go through reader and loader; one in twenty goes
through the checker too, some of them with the whole pack around them, of which those
mappings are checked that the text belongs to. What takes unbounded time runs into the suite's
time limit. `MAPPING_ENGINE_DEEP=40` reads two million.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from random import Random

import pytest
from hostile_texts import damaged, seeds
from shipped_packs import PACKS, PATH, folder_of, mappings_of

from mapping_engine.packs.loader import load_texts
from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.runtime.assemble import build
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.render import render_text
from mapping_engine.source.text import SourceText

DEEP = int(os.environ.get("MAPPING_ENGINE_DEEP") or 1)
TEXTS = 50_000 * DEEP
CHECKED = 2_000 * DEEP
WHOLE = 500 * DEEP
PARTS = 8

#: What has crashed the checker once, or was told twice.
FOUND = [
    ("contact.yaml", "record: contact\nobject: Contact\nduplicates:\n  name: [last_name]\n"),
    (
        "contact.yaml",
        "record: contact\nobject: Contact\ndirection: both\nfields: {Number: settings.start}\n",
    ),
    ("time_entry.yaml", "record: time_entry\ndirection: in\npayloads: timeentry\n"),
    ("time_entry.yaml", "record: time_entry\ndirection: in\npayloads:\n"),
]

TEXT_OF = {pack: {n: each.text for n, each in folder_of(pack).sources.items()} for pack in PACKS}
SEEDS = [(pack, *seed) for pack in PACKS for seed in seeds(TEXT_OF[pack])]
STORE = SchemaStore(PATH.schemas)


def opened(pack: str, texts: Mapping[str, str], *, check: bool, whole: bool = False) -> Report:
    """Return what is said of texts, which stand beside all others of the pack when `whole`."""
    report = Report()
    sources = {name: SourceText(f"{pack}/{name}", text) for name, text in texts.items()}
    loaded = load_texts(pack, {**folder_of(pack).sources, **sources} if whole else sources, report)
    if check:
        build(loaded, STORE, report, only=mappings_of(pack, *texts))
    return report


def faults(report: Report) -> list[str]:
    """Return what is wrong with diagnostics."""
    found = []
    for each in report:
        spans = [each.span, *(label.span for label in each.labels)]
        for span in spans:
            if span is not None and not 0 <= span.start <= span.end <= len(span.source.text):
                found.append(f"{each.code.number} stands outside its text")
    told = Counter((each.code.number, str(each.span), each.message) for each in report)
    return found + [f"{key} is told {count} times" for key, count in told.items() if count > 1]


@pytest.mark.parametrize("name, text", FOUND)
def test_what_crashed_once_is_told(name: str, text: str) -> None:
    pack_file = {"pack.yaml": "pack: actionstep\ntitle: A pack\nversion: 1.0.0\n"}

    report = opened("actionstep", {**pack_file, name: text}, check=True)

    assert report.has_errors
    assert faults(report) == []


@pytest.mark.parametrize("part", range(PARTS))
def test_a_damaged_file_gives_only_diagnostics(part: int) -> None:
    chance = Random(f"load {part}")
    for number in range(TEXTS // PARTS):
        pack, name, text = chance.choice(SEEDS)
        hostile = damaged(text, chance)

        report = opened(pack, {name: hostile}, check=False)

        assert faults(report) == [], hostile
        if number % 20 == 0:
            render_text(report)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_damaged_file_is_checked_without_an_exception(part: int) -> None:
    chance = Random(f"check {part}")
    for _ in range(CHECKED // PARTS):
        pack, name, text = chance.choice(SEEDS)
        hostile = damaged(text, chance)
        pack_file = {"pack.yaml": f"pack: {pack}\ntitle: A pack\nversion: 1.0.0\n"}

        report = opened(pack, {**pack_file, name: hostile}, check=True)

        assert faults(report) == [], hostile
        render_text(report)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_pack_with_a_damaged_file_is_checked_without_an_exception(part: int) -> None:
    chance = Random(f"whole {part}")
    for _ in range(WHOLE // PARTS):
        pack = chance.choice(PACKS)
        name = chance.choice([each for each in TEXT_OF[pack] if each.endswith(".yaml")])
        hostile = damaged(TEXT_OF[pack][name], chance)

        report = opened(pack, {name: hostile}, check=True, whole=True)

        assert faults(report) == [], hostile
