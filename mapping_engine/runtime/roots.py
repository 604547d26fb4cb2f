"""
Say what can be read everywhere in a pack: settings, switches, facts of the firm, and the run.

What a firm or a default fixes is known as a value, so that expressions fold; `unfixed` forgets
the values, for advice that must be so for every firm.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from mapping_engine.functions.catalogue import NOT_CONSTANT, Argument, Arguments
from mapping_engine.language.scope import Binding
from mapping_engine.values.types import DATE, TEXT, Object

__all__ = ["is_fixed", "roots", "unfixed"]

_RUN = Object(
    name="run",
    fields={
        "date": DATE,
        "parameters": Object(name="parameters", others=replace(TEXT, absent=True)),
    },
)


def is_fixed(known: Mapping[str, Arguments]) -> bool:
    """Whether the value of any setting, switch or fact is known."""
    return any(
        argument.constant is not NOT_CONSTANT
        for arguments in known.values()
        for argument in arguments.values()
    )


def unfixed(known: Mapping[str, Arguments]) -> dict[str, Arguments]:
    """Return the same settings, switches and facts without their values."""
    return {
        root: {name: Argument(each.type) for name, each in arguments.items()}
        for root, arguments in known.items()
    }


def roots(known: Mapping[str, Arguments]) -> dict[str, Binding]:
    """Return the names that can be read everywhere: settings, switches, firm, run."""
    found = {"run": Binding("run", _RUN)}
    for name, arguments in known.items():
        fields = {each: argument.type for each, argument in arguments.items()}
        values = {
            each: argument.constant
            for each, argument in arguments.items()
            if argument.constant is not NOT_CONSTANT
        }
        found[name] = Binding(name, Object(name=name, fields=fields), values)
    return found
