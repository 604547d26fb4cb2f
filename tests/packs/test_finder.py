"""Where packs are found, and which files are theirs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mapping_engine.packs.files import read_bytes, read_source, shown
from mapping_engine.packs.finder import (
    RulesPath,
    case_sources,
    find_pack,
    pack_names,
    shipped_path,
)
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.limits import Limits


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_yaml", ".yaml").replace("_csv", ".csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def said(report: Report) -> list[str]:
    return [f"{each.code.number} {each.message}" for each in report]


def hint(report: Report) -> str | None:
    (only,) = report
    return only.hint


def test_a_pack_is_found_by_the_name_it_gives_itself(here: Path) -> None:
    write(here / "rules/old", pack_yaml="# first\npack: xero # ours\n", invoice_yaml="a: 1\n")
    report = Report()

    folder = find_pack("xero", [Path("rules")], report)

    assert folder is not None
    assert ["invoice.yaml", "pack.yaml"] == list(folder.sources)
    assert "rules/old/invoice.yaml" == folder.sources["invoice.yaml"].name
    assert [] == said(report)


def test_a_pack_is_found_by_its_folder(here: Path) -> None:
    write(here / "new", pack_yaml="title: none\n")

    folder = find_pack("new", [], Report())

    assert folder is not None
    assert ("new", "new") == (folder.name, folder.shown)


@pytest.mark.parametrize("place", ["", "elsewhere"])
def test_what_travels_with_the_package_has_one_name_wherever_it_is_read(
    here: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """The same run writes the same bytes from every folder and on every machine."""
    home = shipped_path().rules[0].parent
    (here / "elsewhere").mkdir()
    monkeypatch.chdir(here / place if place else home / "rules" / "soluno")

    folder = find_pack("soluno", RulesPath.of().rules, Report())

    assert folder is not None
    assert "rules/soluno/time_entry.yaml" == folder.sources["time_entry.yaml"].name
    firm = home / "rules" / "examples" / "harbour-legal"
    assert "rules/examples/harbour-legal" == shown(firm)


def test_a_file_that_is_not_below_here_is_named_as_it_was_given(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(here / "rules/x", pack_yaml="pack: x\n")
    (here / "inside").mkdir()
    monkeypatch.chdir(here / "inside")
    folder = find_pack("x", [Path("../rules")], Report())
    assert folder is not None
    assert "../rules/x/pack.yaml" == folder.sources["pack.yaml"].name


def test_the_rules_folder_named_last_wins(here: Path) -> None:
    write(here / "one/x", pack_yaml="pack: x\n")
    write(here / "two/x", pack_yaml="pack: x\n")
    rules = RulesPath.of(["one", "two"]).rules

    folder = find_pack("x", rules, Report())

    assert folder is not None
    assert "two/x" == folder.shown
    assert ["x"] == pack_names(rules)


def test_two_packs_of_one_name_in_one_folder_are_reported(here: Path) -> None:
    write(here / "rules/a", pack_yaml="pack: x\n")
    write(here / "rules/b", pack_yaml="pack: x\n")
    write(here / "rules/c", pack_yaml="pack: y\n")
    report, other = Report(), Report()

    find_pack("x", [Path("rules")], report)
    find_pack("y", [Path("rules")], other)

    assert ["M158 two folders hold a pack `x`: `rules/a` and `rules/b`"] == said(report)
    assert [] == said(other)


def test_an_unknown_pack_has_a_near_one(here: Path) -> None:
    write(here / "rules/xero", pack_yaml="pack: xero\n")
    report = Report()

    assert find_pack("xeor", [Path("rules")], report) is None
    assert ["M156 there is no pack `xeor`"] == said(report)
    assert "did you mean `xero`?" == hint(report)


@pytest.mark.parametrize("name", ["", "no\0where", "no/such/folder", "x" * 5000])
def test_a_name_that_is_no_folder_is_not_found(here: Path, name: str) -> None:
    report = Report()

    assert find_pack(name, [], report) is None
    assert ["M156"] == [each[:4] for each in said(report)]


def test_a_folder_without_pack_yaml_is_no_pack(here: Path) -> None:
    (here / "empty").mkdir()
    report = Report()

    assert find_pack("empty", [], report) is None
    assert ["M157 the folder `empty` is not a pack: it has no `pack.yaml`"] == said(report)


def test_a_pack_is_made_of_its_own_kinds_of_files(here: Path) -> None:
    write(
        here / "p",
        pack_yaml="pack: p\n",
        tables__a_yaml="",
        tables__deep__b_csv="",
        cases__c_yaml="",
        schemas__note_yaml="",
    )
    (here / "p/README.md").write_text("words")
    (here / "p/.hidden.yaml").write_text("")
    (here / "p/schemas/a.json").write_text("{}")
    (here / "p/old.yml").write_text("")
    report = Report()

    folder = find_pack("p", [], report)

    assert folder is not None
    wanted = ["pack.yaml", "schemas/a.json", "tables/a.yaml", "tables/deep/b.csv"]
    assert wanted == list(folder.sources)
    assert ["cases/c.yaml"] == list(case_sources(folder, report))
    assert (here / "p/schemas",) == tuple(each.absolute() for each in folder.schema_dirs)
    assert ["M161 `p/old.yml` is not read"] == said(report)


def test_the_hash_follows_names_and_contents(here: Path) -> None:
    def hashed(**files: str) -> str:
        folder = find_pack(str(write(here / str(len(os.listdir(here))), **files)), [], Report())
        assert folder is not None
        return folder.hash

    first = hashed(pack_yaml="pack: p\n", a_yaml="b")

    assert 40 == len(first)
    assert first == hashed(pack_yaml="pack: p\n", a_yaml="b")
    assert first != hashed(pack_yaml="pack: p\n", a_yaml="c")
    assert first != hashed(pack_yaml="pack: p\n", b_yaml="b")


@pytest.mark.parametrize(
    "limits, code",
    [
        (Limits(pack_files=2), "M159"),
        (Limits(pack_size=15), "M154"),
        (Limits(table_size=5), "M154"),
    ],
)
def test_a_pack_beyond_a_limit_is_reported(here: Path, limits: Limits, code: str) -> None:
    write(here / "p", pack_yaml="pack: p\n", a_yaml="a: 1234567\n", tables__b_csv="from,to\n")
    report = Report()

    find_pack("p", [], report, limits)

    assert [code] == [each[:4] for each in said(report)]


def test_links_that_leave_the_folder_are_refused(here: Path) -> None:
    (here / "secret.yaml").write_text("password: x\n")
    write(here / "elsewhere", t_yaml="table: t\n")
    write(here / "p", pack_yaml="pack: p\n")
    (here / "p/leak.yaml").symlink_to(here / "secret.yaml")
    (here / "p/loop.yaml").symlink_to(here / "p/loop.yaml")
    (here / "p/tables").symlink_to(here / "elsewhere")
    report = Report()

    folder = find_pack("p", [], report)

    assert folder is not None
    assert ["pack.yaml"] == list(folder.sources)
    assert {"M155"} == {each[:4] for each in said(report)}


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../up.csv",
        "a/../../up.csv",
        "./a.csv",
        "C:/up.csv",
        "a\\b.csv",
        "a\0.csv",
        "",
    ],
)
def test_a_name_in_a_file_stays_in_its_folder(here: Path, name: str) -> None:
    report = Report()

    assert read_source(name, report, root=here) is None
    assert ["M155"] == [each[:4] for each in said(report)]


@pytest.mark.parametrize(
    "content, code",
    [
        (b"\xff\xfea\x00", "M152"),
        ("café".encode("latin-1"), "M152"),
        (b"a\0b", "M160"),
        (b"\xed\xa0\x80", "M152"),
    ],
)
def test_what_is_no_utf8_text_is_refused(here: Path, content: bytes, code: str) -> None:
    (here / "a.yaml").write_bytes(content)
    report = Report()

    assert read_source("a.yaml", report) is None
    assert [code] == [each[:4] for each in said(report)]


def test_a_byte_order_mark_is_no_part_of_the_text(here: Path) -> None:
    (here / "a.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\n")

    source = read_source("a.yaml", Report())

    assert source is not None
    assert ("a.yaml", "a: 1\r\n") == (source.name, source.text)


def test_a_missing_file_has_a_near_one(here: Path) -> None:
    write(here / "firm", accounts_csv="")
    report = Report()

    assert read_bytes("acounts.csv", report, root=here / "firm") is None
    assert ["M150 there is no file `firm/acounts.csv`"] == said(report)
    assert "did you mean `accounts.csv`?" == hint(report)


def test_folders_and_pipes_are_no_files(here: Path) -> None:
    (here / "folder.csv").mkdir()
    os.mkfifo(here / "pipe.csv")
    report = Report()

    assert read_bytes("folder.csv", report) is None
    assert read_bytes("pipe.csv", report) is None
    assert ["M151", "M153"] == [each[:4] for each in said(report)]


def test_the_packs_beside_the_package_are_the_default() -> None:
    path = RulesPath.of()

    assert shipped_path() == path
    assert {"actionstep", "soluno"} <= set(pack_names(path.rules))
