"""
Laws of a two-way mapping: out and back gives the record again, back and out gives the payload.

Generated records and payloads go through the invented pack; then its files are changed, one
line at a time, to see that both directions follow, or that `validate` says what is lost.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from shutil import copytree

import pytest
from generate_records import RecordGenerator

from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.mapper import RunOptions
from mapping_engine.runtime.opening import Opened, open_pack
from mapping_engine.runtime.outcome import Mapped
from mapping_engine.runtime.payloads import plain_value
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.types import List, Text
from mapping_engine.values.value import Value, is_empty
from mapping_engine.workbench.checking import check
from mapping_engine.workbench.small_values import SmallValues

PACKS = Path(__file__).parent / "packs"
RECORDS = 1_000 * int(os.environ.get("MAPPING_ENGINE_DEEP") or 1)


def opened(folder: Path = PACKS) -> Opened:
    report = Report()
    found = open_pack("cards", report, rules=[folder])
    report.raise_if_errors()
    assert found is not None
    return found


@cache
def mapper(way: str) -> CompiledMapper:
    pack = opened()
    mapping = pack.program.find("party", "in" if way == "in" else "out")
    assert mapping is not None
    return CompiledMapper(pack.program, mapping, RunOptions(date(2026, 1, 31)))


def stripped(value: Value) -> Value:
    """Return a value without what is empty: nothing, a blank text and an empty list are alike."""
    match value:
        case dict():
            kept = {name: stripped(each) for name, each in value.items()}
            return {name: each for name, each in kept.items() if not is_empty(each) and each != {}}
        case list():
            return [stripped(each) for each in value]
        case _:
            return value


def dict_of(value: Value) -> dict[str, Value]:
    assert isinstance(value, dict)
    return value


def carried(record: dict[str, Value]) -> Value:
    """Return a record as the pack says that it comes back."""
    kept = dict_of(stripped(plain_value(record)))
    phones = kept.get("phones")
    if isinstance(phones, list):  # the first fax, then the other phones; a fax has no note
        fax = [each for each in phones if each["kind"] == "fax"][:1]
        kept["phones"] = [
            *({"kind": "fax", "number": each["number"]} for each in fax),
            *(each for each in phones if each["kind"] != "fax"),
        ]
    kept["kind"] = "company" if kept["kind"] == "group" else kept["kind"]
    kept.setdefault("status", "active")
    kept.pop("website", None)  # it goes back only
    if isinstance(kept.get("note"), str):
        kept["note"] = kept["note"].strip()
    return kept


def payload_of(outcome: object) -> dict[str, Value] | None:
    return dict(outcome.payloads[0].payload) if isinstance(outcome, Mapped) else None


def test_out_and_back_and_out_again_keeps_what_both_sides_carry() -> None:
    records = RecordGenerator(mapper("out").mapping.reads, Random(11))
    mapped = 0
    for _ in range(RECORDS):
        record = records.record()
        sent = payload_of(mapper("out").map(plain_value(record)))
        if sent is None:
            continue
        mapped += 1
        returned = payload_of(mapper("in").map(sent))

        assert returned is not None, record
        assert carried(record) == stripped(returned)
        assert stripped(sent) == stripped(payload_of(mapper("out").map(returned)))
    assert mapped >= RECORDS // 2


#: What may stand in a card; some of it the rules cannot have written.
LIKELY: dict[str, list[Value]] = {
    "Id": ["7", " ", "x"], "Entry": ["party", None], "Name": ["Anna", " a"],
    "Type": ["P", "C", "T"], "Code": ["C-7", "C-C-1", None, "C-", "7", " C-7"],
    "Active": ["Y", "N"], "Client": [True, False], "Born": ["28/02/1990", "1/2/1990", None],
    "Minutes": [Decimal(90), Decimal("0.6"), Decimal(100), None], "Note": ["a", None],
    "Share": [Decimal("0.125"), Decimal("0.1"), Decimal("0.001"), None], "Fax": ["1", None],
    "Words": ["red; blue", "red", "red;blue", " red", "", None],
    "Place": [{"City": "Bergen"}, {}, {"City": "Bergen", "Country": "NO"}],
    "phone1Label": ["Business", "Mobile"], "phone1Number": ["1", "2 3"], "phone1Note": ["n", None],
    "Shares": [[], [{"Who": "Ola", "Part": Decimal("0.3333")}], [{"Who": " "}, {"Who": "Ola"}]],
}  # fmt: skip


def test_back_and_out_again_gives_the_payload() -> None:
    random, mapped = Random(12), 0
    for _ in range(RECORDS):
        payload = {name: random.choice(values) for name, values in LIKELY.items()}
        returned = payload_of(mapper("in").map(payload))
        if returned is None:
            continue
        mapped += 1
        sent = payload_of(mapper("out").map(returned))

        assert {"Entry": "party", **dict_of(stripped(payload))} == stripped(sent)
    assert mapped >= RECORDS // 100


def changed(folder: Path, changes: Iterable[tuple[str, str, str]]) -> Path:
    """Return a folder with the pack in which one text of each file is another one."""
    pack = copytree(PACKS / "cards", folder / "cards")
    for name, old, new in changes:
        text = (pack / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        (pack / name).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_one_changed_line_of_the_field_table_changes_both_directions(tmp_path: Path) -> None:
    schema = "schemas/targets/cards/Card.schema.json"
    lines = [("party.yaml", "  Name: display_name", "  Title: display_name"),
             (schema, '"Name"]', '"Title"]'), (schema, '"Name":', '"Title":')]  # fmt: skip
    program = opened(changed(tmp_path, lines)).program
    out, back = program.find("party", "out"), program.find("party", "in")
    assert out is not None
    assert back is not None
    options = RunOptions(date(2026, 1, 31))
    record = {"id": "7", "display_name": "Anna Berg", "kind": "person", "status": "active"}
    sent = payload_of(CompiledMapper(program, out, options).map(record))

    assert sent == {"Id": "7", "Entry": "party", "Title": "Anna Berg", "Type": "P", "Active": "Y"}
    assert record == payload_of(CompiledMapper(program, back, options).map(sent))


PARTY, TYPES = "party.yaml", "tables/card_type.yaml"
#: What is changed in the pack, and what is then said of it.
SAID = {
    "two words become one": (
        (TYPES, "type: C, one_way: out}      #", "type: C}  #"),
        "M510 the table `card_type` has no single answer for `type` = `C`: "
        "`kind` = `company` or `kind` = `group`",
    ),
    "blanks are cut off": (
        (PARTY, "display_name", "trim(display_name)"),
        'M260 `Name` has no way back: `trim( )` loses what was there: `" a"` comes back as `"a"`',
    ),
    "digits are cut off": (
        (PARTY, "percent_to_fraction(share_percent)", "round_half_up(share_percent, places=0)"),
        "M260 `Share` has no way back: `round_half_up( )` loses digits: `0.4` comes back as `0`",
    ),
    "two values stand in one text": (
        (PARTY, '"C-{number}"', '"{id}-{number}"'),
        "M260 `Code` has no way back: several values stand in one text, and nothing says where "
        "each ends",
    ),
    "a fallback hides what was there": (
        (PARTY, '"C-{number}"', 'number ?? "none"'),
        "M260 `Code` has no way back: `??` gives one of several values, and does not tell which "
        "one it was",
    ),
    "a field is sent twice": (
        (PARTY, '"C-{number}"', "display_name"),
        "M261 `Code` is not read back, because `display_name` comes back from another field "
        "already",
    ),
    "one word may hold the separator": (
        ("schemas/canonical/party.schema.json", '"pattern": "^[a-z]+$"', '"maxLength": 9'),
        'M815 `["; "]` in `words` is sent and comes back as nothing',
    ),
    "an item is read from two places": (
        (PARTY, "each: voices", "each: phones"),
        'M815 `[{"kind": "fax", "number": "1"}]` in `phones` is sent and comes back as '
        '`[{"kind": "fax", "number": "1"}, {"kind": "fax", "number": "1"}]`',
    ),
    "only one of a list is sent": (
        (PARTY, 'join(words, "; ")', "first(words)"),
        'M815 `["a", "b"]` in `words` is sent and comes back as `["a"]`',
    ),
    "a kind of item is left out": (
        (PARTY, 'phones[kind != "fax"]', 'phones[kind == "mobile"]'),
        'M815 `[{"kind": "work", "number": "1"}, {"kind": "mobile", "number": "1"}]` in `phones` '
        'is sent and comes back as `[{"kind": "mobile", "number": "1"}]`',
    ),
    "the second fax has no place": (
        (PARTY, "nearly everything", "not everything"),
        'M815 `[{"kind": "fax", "number": "1"}, {"kind": "fax", "number": "01"}]` in `phones` is '
        'sent and comes back as `[{"kind": "fax", "number": "1"}]`',
    ),
    "what stands under back is sent otherwise": (
        (PARTY, "    note: Note", "    note: lower(Note)"),
        'M816 `"A"` in `Note` is read back and would then be sent as `"a"`',
    ),
    "what stands under back is read from elsewhere": (
        (PARTY, "    note: Note", "    note: Place.City"),
        'M816 `"a"` in `Note` is read back and would then be sent as nothing',
    ),
    "a date loses its day": (
        (PARTY, '"dd/MM/yyyy"', '"MM/yyyy"'),
        "M260 `Born` has no way back: this way of writing a date does not say the whole date",
    ),
    "a list is put in order": (
        (PARTY, "each: shares", "each: shares\n    order_by: [member]"),
        "M260 `Shares` has no way back: a list that was put in order does not tell how it stood "
        "before",
    ),
}


@pytest.mark.parametrize("change", SAID, ids=lambda each: each.replace(" ", "_"))
def test_what_does_not_come_back_is_said_with_the_value(change: str, tmp_path: Path) -> None:
    line, expected = SAID[change]
    found = check(rules=[changed(tmp_path, [line])]).report

    assert expected in [f"{each.code.number} {each.message}" for each in found]


def test_lists_are_tried_with_one_item_and_with_two_in_either_order() -> None:
    lists = SmallValues().of(List(item=Text(choices=("work", "home", "fax"))))

    assert lists == (
        ["work"], ["home"], ["work", "home"], ["home", "work"],
        ["fax"], ["home", "fax"], ["fax", "home"],
    )  # fmt: skip
