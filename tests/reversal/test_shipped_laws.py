"""
The laws over every two-way mapping that is shipped, beside the invented one.

What a derived rule reads back is what was sent, for steered records with every firm; and what
was read back is sent as it was. Values that a table marks `one_way:` are left out.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from random import Random

import pytest
from likely_values import likely_values
from shipped_packs import MAPPINGS, folder_of, in_force
from steered_records import SteeredRecords

from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.runtime.opening import open_pack
from mapping_engine.runtime.program import Program, back_of
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.value import Value
from mapping_engine.workbench.declared_losses import is_declared
from mapping_engine.workbench.laws import Passed, Round, is_same, passed, value_at
from mapping_engine.workbench.small_values import SmallValues

RECORDS = 150 * int(os.environ.get("MAPPING_ENGINE_DEEP") or 1)
INVENTED = ("cards", "party")
TWO_WAY = [INVENTED] + [
    (pack, file)
    for pack, file in MAPPINGS
    if "\ndirection: both\n" in (folder_of(pack).path / f"{file}.yaml").read_text(encoding="utf-8")
]


def programs(pack: str) -> list[tuple[str, Program, RunOptions]]:
    """Return a pack with every firm; each with its name, and how it is run."""
    if pack != INVENTED[0]:
        return [(each.name, each.program, each.options) for each in in_force(pack)]
    opened = open_pack(pack, Report(), rules=[Path(__file__).parent / "packs"])
    assert opened is not None
    return [(pack, opened.program, RunOptions(date(2026, 1, 31)))]


def dict_of(value: Value) -> dict[str, Value]:
    assert isinstance(value, dict)
    return value


def told(
    program: Program, name: str, sent: tuple[Value, Passed], again: Passed, *, record: bool
) -> list[str]:
    """Return the fields that both sides carry, that were not refused, and that differ."""
    found = []
    given, between = sent
    for each in program.reversals[name].carried:
        here, there = (each.record, each.payload) if record else (each.payload, each.record)
        before, after = value_at(given, here), value_at(again.made, here)
        refused = there in between.refused or here in again.refused
        if not refused and not is_declared(before, program) and not is_same(before, after, None):
            found.append(f"{here}: {before!r} comes back as {after!r}")
    return found


@pytest.mark.parametrize("pack, file", TWO_WAY, ids=str)
def test_what_both_sides_carry_comes_back(pack: str, file: str) -> None:
    for label, program, options in programs(pack):
        out, back = program.mappings[file], program.mappings[back_of(file)]
        there, again = (InterpretedMapper(program, each, options) for each in (out, back))
        records = SteeredRecords(out, likely_values(out, options), Random(f"{label} {file}"))
        least = SmallValues().least(back.reads) or {}
        returned = 0
        for _ in range(RECORDS):
            record = records.next()
            records.learn(record, there.map(record))
            sent = passed(there, record)
            payload = {**least, **dict_of(sent.made)}
            read = passed(again, payload)
            if None in sent.refused | read.refused:
                continue
            returned += 1

            assert [] == told(program, file, (record, sent), read, record=True)
            written = passed(there, {**record, **dict_of(read.made)})
            if None not in written.refused:
                assert [] == told(program, file, (payload, read), written, record=False)
        assert returned >= RECORDS // 5, label


@pytest.mark.parametrize("pack, file", TWO_WAY, ids=str)
def test_the_laws_of_validate_begin(pack: str, file: str) -> None:
    """Nothing is told of a mapping whose smallest payload does not come back."""
    for label, program, options in programs(pack):
        ways = program.mappings[file], program.mappings[back_of(file)]
        out, back = (InterpretedMapper(program, each, options) for each in ways)
        least, least_back = (SmallValues().least(each.reads) for each in ways)
        assert least is not None
        assert least_back is not None
        derived = program.reversals[file].derived
        there = Round(out, back, derived, least, least_back, SmallValues())
        first = Round(back, out, {}, {**least_back, **dict_of(passed(out, least).made)}, least,
                      SmallValues())  # fmt: skip

        assert there.begun().begins, label
        assert first.begun().begins, label
