"""
Write `rules/REFERENCE.md` from the one declaration of each thing.

Keys come from the shape schemas, functions from the catalogue, codes from their `@problem`
and from the code's folder in `tests/problems/` (wrong, right and the whole message). The
page is never edited; `make docs` writes it and a test fails when it is stale. It is made in
a checkout only, since the problem folders do not travel in the wheel.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import TypeAlias, cast

from msgspec import Struct

import mapping_engine
from mapping_engine.functions import CATALOGUE, TOPICS
from mapping_engine.functions.catalogue import REQUIRED, Function
from mapping_engine.source.codes import CODES
from mapping_engine.source.diagnostic import Code
from mapping_engine.values.value import MISSING, Value
from mapping_engine.workbench.markdown import heading_link

__all__ = ["CodePage", "KeyRow", "KeyTable", "code_pages", "declared_codes", "key_tables", "page"]

Schema: TypeAlias = Mapping[str, object]

ROOT = Path(__file__).parents[2]
SHAPES = ("pack", "mapping", "table", "firm", "case")
#: What an expression of an example reads; it says nothing about the mistake.
_INPUTS = ("given.json", "record.txt")
#: Control characters as pictures, since the page itself is a plain text.
_PICTURES = {number: 0x2400 + number for number in range(32) if chr(number) not in "\n\t"}
_LONGEST = 30
_FENCES = {"yaml": "yaml", "json": "json", "ndjson": "json"}
#: Of a right file the changed lines are shown with so many around, if that saves so many.
_AROUND, _WORTH_CUTTING = 2, 4
FAMILIES = {
    "1": "YAML and files",
    "2": "Shape of a pack, and what a firm changes",
    "3": "Expressions that cannot be read",
    "4": "Names and types",
    "5": "Tables and references",
    "6": "Switches, match keys and policies",
    "7": "A record refused",
    "8": "Advice",
    "9": "Our own fault",
}


class KeyRow(Struct, frozen=True):
    """One key of a YAML file: what it takes and what it means."""

    name: str
    takes: str
    words: str
    required: bool


class KeyTable(Struct, frozen=True):
    """The keys that may stand together in one place."""

    title: str
    words: str
    rows: tuple[KeyRow, ...]


class CodePage(Struct, frozen=True):
    """A code with the files that show it, as pairs of a name and a text.

    What both sides share is with the wrong ones only.
    """

    code: Code
    wrong: tuple[tuple[str, str], ...]
    right: tuple[tuple[str, str], ...]
    message: str


def page(root: Path = ROOT) -> str:
    """Return the whole reference page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "default_text": _default_text, "link": heading_link, "sentence": _first_sentence,
        "fence": _fence, "changed": _changed, "capital": _capital, "code_link": _code_link,
    }  # fmt: skip
    pages = code_pages(root / "tests" / "problems")
    return environment.get_template("reference.md.jinja").render(
        shapes=[(name, key_tables(root / "schemas" / "rules", name)) for name in SHAPES],
        topics=[(topic, _functions(topic)) for topic in TOPICS],
        families=[
            (number, title, [each for each in pages if each.code.number[1] == number])
            for number, title in FAMILIES.items()
        ],
        required=REQUIRED,
        names={each.code.number: each.code.name for each in pages},
    )


def key_tables(folder: Path, name: str) -> list[KeyTable]:
    """Return the tables of keys of one kind of file: its own first, then those inside it."""
    schema = _read(folder, name)
    inside = cast("Mapping[str, Schema]", schema.get("$defs", {}))
    return [
        KeyTable(
            str(each.get("title", "")),
            str(each.get("description", "")),
            tuple(_rows(each, schema, folder)),
        )
        for each in (schema, *inside.values())
        if "properties" in each
    ]


def declared_codes() -> list[Code]:
    """Return every code of the package by number, importing all modules that declare some."""
    for module in walk_packages(mapping_engine.__path__, "mapping_engine."):
        if module.name.rpartition(".")[2].startswith("problems"):
            import_module(module.name)
    return [CODES[number] for number in sorted(CODES)]


def code_pages(folder: Path) -> list[CodePage]:
    """Return the pages of all declared codes, with what their folder below `folder` shows."""
    found = {path.name[:4]: path for path in sorted(folder.glob("M*"))}
    return [_code_page(code, found.get(code.number)) for code in declared_codes()]


