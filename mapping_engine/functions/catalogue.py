"""
Declare a function once; the checker, the engines, the pages and the tests all read that.

A declaration holds the signature, one sentence per parameter, examples that are executed
(one of them refused) and, below the decorator, the body. The body sees values of its
declared types only and never nothing, unless a parameter says `takes_nothing`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from msgspec import Struct, field

from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.source.text import Span
from mapping_engine.values.types import Type
from mapping_engine.values.value import Value

__all__ = ["NOT_CONSTANT", "REQUIRED", "Argument", "Arguments", "Catalogue", "Example",
           "Function", "Inline", "Parameter"]  # fmt: skip


class _Marker:
    """A named constant that is no value of the language."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


#: The default of a parameter that must be given.
REQUIRED: Final = _Marker("REQUIRED")
#: The constant of an argument that is known only when a record is there.
NOT_CONSTANT: Final = _Marker("NOT_CONSTANT")


#: What one value is made of the items of a list: the first of them, their sum, and so on.
Fold: TypeAlias = Literal["first", "sum", "count", "any", "all"]


class Parameter(Struct, frozen=True):
    """One parameter: its name, the type it takes, a sentence for people.

    `default` is a value, `MISSING` (left out), or `REQUIRED`. With `takes_nothing` the body
    also gets absent and null; else one of them makes the result that same nothing.
    `constant` demands a value known before any record is there (a text, a number). With `held`
    the body takes an object as it is held: a dictionary, or a Struct with the same members.
    """

    name: str
    type: Type
    words: str
    default: Value = REQUIRED
    takes_nothing: bool = False
    constant: bool = False
    held: bool = False
    #: The parameter whose unit it has.
    unit_of: str | None = None


class Argument(Struct, frozen=True):
    """What the checker knows of one argument: its type (never nothing) and its constant value."""

    type: Type
    constant: Value = NOT_CONSTANT


Arguments = Mapping[str, Argument]


class Example(Struct, frozen=True):
    """An expression with its result, or with the code of its refusal or of its diagnostic.

    `result` is written as in a conformance file: the expression language's own literals,
    e.g. `12.50`, `"text"`, `2026-01-31`, `[1, 2]`, `absent`.
    """

    expression: str
    result: str | None = None
    error: str | None = None


class Inline(NamedTuple):
    """A body so short that the compiler writes it where it is called.

    `python` is an expression over the names of the parameters, of the function itself (its
    body) and of its module. A constant whole number stands in it as an `int`. `when` says for
    which arguments it means what the body means; it is asked of arguments that are never
    nothing.
    """

    python: str
    when: Callable[[Arguments], bool] | None = None


class Function(Struct, frozen=True):
    """A function of the language, bound to its body.

    `returns` gives the result's type when no argument is nothing; the checker adds
    emptiness. `check` may find what a signature cannot say (exactly one of two given).
    """

    name: str
    parameters: tuple[Parameter, ...]
    returns: Callable[[Arguments], Type]
    body: Callable[..., Value]
    topic: str = ""
    summary: str = ""
    explanation: str = ""
    examples: tuple[Example, ...] = ()
    used_for: str = ""
    #: A call in words: `{name}` is an argument, what stands in `[ ]` goes with its argument;
    #: what begins with `whether` is a question.
    reads: str = ""
    check: Callable[[Arguments], Diagnostic | None] | None = None
    context: tuple[str, ...] = ()  # names the engine passes before the arguments, e.g. "position"
    span: Span | None = None  # where a pack declares it (a table)
    #: Whether its answers are worth keeping: it is asked the same again and again.
    repeats: bool = False
    inline: Inline | None = None
    #: Whether it only chooses or counts items of its list, and never looks into one.
    chooses: bool = False
    #: What it makes of the items of its list, one after the other: no list need be made for it.
    folds: Fold | None = None

    @property
    def signature(self) -> str:
        """The function as a person writes it: `round_half_up(number, places=…, to=…)`."""
        names = (
            each.name if each.default is REQUIRED else f"{each.name}=…"
            for each in self.parameters
        )  # fmt: skip
        return f"{self.name}({', '.join(names)})"


class Catalogue(Struct):
    """Functions by name. One per process for the built-in ones; a pack adds its own in a copy."""

    functions: dict[str, Function] = field(default_factory=dict)

    def function(
        self,
        *parameters: Parameter,
        returns: Type | Callable[[Arguments], Type],
        examples: tuple[Example, ...],
        used_for: str,
        reads: str,
        check: Callable[[Arguments], Diagnostic | None] | None = None,
        repeats: bool = False,
        inline: Inline | None = None,
        chooses: bool = False,
        folds: Fold | None = None,
    ) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
        """Declare the decorated body as a function of its own name.

        `used_for` names the packs that need it, or the need, in plain words; `reads` is how a
        call reads on a page for people. Raises `ValueError` for a name taken, no docstring,
        fewer examples than two results and one refusal, or words that miss a parameter.
        """
        result: Callable[[Arguments], Type] = returns if callable(returns) else lambda _: returns

        def declare(body: Callable[..., Value]) -> Callable[..., Value]:
            summary, _, explanation = inspect.cleandoc(body.__doc__ or "").partition("\n\n")
            good = [each for each in examples if each.error is None]
            if (
                body.__name__ in self.functions
                or not summary
                or len(good) < 2
                or len(good) == len(examples)
                or not all(f"{{{each.name}}}" in reads for each in parameters)
            ):
                raise ValueError(f"{body.__name__} is declared twice or not well enough")
            self.functions[body.__name__] = Function(
                body.__name__, parameters, result, body, body.__module__.rpartition(".")[2],
                " ".join(summary.split()), explanation, examples, used_for, reads, check,
                repeats=repeats, inline=inline, chooses=chooses, folds=folds,
            )  # fmt: skip
            return body

        return declare

    def __iter__(self) -> Iterator[Function]:
        return iter(self.functions.values())
