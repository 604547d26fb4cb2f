"""
Every way an input can be broken: what is a record, what is a rejected line, what ends the run.

A line is written `ok: {…}` for a record, else with the words that tell why it is none.
"""

from __future__ import annotations

import io
from decimal import Decimal

import pytest

from mapping_engine.batch.items import Entry, Item, Reading
from mapping_engine.batch.records import format_of, read_records, retried
from mapping_engine.source.limits import Limits
from mapping_engine.source.pack_error import PackError
from mapping_engine.values.json import encode
from mapping_engine.values.types import BOOLEAN, DATE, TEXT, List, Number, Object

ENTRY = Object(
    name="entry",
    fields={
        "id": TEXT,
        "hours": Number(scale=2),
        "flag": BOOLEAN,
        "day": DATE,
        "tags": List(item=TEXT),
        "matter": Object(name="matter", fields={"number": TEXT, "rate": Number(scale=2)}),
    },
)
LIMITS = Limits(record_size=200, table_size=1_000)
BOM = "\ufeff"


def told(item: Item) -> tuple[int, str]:
    if isinstance(item, Entry):
        return item.line, f"ok: {encode(item.record)}"
    return item.line, item.told.message.removeprefix("this record cannot be read: ")


def read(form: str, content: str | bytes, *, strict: bool = True) -> list[tuple[int, str]]:
    reading = Reading("input", LIMITS, strict, "entries", ENTRY)
    raw = content if isinstance(content, bytes) else content.encode()
    return [told(each) for each in read_records(io.BytesIO(raw), form, reading)]


NDJSON = {
    "nothing": ("", []),
    "blank lines": ("\n  \n\n", []),
    "two records": ('{"a": 1}\n{"b": 2.50}\n', [(1, 'ok: {"a": 1}'), (2, 'ok: {"b": 2.50}')]),
    "no line end at the end": ('{"a": 1}', [(1, 'ok: {"a": 1}')]),
    "byte order mark": (f'{BOM}{{"a": 1}}\n', [(1, 'ok: {"a": 1}')]),
    "line ends of Windows": (
        '{"a": 1}\r\n\r\n{"b": 2}\r\n',
        [(1, 'ok: {"a": 1}'), (3, 'ok: {"b": 2}')],
    ),
    "a broken line between": (
        '{"a": 1}\n{"a": \n{"b": 2}\n',
        [(1, 'ok: {"a": 1}'), (2, "the text ends too early (column 7)"), (3, 'ok: {"b": 2}')],
    ),
    "NaN": ('{"a": NaN}\n', [(1, "NaN and Infinity are not numbers (column 7)")]),
    "a name twice": ('{"a": 1, "a": 2}\n', [(1, "a name stands twice in one object (column 10)")]),
    "a list": ("[1, 2]\n", [(1, "a list stands where a record must stand, an object in { }")]),
    "a text": ('"a"\n', [(1, "a text stands where a record must stand, an object in { }")]),
    "a number": ("7\n", [(1, "a number stands where a record must stand, an object in { }")]),
    "null": ("null\n", [(1, "null stands where a record must stand, an object in { }")]),
    "yes": ("true\n", [(1, "yes or no stands where a record must stand, an object in { }")]),
    "bare words": ("Jane Doe\n", [(1, "a value is expected (column 1)")]),
    "a long line": (
        '{"a": "' + 10_000 * "x" + '"}\n{"b": 2}\n',
        [(1, "the line is longer than 200 bytes"), (2, 'ok: {"b": 2}')],
    ),
    "a long line at the end": (300 * "x", [(1, "the line is longer than 200 bytes")]),
    "a line as long as allowed": (
        '{"a": "' + 191 * "x" + '"}\r\n',
        [(1, 'ok: {"a": "' + 191 * "x" + '"}')],
    ),
    "Latin-1": (
        '{"a": "é"}\n{"b": 2}\n'.encode("latin-1"),
        [(1, "it is not UTF-8 text"), (2, 'ok: {"b": 2}')],
    ),
    "an envelope with one record": ('{"entries": {"a": 1}}\n', [(1, 'ok: {"a": 1}')]),
    "an envelope with several": (
        '{"entries": [{"a": 1}, 7, {"b": 2}], "page": 1}\n',
        [
            (1, 'ok: {"a": 1}'),
            (1, "a number stands where a record must stand, an object in { }"),
            (1, 'ok: {"b": 2}'),
        ],
    ),
}

