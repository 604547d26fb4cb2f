"""
Words for what is wrong with the folders of packs (M156 to M169).

What can be wrong with a single file (M150 to M155) is worded in `source/problems.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.suggest import did_you_mean

__all__ = ["nul_in_text", "no_pack_file", "pack_not_found", "too_many_files", "two_packs",
           "wrong_ending"]  # fmt: skip


@problem("M160", "nul-in-text")
def nul_in_text(name: str) -> Wording:
    """
    A file holds a NUL character, so it is no text.
    """
    return Wording(f"`{name}` holds a NUL character and is no text", "here")


@problem("M156", "pack-not-found")
def pack_not_found(name: str, names: Iterable[str]) -> Wording:
    """
    No pack of this name is on the rules path, and no folder of this name is there.
    """
    known = sorted(names)
    few = (
        "the packs are " + ", ".join(f"`{each}`" for each in known) if 0 < len(known) <= 5 else None
    )
    return Wording(f"there is no pack `{name}`", hint=did_you_mean(name, known) or few)


@problem("M157", "no-pack-file")
def no_pack_file(name: str) -> Wording:
    """
    A folder was named as a pack but holds no `pack.yaml`.
    """
    return Wording(
        f"the folder `{name}` is not a pack: it has no `pack.yaml`",
        hint="name the folder in which `pack.yaml` stands",
    )


@problem("M158", "two-packs")
def two_packs(name: str, first: str, second: str) -> Wording:
    """
    Two folders of one rules folder hold a pack of the same name.

    Which of them a firm means could not be told. Over several rules folders the one named
    last wins; inside one folder each name stands once.
    """
    return Wording(
        f"two folders hold a pack `{name}`: `{first}` and `{second}`",
        hint="give one of them another name after `pack:`, or move it to a rules folder of its own",
    )


@problem("M159", "too-many-files")
def too_many_files(name: str, limit: int) -> Wording:
    """
    A pack has more files than the limit.
    """
    return Wording(f"the pack `{name}` has more than {limit} files")


@problem("M161", "wrong-ending")
def wrong_ending(name: str) -> Wording:
    """
    A file of a pack ends in `.yml` and would not be read.
    """
    return Wording(f"`{name}` is not read", hint="packs are made of `.yaml` files: rename it")
