"""
The built-in functions, by topic.

Each topic module declares its functions in `CATALOGUE`; nothing else lists them. Looking
up links, roles and tables is not here: what they answer depends on a pack and a connector.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

from mapping_engine.functions.registry import CATALOGUE

__all__ = ["CATALOGUE", "TOPICS"]

TOPICS: Final = ("text", "patterns", "names", "number", "money", "date", "lists", "convert",
                 "units", "codes", "strict")  # fmt: skip

for _topic in TOPICS:
    import_module(f"{__name__}.{_topic}")