JSON = {
    "nothing": ("", []),
    "blanks": (" \n ", []),
    "one record": ('{\n "a": 1\n}\n', [(1, 'ok: {"a": 1}')]),
    "an empty list": ("[ ]", []),
    "a list": (
        '[\n {"a": 1},\n {"b": [1, {"c": 2}]}\n]',
        [(2, 'ok: {"a": 1}'), (3, 'ok: {"b": [1, {"c": 2}]}')],
    ),
    "byte order mark": (f'{BOM}[{{"a": 1}}]', [(1, 'ok: {"a": 1}')]),
    "brackets inside texts": (
        '[{"a": "],{\\""}, {"b": 2}]',
        [(1, 'ok: {"a": "],{\\""}'), (1, 'ok: {"b": 2}')],
    ),
    "one broken among others": (
        '[{"a": 1},\n{"a": NaN},\n{"c":\n 3 3}, {"b": 2}]',
        [
            (1, 'ok: {"a": 1}'),
            (2, "NaN and Infinity are not numbers (line 2)"),
            (3, "a `,` or a closing bracket is expected (line 4)"),
            (4, 'ok: {"b": 2}'),
        ],
    ),
    "a comma too many": (
        '[{"a": 1},]',
        [(1, 'ok: {"a": 1}'), (1, "there is nothing to read (line 1)")],
    ),
    "no closing bracket": (
        '[{"a": 1},\n{"b": 2}\n',
        [
            (1, 'ok: {"a": 1}'),
            (2, 'ok: {"b": 2}'),
            (2, "the list is not closed, so the input may be cut off"),
        ],
    ),
    "cut off inside a record": (
        '[{"a": 1}, {"b"',
        [(1, 'ok: {"a": 1}'), (1, "the text ends too early (line 1)")],
    ),
    "something behind the list": (
        '[{"a": 1}]\n{"b": 2}',
        [(1, 'ok: {"a": 1}'), (1, "the text goes on after its value has ended")],
    ),
    "an envelope with one record": ('{"page": 1, "entries": {"a": 1}}', [(1, 'ok: {"a": 1}')]),
    "an envelope with several": (
        '{"page": [1, {"entries": 7}],\n "entries": [{"a": 1},\n {"b": 2}], "more": {}}',
        [(2, 'ok: {"a": 1}'), (3, 'ok: {"b": 2}')],
    ),
    "cut off behind an empty envelope": (
        '[{"a": 1}, {"entries": []}',
        [(1, 'ok: {"a": 1}'), (1, "the list is not closed, so the input may be cut off")],
    ),
    "an envelope cut off": (
        '{"entries": [{"a": 1}]',
        [(1, 'ok: {"a": 1}'), (1, "the list is not closed, so the input may be cut off")],
    ),
    "an envelope with nothing": ('{"entries": []}', []),
    "a text": ('"a"', [(1, "a text stands where a record must stand, an object in { }")]),
    "numbers": ("[1]", [(1, "a number stands where a record must stand, an object in { }")]),
    "a long record": (
        '[{"a": "' + 300 * "x" + '"}]',
        [(1, "the record is longer than 200 characters")],
    ),
}

