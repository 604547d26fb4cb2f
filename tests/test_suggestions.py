"""
A name that is misspelt gets the right one suggested, through the whole of `validate`.

The names are those that the shipped packs use, each where it stands: fields, functions, helpers,
keys, reasons, tables, columns, settings, words of an enum. One letter is missing, doubled, wrong
or swapped. Right is a hint that names what stood there before; a typo that makes another good
name is none. `MAPPING_ENGINE_DEEP=10` takes ten times as many.
"""

from __future__ import annotations

import os
import re
from functools import cache
from random import Random

import pytest
from msgspec.structs import replace
from pack_faults import Fault, faults_in
from shipped_packs import PACKS, PATH, firm_of, folder_of
from test_sensitivity import changed

from mapping_engine.packs.firm import FirmLayer, load_firm
from mapping_engine.packs.loader import load, load_texts
from mapping_engine.packs.model import Pack
from mapping_engine.packs.overlay import merge
from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.runtime.assemble import build
from mapping_engine.source.diagnostic import Diagnostic, Report

DEEP = int(os.environ.get("MAPPING_ENGINE_DEEP") or 1)
TYPOS = 2_000 * DEEP
PARTS = 4
STORE = SchemaStore(PATH.schemas)
#: Faults that misspell a name where it is used.
KINDS = ("rename field", "rename word", "rename reason", "rename key", "rename object",
         "rename argument", "match key", "misspelt text", "misspelt cell", "rename column",
         "rename table", "rename helper")  # fmt: skip


def typos(pack: str, count: int, chance: Random) -> list[Fault]:
    """Return misspellings of names of a pack, other ones each time they are asked for."""
    found: dict[Fault, None] = {}
    while len(found) < count:
        for name, source in folder_of(pack).sources.items():
            if name.endswith(".yaml"):
                faults = faults_in(name, source.text, chance)
                found |= {each: None for each in faults if each.kind in KINDS}
    return chance.sample(list(found), count)


@cache
def usual(pack: str) -> tuple[Pack, FirmLayer]:
    """Return a pack without a fault, and what its firm says."""
    layer = load_firm(firm_of(pack), pack, Report())
    assert layer is not None
    return load(folder_of(pack), Report()), layer


def answers(pack: str, fault: Fault) -> list[Diagnostic]:
    """Return what `validate` says of a pack with a fault, with its firm.

    No mapping file is about another: with a fault in one of them, the others stay as they are
    and are not looked at.
    """
    (right, layer), report = usual(pack), Report()
    folder, name = changed(pack, fault), fault.file.removesuffix(".yaml")
    passed_over = right.mappings.keys() - {name} if name in right.mappings else set()
    texts = {
        file: text for file, text in folder.sources.items()
        if file.removesuffix(".yaml") not in passed_over
    }  # fmt: skip
    loaded = load_texts(pack, texts, report)
    whole = replace(loaded, mappings={**right.mappings, **loaded.mappings})
    merged = merge(whole, layer, report)
    asked = {name: each for name, each in merged.mappings.items() if name not in passed_over}
    build(replace(merged, mappings=asked), STORE, report)
    return report.errors


def is_right(pack: str, fault: Fault, said: list[Diagnostic]) -> bool:
    """Whether a hint names what stood there (of a declared name: where it is still used)."""
    before = folder_of(pack).sources[fault.file].text[fault.start : fault.end]
    names = {before.strip("\"'[]"), *re.findall(r"[\w#]+", f"{before} {fault.text}")}
    return any(f"did you mean `{name}`" in (each.hint or "") for each in said for name in names)


@pytest.mark.parametrize("part", range(PARTS))
def test_nine_of_ten_misspelt_names_are_recognised(part: int) -> None:
    chance = Random(part)
    right, wrong = 0, []
    for pack in PACKS:
        for fault in typos(pack, TYPOS // PARTS // len(PACKS), chance):
            said = answers(pack, fault)
            if said and is_right(pack, fault, said):
                right += 1
            elif said:
                wrong.append(f"{pack}/{fault.file} {fault.kind}: {fault.text}")

    assert right >= 0.9 * (right + len(wrong)), wrong
    assert right + len(wrong) >= 0.9 * TYPOS / PARTS
