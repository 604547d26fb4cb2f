"""
What a list of a system says, as a firm took it: its lines, and when and from whom.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from mapping_engine.source.text import Located

__all__ = ["Listed", "Snapshot"]


class Listed(Struct, frozen=True):
    """One line of a list of a system: an account, a tax code, a user, an item.

    `classes` are its class and type in small letters, `family` which of the five classes
    these mean, `taxes` the tax codes it allows, `rate` that of a tax in percent; None where the
    list does not say.
    """

    code: str
    name: str
    is_active: bool = True
    classes: frozenset[str] = frozenset()
    family: str | None = None
    accepts_payments: bool | None = None
    is_trust: bool | None = None
    taxes: frozenset[str] | None = None
    rate: Decimal | None = None


class Snapshot(Struct, frozen=True):
    """A list of a system as it stood on a day. `nameless` counts its lines without a code.

    `currencies` is what the books of its organisation are kept in, where the list says so.
    """

    file: Located[str]
    lines: Mapping[str, Listed]
    nameless: tuple[str, ...] = ()
    tenants: frozenset[str] = frozenset()
    currencies: frozenset[str] = frozenset()
    taken_on: str | None = None