CSV = {
    "nothing": ("", []),
    "a header line alone": ("id,hours\n", []),
    "every kind of cell": (
        "id,hours,flag,day,matter.number,matter.rate\n00200,1.50,TRUE,2026-07-03,HL-1,\n",
        [
            (
                2,
                'ok: {"id": "00200", "hours": 1.50, "flag": true, "day": "2026-07-03", '
                '"matter": {"number": "HL-1"}}',
            )
        ],
    ),
    "blank cells are absent": ("id,hours,matter.number\nA,,\n", [(2, 'ok: {"id": "A"}')]),
    "blank rows do not count": ("id,hours\n\n,\nA,1\n\n", [(4, 'ok: {"id": "A", "hours": 1}')]),
    "semicolons": ("id;hours\nA;1.5\n", [(2, 'ok: {"id": "A", "hours": 1.5}')]),
    "tabs": ("id\thours\nA\t1.5\n", [(2, 'ok: {"id": "A", "hours": 1.5}')]),
    "byte order mark and Windows": (
        f"{BOM}id,hours\r\nA,1\r\n",
        [(2, 'ok: {"id": "A", "hours": 1}')],
    ),
    "quotes and line ends in cells": (
        'id,hours\n"a ""b"", c",1\n"two\nlines",2\nC,3\n',
        [
            (2, 'ok: {"id": "a \\"b\\", c", "hours": 1}'),
            (3, 'ok: {"id": "two\\nlines", "hours": 2}'),
            (5, 'ok: {"id": "C", "hours": 3}'),
        ],
    ),
    "ragged rows": (
        "id,hours\nA\nB,1,2\nC,1,,\nD,1\n",
        [
            (2, "the row has 1 cells, the header line has 2"),
            (3, "the row has 3 cells, the header line has 2"),
            (4, 'ok: {"id": "C", "hours": 1}'),
            (5, 'ok: {"id": "D", "hours": 1}'),
        ],
    ),
    "thousands and commas": (
        'id,hours\nA,"1,234.50"\nB,"12,5"\nC,1 234\nD,$5\nE,1.5h\nF,2\n',
        [(line, "`hours` must be a number, but is written another way") for line in range(2, 7)]
        + [(7, 'ok: {"id": "F", "hours": 2}')],
    ),
    "a quote that does not close": (
        'id,hours\nA,1\n"B,2\nC,3\n',
        [(2, 'ok: {"id": "A", "hours": 1}'), (3, "the double quotes of a cell do not pair up")],
    ),
    "text behind a quote": (
        'id,hours\n"A"x,1\nB,2\n',
        [(2, "the double quotes of a cell do not pair up"), (3, 'ok: {"id": "B", "hours": 2}')],
    ),
    "Latin-1": (
        "id,hours\né,1\nB,2\n".encode("latin-1"),
        [(2, "it is not UTF-8 text"), (3, 'ok: {"id": "B", "hours": 2}')],
    ),
    "a long line": (
        "id,hours\n" + 300 * "x" + ",1\nB,2\n",
        [(2, "the line is longer than 200 bytes"), (3, 'ok: {"id": "B", "hours": 2}')],
    ),
    "unknown columns are left to the schema": (
        "id,hoors\nA,1\n",
        [(2, 'ok: {"id": "A", "hoors": "1"}')],
    ),
}

CASES = [
    pytest.param(form, content, expected, id=f"{form}: {name}")
    for form, cases in (("ndjson", NDJSON), ("json", JSON), ("csv", CSV))
    for name, (content, expected) in cases.items()
]


@pytest.mark.parametrize("form, content, expected", CASES)
def test_each_line_is_a_record_or_says_why_not(
    form: str, content: str | bytes, expected: list[tuple[int, str]]
) -> None:
    assert expected == read(form, content)


