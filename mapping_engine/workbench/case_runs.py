"""
Run the cases of packs, and say of each that fails what differs and which rule made it.

A case runs like a record, an update or an answer does; nothing is mapped in another way for a
test. Only when it fails it is mapped once more with a trace, for the place of the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal as Word

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.batch.links import known_links
from mapping_engine.packs.finder import RulesPath, case_sources, pack_names
from mapping_engine.runtime.answers import write_back
from mapping_engine.runtime.compose import Mapper, UnsupportedMapper
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.runtime.outcome import Outcome
from mapping_engine.runtime.patch import patch
from mapping_engine.runtime.program import MappingProgram, Program
from mapping_engine.runtime.targets import answer_of
from mapping_engine.runtime.trace import Step, TracingMapper
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.text import SourceText, Span
from mapping_engine.values.types import UNKNOWN
from mapping_engine.values.value import Value
from mapping_engine.workbench import problems_of_cases as problems
from mapping_engine.workbench.case_checks import Difference, differences
from mapping_engine.workbench.case_packs import CasePack, open_case_pack
from mapping_engine.workbench.case_updates import rewritten, write
from mapping_engine.workbench.cases import (
    Case,
    answer_given,
    given_record,
    read_case,
    record_before,
)

__all__ = ["Result", "Wanted", "cases_of", "run_case", "run_cases"]


class Result(Struct, frozen=True):
    """What became of a case. A broken one could not be run; its problems are in the report.

    `rules` are the places of the rules that made the fields which differ, by field.
    """

    pack: str
    file: str
    title: str
    span: Span
    differences: tuple[Difference, ...] = ()
    rules: tuple[tuple[str, Span], ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    is_updated: bool = False

    @property
    def place(self) -> Span:
        """Where somebody begins to look: at the first thing that differs."""
        return self.differences[0].span if self.differences else self.span

    @property
    def status(self) -> Word["passed", "failed", "broken"]:
        """How it ended."""
        return "broken" if self.problems else "failed" if self.differences else "passed"


class Wanted(Struct, frozen=True):
    """Which cases are run, and how. An empty `packs` stands for all on the rules path.

    With `words` only cases whose pack, file and title hold all of them; with `update` what a
    failing case expects is written anew as far as it can be.
    """

    packs: Sequence[str] = ()
    words: str | None = None
    update: bool = False
    show_values: bool = False


def run_cases(wanted: Wanted, path: RulesPath, report: Report) -> Iterator[Result]:
    """Yield the result of each case that is wanted; packs that cannot be read are reported."""
    for name in wanted.packs or pack_names(path.rules):
        pack = open_case_pack(name, path, report)
        if pack is not None:
            cases = cases_of(pack, report, wanted.words)
            yield from (_tried(pack, each, wanted) for each in cases)


def _tried(pack: CasePack, case: Case | Result, wanted: Wanted) -> Result:
    if isinstance(case, Result):
        return case
    result = run_case(pack, case, show_values=wanted.show_values)
    return _updated(pack, case, result) if wanted.update else result


def _updated(pack: CasePack, case: Case, result: Result) -> Result:
    """Return the result after the case was written anew, where that makes it better."""
    text = rewritten(case, result.differences)
    if text is None:
        return result
    source = SourceText(case.source.name, text)
    again = read_case(case.file, source, case.folder, Report())
    after = run_case(pack, again) if again is not None else result
    if after.problems or len(after.differences) >= len(result.differences):
        return result
    write(pack.folder.path / case.file, text)
    return replace(after, is_updated=True)


def cases_of(pack: CasePack, report: Report, words: str | None = None) -> Iterator[Case | Result]:
    """Yield the cases of a pack in the order of their names; a result for one that is broken."""
    home = pack.folder.path / "cases"
    for file, source in sorted(case_sources(pack.folder, report).items()):
        found = Report()
        case = read_case(file, source, home, found)
        title = case.title if case is not None else file
        if not _is_wanted(f"{pack.pack.name} {file} {title}", words):
            continue
        if case is not None:
            yield case
        else:
            start = source.span(0, 0)
            yield Result(pack.pack.name, source.name, title, start, problems=tuple(found.errors))


def _is_wanted(text: str, words: str | None) -> bool:
    text = text.casefold()
    return all(each in text for each in (words or "").casefold().split())


def run_case(pack: CasePack, case: Case, *, show_values: bool = False) -> Result:
    """Return what became of one case."""
    found = Report()
    result = Result(pack.pack.name, case.source.name, case.title, case.span)
    program = pack.program(case, found)
    mapper = _mapper(program, case, found, show_values) if program is not None else None
    mapping = mapper.mapping if isinstance(mapper, InterpretedMapper) else None
    record = given_record(case, mapping.reads if mapping else UNKNOWN, found)
    outcome = None
    if mapper is not None and record is not None:
        outcome = _outcome(mapper, case, record, found)
    if mapper is None or outcome is None or found.has_errors:
        return replace(result, problems=tuple(found.errors))
    whole = case.before is not None or case.answer is not None
    differ = tuple(differences(case.expect, outcome, mapping, whole=whole))
    rules = tuple(_rules(mapper, case, record, differ)) if differ else ()
    return replace(result, differences=differ, rules=rules)


def _outcome(mapper: Mapper, case: Case, record: Value, report: Report) -> Outcome | None:
    """Return what becomes of the record; of its update, or of an answer, where a case says so."""
    kind = mapper.mapping.reads if isinstance(mapper, InterpretedMapper) else UNKNOWN
    if case.answer is not None:
        return _answered(mapper, case, record, report)
    if case.before is None:
        return mapper.map(record)
    before = record_before(case, record, kind, report)
    return None if before is None else patch(mapper, before, record)


def _answered(mapper: Mapper, case: Case, record: Value, report: Report) -> Outcome | None:
    """Return the change of a record that the answer of a case makes."""
    known = mapper.mapping.payloads if isinstance(mapper, InterpretedMapper) else ()
    writing = {each.rule.name: each for each in known if each.write_back}
    name = case.answered or (next(iter(writing)) if len(writing) == 1 else None)
    if not isinstance(mapper, InterpretedMapper) or name not in writing:
        told = problems.case_writes_nothing_back
        report.add(told(case.mapping.span, case.mapping.value, case.answered, writing))
        return None
    return write_back(mapper, record, answer_given(case, answer_of(writing[name].target)), name)


def _mapper(program: Program, case: Case, report: Report, show_values: bool) -> Mapper | None:
    references = known_links(program.pack, None, report)
    options = RunOptions(case.as_of, case.parameters, references, show_values=show_values)
    mapping = _mapping(program, case)
    if mapping is not None:
        return TracingMapper(program, mapping, options)
    name = case.mapping.value
    unsupported = program.pack.unsupported.get(name)
    if unsupported is not None:
        return UnsupportedMapper(unsupported)
    way = {"in": " for the way in", "out": " for the way out", None: ""}[case.direction]
    names = [*program.pack.mappings, *program.pack.unsupported]
    report.add(problems.case_mapping_unknown(case.mapping.span, name, way, names))
    return None


def _mapping(program: Program, case: Case) -> MappingProgram | None:
    """Return the mapping of that file, in the direction of the case when it says one."""
    for way in (case.direction,) if case.direction else ("out", "in"):
        for name, mapping in program.mappings.items():
            if mapping.direction == way and case.mapping.value in (name, mapping.name):
                return mapping
    return None


def _rules(
    mapper: Mapper, case: Case, record: Value, differ: Iterable[Difference]
) -> Iterator[tuple[str, Span]]:
    """Yield the rule of each field that differs, or of the decision that was taken."""
    if not isinstance(mapper, TracingMapper):
        return
    if case.answer is not None:
        writing = (step for each in mapper.mapping.payloads for step in each.write_back)
        yield from ((step.rule.name, step.rule.key) for step in writing)
        return
    steps = mapper.explain(record).steps
    for each in differ:
        rule = _field_rule(steps, each.field) if each.field else _decision_rule(steps)
        if rule is not None:
            yield each.field or "", rule


def _field_rule(steps: Sequence[Step], place: str) -> Span | None:
    fields = [each for each in steps if each.kind != "decision"]
    near = [each for each in fields if place == each.name or place.startswith(
            (f"{each.name}.", f"{each.name}["))]  # fmt: skip
    near = near or [each for each in fields if each.name.startswith((f"{place}.", f"{place}["))]
    return max(near, key=lambda each: len(each.name)).rule if near else None


def _decision_rule(steps: Sequence[Step]) -> Span | None:
    held = [each for each in steps if each.held or each.refused is not None]
    return held[0].rule if held else None
