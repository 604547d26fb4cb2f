"""What texts become: trees with exact places, under limits, in every style of YAML."""

from __future__ import annotations

import json
import pickle
import threading
from datetime import date
from decimal import Decimal

import lark
import pytest
from lark import Lark
from lark.exceptions import GrammarError, LexError
from msgspec.structs import replace

from mapping_engine.language import grammar as grammars
from mapping_engine.language import nodes
from mapping_engine.language.grammar import grammar_text
from mapping_engine.language.nodes import Expression, children
from mapping_engine.language.parser import grammar, parse, parse_source, parse_text
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.source.node import MappingNode, ScalarNode
from mapping_engine.source.text import SourceText, Span
from mapping_engine.workbench import grammar_tables

SPAN = Span(SourceText("nowhere", ""), 0, 0)


def tree_of(text: str) -> Expression:
    report = Report()
    tree = parse_source(SourceText("expression", text), report)
    assert [each.message for each in report] == []
    return tree


def codes_of(text: str, limits: Limits = DEFAULT_LIMITS) -> list[str]:
    report = Report()
    tree = parse_source(SourceText("expression", text), report, limits)
    assert isinstance(tree, nodes.Unreadable) is bool(len(report))
    return [each.code.number for each in report]


def scalar_of(yaml: str) -> ScalarNode:
    """Return the scalar under the key `x`."""
    report = Report()
    root = read(SourceText("pack.yaml", yaml), report).root
    assert isinstance(root, MappingNode)
    assert len(report) == 0
    scalar = root.get("x")
    assert isinstance(scalar, ScalarNode)
    return scalar


def spans(tree: Expression) -> list[str]:
    return [tree.span.text, *(text for child in children(tree) for text in spans(child))]


def name(word: str) -> nodes.Name:
    return nodes.Name(name=word, span=SPAN)


def literal(value: Decimal | date | str | bool | None) -> nodes.Literal:
    return nodes.Literal(value=value, span=SPAN)


def test_the_grammar_has_no_conflict_and_no_collision() -> None:
    """Strict building refuses both; that it does is tried on grammars that have one."""
    options = {"parser": "lalr", "start": "expression", "strict": True}
    Lark(grammar_text(), **options)
    with pytest.raises(GrammarError, match="Reduce/Reduce"):
        Lark(grammar_text().replace("?expression: plain", "?expression: plain | sum"), **options)
    with pytest.raises(GrammarError, match="Shift/Reduce"):
        Lark(grammar_text().replace("sum PLUS product", "sum PLUS sum"), **options)
    collision = (
        grammar_text()
        .replace("| NAME   ", "| WORD | NAME")
        .replace("// Values.", "WORD: /[a-z]+/\n//")
    )
    with pytest.raises(LexError, match="Collision"):
        Lark(collision, **options)


def test_the_grammar_is_made_ready_once() -> None:
    assert grammar() is grammar()


def test_the_tables_are_those_of_the_grammar() -> None:
    """They are made with one version of Lark; with any other the grammar itself is asked."""
    kept = grammar_tables.FILE.read_text("utf-8")
    if json.loads(kept)["lark"] == lark.__version__:
        assert grammar_tables.tables_text() == kept, "run `make docs`"
    assert json.loads(kept)["grammar"] == grammar_text(), "run `make docs`"


def test_tables_of_another_grammar_or_lark_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def are_used() -> bool:
        return bool(grammars.recogniser(None).source_path == "<deserialized>")

    monkeypatch.setattr(lark, "__version__", json.loads(grammar_tables.FILE.read_text())["lark"])
    assert are_used()
    monkeypatch.setattr(grammars, "grammar_text", lambda: 'expression: "a"')
    assert not are_used()
    monkeypatch.undo()
    monkeypatch.setattr(lark, "__version__", "0.0.0")
    assert not are_used()


@pytest.mark.parametrize(
    "text",
    [
        "matter.number",
        "round_up(hours_billable ?? hours_worked, to=0.1)",
        "users(timekeeper.email | trim | lower).email",
        "if work.free then 0 else round_half_up(billed * rate, places=2)",
        "first(emails[is_primary == true]).address ?? first(emails).address",
        'phones[kind not in ["fax", "sms"]]',
        "phone#[Number is present]",
        'record["File Reference"]',
        "sum(row.(to_number(LINE_ITEM_TOTAL)))",
        "sum(leaves.Line.Amount) - sum(arrives.Line.Amount)",
        '(record.period_start ?? record.issued_on) | format_date("yyyyMMdd")',
        '("client" in roles)',
        "([assigned_lawyer.email])",
        "not is_midnight(stamp, zone=firm.time_zone)",
        "involves_trust and not switches.trust_transactions",
        'truncate("{person.last_name}, {person.first_name}", 30)',
        "price ?? matter_rates(matter.id) ?? client_rates(matter.client.id)",
        'if kind == "fee" then unit_price else if kind == "expense" then net_amount else 0',
        "phone_label(label=Label)",
        'link("CreditNote", record)',
        "worked_on < settings.start_date and sent_at is empty",
        'group.description | unique | join("; ") | truncate(4000)',
        "-rounding",
        "2026-01-31",
        "position()",
    ],
)
def test_what_packs_hold_is_read(text: str) -> None:
    assert codes_of(text) == []


