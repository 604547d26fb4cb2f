"""
Print diagnostics as JUnit XML: one suite, and in it a test case for every file.

A file fails when there is an error in it; its failure holds the whole text that a person
would read at the terminal. Advice stands in the output of a case and fails nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mapping_engine.source.diagnostic import Diagnostic, Severity
from mapping_engine.source.excerpt import visible
from mapping_engine.source.render_text import render_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["render_junit"]

#: The case of what is wrong with no file: a name that was given, a folder.
_NO_PLACE = "what was asked for"
_SUITE = "mapping-engine validate"


def render_junit(diagnostics: Iterable[Diagnostic], files: Iterable[str] = ()) -> str:
    """Return one suite with a case for each of `files` and for each file with a diagnostic."""
    from xml.etree.ElementTree import Element, indent, tostring

    by_file: dict[str, list[Diagnostic]] = {each: [] for each in files}
    for each in diagnostics:
        name = each.span.source.name if each.span else _NO_PLACE
        by_file.setdefault(name, []).append(each)
    cases = [_case(name, found) for name, found in sorted(by_file.items())]
    failed = sum(case.find("failure") is not None for case in cases)
    counts = {"tests": str(len(cases)), "failures": str(failed), "errors": "0"}
    root = Element("testsuites", {"name": _SUITE, **counts})
    suite = Element("testsuite", {"name": _SUITE, **counts, "skipped": "0", "time": "0"})
    suite.extend(cases)
    root.append(suite)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}'


def _case(name: str, found: Sequence[Diagnostic]) -> Element:
    from xml.etree.ElementTree import Element, SubElement

    case = Element("testcase", {"name": visible(name), "classname": _SUITE, "time": "0"})
    errors = [each for each in found if each.code.severity is not Severity.WARNING]
    warnings = [each for each in found if each.code.severity is Severity.WARNING]
    if errors:
        about = {"message": _first(errors), "type": errors[0].code.number}
        SubElement(case, "failure", about).text = _block(errors)
    if warnings:
        SubElement(case, "system-out").text = _block(warnings)
    return case


def _first(errors: Sequence[Diagnostic]) -> str:
    first = visible(errors[0].message)
    return first if len(errors) == 1 else f"{first} (the first of {len(errors)})"


def _block(found: Sequence[Diagnostic]) -> str:
    return f"\n{render_text(found)}\n"
