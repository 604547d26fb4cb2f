"""
What the names of a checked expression stand for while one record is mapped.

An environment holds values by the keys that the checker gave to names. Helpers stand in it
as `Later`: computed when first asked, then remembered, a refusal included.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mapping_engine.language.typed import Typed
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.value import MISSING, Value

__all__ = ["MADE_KEY", "PAYLOAD_KEY", "RECORD_KEY", "Environment", "Later"]

#: The keys under which record and payload stand in every environment.
RECORD_KEY = "record"
PAYLOAD_KEY = "payload"
#: The key of what was made, for control totals.
MADE_KEY = "made"


class Later:
    """A helper's value: computed when first asked, then remembered, a refusal included.

    `definition` is the expression it comes from, for saying what it read in the record.
    """

    __slots__ = ("_compute", "_refusal", "_value", "definition")

    def __init__(self, compute: Callable[[], Value], definition: Typed | None = None) -> None:
        self._compute: Callable[[], Value] | None = compute
        self.definition = definition
        self._value: Value = MISSING
        self._refusal: Refusal | None = None

    def value(self) -> Value:
        """Return the value; raise the same `Refusal` every time it is refused."""
        if self._compute is not None:
            compute, self._compute = self._compute, None
            try:
                self._value = compute()
            except Refusal as refusal:
                self._refusal = refusal
        if self._refusal is not None:
            raise self._refusal.with_traceback(None)
        return self._value


class Environment:
    """The values of names, by key; an inner one sees all that the outer one has.

    `steps` counts the list items visited on behalf of one record.
    """

    __slots__ = ("_origin", "_outer", "_source", "_values", "steps")

    def __init__(
        self, values: Mapping[str, Value] | None = None, outer: Environment | None = None
    ) -> None:
        self._values: dict[str, Value] = dict(values or {})
        self._outer = outer
        self._origin: tuple[str, Typed, int] | None = None
        self._source: tuple[str, Typed] | None = None
        self.steps: list[int] = outer.steps if outer else [0]

    def bind(self, key: str, value: Value) -> None:
        """Give `key` a value, or a `Later`."""
        self._values[key] = value

    def inside(
        self, key: str, value: Value, items: Typed | None = None, index: int = 0
    ) -> Environment:
        """Return an environment with one more name, e.g. item `index` of the list `items`."""
        environment = Environment({key: value}, self)
        if items is not None:
            environment._origin = key, items, index
        return environment

    def gathered(self, key: str, items: list[Value], source: Typed) -> Environment:
        """Return an environment with one more name, a list of some items of the list `source`."""
        environment = Environment({key: items}, self)
        environment._source = key, source
        return environment

    def source(self, key: str) -> tuple[Typed, Environment] | None:
        """Return of which list, read in which environment, the list `key` holds items."""
        environment: Environment | None = self
        while environment is not None:
            if environment._source is not None and environment._source[0] == key:
                return environment._source[1], environment._outer or self
            environment = environment._outer
        return None

    def definition(self, key: str) -> Typed | None:
        """Return the expression of a helper, if `key` is one."""
        environment: Environment | None = self
        while environment is not None:
            value = environment._values.get(key)
            if isinstance(value, Later):
                return value.definition
            environment = environment._outer
        return None

    def origin(self, key: str) -> tuple[Typed, Environment, int] | None:
        """Return of which list, read in which environment, `key` is which item."""
        environment: Environment | None = self
        while environment is not None:
            if environment._origin is not None and environment._origin[0] == key:
                _, items, index = environment._origin
                return items, environment._outer or self, index
            environment = environment._outer
        return None

    def read(self, key: str) -> Value:
        """Return the value of `key`; a helper is computed now if it was not before."""
        environment: Environment | None = self
        while environment is not None:
            if key in environment._values:
                value = environment._values[key]
                return value.value() if isinstance(value, Later) else value
            environment = environment._outer
        return MISSING
