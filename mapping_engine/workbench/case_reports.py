"""
Report the results of cases: for people, as data, and as JUnit for a build server.

None of them holds a private value unless it was asked for: then the place says that it
differs. How long a run took is not told, so that the same cases give the same report.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final
from xml.etree import ElementTree

from mapping_engine.source.text import Span
from mapping_engine.values.value import Value
from mapping_engine.workbench.case_checks import Difference
from mapping_engine.workbench.case_runs import Result

__all__ = ["as_data", "as_junit", "as_text", "summary"]

#: Characters that XML cannot hold.
_UNFIT: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_text(results: Sequence[Result], *, show_values: bool = False) -> str:
    """Return the cases that did not pass, with what differs, and how many there are."""
    blocks = []
    for each in results:
        if each.status != "passed" or each.is_updated:
            title = f"{each.status} {_where(each.place)}  {each.title}"
            if each.is_updated:
                title += "  (written anew)"
            lines = _all_lines(each, show_values)
            lines += [f"  {found.message}" for found in each.problems]
            blocks.append("\n".join([title, *lines]))
    return "\n\n".join([*blocks, summary(results)])


def summary(results: Sequence[Result]) -> str:
    """Return how many cases there are, and how they ended."""
    counts = Counter(each.status for each in results)
    if not results:
        return "no cases"
    parts = [f"{counts[each]} {each}" for each in ("passed", "failed", "broken") if counts[each]]
    updated = sum(each.is_updated for each in results)
    parts += [f"{updated} written anew"] if updated else []
    total = "1 case" if len(results) == 1 else f"{len(results)} cases"
    return f"{total}: {', '.join(parts)}"


def _all_lines(result: Result, show_values: bool) -> list[str]:
    return [line for each in result.differences for line in _lines(each, result, show_values)]


def _lines(found: Difference, result: Result, show_values: bool) -> Iterator[str]:
    yield f"  {sentence(found, show_values=show_values)}"
    rule = _rule(found, result)
    if rule is not None:
        yield f"    rule  {_short(rule)}   {_where(rule)}"


def sentence(found: Difference, *, show_values: bool) -> str:
    """Return what differs in one line."""
    before = f"{found.field}: " if found.field else ""
    if found.private and not show_values:
        return f"{before}differs (a private value; `--show-values` shows it)"
    note = f" ({found.note})" if found.note else ""
    return f"{before}expected {found.wanted}, got {found.got}{note}" if found.field else (
        f"expected {found.wanted}, but {found.got}{note}"
    )  # fmt: skip


def _rule(found: Difference, result: Result) -> Span | None:
    return dict(result.rules).get(found.field or "")


def _where(span: Span) -> str:
    return f"{span.source.name}:{span.place.line}"


def _short(span: Span) -> str:
    text = " ".join(span.text.split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def as_data(results: Sequence[Result], *, show_values: bool = False) -> dict[str, Value]:
    """Return all results as one object."""
    counts = Counter(each.status for each in results)
    return {
        "format": 1,
        "cases": len(results),
        **{name: counts[name] for name in ("passed", "failed", "broken")},
        "results": [dict(_result(each, show_values)) for each in results],
    }


def _result(result: Result, show_values: bool) -> Iterator[tuple[str, Value]]:
    yield "pack", result.pack
    yield "case", result.title
    yield "at", str(result.span)
    yield "status", result.status
    if result.is_updated:
        yield "updated", True
    if result.differences:
        yield "differences", [dict(_difference(each, result, show_values))
                              for each in result.differences]  # fmt: skip
    if result.problems:
        yield "problems", [
            {"code": each.code.number, "message": each.message,
             "at": str(each.span) if each.span else None}
            for each in result.problems
        ]  # fmt: skip


def _difference(
    found: Difference, result: Result, show_values: bool
) -> Iterator[tuple[str, Value]]:
    yield "field", found.field
    if found.private and not show_values:
        yield "private", True
    else:
        yield "expected", found.wanted
        yield "got", found.got
    yield "at", str(found.span)
    rule = _rule(found, result)
    if rule is not None:
        yield "rule", str(rule)


def as_junit(results: Sequence[Result], *, show_values: bool = False) -> str:
    """Return the results as the XML that build servers read."""
    root = ElementTree.Element("testsuites", {"name": "mapping-engine test", **_counts(results)})
    for pack in dict.fromkeys(each.pack for each in results):
        own = [each for each in results if each.pack == pack]
        suite = ElementTree.SubElement(root, "testsuite", {"name": _fit(pack), **_counts(own)})
        for each in own:
            _testcase(suite, each, show_values)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=False)


def _counts(results: Sequence[Result]) -> dict[str, str]:
    counts = Counter(each.status for each in results)
    return {"tests": str(len(results)), "failures": str(counts["failed"]),
            "errors": str(counts["broken"]), "time": "0"}  # fmt: skip


def _testcase(suite: ElementTree.Element, result: Result, show_values: bool) -> None:
    file = result.file.rpartition("/")[2].removesuffix(".yaml")
    case = ElementTree.SubElement(
        suite, "testcase", name=_fit(result.title), classname=_fit(f"{result.pack}.{file}"),
        time="0",
    )  # fmt: skip
    if result.status == "passed":
        return
    if result.problems:
        word, lines = "error", [f"{each.span}: {each.message}" for each in result.problems]
    else:
        word = "failure"
        lines = [line.strip() for line in _all_lines(result, show_values)]
    told = ElementTree.SubElement(case, word, message=_fit(lines[0]), type=result.status)
    told.text = _fit("\n".join([_where(result.place), *lines]))


def _fit(text: str) -> str:
    return _UNFIT.sub("\ufffd", text)
