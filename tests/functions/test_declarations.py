"""Every built-in function is declared in full, in the house's manner."""

from __future__ import annotations

import inspect
import re

import pytest

from mapping_engine.functions import CATALOGUE, TOPICS
from mapping_engine.functions.catalogue import REQUIRED, Catalogue, Example, Function, Parameter
from mapping_engine.functions.lookalikes import LOOK_ALIKES, look_alike
from mapping_engine.values.types import TEXT, Nothing
from mapping_engine.values.value import MISSING

FUNCTIONS = list(CATALOGUE)
#: What `language-spike.md` section 7 starts from, but for the look-ups that are bound elsewhere.
STARTING = (
    "trim", "lower", "upper", "squeeze", "truncate", "replace", "join", "name_case",
    "abs", "round_half_up", "round_half_even", "round_up", "round_down",
    "sum", "count", "any", "first", "last", "rest", "nth", "unique",
    "date_of", "is_midnight", "add_days",
    "to_text", "to_number", "parse_datetime", "format_number", "format_date",
)  # fmt: skip


def of_name(function: Function) -> str:
    return function.name


every_function = pytest.mark.parametrize("function", FUNCTIONS, ids=of_name)


@every_function
def test_has_examples_that_succeed_and_one_that_is_refused(function: Function) -> None:
    good = [each for each in function.examples if each.error is None]
    refused = [each for each in function.examples if each.error is not None]
    assert len(good) >= 2
    assert refused
    assert all(each.result is not None for each in good)
    assert all(re.fullmatch(r"M\d{3}", each.error or "") for each in refused)
    assert all(function.name in each.expression for each in function.examples)


@every_function
def test_summary_is_one_sentence(function: Function) -> None:
    assert re.fullmatch(r"[A-Z].*\.", function.summary)
    assert ". " not in function.summary
    assert not function.explanation or function.explanation.endswith(".")


@every_function
def test_says_who_needs_it(function: Function) -> None:
    assert len(function.used_for.split()) > 2
    assert not function.used_for.endswith(".")


@every_function
def test_each_parameter_has_a_sentence(function: Function) -> None:
    assert all(re.fullmatch(r"[A-Z].*\.", each.words) for each in function.parameters)


@every_function
def test_the_value_worked_on_comes_first(function: Function) -> None:
    first, *others = function.parameters
    assert first.default is REQUIRED
    assert not first.constant
    optional = [each.default is not REQUIRED for each in others]
    assert optional == sorted(optional)


@every_function
def test_body_takes_the_declared_parameters(function: Function) -> None:
    taken = list(inspect.signature(function.body).parameters)
    assert taken == [each.name for each in function.parameters]


@every_function
def test_a_parameter_left_out_reaches_the_body_as_absent(function: Function) -> None:
    left_out = [each for each in function.parameters if each.default is MISSING]
    assert all(each.takes_nothing for each in left_out)


@every_function
def test_no_parameter_takes_nothing_alone(function: Function) -> None:
    assert not any(isinstance(each.type, Nothing) for each in function.parameters)


@every_function
def test_family_prefix_tells_what_comes_back(function: Function) -> None:
    result = type(function.returns({})).__name__ if function.name != "to_text" else "Text"
    by_prefix = {"is_": "Boolean", "format_": "Text", "round_": "Number"}
    for prefix, kind in by_prefix.items():
        if function.name.startswith(prefix):
            assert kind == result


def test_the_starting_catalogue_is_there() -> None:
    assert set(STARTING) <= set(CATALOGUE.functions)


def test_every_topic_declares_something() -> None:
    assert set(TOPICS) == {each.topic for each in FUNCTIONS}


@pytest.mark.parametrize("name", sorted(LOOK_ALIKES))
def test_a_look_alike_points_to_what_exists(name: str) -> None:
    assert name not in CATALOGUE.functions
    called = re.findall(r"`([a-z_]+)\(", LOOK_ALIKES[name])
    assert set(called) <= set(CATALOGUE.functions)


def test_a_look_alike_is_found_in_any_spelling() -> None:
    assert look_alike("VLOOKUP") == look_alike("vlookup")
    assert look_alike("is_blank") == "write `value is empty`"
    assert look_alike("trim") is None


def declare(
    catalogue: Catalogue, examples: tuple[Example, ...], words: str = "Echo.", reads: str = "{text}"
) -> None:
    def echo(text: str) -> str:
        return text

    echo.__doc__ = words
    text = Parameter("text", TEXT, "The text.")
    declared = catalogue.function(
        text, returns=TEXT, examples=examples, used_for="a test", reads=reads
    )
    declared(echo)


ENOUGH = (Example("echo('a')", '"a"'), Example("echo('')", '""'), Example("echo(1)", error="M404"))


def test_a_name_is_declared_once() -> None:
    catalogue = Catalogue()
    declare(catalogue, ENOUGH)
    with pytest.raises(ValueError, match="echo is declared twice"):
        declare(catalogue, ENOUGH)


@pytest.mark.parametrize("examples", [(), ENOUGH[:2], ENOUGH[1:]], ids=["none", "good", "one"])
def test_too_few_examples_are_turned_away(examples: tuple[Example, ...]) -> None:
    with pytest.raises(ValueError, match="not well enough"):
        declare(Catalogue(), examples)


def test_a_function_without_a_sentence_is_turned_away() -> None:
    with pytest.raises(ValueError, match="not well enough"):
        declare(Catalogue(), ENOUGH, words="")


def test_signature_reads_as_it_is_written() -> None:
    signature = CATALOGUE.functions["round_half_up"].signature
    assert signature == "round_half_up(number, places=…, to=…)"


def test_words_that_leave_a_parameter_out_are_turned_away() -> None:
    with pytest.raises(ValueError, match="not well enough"):
        declare(Catalogue(), ENOUGH, reads="an echo")
