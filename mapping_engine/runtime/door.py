"""The library's door: open a pack, get a mapper, map records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from mapping_engine.runtime.answers import write_back
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.mapper import RunOptions
from mapping_engine.runtime.opening import Opened, open_pack
from mapping_engine.runtime.outcome import Outcome
from mapping_engine.runtime.patch import patch
from mapping_engine.runtime.references import NoReferences, References
from mapping_engine.runtime.trace import Trace, TracingMapper
from mapping_engine.source.diagnostic import PackError, Report
from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
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
    return LoadedPack(opened, report)


class PackMapper(CompiledMapper):
    """Maps records with compiled code, and explains them with the interpreter."""

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


class LoadedPack:
    """A pack that validates, ready to give mappers. `report` holds the warnings."""

    def __init__(self, opened: Opened, report: Report) -> None:
        self.opened = opened
        self.report = report

    @property
    def name(self) -> str:
        """The pack's name."""
        return self.opened.pack.name

    @property
    def version(self) -> str:
        """The pack's version."""
        return self.opened.pack.version

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
        return PackMapper(program, mapping, options)