WHOLE = {
    "UTF-16 lines": ("ndjson", '{"a": 1}'.encode("utf-16"), "`input` is not UTF-8 text"),
    "UTF-16 without mark": ("ndjson", '{"a": 1}'.encode("utf-16-be"), "`input` is not UTF-8 text"),
    "UTF-16 sheet": ("csv", "id,hours\n".encode("utf-16"), "`input` is not UTF-8 text"),
    "UTF-16 document": ("json", "[]".encode("utf-16"), "`input` is not UTF-8 text"),
    "Latin-1 document": ("json", '["é"]'.encode("latin-1"), "`input` is not UTF-8 text"),
    "too large a document": ("json", b" " * 1_001, "`input` has 1001 bytes, 1000 are allowed"),
    "a header without a name": ("csv", b"id,,hours\nA,1,2\n", "column 2 of `input` has no name"),
    "a dotted header without a name": (
        "csv",
        b"id,matter.\nA,1\n",
        "column 2 of `input` has no name",
    ),
    "a header twice": ("csv", b"id,id\nA,1\n", "the header line of `input` fills `id` twice"),
    "a header and its member": (
        "csv",
        b"matter.rate,matter.rate.x\n",
        "fills `matter.rate.x` twice",
    ),
    "a header of a list": ("csv", b"id,tags\nA,1\n", "the column `tags` of `input` cannot be read"),
    "no header at all": ("csv", b"A,1.5\nB,2\n", "no column of `input` is a field of `entry`"),
}


@pytest.mark.parametrize("form, content, words", WHOLE.values(), ids=WHOLE)
def test_what_spoils_the_whole_input_is_one_message(form: str, content: bytes, words: str) -> None:
    with pytest.raises(PackError) as refused:
        read(form, content)
    assert 1 == len(refused.value.report)
    assert words in str(refused.value)


def test_trusted_input_lets_the_last_name_win() -> None:
    assert [(1, 'ok: {"a": 2}')] == read("ndjson", '{"a": 1, "a": 2}\n', strict=False)


def test_a_field_called_like_the_envelope_is_no_envelope() -> None:
    reads = Object(name="entry", fields={"data": Object(), "id": TEXT})
    reading = Reading("input", envelope="data", reads=reads)
    stream = io.BytesIO(b'{"data": {"a": 1}, "id": "A"}\n')
    items = list(read_records(stream, "ndjson", reading))
    assert [(1, 'ok: {"data": {"a": 1}, "id": "A"}')] == [told(each) for each in items]


def test_a_line_over_the_limit_is_never_held() -> None:
    class Endless(io.BytesIO):
        longest = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert size > 0
            self.longest = max(self.longest, size)
            return super().readline(size)

    stream = Endless(b"x" * 3_000_000 + b"\n{}\n")
    items = list(read_records(stream, "ndjson", Reading("input", LIMITS)))
    assert [(1, "the line is longer than 200 bytes"), (2, "ok: {}")] == [told(e) for e in items]
    assert stream.longest < 100_000


def test_numbers_keep_every_digit() -> None:
    digits = "0.1000000000000000055511151231"
    for form, content in (("ndjson", f'{{"hours": {digits}}}'), ("csv", f"hours\n{digits}\n")):
        reading = Reading("input", reads=ENTRY)
        (item,) = read_records(io.BytesIO(content.encode()), form, reading)
        assert Entry(item.line, {"hours": Decimal(digits)}) == item


def test_retry_takes_the_source_of_each_line() -> None:
    lines = (
        b'{"outcome": "rejected", "line": 3, "reasons": [], "source": {"a": 1}}\n'
        b'{"outcome": "rejected", "line": 4, "reasons": []}\n'
        b'{"a": 1}\n'
    )
    reading = Reading("input", LIMITS)
    items = list(retried(read_records(io.BytesIO(lines), "ndjson", reading)))
    why = "the line names no record to try again"
    assert [(1, 'ok: {"a": 1}'), (2, why), (3, why)] == [told(each) for each in items]


@pytest.mark.parametrize(
    "name, form",
    [
        ("a.ndjson", "ndjson"),
        ("a.JSONL", "ndjson"),
        ("a.b.json", "json"),
        ("a.csv", "csv"),
        ("a", None),
    ],
)
def test_the_ending_says_how_an_input_is_written(name: str, form: str | None) -> None:
    assert form == format_of(name)
