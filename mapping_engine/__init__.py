"""
A field-mapping rules engine for legal practice management and accounting.

    from mapping_engine import load_pack, Mapped, Skipped, Rejected

    pack = load_pack("soluno", firm="firms/harbour-legal")
    mapper = pack.mapper("time_entry")
    match mapper.map(record):
        case Mapped(payloads=payloads): ...
        case Skipped(reason=reason): ...
        case Rejected(reasons=reasons): ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mapping_engine.runtime.door import LoadedPack, load_pack
    from mapping_engine.runtime.outcome import Mapped, Rejected, Skipped
    from mapping_engine.source.pack_error import PackError

__all__ = [
    "LoadedPack", "Mapped", "PackError", "Rejected", "Skipped", "__version__", "load_pack",
]  # fmt: skip

__version__ = "0.1.0"

_HOMES = {
    "LoadedPack": "mapping_engine.runtime.door",
    "load_pack": "mapping_engine.runtime.door",
    "Mapped": "mapping_engine.runtime.outcome",
    "Rejected": "mapping_engine.runtime.outcome",
    "Skipped": "mapping_engine.runtime.outcome",
    "PackError": "mapping_engine.source.pack_error",
}


def __getattr__(name: str) -> object:
    """Import what is asked for only then: `--help` must not wait for the engine."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
