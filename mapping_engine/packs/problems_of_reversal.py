"""Words for what the way back of a two-way mapping cannot bring back (M26x)."""

from __future__ import annotations

from collections.abc import Sequence

from mapping_engine.packs.problems import listed
from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.diagnostic import Severity

__all__ = ["no_way_back", "one_way_unexplained", "read_back_twice", "several_payloads_back"]


@problem("M260", "no-way-back", severity=Severity.WARNING)
def no_way_back(name: str, why: str) -> Wording:
    """A rule of a two-way mapping cannot be undone, and `back:` does not say its field.

    What loses nothing is turned round by itself: names, tables, affixes, exact numbers. For all
    else somebody has to say what is meant.
    """
    return Wording(
        f"`{name}` has no way back: {why}",
        "sent, and not read back",
        "say under `back:` how it is read, or mark the rule `one_way: out` with a `because`",
    )


@problem("M261", "read-back-twice", severity=Severity.WARNING)
def read_back_twice(name: str, reads: Sequence[str]) -> Wording:
    """Two rules send the same field of the record, and on the way back they may disagree.

    The first one is read back. The other says `one_way: out`.
    """
    come = "come back from other fields" if len(reads) > 1 else "comes back from another field"
    return Wording(
        f"`{name}` is not read back, because {listed(reads, 'and')} {come} already",
        "sent a second time",
        "mark the one that is not read back `one_way: out`, with a `because`",
    )


@problem("M262", "several-payloads-back")
def several_payloads_back() -> Wording:
    """A mapping with several payloads goes both ways.

    A record cannot be put together from several payloads, which come one by one.
    """
    return Wording(
        "a mapping that makes several payloads has no way back",
        "makes several payloads",
        "write `direction: out`, and a file with `direction: in` for each payload that is read",
    )


@problem("M263", "one-way-unexplained")
def one_way_unexplained(name: str, way: str) -> Wording:
    """A rule says that it goes one way only, and not why.

    What does not come back looks like a mistake to everybody who reads the pack later.
    """
    return Wording(
        f"`{name}` goes one way only, and nothing says why",
        f"`{way}` without a `because`",
        "add a `because:` with the reason",
    )
