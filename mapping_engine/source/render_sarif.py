"""
Print diagnostics as SARIF 2.1.0, with every key that GitHub's code scanning asks for.

A result keeps its fingerprint when lines move: it is made of the code, the text of its line
and how many times the two stood together in that file before. What is wrong with no file is
placed at the folder itself, since every result must have a place.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import TypeAlias

from mapping_engine.source.diagnostic import Code, Diagnostic, Severity
from mapping_engine.source.render_json import encodable
from mapping_engine.source.text import Span

__all__ = ["MOST_RESULTS", "render_sarif"]

Object: TypeAlias = dict[str, object]

#: GitHub shows no more results of one run.
MOST_RESULTS = 5000
_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.REJECTED: "error", Severity.WARNING: "warning"}


def render_sarif(diagnostics: Iterable[Diagnostic], version: str | None = None) -> str:
    """Return a SARIF log of one run; of too many results the errors are kept first."""
    everything = list(diagnostics)
    found = _kept(everything)
    codes = {each.code.number: each.code for each in found}
    rules = [_rule(codes[number]) for number in sorted(codes)]
    driver: Object = {"name": "mapping-engine", "rules": rules}
    if version is not None:
        driver["semanticVersion"] = version
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(len(everything) - len(found))],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "the folder in which validate was called"}}
        },
        "results": _results(found, sorted(codes)),
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _kept(found: list[Diagnostic]) -> list[Diagnostic]:
    if len(found) <= MOST_RESULTS:
        return found
    by_weight = sorted(found, key=lambda each: each.code.severity is Severity.WARNING)
    kept = set(map(id, by_weight[:MOST_RESULTS]))
    return [each for each in found if id(each) in kept]


def _invocation(left_out: int) -> Object:
    if not left_out:
        return {"executionSuccessful": True}
    words = f"{left_out} more results were left out"
    notification = {"level": "warning", "message": {"text": words}}
    return {"executionSuccessful": True, "toolExecutionNotifications": [notification]}


def _rule(code: Code) -> Object:
    level = _LEVELS[code.severity]
    more = f"mapping-engine code {code.number}"
    return {
        "id": code.number,
        "name": "".join(word.capitalize() for word in code.name.split("-")),
        "shortDescription": {"text": _first_sentence(code.explanation)},
        "fullDescription": {"text": code.explanation},
        "help": {
            "text": f"{code.explanation}\n\nA wrong and a right example: {more}",
            "markdown": f"{code.explanation}\n\nA wrong and a right example: `{more}`",
        },
        "defaultConfiguration": {"level": level},
        "properties": {
            "precision": "very-high",
            "problem.severity": level,
            "tags": ["field-mapping"],
        },
    }


def _first_sentence(text: str) -> str:
    return " ".join(re.split(r"(?<=\.)\s|\n\n", text, maxsplit=1)[0].split())


def _results(found: Sequence[Diagnostic], numbers: Sequence[str]) -> list[Object]:
    seen: Counter[tuple[str, str]] = Counter()
    places = {number: index for index, number in enumerate(numbers)}
    results = []
    for each in found:
        name, line = _line(each.span)
        key = name, f"{each.code.number}\0{line}"
        digest = blake2b(key[1].encode("utf-8", "replace"), digest_size=8).hexdigest()
        seen[key] += 1
        result = _result(each, f"{digest}:{seen[key]}")
        results.append({"ruleId": each.code.number, "ruleIndex": places[each.code.number]} | result)
    return results


def _line(span: Span | None) -> tuple[str, str]:
    """Return the file and the line that a result is recognised by, blanks at its ends apart."""
    if span is None:
        return "", ""
    return span.source.name, span.source.line(span.inside().place.line).strip()


def _result(diagnostic: Diagnostic, fingerprint: str) -> Object:
    location: Object = {"physicalLocation": _physical(diagnostic.span)}
    if diagnostic.label:
        location["message"] = {"text": encodable(diagnostic.label)}
    result: Object = {
        "level": _LEVELS[diagnostic.code.severity],
        "message": {"text": encodable(_words(diagnostic))},
        "locations": [location],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }
    related = [
        {
            "id": number,
            "message": {"text": encodable(each.text)},
            "physicalLocation": _physical(each.span),
        }
        for number, each in enumerate(diagnostic.labels, 1)
    ]
    return result | ({"relatedLocations": related} if related else {})


def _words(diagnostic: Diagnostic) -> str:
    lines = [diagnostic.message, *(f"{word}: {words}" for word, words in diagnostic.notes)]
    if diagnostic.hint:
        lines.append(f"hint: {diagnostic.hint}")
    return "\n".join(lines)


def _physical(span: Span | None) -> Object:
    if span is None:
        return {"artifactLocation": _artifact("."), "region": _region((1, 1), (1, 1))}
    span = span.inside()
    start, end = span.place, span.end_place
    return {
        "artifactLocation": _artifact(span.source.name),
        "region": _region((start.line, start.column), (end.line, end.column)),
    }


def _artifact(name: str) -> Object:
    """Return where a file is: below the folder of the call, or by its whole address."""
    from urllib.parse import quote

    uri = quote(name, errors="replace")
    return {"uri": f"file://{uri}"} if name.startswith("/") else {"uri": uri, "uriBaseId": _ROOT}


def _region(start: tuple[int, int], end: tuple[int, int]) -> Object:
    return {
        "startLine": start[0],
        "startColumn": start[1],
        "endLine": end[0],
        "endColumn": end[1],
    }
