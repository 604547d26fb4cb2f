"""
Keep one payload per file, as the engine writes it: keys in their order, every digit of a number.

The extensions that come with syrupy sort keys and turn decimals into floats or quoted texts.
"""

from __future__ import annotations

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.types import SerializableData

from mapping_engine.values.json import encode

__all__ = ["PayloadSnapshots"]


class PayloadSnapshots(SingleFileSnapshotExtension):
    """One payload per file, in our canonical JSON."""

    _write_mode = WriteMode.TEXT
    file_extension = "json"

    def serialize(self, data: SerializableData, **filters: object) -> str:
        """Return the payload as text; nothing of it can be filtered out."""
        return encode(data, indent=2) + "\n"
