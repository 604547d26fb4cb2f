"""
The shipped packs as they are in force: with their example firm, with other settings, with
rows that a connector brings. Nothing here names a pack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self, TypeAlias

from msgspec.structs import replace

from mapping_engine.packs.finder import PackFolder, RulesPath, find_pack, pack_folders
from mapping_engine.packs.firm import FirmLayer, load_firm
from mapping_engine.packs.loader import load
from mapping_engine.packs.model import KnownId, Pack, Row, Setting, Table
from mapping_engine.packs.overlay import merge
from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.packs.settings import constants
from mapping_engine.runtime.assemble import build
from mapping_engine.runtime.mapper import RunOptions
from mapping_engine.runtime.program import MappingProgram, Program
from mapping_engine.runtime.references import NoReferences, References
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.node import ScalarNode
from mapping_engine.source.text import Located

__all__ = [
    "FIRMS", "MAPPINGS", "PACKS", "PATH", "GivenLinks", "InForce", "Links", "firm_of", "firms_of",
    "folder_of", "in_force", "mappings_of",
]  # fmt: skip

PATH = RulesPath.of()
_TABLE = re.compile(r"^table: *(\w+)", re.MULTILINE)
PACKS = sorted(pack_folders(PATH.rules, Report()))
#: The folders of the example firms.
FIRMS = sorted({each.parent for rules in PATH.rules for each in rules.glob("examples/*/firm.yaml")})


@dataclass(frozen=True)
class InForce:
    """A pack with a firm, and how it is run."""

    name: str
    program: Program
    options: RunOptions

    def mappings(self, file: str) -> list[MappingProgram]:
        """Return the mappings of one file: out, in, or both."""
        ending = f"/{file}.yaml"
        found = self.program.mappings.values()
        return [each for each in found if each.span.source.name.endswith(ending)]


@lru_cache
def folder_of(pack: str) -> PackFolder:
    """Return the texts of a shipped pack."""
    folder = find_pack(pack, PATH.rules, Report())
    assert folder is not None
    return folder


def firms_of(pack: str) -> list[Path]:
    """Return the folders of the example firms that use a pack."""
    return [each for each in FIRMS if (each / f"{pack}.yaml").is_file()]


def firm_of(pack: str) -> Path:
    """Return the folder of the first example firm that uses a pack."""
    return firms_of(pack)[0]


def mappings_of(pack: str, *files: str) -> list[str] | None:
    """Return the mappings that some files of a pack belong to; None for all of them."""
    sources = folder_of(pack).sources
    found = [each for each in files if "/" not in each]
    if "pack.yaml" in found:
        return None
    tables = [_TABLE.search(sources[each].text) for each in files if "/" in each]
    names = [re.compile(rf"\b{each[1]}\b") for each in tables if each is not None]
    for file, source in sources.items():
        if "/" not in file and any(each.search(source.text) for each in names):
            found.append(file)
    return [each.removesuffix(".yaml") for each in found]


MAPPINGS = [
    (pack, name.removesuffix(".yaml"))
    for pack in PACKS for name in folder_of(pack).sources
    if name.endswith(".yaml") and "/" not in name and name != "pack.yaml"
]  # fmt: skip


#: What was built of each pack for the tests of this worker, and what is still to be built.
_BUILT: dict[str, tuple[list[InForce], Iterator[InForce]]] = {}


def in_force(pack: str) -> Iterator[InForce]:
    """Yield a pack in every variant, each of which is built once and shared by all tests."""
    built, waiting = _BUILT.setdefault(pack, ([], _variants(pack)))
    yield from built
    for each in waiting:
        built.append(each)
        yield each


def _variants(pack: str) -> Iterator[InForce]:
    """Yield a pack with each firm, with settings and switches turned, and with a connector.

    The firm that has most families of transactions switched on comes first.
    """
    folder, report = folder_of(pack), Report()
    layers = {each: load_firm(each, pack, report) for each in firms_of(pack)}
    packs = {each: _merged(load(folder, report), layers[each], report) for each in layers}
    first, *others = sorted(packs, key=lambda each: -_families(packs[each]))
    plain = packs[first]
    yield _built("firm", plain, folder, report)
    for each in others:
        yield _built(each.name, packs[each], folder, report)
    # The lists of the firm's systems say nothing about a firm with other settings.
    other = replace(_merged(plain, _other_settings(plain), report), snapshots={})
    yield _built("other settings", other, folder, report)
    if plain.switches:
        yield _built("switched", _merged(plain, _switched(plain), report), folder, report)
    awaited = [name for name, each in load(folder, Report()).tables.items() if each.rows_from]
    if awaited:
        asking = _asking_a_connector(plain, awaited)
        answers = _Answers(plain, awaited)
        yield _built("connector", asking, folder, report, answers)


def _families(pack: Pack) -> int:
    """Return how many families of transactions are switched on."""
    given = {name: each.value for name, each in pack.given_switches.items()}
    return sum(given.get(name, each.default) for name, each in pack.switches.items())


def _merged(pack: Pack, layer: FirmLayer | None, report: Report) -> Pack:
    assert layer is not None
    return merge(pack, layer, report)


def _built(
    name: str, pack: Pack, folder: PackFolder, report: Report, answers: References | None = None
) -> InForce:
    store = SchemaStore(PATH.schemas, [folder.path / "schemas"])
    program = build(pack, store, report)
    assert [] == [str(each) for each in report.errors]
    given = constants(pack)["settings"].values()
    dates = [each.constant for each in given if isinstance(each.constant, date)]
    as_of = max(dates, default=date(2026, 7, 1)) + timedelta(400)
    return InForce(name, program, RunOptions(as_of, references=answers or GivenLinks(pack)))


def _layer(pack: Pack, text: str) -> FirmLayer | None:
    with TemporaryDirectory() as folder:
        (Path(folder) / f"{pack.name}.yaml").write_text(f"extends: {pack.name}\n{text}")
        return load_firm(folder, pack.name, Report())


def _other_settings(pack: Pack) -> FirmLayer | None:
    lines = [f"  {name}: {_other(each, pack)}" for name, each in pack.settings.items()]
    waiting = [name for name in pack.roles if name not in pack.given_roles]
    roles = [f'  {name}: "{code}"' for code, name in enumerate(waiting, 770)]
    text = "settings:\n" + "\n".join(lines) if lines else "firm: {region: NZ}"
    return _layer(pack, "\n".join((text, "roles:", *roles) if roles else (text,)))


def _other(setting: Setting, pack: Pack) -> str:
    if setting.choices:
        given = pack.given_settings.get(setting.name)
        known = given.value.text if given and isinstance(given.value, ScalarNode) else None
        told = [each for each in _told_apart(setting, pack) if each != known]
        return (told or setting.choices)[-1]
    if setting.name.endswith("pattern"):
        return '"^.*$"'
    return {"date": "2026-06-01", "integer": "40", "number": "7.25", "percent": "12.5",
            "boolean": "true"}.get(setting.type, "Other word")  # fmt: skip


def _told_apart(setting: Setting, pack: Pack) -> list[str]:
    """Return the choices of a setting for which a table of the pack has rows of their own."""
    cells = [
        row.cells[column.name].words
        for table in pack.tables.values() for column in table.inputs
        if isinstance(column.type, Located) and column.type.value == f"settings.{setting.name}"
        for row in table.rows if column.name in row.cells
    ]  # fmt: skip
    return [each for each in setting.choices if (each,) in cells]


def _switched(pack: Pack) -> FirmLayer | None:
    lines = [f"  {name}: {'off' if each.default else 'on'}" for name, each in pack.switches.items()]
    return _layer(pack, "switches:\n" + "\n".join(lines))


def _asking_a_connector(pack: Pack, awaited: list[str]) -> Pack:
    tables = dict(pack.tables)
    for name in awaited:
        rows_from = tables[name].rows_from
        assert rows_from is not None
        tables[name] = replace(
            tables[name], rows=(), rows_from=replace(rows_from, value="connector")
        )
    return replace(pack, tables=tables)


#: What a connector may answer in a cell.
_STRANGE = (
    "",
    "   ",
    "?",
    "-1",
    "1e5",
    "0.000000001",
    "9" * 40,
    "true",
    "TRUE",
    "Ünïcode",
    "x" * 5000,
)


Links: TypeAlias = Mapping[str, Mapping[str, KnownId]]


class GivenLinks(NoReferences):
    """The ids that a firm gives for a pack: object → our id → theirs."""

    def __init__(self, pack: Pack) -> None:
        self.known: Links = pack.given_links

    def beside(self, links: Links) -> Self:
        """Return a copy that knows other ids, too, where the firm says nothing else."""
        made = copy(self)
        made.known = {
            name: {**links.get(name, {}), **self.known.get(name, {})}
            for name in {**links, **self.known}
        }
        return made

    def link(self, object: str, reference: Mapping[str, str]) -> str | None:
        known = self.known.get(object, {}).get(reference.get("id", ""))
        return known.value if known else None

    def link_version(self, object: str, reference: Mapping[str, str]) -> str | None:
        known = self.known.get(object, {}).get(reference.get("id", ""))
        return known.version if known else None


class _Answers(GivenLinks):
    """A connector that knows the firm's rows and ids, and answers strangely about others."""

    def __init__(self, pack: Pack, awaited: list[str]) -> None:
        super().__init__(pack)
        self._rows = {name: list(_answers(pack.tables[name])) for name in awaited}

    def rows(self, table: str) -> list[dict[str, str]] | None:
        return self._rows.get(table)

    def link(self, object: str, reference: Mapping[str, str]) -> str | None:
        known = super().link(object, reference)
        told = sum(map(len, reference.values())) % 5
        return known or (None, "", "  ", "ID-1", "x" * 5000)[told]

    def link_version(self, object: str, reference: Mapping[str, str]) -> str | None:
        return self.link(object, reference)


def _answers(table: Table) -> Iterator[dict[str, str]]:
    inputs = [each.name for each in table.inputs]
    for number, row in enumerate(table.rows):
        known = {name: _word(row, name) for name in row.cells}
        yield known
        for strange in _STRANGE:
            for name in (each.name for each in table.outputs):
                yield {
                    **known,
                    inputs[0]: f"{known[inputs[0]]}-{len(strange)}-{name}",
                    name: strange,
                }
        yield dict.fromkeys(inputs, f"lonely-{number}")
        yield {"no such column": "x"}
        yield {**known, inputs[0]: ""}
        yield {**known, inputs[0]: "twice", table.outputs[0].name: f"{number}"}


def _word(row: Row, name: str) -> str:
    return row.cells[name].words[0] if row.cells[name].words else ""
