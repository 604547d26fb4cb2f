"""
The library's door: open a pack, get a mapper, map records.

A mapper that is sent to another process travels as its recipe: what it was made from. There it
is made again, once for all that arrive with the same recipe.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from msgspec import Struct

from mapping_engine.runtime.answers import write_back
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.mapper import RunOptions
from mapping_engine.runtime.opening import Opened, open_pack
from mapping_engine.runtime.outcome import Outcome
from mapping_engine.runtime.patch import patch
from mapping_engine.runtime.program import MappingProgram, Program
from mapping_engine.runtime.quick_records import QuickRecords
from mapping_engine.runtime.references import NoReferences, References
from mapping_engine.runtime.refusals import Answer, answer
from mapping_engine.runtime.trace import Trace, TracingMapper
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.source.pack_error import PackError
from mapping_engine.values.value import Value

__all__ = ["LoadedPack", "PackMapper", "load_pack"]


def load_pack(
    name: str | Path,
    *,
    firm: str | Path | None = None,
    rules: Sequence[str | Path] = (),
    schemas: Sequence[str | Path] = (),
) -> LoadedPack:
    """Return the pack of a name on the rules path, or of a folder, with a firm's layer.

    Raises `PackError`, whose report says everything that is wrong.
    """
    report = Report()
    opened = open_pack(name, report, rules=rules, schemas=schemas, firm=firm)
    report.raise_if_errors()
    if opened is None:
        raise PackError(report)
    origin = Origin(
        str(opened.folder.path.absolute()),
        None if firm is None else str(Path(firm).absolute()),
        tuple(str(Path(each).absolute()) for each in rules),
        tuple(str(Path(each).absolute()) for each in schemas),
    )
    return LoadedPack(opened, report, origin)


class Origin(NamedTuple):
    """Where a pack was loaded from: whole paths, as another process may stand elsewhere."""

    folder: str
    firm: str | None
    rules: tuple[str, ...]
    schemas: tuple[str, ...]

    def load(self) -> LoadedPack:
        """Load the pack again."""
        return load_pack(self.folder, firm=self.firm, rules=self.rules, schemas=self.schemas)


class Recipe(Struct, frozen=True):
    """All that a mapper is made from. `hash` is that of the pack with its firm."""

    origin: Origin
    hash: str
    record: str
    direction: str
    as_of: date | None
    parameters: dict[str, str]
    references: References | None
    limits: Limits


_MOST_MAPPERS = 64
_MAKING = Lock()


def _made_again(recipe: bytes) -> PackMapper:
    """Return the mapper of a recipe; two threads must not both compile it."""
    with _MAKING:
        return _mapper_of(recipe)


@lru_cache(maxsize=_MOST_MAPPERS)
def _mapper_of(pickled: bytes) -> PackMapper:
    recipe: Recipe = pickle.loads(pickled)
    pack = recipe.origin.load()
    if pack.hash != recipe.hash:
        raise pickle.UnpicklingError(f"pack `{pack.name}` is another one than the mapper was of")
    return pack.mapper(
        recipe.record, direction=recipe.direction, as_of=recipe.as_of,
        parameters=recipe.parameters, references=recipe.references, limits=recipe.limits,
    )  # fmt: skip


class PackMapper(CompiledMapper):
    """Maps records with compiled code, and explains them with the interpreter."""

    def __init__(
        self, program: Program, mapping: MappingProgram, options: RunOptions, recipe: Recipe
    ) -> None:
        super().__init__(program, mapping, options)
        self.recipe = recipe

    @cached_property
    def _quick(self) -> QuickRecords | None:
        return QuickRecords.of(self)

    def map(self, record: Value) -> Outcome:
        """Return what becomes of a record, as decoded from JSON (numbers exact)."""
        outcome = self._quick.map(record) if self._quick is not None else None
        return super().map(record) if outcome is None else outcome

    def __reduce__(self) -> tuple[Callable[[bytes], PackMapper], tuple[bytes]]:
        """Pickle the recipe: code cannot travel, and a pack is read faster than it is sent."""
        return _made_again, (pickle.dumps(self.recipe),)

    def explain(self, record: Value) -> Trace:
        """Return the outcome of a record with every step on the way to it."""
        return TracingMapper(self.program, self.mapping, self.options).explain(record)

    def patch(self, before: Value, after: Value) -> Outcome:
        """Return the smallest update that makes of a record as it was sent the record as it is.

        `Skipped` as `unchanged` when nothing that is mapped has changed.
        """
        return patch(self, before, after)

    def write_back(self, record: Value, answer: Value, payload: str | None = None) -> Outcome:
        """Return the change of a record that the target's answer to its payload makes.

        `payload` names the payload, where a record becomes several.
        """
        return write_back(self, record, answer, payload)

    def answer(self, refusal: Mapping[str, Value]) -> Answer:
        """Return the reason behind a refusal of the target, what to do, and whether to retry.

        `refusal` has what the target said: its `code` (or status) and its `message`.
        """
        return answer(self.program, refusal)


class LoadedPack:
    """A pack that validates, ready to give mappers. `report` holds the warnings."""

    def __init__(self, opened: Opened, report: Report, origin: Origin) -> None:
        self.opened = opened
        self.report = report
        self.origin = origin

    @property
    def name(self) -> str:
        """The pack's name."""
        return self.opened.pack.name

    @property
    def version(self) -> str:
        """The pack's version."""
        return self.opened.pack.version

    @property
    def hash(self) -> str:
        """What tells the pack with its firm from every other text of them."""
        return self.opened.pack.hash

    def mapper(
        self,
        record: str,
        *,
        direction: str = "out",
        as_of: date | None = None,
        parameters: Mapping[str, str] | None = None,
        references: References | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> PackMapper:
        """Return a mapper for a record kind; `direction` `in` reads the system's payloads.

        `as_of` is what the pack reads as `run.date`; a pack that never asks needs none.
        Raises `LookupError` when the pack has no such mapping.
        """
        program = self.opened.program
        mapping = program.find(record, "in" if direction == "in" else "out")
        if mapping is None:
            kinds = sorted({each.kind for each in program.mappings.values()})
            raise LookupError(
                f"pack `{self.name}` does not map `{record}` ({direction}); it maps "
                + ", ".join(f"`{kind}`" for kind in kinds)
            )
        options = RunOptions(
            as_of or date.min, parameters or {}, references or NoReferences(), limits
        )
        recipe = Recipe(self.origin, self.hash, record, direction, as_of,
                        dict(parameters or {}), references, limits)  # fmt: skip
        return PackMapper(program, mapping, options, recipe)
