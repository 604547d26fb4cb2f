"""Match keys are known however many there are: in memory or put aside, texts and bytes apart."""

from __future__ import annotations

import errno
from collections.abc import Hashable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping_engine.batch.owners import Owner, Owners

KIND, OTHER = ("Invoice", ("Number",)), ("Contact", ("Name", "Site"))
TEXTS = st.sampled_from(
    ["a", "b", "A", "12", "12.0", "[12]", "a\0", "a\0b", "é", "e\u0301", " a", ""]
)
KEYS = st.one_of(TEXTS, TEXTS.map(str.encode), st.text(st.characters(codec="utf-8"), max_size=3))
TAKEN = st.lists(st.tuples(st.sampled_from([KIND, OTHER]), KEYS, st.integers(1, 9) | TEXTS))


@given(TAKEN, st.integers(0, 4))
def test_it_is_a_dictionary_however_little_stays_in_memory(
    taken: list[tuple[tuple[str, tuple[str, ...]], Hashable, Owner]], most: int
) -> None:
    owners, plain = Owners(most), dict[tuple[object, Hashable], Owner]()
    for kind, key, owner in taken:
        owners.recall(kind, [key, "another"])
        found = owners.late[kind].setdefault(key, owner)
        assert plain.setdefault((kind, key), owner) == found
        owners.put_aside()
    for (kind, key), owner in plain.items():
        owners.recall(kind, [key])
        assert owners.late[kind][key] == owner
    owners.close()


def test_memory_holds_no_more_than_it_may() -> None:
    owners = Owners(most=10)
    for number in range(100):
        owners.late[KIND][f"INV-{number}"] = number
        owners.put_aside()
        assert len(owners.late[KIND]) <= 10
    owners.recall(KIND, [f"INV-{number}" for number in range(100)])
    assert {f"INV-{number}": number for number in range(100)} == owners.late[KIND]
    owners.close()


def test_a_full_disk_is_told_as_the_system_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapping_engine.batch.owners._PREPARE", "pragma max_page_count = 3")
    owners = Owners(most=1)
    owners.late[KIND] = {f"{number:0100}": number for number in range(1000)}
    with pytest.raises(OSError, match="database or disk is full") as refused:
        owners.put_aside()
    assert errno.ENOSPC == refused.value.errno
    owners.close()