def _code_page(code: Code, folder: Path | None) -> CodePage:
    if folder is None:
        return CodePage(code, (), (), "")
    wrong = (*_files(folder / "wrong"), *_files(folder / "both"))
    right = tuple(each for each in _files(folder / "right") if each not in wrong)
    message = folder / "message.txt"
    return CodePage(
        code, wrong, right, message.read_text(encoding="utf-8").rstrip() if message.exists() else ""
    )


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in _INPUTS:
            text = path.read_text(encoding="utf-8", errors="replace").rstrip().translate(_PICTURES)
            yield path.relative_to(folder).as_posix(), _shortened(text)


def _shortened(text: str) -> str:
    """Cut what is long on purpose, so that the page stays readable."""
    lines = [line if len(line) <= 200 else f"{line[:200]}…" for line in text.splitlines()]
    return "\n".join(lines if len(lines) <= _LONGEST else [*lines[:_LONGEST], "…"])


def _functions(topic: str) -> list[Function]:
    return sorted((each for each in CATALOGUE if each.topic == topic), key=lambda each: each.name)


def _default_text(value: Value) -> str:
    if value is MISSING:
        return "May be left out."
    written = json.dumps(value) if isinstance(value, str | bool) else value
    return f"When not given: `{written}`."


def _code_link(code: str) -> str:
    """Return the link to a heading that is written as code."""
    return re.sub(r"\[(.*?)\]", r"[`\1`]", heading_link(code), count=1)


def _capital(title: str) -> str:
    """Return a title as a heading has it."""
    return title[0].upper() + title[1:]


def _first_sentence(text: str) -> str:
    """Return the first sentence of a text on one line, for a row of a table."""
    return re.split(r"(?<=\.)\s", " ".join(text.split()), maxsplit=1)[0].replace("|", "\\|")


def _fence(name: str) -> str:
    """Return the language of a file, for the fence around it."""
    return _FENCES.get(name.rpartition(".")[2], "text")


def _changed(right: tuple[str, str], wrong: tuple[tuple[str, str], ...]) -> str:
    """Return what a right file says otherwise than the wrong one, with the lines around it."""
    name, text = right
    lines, before = text.splitlines(), dict(wrong).get(name, "").splitlines()
    matcher = SequenceMatcher(None, before, lines, autojunk=False)
    shown = {
        line
        for kind, _, _, start, end in matcher.get_opcodes()
        if kind != "equal"
        for line in range(start - _AROUND, end + _AROUND)
        if 0 <= line < len(lines)
    }
    if not before or len(lines) - len(shown) < _WORTH_CUTTING:
        return text
    parts: list[str] = []
    for line in sorted(shown):
        if line and line - 1 not in shown:
            parts.append("…")
        parts.append(lines[line])
    return "\n".join(parts if len(lines) - 1 in shown else [*parts, "…"])


def _read(folder: Path, name: str) -> Schema:
    text = (folder / f"{name}.schema.json").read_text(encoding="utf-8")
    return cast("Schema", json.loads(text))


def _rows(holder: Schema, schema: Schema, folder: Path) -> Iterator[KeyRow]:
    required = cast("list[str]", holder.get("required", []))
    for name, own in cast("Mapping[str, Schema]", holder["properties"]).items():
        meant = _resolved(own, schema, folder)
        words = str(own.get("description") or meant.get("description") or "")
        yield KeyRow(name, _takes(own, meant), words, name in required)


def _takes(own: Schema, meant: Schema) -> str:
    choices = own.get("enum") or meant.get("enum")
    if isinstance(choices, list):
        return ", ".join(f"`{each}`" for each in choices if isinstance(each, str))
    return str(own.get("title") or meant.get("title") or "")


def _resolved(own: Schema, schema: Schema, folder: Path) -> Schema:
    reference = own.get("$ref")
    if not isinstance(reference, str):
        return own
    file, _, path = reference.partition("#/")
    found: object = _read(folder, file.removesuffix(".schema.json")) if file else schema
    for step in path.split("/"):
        found = cast("Schema", found)[step]
    return cast("Schema", found)


if __name__ == "__main__":
    (ROOT / "rules" / "REFERENCE.md").write_text(page(), encoding="utf-8")