@pytest.mark.parametrize(
    "text, expected",
    [
        ("12.50", literal(Decimal("12.50"))),
        ("2024-02-29", literal(date(2024, 2, 29))),
        ("true", literal(True)),
        ("null", literal(None)),
        ('"ACCREC"', literal("ACCREC")),
        ("'it\"s'", literal('it"s')),
        (r'"a\tb\n\"\\\u00e9"', literal('a\tb\n"\\é')),
        ('"{{x}}"', literal("{x}")),
        ('""', literal("")),
        ("phone#", nodes.Numbered(name="phone", span=SPAN)),
        ("inbox", name("inbox")),
        ("present", name("present")),
        ("((a))", name("a")),
        ("a.in", nodes.Member(of=name("a"), name="in", name_span=SPAN, span=SPAN)),
        (
            'a["b c"]',
            nodes.Member(of=name("a"), name="b c", in_brackets=True, name_span=SPAN, span=SPAN),
        ),
        ('a[("b")]', nodes.Choose(of=name("a"), condition=literal("b"), span=SPAN)),
        ("a.(b)", nodes.Compute(of=name("a"), each=name("b"), span=SPAN)),
        ("a is present", nodes.Emptiness(operand=name("a"), asks_present=True, span=SPAN)),
        ("not a", nodes.Not(operand=name("a"), span=SPAN)),
        ("[]", nodes.ListOf(items=(), span=SPAN)),
        (
            "a not in b",
            nodes.Membership(item=name("a"), items=name("b"), negated=True, span=SPAN),
        ),
        (
            "a or b or c",
            nodes.Logic(operator="or", operands=(name("a"), name("b"), name("c")), span=SPAN),
        ),
        ("a ?? b", nodes.Fallback(operands=(name("a"), name("b")), span=SPAN)),
    ],
)
def test_a_text_becomes_a_node(text: str, expected: Expression) -> None:
    assert expected == tree_of(text)


def test_a_date_literal_is_no_subtraction() -> None:
    assert literal(date(2026, 1, 31)) == tree_of("2026-01-31")
    assert isinstance(tree_of("2026 - 1 - 31"), nodes.Arithmetic)


def test_numbers_keep_the_digits_they_were_written_with() -> None:
    tree = tree_of("12.500")
    assert isinstance(tree, nodes.Literal)
    assert str(tree.value) == "12.500"


def test_signs_of_one_kind_go_from_left_to_right() -> None:
    assert tree_of("(a - b) - c") == tree_of("a - b - c")
    assert tree_of("a - (b - c)") != tree_of("a - b - c")
    assert tree_of("a + (b * c)") == tree_of("a + b * c")


def test_a_pipe_hands_over_everything_before_it() -> None:
    tree = tree_of("a * b | f(1) | g")
    assert isinstance(tree, nodes.Call)
    assert ("g", True) == (tree.function, tree.piped)
    inner = tree.arguments[0].value
    assert isinstance(inner, nodes.Call)
    assert tree_of("a * b") == inner.arguments[0].value


def test_named_arguments_keep_their_names() -> None:
    tree = tree_of("f(a, to=0.1)")
    assert isinstance(tree, nodes.Call)
    assert [None, "to"] == [each.name for each in tree.arguments]
    assert "to=0.1" == tree.arguments[1].span.text


def test_spans_are_the_characters_written() -> None:
    assert ["(a + b) * c", "a + b", "a", "b", "c"] == spans(tree_of("(a + b) * c"))
    assert ["f(a) | g", "f(a)", "a"] == spans(tree_of("f(a) | g"))
    text = "\"x {upper('y {z}')}\""
    assert [text, "upper('y {z}')", "'y {z}'", "z"] == spans(tree_of(text))


def test_spans_inside_a_text_with_escapes_are_exact_too() -> None:
    text = r'"\t{f(\"a\")} {b}"'
    assert [text, r"f(\"a\")", r"\"a\""[1:], "b"] == spans(tree_of(text))


STYLES = {
    "plain": "x: matter.number + rate\n",
    "plain over lines": "x: matter.number\n   + rate\n",
    "literal": "x: |\n  matter.number\n  + rate\n",
    "folded": "x: >-\n  matter.number\n  + rate\n",
    "in braces": "x: matter.number + rate\n".replace("x: ", "y: {x: 1}\nx: "),
}


