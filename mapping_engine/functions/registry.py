"""The one catalogue of built-in functions; the topic modules fill it when they are imported."""

from __future__ import annotations

from typing import Final

from mapping_engine.functions.catalogue import Catalogue

__all__ = ["CATALOGUE"]

CATALOGUE: Final = Catalogue()
