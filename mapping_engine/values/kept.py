"""Answers that are kept: what was computed of a value before is looked up, in a bounded room."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final

__all__ = ["Kept"]

_MOST: Final = 10_000


class Kept(dict[Hashable, Any]):
    """What `make` gives for each key: `kept[key]`. Once it is full, what is new is made each time.

    What `make` raises is raised each time. Shared by threads: at worst two of them make the same.
    """

    def __init__(self, make: Callable[[Any], object]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, key: Hashable) -> object:
        made = self.make(key)
        if len(self) < _MOST:
            self[key] = made
        return made
