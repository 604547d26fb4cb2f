"""
Say which fields could not be proved to fit their target: the mapper tests them on every record.

People get a count for each pack and firm, and the names where they are few; the whole list has
a line for each mapping file.
"""

from __future__ import annotations

from collections.abc import Iterable

from mapping_engine.workbench.examining import Examined

__all__ = ["guarded_lines"]

#: So many fields are named one by one where nobody says otherwise.
FEW = 8


def guarded_lines(packs: Iterable[Examined], *, whole: bool = False, few: int = FEW) -> list[str]:
    """Return a line for each pack, and one for its firms where theirs differs.

    Up to `few` fields are named, more are counted by mapping file. With `whole` every field is
    named, below the line.
    """
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for each in packs:
        if each.guarded:
            key = each.pack, _told(each, few, whole=whole)
            found.setdefault(key, []).append(each.firm or "")
    lines = []
    for (pack, (count, *below)), firms in found.items():
        head = pack if "" in firms else f"{pack} for {', '.join(dict.fromkeys(firms))}"
        lines += [f"{head}: guarded at run time: {count}", *below]
    return lines


def _told(examined: Examined, few: int, *, whole: bool) -> tuple[str, ...]:
    """Return the count, with the lines below it."""
    files: dict[str, list[str]] = {}
    for file, name in examined.guarded:
        files.setdefault(file, []).append(name)
    count = f"{len(examined.guarded)} of {examined.fields} fields"
    named = dict.fromkeys(name for each in files.values() for name in each)
    if whole:
        return count, *(f"  {file}: {_listed(dict.fromkeys(each))}" for file, each in files.items())
    if len(named) <= few:
        return (f"{count} ({_listed(named)})",)
    return (f"{count} ({', '.join(f'{file} {len(each)}' for file, each in files.items())})",)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in names)
