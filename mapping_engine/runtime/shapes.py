"""
The shape of a record for msgspec: a `Struct` with an attribute for each member.

It says kinds, names, enums and lengths. Numbers, and texts that may be written as numbers, are
taken whatever they are; what else a schema asks is asked of the values (`reading`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from mapping_engine.language.python import member_name
from mapping_engine.source.limits import Limits
from mapping_engine.values.types import Boolean, Date, DateTime, List, Number, Object, Text, Type
from mapping_engine.values.value import MISSING

__all__ = ["Shapes"]


class Shapes:
    """Builds what msgspec makes of a record; None where a type has no such shape.

    With `blank_is_null` a blank text may stand where a text is asked that may be null.
    """

    def __init__(self, limits: Limits, blank_is_null: bool) -> None:
        self.limits, self.blank_is_null = limits, blank_is_null
        self.count = 0

    def of(self, type: Type) -> Any:
        """Return the shape of a type, null included."""
        shape = self._present(type)
        return None if shape is None else shape | None if type.null else shape

    def _present(self, type: Type) -> Any:
        match type:
            case Text(choices=tuple(choices)):
                return Literal[(*choices, "")] if self._nulls(type) else Literal[choices]
            case Text(reads_scalars=True) | Number():
                return Any
            case Text():
                least = type.min_length if type.blank else max(type.min_length, 1)
                most = self.limits.text_size
                most = most if type.max_length is None else min(most, type.max_length)
                least = 0 if self._nulls(type) else least
                return Annotated[str, msgspec.Meta(min_length=least, max_length=most)]
            case Boolean():
                return bool
            case Date() | DateTime():
                return str
            case List():
                return self._list(type)
            case Object():
                return self._object(type)
            case _:
                return None

    def _nulls(self, type: Text) -> bool:
        """Whether a blank text says null."""
        return self.blank_is_null and type.null

    def _list(self, type: List) -> Any:
        shape = self.of(type.item)
        if type.unique and isinstance(type.item, Object | List):
            return None
        most = self.limits.list_items
        if type.max_items is not None:
            most = min(most, type.max_items)
        bounds = msgspec.Meta(min_length=type.min_items, max_length=most)
        return None if shape is None else Annotated[list.__class_getitem__(shape), bounds]

    def _object(self, type: Object) -> Any:
        if isinstance(type.others, Text) and not type.fields and not type.needs_one_of:
            inner = self.of(type.others)
            return None if inner is None else dict.__class_getitem__((str, inner))
        shapes = {name: self.of(each) for name, each in type.fields.items()}
        if type.others is not None or None in shapes.values():
            return None
        self.count += 1
        members = [
            (member_name(name), shape, MISSING) if type.fields[name].absent
            else (member_name(name), shape)
            for name, shape in shapes.items()
        ]  # fmt: skip
        return msgspec.defstruct(
            f"Object{self.count}", members, rename={member_name(name): name for name in shapes},
            kw_only=True, forbid_unknown_fields=True, gc=False,
        )  # fmt: skip
