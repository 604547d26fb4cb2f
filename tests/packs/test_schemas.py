"""Schemas: found in the pack first, read once, and named when something is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapping_engine.packs.finder import shipped_path
from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.text import Located, SourceText
from mapping_engine.values.types import Number, Text

OBJECT = '{"type": "object", "properties": {%s}, "additionalProperties": false}'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path / "shared/canonical/contact",
        OBJECT % '"name": {"$ref": "common.schema.json#/$defs/name"}',
    )
    write(
        tmp_path / "shared/canonical/common",
        '{"$defs": {"name": {"type": "string", "maxLength": 5}}}',
    )
    write(
        tmp_path / "shared/targets/xero/Invoice",
        OBJECT % '"Total": {"type": "number", "x-scale": 2}',
    )
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_name(path.name + ".schema.json").write_text(text, encoding="utf-8")


def located(word: str) -> Located[str]:
    source = SourceText("rules/x.yaml", word)
    return Located(word, source.span())


def test_types_come_from_files_and_their_neighbours(folder: Path) -> None:
    store = SchemaStore(["shared"])

    name = store.member("canonical.contact.name")
    total = store.member("xero.Invoice.Total")

    assert isinstance(name, Text)
    assert isinstance(total, Number)
    assert (5, 2) == (name.max_length, total.scale)
    assert (["contact"], ["Invoice"], ["xero"]) == (
        store.kinds(), store.objects("xero"), store.systems()
    )  # fmt: skip


def test_a_packs_own_schema_is_found_before_the_shared_one(folder: Path) -> None:
    write(folder / "own/targets/xero/Invoice", OBJECT % '"Total": {"type": "string"}')

    store = SchemaStore(["shared"], ["own"])

    assert isinstance(store.member("xero.Invoice.Total"), Text)


def test_an_unknown_kind_or_object_has_a_near_one(folder: Path) -> None:
    report = Report()
    store = SchemaStore(["shared"])

    assert store.canonical(located("contcat"), report) is None
    assert store.target("xero", located("Invoices"), report) is None
    assert store.target("zero", located("Invoice"), report) is None
    assert [
        ("M163", "did you mean `contact`?"),
        ("M164", "add `schemas/targets/zero/Invoice.schema.json`"),
        ("M164", "did you mean `Invoice`?"),
    ] == sorted((each.code.number, each.hint) for each in report)


@pytest.mark.parametrize(
    "text, code, place",
    [
        ('{"type": "object",\n "properties": }', "M162", "2:16"),
        ("[]", "M165", "1:1"),
        ('{"type": "string"}', "M165", "1:1"),
        ('{"type": "object", "patternProperties": {}}', "M180", "1:1"),
        ('{"type": "object", "properties": {"a": {"$ref": "no.schema.json"}}}', "M182", "1:1"),
        ("\ufeff{}\0", "M160", "1:3"),
    ],
)
def test_a_schema_that_cannot_be_used_says_why(
    folder: Path, text: str, code: str, place: str
) -> None:
    write(folder / "shared/canonical/bad", text)
    report, again = Report(), Report()
    store = SchemaStore(["shared"])

    assert store.canonical(located("bad"), report) is None
    store.canonical("bad", again)

    (only,) = report
    assert (code, f"shared/canonical/bad.schema.json:{place}") == (only.code.number, str(only.span))
    assert [only] == list(again)


@pytest.mark.parametrize("name", ["../../secret", "a/b", "", "..", "/etc/passwd", "a\0"])
def test_a_name_cannot_lead_out_of_the_folder(folder: Path, name: str) -> None:
    write(folder / "secret", OBJECT % "")

    assert SchemaStore(["shared"]).canonical(name) is None
    assert SchemaStore(["shared"]).target(name, "Invoice") is None


def test_the_schemas_beside_the_package_can_be_used() -> None:
    store = SchemaStore(shipped_path().schemas)
    report = Report()

    for kind in store.kinds():
        store.canonical(kind, report)
    for system in store.systems():
        for each in store.objects(system):
            store.target(system, each, report)

    assert [] == [f"{each.span} {each.message}" for each in report]
