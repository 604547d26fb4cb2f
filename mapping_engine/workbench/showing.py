"""
Show a pack as it is in force: every rule on a line with the place it comes from.

Layout follows the pack's own files, so that what is printed reads like what was written; a
rule that a firm replaced names both places. Nothing is computed and no record is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from mapping_engine.packs.model import (
    Body,
    Cell,
    Decision,
    FieldRule,
    Formula,
    ListBody,
    ListPart,
    NestedBody,
    Origin,
    Pack,
    PayloadRule,
    RecordMapping,
    Row,
    Table,
    TemplateBody,
    Total,
    TotalSide,
)
from mapping_engine.source.node import Node, ScalarNode
from mapping_engine.source.text import Span

__all__ = ["Line", "as_text", "formula_text", "node_text", "pack_lines"]

_COLUMN = 64


class Line(Struct, frozen=True):
    """One line: how deep it stands, what it says, where it comes from, what it replaced."""

    depth: int
    text: str
    place: Span | None = None
    replaced: Span | None = None


def as_text(lines: Iterable[Line]) -> str:
    """Return the lines with their places in a column of their own."""
    written = []
    for line in lines:
        text = "  " * line.depth + line.text
        if line.place is not None:
            text = f"{text.ljust(_COLUMN - 1)} # {line.place}"
            text += f", replaces {line.replaced}" if line.replaced else ""
        written.append(text)
    return "\n".join(written) + "\n"


def pack_lines(pack: Pack, record: str | None = None) -> Iterator[Line]:
    """Yield a pack, or only the mapping files of one record kind."""
    if record is None:
        yield from _head(pack)
    for mapping in pack.mappings.values():
        if record in (None, mapping.record.value, mapping.name):
            yield Line(0, "")
            yield from _mapping(mapping)
    if record is None:
        for table in pack.tables.values():
            yield Line(0, "")
            yield from _table(table)


def _line(depth: int, text: str, origin: Origin) -> Line:
    return Line(depth, text, origin.span, origin.replaced)


def _head(pack: Pack) -> Iterator[Line]:
    yield _line(0, f"pack: {pack.name} {pack.version}", pack.origin)
    if pack.firm is not None:
        yield _line(0, f"firm: {pack.firm.id}", pack.firm.origin)
    yield from _settings(pack)
    yield from _titled("switches", (_switch(pack, name) for name in pack.switches))
    yield from _titled("roles", (_role(pack, name) for name in pack.roles))
    yield from _titled("preflight", (
        _line(1, f"{name}: {each.because}", each.origin) for name, each in pack.preflight.items()
    ))  # fmt: skip
    yield from _titled("reasons", (
        _line(1, f"{name}: {each.because}", each.origin) for name, each in pack.reasons.items()
    ))  # fmt: skip
    yield from _titled("unsupported", (
        _line(1, f"{kind}: {each.reason.value}", each.origin)
        for kind, each in pack.unsupported.items()
    ))  # fmt: skip


def _settings(pack: Pack) -> Iterator[Line]:
    lines = []
    for name, each in pack.settings.items():
        given = pack.given_settings.get(name)
        if given is not None:
            lines.append(Line(1, f"{name}: {node_text(given.value)}", given.span))
        else:
            value = node_text(each.default) if each.default is not None else "(not given)"
            lines.append(_line(1, f"{name}: {value}", each.origin))
    yield from _titled("settings", lines)


def _switch(pack: Pack, name: str) -> Line:
    given = pack.given_switches.get(name)
    is_on = given.value if given else pack.switches[name].default
    text = f"{name}: {'on' if is_on else 'off'}"
    return Line(1, text, given.span) if given else _line(1, text, pack.switches[name].origin)


def _role(pack: Pack, name: str) -> Line:
    given = pack.given_roles.get(name)
    if given is None:
        return _line(1, f"{name}: (no account)", pack.roles[name].origin)
    return Line(1, f"{name}: {given.value}", given.span)


def _titled(title: str, lines: Iterable[Line]) -> Iterator[Line]:
    found = list(lines)
    if found:
        yield Line(0, f"{title}:")
        yield from found


def _mapping(mapping: RecordMapping) -> Iterator[Line]:
    yield _line(0, f"{mapping.name}: {mapping.record.value}, {mapping.direction}", mapping.origin)
    for title in ("skip", "reject", "warn"):
        decisions: tuple[Decision, ...] = getattr(mapping, title)
        yield from _titled(f"  {title}", (_decision(each) for each in decisions))
    yield from _rules("let", mapping.let, 1)
    for payload in mapping.payloads:
        yield from _payload(payload)
    yield from _titled("  totals", (_total(each) for each in mapping.totals.values()))
    yield from _rules("duplicates", mapping.duplicates, 1)


def _decision(decision: Decision) -> Line:
    words = f"{decision.reason.value}: when {formula_text(decision.when)}"
    return _line(2, words, decision.origin)


def _total(total: Total) -> Line:
    sides = f"record {_side(total.record)}, payload {_side(total.payload)}"
    declared = (f", declared {name} {_side(side)}" for name, side in total.declared.items())
    when = f", when {formula_text(total.when)}" if total.when else ""
    return _line(2, f"{total.name}: {sides}{''.join(declared)}{when}", total.origin)


def _side(side: TotalSide) -> str:
    by = f" by {formula_text(side.by)}" if side.by else ""
    each = f" for each of {formula_text(side.each)}" if side.each else ""
    return f"`{formula_text(side.formula)}`{each}{by}"


def _payload(payload: PayloadRule) -> Iterator[Line]:
    words = f"{payload.object.value}: {payload.operation.value}"
    keys = ", ".join(" + ".join(each.value for each in key) for key in payload.match)
    words += f", matched by {keys}" if keys else ""
    yield _line(
        1, words + (f", when {formula_text(payload.when)}" if payload.when else ""), payload.origin
    )
    yield from _rules("let", payload.let, 2)
    for rule in payload.fields.values():
        yield from _rule(rule, 2)
    yield from _rules("write_back", payload.write_back, 2)


def _rules(title: str, rules: Mapping[str, FieldRule], depth: int) -> Iterator[Line]:
    if rules:
        yield Line(depth, f"{title}:")
        for rule in rules.values():
            yield from _rule(rule, depth + 1)


def _rule(rule: FieldRule, depth: int) -> Iterator[Line]:
    said = [f"when {formula_text(rule.when)}"] if rule.when else []
    for key in ("on_empty", "on_error", "only_on", "one_way"):
        if getattr(rule, key):
            said.append(f"{key}: {getattr(rule, key)}")
    if rule.owner:
        said.append(f"owner: {rule.owner.value}")
    ending = f"   ({'; '.join(said)})" if said else ""
    value = _inline(rule.body)
    yield _line(depth, f"{rule.name}:{f' {value}' if value else ''}{ending}", rule.origin)
    yield from _inside(rule.body, depth + 1)


def _inline(body: Body) -> str:
    if isinstance(body, Formula):
        return formula_text(body)
    return "(template)" if isinstance(body, TemplateBody) else ""


def _inside(body: Body, depth: int) -> Iterator[Line]:
    if isinstance(body, NestedBody):
        for rule in body.fields.values():
            yield from _rule(rule, depth)
    elif isinstance(body, ListBody):
        for part in body.parts:
            yield from _part(part, depth)
    elif isinstance(body, TemplateBody):
        yield from (Line(depth, each) for each in body.node.text.splitlines())


def _part(part: ListPart, depth: int) -> Iterator[Line]:
    words = f"- {part.name or 'part'}"
    words += f", each of {formula_text(part.each)}" if part.each else ""
    words += f", by {', '.join(name.value for name, _ in part.group_by)}" if part.group_by else ""
    words += f", when {formula_text(part.when)}" if part.when else ""
    value = _inline(part.body)
    yield _line(depth, words + (f": {value}" if value else ""), part.origin)
    yield from _rules("let", part.let, depth + 1)
    yield from _inside(part.body, depth + 1)


def _table(table: Table) -> Iterator[Line]:
    inputs = ", ".join(each.name for each in table.inputs)
    outputs = ", ".join(each.name for each in table.outputs)
    yield _line(0, f"table {table.name}: {inputs} -> {outputs}", table.origin)
    for row in table.rows:
        yield _line(1, _row(row), row.origin)
    if table.otherwise is not None:
        yield _line(1, f"otherwise {_row(table.otherwise)}", table.otherwise.origin)
    if not table.rows and table.rows_from is not None:
        yield Line(1, f"(rows from {table.rows_from.value})", table.rows_from.span)


def _row(row: Row) -> str:
    cells = [f"{name}: {_cell(cell)}" for name, cell in row.cells.items()]
    cells += [f"reject: {row.reject.value}"] if row.reject else []
    return ", ".join(cells + ([f"one_way: {row.one_way}"] if row.one_way else []))


def _cell(cell: Cell) -> str:
    if cell.kind == "word":
        return cell.words[0] if len(cell.words) == 1 else f"[{', '.join(cell.words)}]"
    return f"{cell.low or ''}..{cell.high or ''}" if cell.kind == "range" else cell.kind


def formula_text(formula: Formula) -> str:
    """Return a formula as it stands in its file, on one line."""
    node = formula.node
    return node.span.text if node.is_quoted else " ".join(node.text.split())


def node_text(node: Node) -> str:
    """Return what a node says, on one line."""
    return node.text if isinstance(node, ScalarNode) else " ".join(node.span.text.split())
