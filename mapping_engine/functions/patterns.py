r"""
Ask how a text begins, ends and looks, and take from it what fits a pattern.

A pattern is always written out, so that it is read once, when a pack is checked. The
engine needs time in proportion to the text, whatever the pattern. In a text of the
expression language a `\` is written twice.
"""

from __future__ import annotations

from collections.abc import Callable

from mapping_engine.functions.arguments import constant, known_text
from mapping_engine.functions.catalogue import Arguments, Example, Parameter
from mapping_engine.functions.problems import unreadable_pattern
from mapping_engine.functions.registry import CATALOGUE
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.values.pattern import PatternError, compile_pattern
from mapping_engine.values.types import BOOLEAN, TEXT, Text
from mapping_engine.values.value import MISSING, Value

__all__ = ["contains", "ends_with", "extract", "matches", "replace_pattern", "starts_with"]

_TEXT = Parameter("text", TEXT, "The text to look at.")
_PATTERN = Parameter("pattern", TEXT, "The pattern to look for.", constant=True)


def _is_readable(name: str) -> Callable[[Arguments], Diagnostic | None]:
    """Return a check that reads the pattern, and the replacement if there is one."""

    def check(arguments: Arguments) -> Diagnostic | None:
        pattern, new = constant(arguments, "pattern"), constant(arguments, "new")
        try:
            if isinstance(pattern, str):
                compiled = compile_pattern(pattern)
                if isinstance(new, str):
                    compiled.replacement_parts(new)
        except PatternError as mistake:
            return unreadable_pattern(None, name, str(mistake))
        return None

    return check


@CATALOGUE.function(
    _TEXT,
    Parameter("start", TEXT, "What it should begin with."),
    returns=BOOLEAN,
    examples=(
        Example('starts_with("4-1000", "4-")', "true"),
        Example('starts_with("Matter", "m")', "false"),
        Example('starts_with(4, "4")', error="M404"),
    ),
    reads="whether {text} begins with {start}",
    used_for="account classes by number; families of UTBMS codes",
)
def starts_with(text: str, start: str) -> bool:
    """Answer whether a text begins with another; capitals matter."""
    return text.startswith(start)


@CATALOGUE.function(
    _TEXT,
    Parameter("end", TEXT, "What it should end with."),
    returns=BOOLEAN,
    examples=(
        Example('ends_with("Quill Ltd (Supplier)", "(Supplier)")', "true"),
        Example('ends_with("Quill Ltd", "LTD")', "false"),
        Example('ends_with(["a"], "a")', error="M404"),
    ),
    reads="whether {text} ends with {end}",
    used_for="quickbooks_online contact: vendors read back carry `(Supplier)`",
)
def ends_with(text: str, end: str) -> bool:
    """Answer whether a text ends with another; capitals matter."""
    return text.endswith(end)


@CATALOGUE.function(
    _TEXT,
    Parameter("part", TEXT, "What to look for."),
    returns=BOOLEAN,
    examples=(
        Example('contains("M-113*", "*")', "true"),
        Example('contains("M-113", " ")', "false"),
        Example('contains(113, "1")', error="M404"),
    ),
    reads="whether {text} contains {part}",
    used_for="contact numbers hold no `*` and no blank",
)
def contains(text: str, part: str) -> bool:
    """Answer whether a text stands somewhere in another; capitals matter."""
    return part in text


@CATALOGUE.function(
    _TEXT,
    _PATTERN,
    returns=BOOLEAN,
    check=_is_readable("matches"),
    examples=(
        Example('matches("M-113", "^M-[0-9]+$")', "true"),
        Example('matches("see M-113", "^M-[0-9]+$")', "false"),
        Example('matches("see M-113", "M-[0-9]+")', "true"),
        Example('matches("M-113", "M-(")', error="M453"),
        Example('matches(113, "[0-9]+")', error="M404"),
    ),
    reads="whether {text} fits {pattern}",
    used_for="file references that a firm uses for something else; UTBMS codes",
)
def matches(text: str, pattern: str) -> bool:
    """
    Answer whether a pattern is found in a text.

    `^` stands for the beginning and `$` for the end; without them it may stand anywhere.
    """
    return compile_pattern(pattern).matches(text)


@CATALOGUE.function(
    _TEXT,
    _PATTERN,
    Parameter("new", TEXT, "What to write instead; `$1` is the first group.", constant=True),
    returns=TEXT,
    check=_is_readable("replace_pattern"),
    examples=(
        Example('replace_pattern("(02) 9555 0100", "[^0-9]", "")', '"0295550100"'),
        Example('replace_pattern("Berg, Anna", "^(.*), (.*)$", "$2 $1")', '"Anna Berg"'),
        Example('replace_pattern("Berg", "e", "$1")', error="M453"),
        Example('replace_pattern(95550100, "0", "")', error="M404"),
    ),
    reads="{text}, with {new} for what fits {pattern}",
    used_for="telephone numbers as match keys",
)
def replace_pattern(text: str, pattern: str, new: str) -> str:
    """Write `new` wherever a pattern is found in a text."""
    return compile_pattern(pattern).replace(text, new)


def _found(arguments: Arguments) -> Text:
    return Text(max_length=known_text(arguments).max_length, absent=True)


@CATALOGUE.function(
    _TEXT,
    _PATTERN,
    returns=_found,
    check=_is_readable("extract"),
    examples=(
        Example('extract("INV-2041", "[0-9]+$")', '"2041"'),
        Example('extract("Re: M-113/7", "(M-[0-9]+)/")', '"M-113"'),
        Example('extract("draft", "[0-9]+")', "absent"),
        Example('extract("draft", "(?=d)")', error="M453"),
    ),
    reads="the part of {text} that fits {pattern}",
    used_for="practicepanther and smokeball: invoice and matter numbers are integers there",
)
def extract(text: str, pattern: str) -> Value:
    """Return the first part of a text that fits a pattern, or its first group; else nothing."""
    found = compile_pattern(pattern).find(text)
    return MISSING if found is None else found
