"""
Long texts in Jinja syntax: allow-listed, sandboxed, bounded, strict about names.

A `template:` reads the same names as an expression beside it. It prints, filters, chooses
and loops once; it calls nothing, and what it prints is one value at a time. A checked
template is a call like any other: its arguments are the names it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mapping_engine.functions.catalogue import Function, Parameter
from mapping_engine.language.checker import Checker
from mapping_engine.language.constants import unknown
from mapping_engine.language.problems_of_types import unit_mismatch
from mapping_engine.language.scope import Scope
from mapping_engine.language.typed import Apply, Typed
from mapping_engine.runtime import problems_of_templates as problems
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.limits import Limits
from mapping_engine.source.node import ScalarNode
from mapping_engine.source.text import Span
from mapping_engine.values.privacy import holds_private
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.textform import text_of
from mapping_engine.values.types import UNKNOWN, Object, Text, Type, unlike_units
from mapping_engine.values.value import Value, is_nothing

if TYPE_CHECKING:
    from jinja2 import Template, nodes
    from jinja2.sandbox import ImmutableSandboxedEnvironment

__all__ = ["template_call"]

_NODES = frozenset(
    ("Template", "Output", "TemplateData", "Name", "Getattr", "Getitem", "Const", "Filter", "Test",
     "Keyword", "If", "For", "CondExpr", "Compare", "Operand", "And", "Or", "Not", "Concat")
)  # fmt: skip
_FILTERS = ("upper", "lower", "trim", "default", "join", "title", "length", "first", "last")
_TESTS = ("defined", "none")
_WORDS = {"For": "a loop in a loop", "Call": "a call", "Assign": "`set`", "Include": "`include`",
          "Macro": "a macro", "Import": "`import`", "Extends": "`extends`",
          **dict.fromkeys(("Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow", "Neg", "Pos"),
                          "arithmetic")}  # fmt: skip
_COMPARISONS = {"lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}
_SIGNS = {"end of print statement": "}}", "end of statement block": "%}"}
_EXPECTED = re.compile(r"expected (?:token )?'(?P<wanted>[^']+)'(?:, got '(?P<got>[^']+)')?")
_OPEN_BLOCK = re.compile(r"innermost block that needs to be closed is '(\w+)'")
_ODD = re.compile(r"(?:unexpected|unknown tag) '([^']+)'")


def template_call(node: ScalarNode, scope: Scope, report: Report, limits: Limits) -> Typed:
    """Return the call that fills a template in; what it may not do goes to the report."""
    from jinja2 import TemplateSyntaxError, meta

    if len(node.text) > limits.template_size:
        report.add(problems.template_too_large(node.span, limits.template_size))
        return unknown(node.span)
    environment = _environment()
    try:
        tree = environment.parse(node.text)
    except TemplateSyntaxError as error:
        place, why = _line(node, error.lineno), _why(error.message or "")
        report.add(problems.template_mistake(place, error.lineno, why))
        return unknown(node.span)
    except (RecursionError, IndentationError):
        report.add(problems.template_too_large(node.span, limits.template_size))
        return unknown(node.span)
    if not _is_allowed(tree, node, report):
        return unknown(node.span)
    names = sorted(meta.find_undeclared_variables(tree))
    wrong = [*_unknown_names(tree, names, scope, node), *_mixed(tree, names, scope, node)]
    report.extend(wrong)
    if wrong:
        return unknown(node.span)
    checker = Checker(report)
    arguments = tuple(checker.name(name, node.span, scope) for name in names)
    private = any(holds_private(each.type) for each in arguments)
    function = _function(environment.from_string(tree), names, limits)
    kind = Text(private=private, max_length=limits.text_size)
    return Apply(function=function, arguments=arguments, span=node.span, type=kind)


def _why(message: str) -> str:
    """Say in the words of a template what Jinja says in its own."""
    if block := _OPEN_BLOCK.search(message):
        return f"`{{% end{block[1]} %}}` is missing"
    if expected := _EXPECTED.search(message):
        wanted, got = (_SIGNS.get(each, each) for each in expected.group("wanted", "got"))
        before = f" before `{got}`" if got and got != "end of template" else ""
        return f"`{wanted}` is missing{before}"
    if odd := _ODD.search(message):
        return f"`{_SIGNS.get(odd[1], odd[1])}` cannot stand here"
    return "it is not written as templates are"


def _environment() -> ImmutableSandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, finalize=_printed, keep_trailing_newline=False, cache_size=0
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    environment.tests = {name: environment.tests[name] for name in _TESTS}
    return environment


def _printed(value: object) -> str:
    """Return what `{{ value }}` prints: one value, or nothing; never a whole object."""
    if is_nothing(value):
        return ""
    if isinstance(value, dict | list):
        raise Refusal(problems.template_refused, None, "it prints a whole object or list")
    return text_of(value)


def _line(node: ScalarNode, line: int) -> Span:
    """Return the span of line `line` of a template."""
    lines = node.text.split("\n")
    start = sum(len(each) + 1 for each in lines[: line - 1])
    size = len(lines[line - 1]) if line <= len(lines) else 0
    return node.part(start, start + size) if size else node.span


def _is_allowed(tree: nodes.Template, node: ScalarNode, report: Report) -> bool:
    from jinja2 import nodes

    fine = True
    for each in tree.find_all(nodes.Node):
        name = type(each).__name__
        what = None
        if name not in _NODES:
            what = _WORDS.get(name, "this")
        elif isinstance(each, nodes.Filter | nodes.Test) and each.name not in _FILTERS + _TESTS:
            what = f"`{each.name}`"
        elif isinstance(each, nodes.For) and list(each.find_all(nodes.For)):
            what = _WORDS["For"]
        elif isinstance(each, nodes.Getattr) and each.attr.startswith("_"):
            what = f"`{each.attr}`"
        if what is not None:
            report.add(problems.template_not_allowed(_line(node, each.lineno), each.lineno, what))
            fine = False
    return fine


def _unknown_names(
    tree: nodes.Template, names: list[str], scope: Scope, node: ScalarNode
) -> Iterator[Diagnostic]:
    """Yield what to say of each name that is read and that nothing has."""
    from jinja2 import nodes

    known = dict(scope.fields) | {name: each.type for name, each in scope.names.items()}
    for each in tree.find_all((nodes.Name, nodes.Getattr)):
        line = _line(node, each.lineno)
        if isinstance(each, nodes.Name):
            if each.name in names and each.name not in known:
                yield problems.template_unknown_name(
                    line, each.lineno, scope.words, each.name, known
                )
            continue
        assert isinstance(each, nodes.Getattr)
        owner = _type_of(each.node, names, known)
        if isinstance(owner, Object) and owner.others is None and each.attr not in owner.fields:
            yield problems.template_unknown_name(
                line, each.lineno, owner.name, each.attr, owner.fields
            )


def _mixed(
    tree: nodes.Template, names: list[str], scope: Scope, node: ScalarNode
) -> Iterator[Diagnostic]:
    """Yield what to say of each comparison of two fields of different units."""
    from jinja2 import nodes

    known = dict(scope.fields) | {name: each.type for name, each in scope.names.items()}
    for each in tree.find_all(nodes.Compare):
        left = _type_of(each.expr, names, known)
        for right in each.ops:
            unlike = unlike_units(left, _type_of(right.expr, names, known))
            if unlike is not None:
                sign = _COMPARISONS.get(right.op, "==")
                yield unit_mismatch(_line(node, each.lineno), *unlike, sign)


def _type_of(node: nodes.Node, names: list[str], known: dict[str, Type]) -> Type:
    from jinja2 import nodes

    if isinstance(node, nodes.Name) and node.name in names:
        return known.get(node.name, UNKNOWN)
    if isinstance(node, nodes.Getattr):
        owner = _type_of(node.node, names, known)
        return owner.fields.get(node.attr, UNKNOWN) if isinstance(owner, Object) else UNKNOWN
    return UNKNOWN


def _function(template: Template, names: list[str], limits: Limits) -> Function:
    from jinja2 import TemplateError

    def body(*values: Value) -> Value:
        parts: list[str] = []
        size = 0
        try:
            for part in template.generate(dict(zip(names, values, strict=True))):
                parts.append(part)
                size += len(part)
                if size > limits.text_size:
                    raise Refusal(problems.template_refused, None, "it grows too long")
        except (TemplateError, TypeError):
            why = "a name in it is not there for this record, or is of another kind"
            raise Refusal(problems.template_refused, None, why) from None
        return "".join(parts)

    parameters = tuple(Parameter(name, UNKNOWN, name, takes_nothing=True) for name in names)
    return Function("template", parameters, lambda _: Text(), body)