@pytest.mark.parametrize("yaml", STYLES.values(), ids=STYLES)
def test_places_are_those_of_the_file(yaml: str) -> None:
    report = Report()
    tree = parse(scalar_of(yaml), report)
    assert len(report) == 0
    assert ["matter.number", "matter", "rate"] == spans(tree)[1:]


def test_holes_of_a_quoted_text_have_their_places() -> None:
    report = Report()
    tree = parse_text(scalar_of('x: "Matter {matter.number}, {{{date}}}"\n'), report)
    assert isinstance(tree, nodes.TextParts)
    assert len(report) == 0
    assert ("Matter ", ", {", "}") == tuple(each for each in tree.parts if isinstance(each, str))
    assert ["matter.number", "matter", "date"] == spans(tree)[1:]


def test_where_yaml_escapes_hide_the_places_the_whole_text_is_marked() -> None:
    report = Report()
    tree = parse_text(scalar_of('x: "a\\tb {c}"\n'), report)
    assert ['"a\\tb {c}"', '"a\\tb {c}"'] == spans(tree)


def test_a_quoted_text_without_holes_is_a_text() -> None:
    report = Report()
    assert literal("matter.number") == parse_text(scalar_of('x: "matter.number"\n'), report)
    assert literal("{}") == parse_text(scalar_of('x: "{{}}"\n'), report)
    assert literal("") == parse_text(scalar_of('x: ""\n'), report)
    assert len(report) == 0


def test_each_hole_that_cannot_be_read_is_reported_and_the_others_are_read() -> None:
    report = Report()
    tree = parse_text(scalar_of('x: "{a =} {b} {c d}"\n'), report)
    assert isinstance(tree, nodes.TextParts)
    assert ["a =", "b", "c d"] == [each.span.text for each in children(tree)]
    assert [nodes.Unreadable, nodes.Name, nodes.Unreadable] == [*map(type, children(tree))]
    assert 2 == len(report)


def test_a_text_in_a_hole_may_hold_braces() -> None:
    tree = tree_of("""'{replace(name, "}}", "{{")}'""")
    assert isinstance(tree, nodes.TextParts)
    assert 'replace(name, "}}", "{{")' == children(tree)[0].span.text


@pytest.mark.parametrize(
    "text, code",
    [
        ("a + " * 2_000 + "a", "M336"),
        (".".join("a" * 66), "M337"),
        (" + ".join("a" * 66), "M337"),
        ("f(" * 64 + "a" + ")" * 64, "M337"),
        ("[" + ", ".join("a" * 1_200) + "]", None),
    ],
)
def test_limits_each_have_their_diagnostic(text: str, code: str | None) -> None:
    assert ([code] if code else []) == codes_of(text)


def test_the_number_of_parts_is_limited() -> None:
    limits = replace(DEFAULT_LIMITS, expression_nodes=10)
    assert [] == codes_of("[1, 2, 3, 4, 5, 6, 7, 8, 9]", limits)
    assert ["M338"] == codes_of("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", limits)
    assert ["M338"] == codes_of('"{a}{b}{c}{[1, 2, 3, 4, 5, 6]}"', limits)


def test_texts_are_limited() -> None:
    report = Report()
    parse_text(scalar_of(f'x: "{"a" * 70_000}"\n'), report)
    assert ["M339"] == [each.code.number for each in report]


@pytest.mark.parametrize(
    "text",
    ["(" * 20_000, "(" * 20_000 + "a" + ")" * 20_000, "[" * 20_000, "not " * 20_000, "-(" * 20_000,
     "a[" * 20_000, "if a then " * 20_000, "f(" * 20_000, '"{' * 20_000, "a|f" * 20_000,
     "{" * 20_000, '"' + "\\\\" * 20_000, "a ?? " * 20_000, "= " * 20_000],
    ids=lambda text: text[:10],
)  # fmt: skip
def test_deep_texts_only_give_a_diagnostic(text: str) -> None:
    limits = replace(DEFAULT_LIMITS, expression_size=10_000_000)
    assert len(codes_of(text)) == 1
    assert len(codes_of(text, limits)) <= 1


def test_threads_do_not_mix_their_places() -> None:
    texts = [f'"{{name_{i}}} {{f({"a" * i})}}" | g(x{i})' for i in range(1, 30)]
    expected = [spans(tree_of(text)) for text in texts]
    wrong: list[str] = []

    def work() -> None:
        for _ in range(10):
            wrong.extend(t for t, s in zip(texts, expected, strict=True) if spans(tree_of(t)) != s)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [] == wrong


def test_trees_can_be_pickled() -> None:
    """A mapper is sent to other processes; nothing of the grammar travels with it."""
    tree = tree_of("if a.b is present then f(c, to=0.1) else [2026-01-31, 'x {d}']")
    assert tree == pickle.loads(pickle.dumps(tree))
    assert b"lark" not in pickle.dumps(tree)
