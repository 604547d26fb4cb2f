"""The clients and suppliers that all example firms have. Everybody is invented."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

__all__ = ["Contact", "clients", "contacts", "suppliers"]

_FIRST = ("Mara", "Ivo", "Tess", "Anselm", "Odile", "Ruben", "Greta", "Milo", "Petra", "Hugo",
          "Linnea", "Otis", "Romy", "Casper", "Edda", "Silas")  # fmt: skip
_LAST = ("Whitlock", "Ferrow", "Tanglewood", "Marchbanks", "Osterley", "Quillan", "Harrowby",
         "Penhale", "Strand", "Vessey", "Corbin", "Aldous", "Brackley")  # fmt: skip
_FIRMS = ("Alder & Finch", "Northpier Trading", "Castellan Holdings", "Brightwater Foods",
          "Pallas Print", "Kestrel Couriers", "Quayside Searches", "Orchard Chambers",
          "Lantern Stationers", "Beacon Indemnity")  # fmt: skip


@dataclass(frozen=True)
class Contact:
    """Somebody with a matter. `place` tells one from all others."""

    place: int
    name: str
    roles: tuple[str, ...]
    first: str | None = None
    last: str | None = None

    @property
    def id(self) -> str:
        """Our own id."""
        return f"c-{self.place}"

    @property
    def matter(self) -> str:
        """The number of the client's matter."""
        return f"M-{self.place}"

    def ref(self) -> dict[str, Any]:
        """Return what points at the contact."""
        return {"id": self.id, "number": f"C-{self.place}"}

    def record(self) -> dict[str, Any]:
        """Return the contact's canonical record."""
        kind = "person" if self.first else "company"
        names = {"first_name": self.first, "last_name": self.last} if self.first else {
            "company_name": self.name
        }  # fmt: skip
        address = f"{self.name.lower().replace(' & ', '.').replace(' ', '.')}@mail.example"
        return {
            "id": self.id, "kind": kind, "number": f"C-{self.place}",
            "display_name": self.name, **names,
            "emails": [{"kind": "work", "address": address, "is_primary": True}],
            "roles": list(self.roles),
        }  # fmt: skip


@lru_cache
def contacts(count: int = 300) -> tuple[Contact, ...]:
    """Return the contacts: every eighth a company; of ten companies four supply the firm."""
    made = []
    for place in range(count):
        number = 1001 + place
        if place % 8 == 7:
            name = f"{_FIRMS[place // 8 % len(_FIRMS)]} {place // 80 + 1}"
            roles = ("supplier",) if place // 8 % len(_FIRMS) >= 6 else ("client",)
            made.append(Contact(number, name, roles))
        else:
            first, last = _FIRST[place % len(_FIRST)], _LAST[place % len(_LAST)]
            extra = f"{last}-{_LAST[place // len(_FIRST) % len(_LAST)]}" if place >= 208 else last
            made.append(Contact(number, f"{first} {extra}", ("client",), first, extra))
    return tuple(made)


def clients() -> tuple[Contact, ...]:
    """Return the clients that have dealings here: few, so that they have several bills."""
    return tuple(each for each in contacts() if "client" in each.roles)[:12]


def suppliers() -> tuple[Contact, ...]:
    """Return the suppliers that have dealings here."""
    return tuple(each for each in contacts() if "supplier" in each.roles)[:5]
