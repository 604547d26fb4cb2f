"""
A private value goes only where data was asked for: to stdout of run, explain and eval, and to
the files of --out.

Every private field of every case's record is filled with a word that stands nowhere else, in
shapes that fit and shapes that break each rule; then every verb is asked for its words.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from opened_packs import open_packs_once
from shipped_packs import firms_of

from mapping_engine.cli import VERBS
from mapping_engine.packs.finder import RulesPath, pack_names
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.json import encode
from mapping_engine.values.types import Date, List, Object, Text, Type
from mapping_engine.values.value import Value
from mapping_engine.workbench.case_packs import CasePack, open_case_pack
from mapping_engine.workbench.case_runs import cases_of
from mapping_engine.workbench.cases import Case, given_record

HERE = Path(__file__).parent
RULES = HERE.parent / "rules"
PACKS = HERE / "runtime" / "packs"
FIRMS = {RULES: RULES / "examples" / "harbour-legal", PACKS: HERE / "runtime" / "firm"}
CANARY = "Zanzibarica"
#: What stands in a private field: it fits, it is too long, has a forbidden sign, a wrong kind…
SHAPES: dict[str, Value] = {
    "fits": CANARY,
    "too long": CANARY * 2000,
    "forbidden sign": f"{CANARY}: and ? # | more",
    "address": f" {CANARY}@private.example ",
    "list": [CANARY],
    "object": {CANARY: CANARY},
    "nothing but the word": f" {CANARY}\n",
}

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Call:
    monkeypatch.chdir(tmp_path)
    open_packs_once(monkeypatch)

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            VERBS.main([str(each) for each in arguments])
        output = capsys.readouterr()
        return int(ended.value.code or 0), output.out, output.err

    return run


def poisoned(value: Value, type: Type, shape: Value) -> Value:
    """Return a value with `shape` in every private field, also in those that were not there."""
    if type.private and isinstance(type, Text):
        return shape
    if type.private and isinstance(type, Date):
        return "1901-02-03"
    if isinstance(type, List):
        items = value if isinstance(value, list) else ()
        return [poisoned(each, type.item, shape) for each in items]
    if not isinstance(type, Object) or not isinstance(value, dict):
        return value
    made = dict(value)
    for name, kind in type.fields.items():
        if name in value or (kind.private and isinstance(kind, Text)):
            made[name] = poisoned(value.get(name), kind, shape)
    return made


Found = tuple[str, Type, Value]


@cache
def opened(rules: Path) -> dict[str, tuple[CasePack, list[Case]]]:
    """Return the packs of a folder of rules with their cases, by name."""
    path, found = RulesPath.of([rules]), {}
    for name in pack_names(path.rules):
        pack = open_case_pack(name, path, Report())
        assert pack is not None
        cases = [each for each in cases_of(pack, Report()) if isinstance(each, Case)]
        found[name] = pack, [each for each in cases if each.mapping.value in pack.pack.mappings]
    return found


def way_of(pack: CasePack, case: Case) -> str:
    """Return direction and kind of the mapping of a case; the way out where it has two."""
    rule = pack.pack.mappings[case.mapping.value]
    return f"{'in' if rule.direction == 'in' else 'out'} {rule.record.value}"


@cache
def given(rules: Path, name: str) -> list[Found]:
    """Return mapping, type and record of every case of a pack."""
    pack, cases = opened(rules)[name]
    found = []
    for case in cases:
        program = pack.program(case, Report())
        assert program is not None
        reads = program.mappings[case.mapping.value].reads
        found.append((way_of(pack, case), reads, given_record(case, reads, Report())))
    return found


def ways() -> list[tuple[Path, str, str]]:
    """Return what is asked of each mapping that has a case; nothing is built to know that."""
    found = [
        (rules, name, way_of(pack, case))
        for rules in FIRMS for name, (pack, cases) in opened(rules).items() for case in cases
    ]  # fmt: skip
    return list(dict.fromkeys(found))


def write(rules: Path, name: str, way: str, shapes: dict[str, Value]) -> Path:
    """Write the records of one mapping, in every shape, as an input."""
    lines = [
        encode(poisoned(record, type, shape))
        for its_way, type, record in given(rules, name)
        if its_way == way
        for shape in shapes.values()
    ]
    path = Path("in.ndjson")
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def common(rules: Path, name: str, way: str) -> list[object]:
    direction, kind = way.split()
    firm = next(iter(firms_of(name) if rules == RULES else []), FIRMS[rules])
    options: list[object] = [name, kind, "in.ndjson", "--rules", rules, "--firm", firm]
    return [*options, "--as-of", "2026-08-01", *(["--in"] if direction == "in" else [])]


def is_kept(*texts: str) -> bool:
    return not any(CANARY.casefold() in text.casefold() for text in texts)


def word(each: object) -> str:
    return each.name if isinstance(each, Path) else str(each)


@pytest.mark.parametrize("rules, name, way", ways(), ids=word)
def test_run_keeps_private_values_out_of_messages_and_the_report(
    rules: Path, name: str, way: str, call: Call
) -> None:
    write(rules, name, way, SHAPES)
    status, out, err = call("run", *common(rules, name, way))
    assert status in (0, 1), err
    assert is_kept(err), err
    status, out, err = call("run", *common(rules, name, way), "--out", "made")
    assert is_kept(out, err, Path("made/report.json").read_text("utf-8"))
    data = "".join(path.read_text("utf-8") for path in Path("made").glob("*.ndjson"))
    assert not is_kept(data), "the word never got in"


@pytest.mark.parametrize("rules, name, way", ways(), ids=word)
def test_explain_keeps_private_values_out_of_messages_and_redacts_when_asked(
    rules: Path, name: str, way: str, call: Call
) -> None:
    write(rules, name, way, SHAPES)
    arguments = common(rules, name, way)
    for line in range(1, len(SHAPES) + 1):
        options = ["--line", line, "--format", ("text", "json")[line % 2]]
        _, _, err = call("explain", *arguments, *options)
        assert is_kept(err), err
        _, out, err = call("explain", *arguments, *options, "--redact")
        assert is_kept(out, err), out + err


EXPRESSIONS = (
    "narrative", "narrative | to_number", "parse_date(narrative)", "narrative + 1", "narratives",
    "round_half_up(to_number(narrative), places=2)", 'if narrative == "" then 1 / 0 else 2',
    "nth([narrative], 3)", 'narrative in ["a"]', "1 / (hours_worked - hours_worked)",
)  # fmt: skip


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_eval_keeps_private_values_out_of_messages(expression: str, call: Call) -> None:
    record = {"id": "T-1", "narrative": CANARY, "internal_note": CANARY}
    Path("entry.json").write_text(json.dumps(record), encoding="utf-8")
    for options in (["--record", "time_entry"], ["--pack", "soluno", "--record", "time_entry"]):
        _, _, err = call("eval", expression, "entry.json", *options)
        assert is_kept(err), err


@pytest.mark.parametrize("layout", ["text", "junit", "json"])
def test_the_report_of_cases_keeps_private_values(layout: str, call: Call) -> None:
    """A case that fails shows where, not what: its report ends in the log of a build server."""
    shutil.copytree(PACKS, "packs")
    cases = [(name, *each) for name in opened(PACKS) for each in given(PACKS, name)]
    for place, (name, way, type, record) in enumerate(cases[::3]):
        for word, shape in SHAPES.items():
            path = Path("packs", name, "cases", f"poison_{place}_{word.replace(' ', '_')}.yaml")
            direction, kind = way.split()
            expected = "record" if direction == "in" else "payload"
            case = {
                "case": "spoilt", "mapping": kind, "direction": direction,
                "settings": {"start_date": "2026-07-01"} if name == "ledger" else {},
                "given": {"record": poisoned(record, type, shape)},
                "expect": {expected: {"Notes": CANARY, "DisplayName": CANARY}},
            }  # fmt: skip
            path.write_text(encode(case), encoding="utf-8")
    status, out, err = call("test", "--rules", "packs", "--format", layout)
    assert status != 0
    assert is_kept(out, err)


@pytest.mark.parametrize("layout", ["text", "json", "sarif", "github", "junit"])
def test_validate_keeps_addresses_of_a_firm_out_of_its_messages(layout: str, call: Call) -> None:
    shutil.copytree(FIRMS[RULES], "firm")
    users = Path("firm/soluno_fee_earners.csv")
    rows = users.read_text("utf-8")
    address = f"{CANARY.lower()}@private.example"
    users.write_text(rows + 2 * f"{address},true,true,450.00\n" + f"{address},perhaps,true,1\n")
    status, out, err = call("validate", "--firm", "firm", "--format", layout)
    assert (1, True) == (status, is_kept(out, err)), out + err
