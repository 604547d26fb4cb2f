"""What the tests of the quick way share: a job for both engines, and the files that each writes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from mapping_engine.batch.items import Item, Reading, Stretch
from mapping_engine.batch.job import Job, Wanted, open_job
from mapping_engine.batch.output import FolderOutput
from mapping_engine.batch.records import map_records, read_records
from mapping_engine.batch.report import report_of
from mapping_engine.batch.run import run
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.compose import Composed, Mapper, UnsupportedMapper
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.source.diagnostic import Report

AS_OF = date(2026, 11, 1)

__all__ = ["opened", "sides"]


def opened(what: Wanted, report: Report | None = None) -> Job | None:
    return open_job(
        what, RunOptions(AS_OF), report if report is not None else Report(), CompiledMapper
    )


def interpreted(job: Job) -> Job:
    """Return the same job for the interpreter; the two know nothing of each other."""
    options = replace(job.options, made={})

    def by_interpreter(mapper: Mapper) -> Mapper:
        if isinstance(mapper, Composed):
            return Composed(by_interpreter(mapper.first), by_interpreter(mapper.second))
        assert isinstance(mapper, CompiledMapper | UnsupportedMapper)
        if isinstance(mapper, UnsupportedMapper):
            return mapper
        return InterpretedMapper(mapper.program, mapper.mapping, options)

    return replace(job, mapper=by_interpreter(job.mapper), options=options)


def written(
    job: Job, form: str, content: bytes, folder: Path, *, payloads_only: bool
) -> dict[str, bytes]:
    """Return the files of a run, by their names."""
    reading = Reading("input", envelope=job.envelope, reads=job.reads)
    quick = job.quick(payloads_only=payloads_only, strict=True)
    assert (quick is not None) == _has_quick_way(job)
    items: Iterator[Item | Stretch] = read_records(io.BytesIO(content), form, reading)
    if quick is not None:
        items = map_records(io.BytesIO(content), form, reading, quick)
    with FolderOutput(folder, payloads_only) as output:
        tally = run(job, items, output)
        output.finish(report_of(job, tally, strict=True, milliseconds=1))
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def _has_quick_way(job: Job) -> bool:
    """Whether a job must have a quick way: compiled mappers of which none skips every record."""
    mapper = job.mapper
    several = (mapper.first, mapper.second) if isinstance(mapper, Composed) else (mapper,)
    return all(type(each) is CompiledMapper and each.standing is None for each in several)


def sides(
    job: Job, form: str, content: bytes, folder: Path, *, payloads_only: bool = False
) -> list[dict[str, bytes]]:
    """Return the files that the interpreter writes, and those of the compiled engine."""
    return [
        written(each, form, content, folder / name, payloads_only=payloads_only)
        for name, each in (("interpreted", interpreted(job)), ("compiled", job))
    ]
