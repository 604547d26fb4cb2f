"""
Write `rules/COVERAGE.md`: for every numbered requirement where it is kept, and what shows it.

The numbers stand in `tests/requirements/`, one file a topic, each with one line of ours. A
number either claims both, places where it is kept and cases or tests that show it, or neither;
a claim names things that are there. The page is never edited; `make docs` writes it and a test
fails when it is stale or a claim does not hold.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from mapping_engine.packs.reading import entries, items, text, word
from mapping_engine.source.codes import CODES
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.node import Entry, MappingNode, Node
from mapping_engine.source.text import SourceText
from mapping_engine.workbench.places import is_place, is_proof, kind_of
from mapping_engine.workbench.reference import declared_codes

__all__ = ["Number", "Topic", "faults", "page", "topics"]

ROOT = Path(__file__).parents[2]
FOLDER = "tests/requirements"
PAGE = "rules/COVERAGE.md"


class Number(Struct, frozen=True):
    """A requirement: its number, our words for it, where it is kept and what shows it."""

    name: str
    says: str
    kept: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    @property
    def is_claimed(self) -> bool:
        """Whether we say that it is kept."""
        return bool(self.kept or self.shown)


class Topic(Struct, frozen=True):
    """The requirements of one file, in the order of their numbers."""

    title: str
    numbers: tuple[Number, ...]


def topics(folder: Path = ROOT / FOLDER) -> list[Topic]:
    """Return the requirements of all files of a folder, by the names of the files."""
    return [_topic(path) for path in sorted(folder.glob("*.yaml"))]


def faults(found: Iterable[Topic], root: Path = ROOT) -> Iterator[str]:
    """Yield what is wrong with the claims of requirements, a sentence each."""
    declared_codes()
    for number in (each for topic in found for each in topic.numbers):
        if bool(number.kept) != bool(number.shown):
            lacks = "what shows it" if number.kept else "where it is kept"
            yield f"{number.name} is claimed without {lacks}"
        yield from (
            f"{number.name} is said to be kept in `{each}`, which is not there"
            for each in number.kept if not is_place(each, root)
        )  # fmt: skip
        yield from (
            f"{number.name} is said to be shown by `{each}`, which is no case or test"
            for each in number.shown if not is_proof(each, root)
        )  # fmt: skip


def page(found: Iterable[Topic]) -> str:
    """Return the whole page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    declared_codes()
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"place": _place, "proof": _proof}
    return environment.get_template("coverage.md.jinja").render(topics=list(found))


def _topic(path: Path) -> Topic:
    report = Report()
    root = read(SourceText(path.name, path.read_text(encoding="utf-8")), report).root
    report.raise_if_errors()
    assert isinstance(root, MappingNode)
    return Topic(
        text(root, "title") or path.stem, tuple(map(_number, entries(root.get("numbers"))))
    )


def _number(entry: Entry) -> Number:
    """Return a number with its claims; one without any is its sentence alone."""
    plain = word(entry.value)
    if plain is not None:
        return Number(entry.key.text, plain.value)
    assert isinstance(entry.value, MappingNode)
    kept, shown = (_words(entry.value.get(name)) for name in ("kept", "shown"))
    return Number(entry.key.text, text(entry.value, "says") or "", kept, shown)


def _words(node: Node | None) -> tuple[str, ...]:
    said = (word(each) for each in items(node))
    return tuple(each.value for each in said if each is not None)


def _place(place: str) -> str:
    """Return the link to a place, with what it is: `rule soluno/contact.yaml, fields.Email`."""
    kind, (file, _, name) = kind_of(place), place.partition("#")
    match kind:
        case "check":
            code = CODES[place]
            return f"check [{place}](REFERENCE.md#{place.lower()}-{code.name})"
        case "report field":
            return f"{kind} `{name}`"
        case "page":
            return f"page [{name or file}]({_from_page(file)})"
        case _:
            return f"{kind} [{_short(file)}]({_from_page(file)})" + (f" `{name}`" if name else "")


def _proof(proof: str) -> str:
    """Return the link to a case or test."""
    file, _, name = proof.partition("#")
    kind = "case" if "/cases/" in file else "test"
    return f"{kind} [{name or Path(file).stem}]({_from_page(file)})"


def _short(file: str) -> str:
    return file.removeprefix("rules/").removeprefix("mapping_engine/")


def _from_page(file: str) -> str:
    return Path(os.path.relpath(file, Path(PAGE).parent)).as_posix()


if __name__ == "__main__":
    (ROOT / PAGE).write_text(page(topics()), encoding="utf-8")
