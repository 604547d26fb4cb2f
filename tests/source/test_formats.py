"""What build servers read: SARIF for code scanning, workflow commands, and JUnit XML."""

from __future__ import annotations

import json
import random
from typing import Any
from xml.etree import ElementTree

import pytest
from published_schemas import junit_judge, sarif_judge

from mapping_engine.source.diagnostic import Code, Diagnostic, Label, Report, Severity
from mapping_engine.source.render import render_github, render_junit, render_sarif
from mapping_engine.source.render_sarif import MOST_RESULTS
from mapping_engine.source.text import SourceText, Span

UNKNOWN = Code("M402", "unknown-field", Severity.ERROR, "A field\nis missing. Or so.\n\nMore.")
REFUSED = Code("M703", "no-row", Severity.REJECTED, "No row.", "unmapped_account")
ADVICE = Code("M801", "unused-table", Severity.WARNING, "A table is not used.")
NAME = "rules/soluno/time_entry.yaml"


def at(text: str, part: str, *, code: Code = UNKNOWN, name: str = NAME, nth: int = 0) -> Diagnostic:
    """Return a diagnostic at the n-th `part` of a text."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(part, start + 1)
    span = Span(SourceText(name, text), start, start + len(part))
    return Diagnostic(code, span, f"no `{part}`", "not here", "did you mean `number`?")


def run_of(found: list[Diagnostic]) -> dict[str, Any]:
    log = json.loads(render_sarif(Report(found)))
    assert [] == [each.message for each in sarif_judge().iter_errors(log)]
    run: dict[str, Any] = log["runs"][0]
    return run


def anything(chance: random.Random) -> Diagnostic:
    """Return a diagnostic whose texts and places may be wrong in every way."""
    letters = "ab:,% \t\r\n漢é\u0301\u200b\x00\x1b\ud800😀\u2028\x85\ufffe<&]]>\"'"
    text = "".join(chance.choices(letters, k=chance.choice((1, 5, 40, 300))))
    name = "".join(chance.choices(letters, k=5))
    source = SourceText(name, text)
    spans = [Span(source, *chance.choices(range(-3, 310), k=2)) for _ in range(3)]
    labels = tuple(Label(each, text[:9]) for each in spans[1:])
    span = chance.choice((spans[0], spans[0], None))
    code = chance.choice((UNKNOWN, REFUSED, ADVICE))
    return Diagnostic(code, span, text, text, text, labels, ((text, text),))


def test_every_log_fits_the_published_schema() -> None:
    chance = random.Random(1)
    run_of([])
    run_of([anything(chance) for _ in range(300)])


def test_a_rule_has_every_key_that_code_scanning_asks_for() -> None:
    [rule] = run_of([at("a: matter.nunber", "nunber")])["tool"]["driver"]["rules"]
    assert "M402" == rule["id"]
    assert "UnknownField" == rule["name"]
    assert "A field is missing." == rule["shortDescription"]["text"]
    assert UNKNOWN.explanation == rule["fullDescription"]["text"]
    assert "mapping-engine code M402" in rule["help"]["text"]
    assert "`mapping-engine code M402`" in rule["help"]["markdown"]
    assert {"level": "error"} == rule["defaultConfiguration"]
    assert {"precision", "problem.severity", "tags"} == set(rule["properties"])


def test_a_result_points_at_characters_and_at_what_helps_to_understand_it() -> None:
    text = "\na: 漢😀matter.nunber\n"
    found = at(text, "nunber").with_label(Span(SourceText("a b.yaml", "x"), 0, 1), "as here")
    run = run_of([found])
    assert "unicodeCodePoints" == run["columnKind"]
    [result] = run["results"]
    assert ("M402", 0, "error") == (result["ruleId"], result["ruleIndex"], result["level"])
    assert "no `nunber`\nhint: did you mean `number`?" == result["message"]["text"]
    [location] = result["locations"]
    assert {"uri": NAME, "uriBaseId": "%SRCROOT%"} == location["physicalLocation"][
        "artifactLocation"
    ]
    expected = {"startLine": 2, "startColumn": 13, "endLine": 2, "endColumn": 19}
    assert expected == location["physicalLocation"]["region"]
    [related] = result["relatedLocations"]
    assert "a%20b.yaml" == related["physicalLocation"]["artifactLocation"]["uri"]
    assert {"text": "as here"} == related["message"]


def test_advice_is_a_warning_and_a_refusal_an_error() -> None:
    text = "a: b\n"
    run = run_of([at(text, "a", code=REFUSED), at(text, "b", code=ADVICE)])
    assert ["error", "warning"] == [each["level"] for each in run["results"]]
    assert ["M703", "M801"] == [each["id"] for each in run["tool"]["driver"]["rules"]]


def test_what_has_no_place_is_placed_at_the_folder() -> None:
    [result] = run_of([Diagnostic(UNKNOWN, None, "there is no such pack")])["results"]
    place = result["locations"][0]["physicalLocation"]
    assert "." == place["artifactLocation"]["uri"]
    assert {1} == set(place["region"].values())


def test_a_file_elsewhere_has_its_whole_address() -> None:
    [result] = run_of([at("a: b", "b", name="/elsewhere/a b.yaml")])["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert {"uri": "file:///elsewhere/a%20b.yaml"} == place


def fingerprints(found: list[Diagnostic]) -> list[str]:
    return [
        each["partialFingerprints"]["primaryLocationLineHash"] for each in run_of(found)["results"]
    ]


def test_a_fingerprint_survives_that_lines_move_and_are_indented() -> None:
    text = "fields:\n  A: nunber\n  B: 1\n"
    before = fingerprints([at(text, "nunber")])
    assert before == fingerprints([at("# new\n\n" + text, "nunber")])
    assert before == fingerprints([at(text.replace("  A", "      A"), "nunber")])
    assert before != fingerprints([at(text.replace("A", "C"), "nunber")])
    assert before != fingerprints([at(text, "nunber", code=ADVICE)])


def test_equal_lines_of_a_file_are_counted() -> None:
    text = "A: nunber\n" * 3
    found = fingerprints([at(text, "nunber", nth=number) for number in range(3)])
    assert ["1", "2", "3"] == [each.partition(":")[2] for each in found]
    assert 1 == len({each.partition(":")[0] for each in found})
    assert found[:1] == fingerprints([at(text, "nunber", name="other.yaml")])


def test_of_too_many_results_the_errors_are_kept() -> None:
    text = "x" * (MOST_RESULTS + 10)
    source = SourceText(NAME, text)
    found = [
        Diagnostic(ADVICE if number < 20 else UNKNOWN, Span(source, number, number + 1), "m")
        for number in range(MOST_RESULTS + 10)
    ]
    run = run_of(found)
    assert MOST_RESULTS == len(run["results"])
    assert MOST_RESULTS - 10 == sum(each["level"] == "error" for each in run["results"])
    [said] = run["invocations"][0]["toolExecutionNotifications"]
    assert "10 more results were left out" == said["message"]["text"]


def test_a_workflow_command_escapes_what_would_end_it() -> None:
    found = at("a: 5%\n", "5%", name="a,b:c%d.yaml").with_note("because", "1: 2, 3")
    assert (
        "::error file=a%2Cb%3Ac%25d.yaml,line=1,col=4,endLine=1,endColumn=6,"
        "title=M402 unknown-field::no `5%25`%0Abecause: 1: 2, 3%0Ahint: did you mean `number`?"
    ) == render_github([found])


def test_a_workflow_command_without_a_place_has_a_title_only() -> None:
    found = [Diagnostic(ADVICE, None, "nothing is there")]
    assert "::warning title=M801 unused-table::nothing is there" == render_github(found)


def test_a_workflow_command_is_one_line_whatever_it_says() -> None:
    chance = random.Random(2)
    found = [anything(chance) for _ in range(300)]
    lines = render_github(found).splitlines()
    assert len(found) == len(lines)
    assert [] == [each for each in lines if not each.startswith(("::error ", "::warning "))]


def suite_of(found: list[Diagnostic], *files: str) -> ElementTree.Element:
    text = render_junit(Report(found), files)
    assert [] == [str(each) for each in junit_judge().iter_errors(text)]
    suite = ElementTree.fromstring(text).find("testsuite")
    assert suite is not None
    return suite


def test_every_file_is_a_case_and_an_error_fails_it() -> None:
    text = "a: nunber\nb: nunber\n"
    errors = [at(text, "nunber"), at(text, "nunber", nth=1)]
    advice = at("c: x", "x", code=ADVICE, name="rules/soluno/pack.yaml")
    suite = suite_of([*errors, advice], "rules/soluno/user.yaml", NAME)
    assert ("3", "1") == (suite.get("tests"), suite.get("failures"))
    cases = {each.get("name"): each for each in suite}
    assert [] == list(cases["rules/soluno/user.yaml"])
    [failure] = cases[NAME]
    assert ("failure", "M402") == (failure.tag, failure.get("type"))
    assert "no `nunber` (the first of 2)" == failure.get("message")
    assert f"{NAME}:2:4" in (failure.text or "")
    [output] = cases["rules/soluno/pack.yaml"]
    assert "system-out" == output.tag
    assert "warning[M801]" in (output.text or "")


def test_what_has_no_place_fails_a_case_of_its_own() -> None:
    [case] = suite_of([Diagnostic(UNKNOWN, None, "there is no such pack")])
    assert "there is no such pack" == case[0].get("message")


@pytest.mark.parametrize("seed", range(3))
def test_every_junit_report_can_be_read(seed: int) -> None:
    chance = random.Random(seed)
    suite_of([])
    suite_of([anything(chance) for _ in range(100)])
