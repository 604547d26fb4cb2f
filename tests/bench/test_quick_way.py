"""
The quick way of a run gives the bytes of the exact way, or leaves the line to it.

Lines are damaged where JSON, the schema and exactness have their edges; a line that the quick
way takes must be one that the exact way maps to the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from generate import RECORDS
from programs import PACK_OF, PACKS, Bench, prepared
from quick_lines import exact_line as line_of

from mapping_engine import load_pack
from mapping_engine.batch.outcomes import QuickLines
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.outcome import Mapped
from mapping_engine.runtime.quick import QuickMapper
from mapping_engine.values.json import JsonError, decode

FEW = 150
DAMAGED_EACH = 20

#: Pieces of a line that are exchanged for others.
PIECES: dict[bytes, tuple[bytes, ...]] = {
    b":": (b" :", b": ", b"\t:", b"::", b":-0", b":-0.00,"),
    b",": (b" ,", b",,", b',"id":"twice",', b',"unknown":1,', b',"rate" :1,'),
    b"0": (b"-0", b"1e2", b"1E+2", b"0.000", b"00", b"9" * 19, b"9" * 40, b"1e-20"),
    b"1": (b"true", b"null", b'"1.50"', b"1.5000", b"-1", b"[1]", b"0.0000001"),
    b"true": (b"1", b"null", b'"true"'),
    b'"': (b"", b'""', b'\\"', b'\\u00e9"', b'\\ud800"', b'\\u0001"', b'\xc3"', b'\\u2028 ":"'),
    b" ": (b"  ", b"\\n", b"\\t", b"\xc2\xa0", b"", b'\\": '),
    b"-": (b"", b"--", b"/"),
    b"e": (b"", b"E+", b"E-", "é".encode(), b'"'),
    b"}": (b"", b"}}", b',"hours":1}'),
}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return prepared(tmp_path_factory.mktemp("quick"), dict.fromkeys(RECORDS, FEW))


def mappers(bench: Bench, mapping: str) -> tuple[CompiledMapper, QuickMapper]:
    opened = load_pack(PACKS / PACK_OF[mapping], firm=bench.folder / "firm").mapper(mapping)
    exact = CompiledMapper(opened.program, opened.mapping, opened.options)
    quick = QuickMapper.of(exact)
    assert quick is not None
    return exact, quick


def exact_line(mapper: CompiledMapper, number: int, raw: bytes) -> bytes | None:
    """Return the line of an outcome as the exact way writes it; None when it is not mapped."""
    try:
        record = decode(raw)
    except JsonError:
        return None
    outcome = mapper.map(record)
    return line_of(mapper, number, record, outcome) if isinstance(outcome, Mapped) else None


def quick_line(mapper: CompiledMapper, quick: QuickMapper, number: int, raw: bytes) -> bytes | None:
    lines = QuickLines(mapper.program.pack.name, mapper.mapping.kind)
    return lines.text(quick.map([number], [raw])) or None


def refused(exact: CompiledMapper, quick: QuickMapper, raw: bytes) -> bool:
    """Whether the quick way refuses a line; then it says the same as the exact way."""
    told = quick.map([1], [raw]).refused
    assert all(why.outcome == exact.map(decode(raw)) for _, why in told), raw
    return bool(told)


def damaged(raw: bytes, chance: Random) -> Iterator[bytes]:
    for _ in range(DAMAGED_EACH):
        found = chance.choice(list(PIECES))
        places = [at for at in range(len(raw)) if raw.startswith(found, at)]
        if places:
            at = chance.choice(places)
            yield raw[:at] + chance.choice(PIECES[found]) + raw[at + len(found) :]


def records(bench: Bench, mapping: str) -> list[bytes]:
    return Path(bench.records(mapping)).read_bytes().splitlines()


@pytest.mark.parametrize("mapping", RECORDS)
def test_what_is_mapped_goes_the_quick_way(bench: Bench, mapping: str) -> None:
    exact, quick = mappers(bench, mapping)

    expected = [exact_line(exact, at, raw) for at, raw in enumerate(records(bench, mapping))]
    written = [quick_line(exact, quick, at, raw) for at, raw in enumerate(records(bench, mapping))]

    assert written == expected
    told = [refused(exact, quick, raw) for raw in records(bench, mapping)]
    assert [each for each in zip(told, written, strict=True) if all(each)] == []
    assert sum(each is not None for each in written) > FEW / 2


@pytest.mark.parametrize("mapping", RECORDS)
def test_a_damaged_line_is_never_mapped_otherwise(bench: Bench, mapping: str) -> None:
    exact, quick = mappers(bench, mapping)
    chance, taken = Random(f"damaged {mapping}"), 0
    told = 0
    for raw in records(bench, mapping)[:60]:
        for each in damaged(raw, chance):
            written = quick_line(exact, quick, 1, each)
            told += refused(exact, quick, each)
            if written is not None:
                taken += 1
                assert written == exact_line(exact, 1, each), each

    assert taken > 100  # the damage is not always fatal
    assert told or mapping == "contact"  # where nothing is looked up
