"""
The port through which a mapper looks things up: ids in the target and rows of reference tables.

A connector implements it; the first implementation is a table in the firm's folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

__all__ = ["NoReferences", "References"]


class References(Protocol):
    """What a mapper may ask. Every answer is a text as the other side writes it, or None."""

    def link(self, object: str, reference: Mapping[str, str]) -> str | None:
        """Return the target's id of the record that `reference` names, by its key fields."""

    def link_version(self, object: str, reference: Mapping[str, str]) -> str | None:
        """Return the target's version of that record (an etag, a SyncToken)."""

    def rows(self, table: str) -> Iterable[Mapping[str, str]] | None:
        """Return the rows of a table declared `rows: connector`; None when there are none."""


class NoReferences:
    """Knows nothing: every look-up misses."""

    def link(self, object: str, reference: Mapping[str, str]) -> str | None:
        """Return None."""
        return None

    def link_version(self, object: str, reference: Mapping[str, str]) -> str | None:
        """Return None."""
        return None

    def rows(self, table: str) -> Iterable[Mapping[str, str]] | None:
        """Return None."""
        return None
