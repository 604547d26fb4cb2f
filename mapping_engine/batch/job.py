"""
Prepare a run: open the packs, find the mapping, and put the mappers together.

A `Job` is what `run`, `explain` and `diff` share: which records are read, how, and by what
mapper. Whatever stands in the way goes into the report, and there is no job.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Literal as Word

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.batch.links import LINKS_FILE, known_links
from mapping_engine.batch.problems import kind_not_mapped, parameter_not_read
from mapping_engine.packs.model import Pack
from mapping_engine.runtime.compose import Composed, Mapper, UnsupportedMapper
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.runtime.opening import Opened, open_pack
from mapping_engine.runtime.program import MappingProgram, Program
from mapping_engine.runtime.sums import total_currency
from mapping_engine.runtime.walking import linked_objects, parameters_of
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.types import Object

if TYPE_CHECKING:
    from mapping_engine.runtime.quick import QuickMapper
    from mapping_engine.runtime.quick_chain import QuickChain

__all__ = ["Job", "MakeMapper", "Wanted", "open_job"]

MakeMapper = Callable[[Program, MappingProgram, RunOptions], Mapper]


class Wanted(Struct, frozen=True):
    """What a person asked for: `pack record [--from source] [--in]`, with rules and firm."""

    pack: str
    record: str
    source: str | None = None
    inward: bool = False
    rules: Sequence[Path] = ()
    firm: Path | None = None
    links: Path | None = None


class Job(Struct, frozen=True, eq=False):
    """A run that can begin. `linked` are the objects that a later record may ask ids of."""

    pack: Pack
    source: Pack | None
    kind: str
    mapper: Mapper
    options: RunOptions
    mapping: MappingProgram | None
    totals: tuple[tuple[str, str | None], ...] = ()
    linked: frozenset[str] = frozenset()

    @property
    def reads(self) -> Object | None:
        """The type of the records that are read."""
        return self.mapping.reads if self.mapping else None

    @property
    def envelope(self) -> str | None:
        """The member in which the system's documents hold the records."""
        return self.mapping.envelope if self.mapping else None

    def quick(self, *, payloads_only: bool, strict: bool) -> QuickMapper | QuickChain | None:
        """Return what maps lines of JSON without a detour, where that is possible."""
        from mapping_engine.runtime.quick import QuickMapper
        from mapping_engine.runtime.quick_chain import QuickChain

        if isinstance(self.mapper, Composed):
            return QuickChain.of(self.mapper, payloads_only=payloads_only, strict=strict)
        return QuickMapper.of(self.mapper, payloads_only=payloads_only, strict=strict)

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The packs in the order in which they are used."""
        return (self.pack,) if self.source is None else (self.source, self.pack)


def open_job(
    wanted: Wanted, options: RunOptions, report: Report, make: MakeMapper = InterpretedMapper
) -> Job | None:
    """Return the job that was asked for; None when the report says what stands in the way."""
    target = _opened(wanted.pack, wanted, report)
    source = _opened(wanted.source, wanted, report) if wanted.source else None
    if target is None or (wanted.source and source is None) or report.has_errors:
        return None
    options = _with_links(options, target.pack, wanted, report)
    way: Word["in", "out"] = "in" if wanted.inward else "out"
    last = target.program.find(wanted.record, way)
    unsupported = None if wanted.inward else target.pack.unsupported.get(wanted.record)
    kind = last.kind if last else wanted.record
    first = source.program.find(kind, "in") if source else None
    takes, gives = last is not None or unsupported is not None, source is None or first is not None
    if not takes:
        _refuse(target.program, wanted.record, way, report)
    if source is not None and not gives:
        _refuse(source.program, kind, "in", report)
    used = [each for each in (first, last) if each is not None]
    _check_parameters(options, used, report)
    if not (takes and gives) or report.errors:
        return None
    # What the first pack makes has no unknown members; none may be dropped behind its back.
    after = replace(options, drop_unknown=False) if source else options
    mapper: Mapper
    if last is not None:
        mapper = make(target.program, last, after)
    else:
        assert unsupported is not None
        mapper = UnsupportedMapper(unsupported)
    if source is not None and first is not None:
        mapper = Composed(make(source.program, first, options), mapper)
    totals = _totals(target.pack, last)
    linked = [linked_objects(each) for each in used]
    return Job(target.pack, source.pack if source else None, kind, mapper, options,
               first or last, totals, frozenset().union(*linked))  # fmt: skip


def _opened(name: str, wanted: Wanted, report: Report) -> Opened | None:
    return open_pack(name, report, rules=wanted.rules, firm=wanted.firm)


def _refuse(program: Program, record: str, way: Word["in", "out"], report: Report) -> None:
    kinds = [each.kind for each in program.mappings.values() if each.direction == way]
    verb = "reads" if way == "in" else "writes"
    report.add(kind_not_mapped(None, program.pack.name, record, verb, kinds))


def _check_parameters(
    options: RunOptions, mappings: Sequence[MappingProgram], report: Report
) -> None:
    """Report parameters that no rule reads: a batch that was chosen by them would be all."""
    read: set[str] = set()
    for mapping in mappings:
        found = parameters_of(mapping)
        if found is None:
            return
        read |= found
    for name in options.parameters:
        if name not in read:
            report.add(parameter_not_read(None, name, sorted(read)))


def _with_links(options: RunOptions, pack: Pack, wanted: Wanted, report: Report) -> RunOptions:
    table = wanted.links
    if table is None and wanted.firm is not None:
        folder = wanted.firm if wanted.firm.is_dir() else wanted.firm.parent
        table = folder / LINKS_FILE if (folder / LINKS_FILE).is_file() else None
    return replace(options, references=known_links(pack, table, report))


def _totals(pack: Pack, mapping: MappingProgram | None) -> tuple[tuple[str, str | None], ...]:
    """Return the control totals that a run will have, in the firm's currency."""
    values = pack.firm.values if pack.firm else {}
    currency = values["currency"].value if "currency" in values else None
    steps = mapping.totals if mapping else ()
    return tuple((each.rule.name, total_currency(each, currency)) for each in steps)
