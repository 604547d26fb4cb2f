r"""
Patterns that cannot run away: one meaning, one linear-time engine.

The engine is RE2; its ASCII classes are widened before it sees a pattern, so that `\d`,
`\w` and `\s` mean Unicode. `$` is the very end, a replacement writes `$1` or `${name}`
and `$$` for a dollar. What would mean something else here than elsewhere (`\b`, `\W` in
brackets, POSIX classes) and what cannot be linear (look-around, back-references) is
refused with a sentence. Patterns of packs and schemas never reach the module `re`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from mapping_engine.source.limits import DEFAULT_LIMITS
from mapping_engine.values.problems import too_long
from mapping_engine.values.refusal import Refusal

if TYPE_CHECKING:
    import re2

__all__ = ["Pattern", "PatternError", "compile_pattern"]

_WORD: Final = r"\p{L}\p{M}\p{N}_"
_BLANK: Final = r"\p{Z}\t\n\x0b\f\r\x1c-\x1f\x{85}"
#: What a class letter becomes by itself and inside brackets (None: it cannot stand there).
_CLASSES: Final[dict[str, tuple[str, str | None]]] = {
    "d": (r"\p{Nd}", r"\p{Nd}"),
    "D": (r"\P{Nd}", r"\P{Nd}"),
    "w": (f"[{_WORD}]", _WORD),
    "W": (f"[^{_WORD}]", None),
    "s": (f"[{_BLANK}]", _BLANK),
    "S": (f"[^{_BLANK}]", None),
}
_REFUSED: Final = {
    "b": r"`\b` knows English letters only; say which characters may stand there",
    "B": r"`\B` knows English letters only; say which characters may stand there",
    "C": r"`\C` matches half a character",
    "Q": r"`\Q` is not available; write a `\` before each special character",
    "E": r"`\E` is not available; write a `\` before each special character",
    "Z": "write `$` for the end of the text",
}
_GROUPS: Final = {
    "(?=": "look-ahead `(?=` is not available: patterns must end in linear time",
    "(?!": "look-ahead `(?!` is not available: patterns must end in linear time",
    "(?<=": "look-behind `(?<=` is not available: patterns must end in linear time",
    "(?<!": "look-behind `(?<!` is not available: patterns must end in linear time",
    "(?>": "atomic groups `(?>` are not available",
    "(?P=": "back-references are not available: patterns must end in linear time",
    "(?P>": "calls of groups are not available",
    "(?#": "comments in patterns are not available",
}
_ALLOWED_GROUP = re.compile(r"\((?:\?(?:[is]+\)|[is]*:|P?<[A-Za-z_][A-Za-z0-9_]*>))?").match
_ESCAPE: Final = r"\\(?:x\{[0-9A-Fa-f]+\}|[pP]\{\^?\w+\}|.)|\\"
_OUTSIDE = re.compile(rf"{_ESCAPE}|\[\^?\]?|\(|[^\\[(]+", re.DOTALL).match
_IN_BRACKETS = re.compile(rf"{_ESCAPE}|\[:\^?\w+:\]|[]\[]|[^]\\[]+", re.DOTALL).match
_SPECIAL = re.compile(r"[\\.^$*+?{}\[\]|()]").search
_REFERENCE = re.compile(r"\$(?:(\$)|([0-9]+)|\{(\w+)\}|)").finditer

#: The engine's complaints that a person may meet, and what we say instead.
_ENGINE_WORDS: Final = (
    ("missing )", "a bracket `(` is not closed"),
    ("unexpected )", "a bracket `)` closes nothing"),
    ("missing ]", "a bracket `[` is not closed"),
    ("invalid character class range", "a range or class inside `[ ]` does not exist"),
    ("no argument for repetition", "`*`, `+` or `?` repeats nothing"),
    ("bad repetition operator", "two repetitions follow each other"),
    ("invalid repetition size", "a repetition is too large or runs backwards"),
    ("trailing \\", "the pattern ends with a single `\\`"),
    ("pattern too large", "the pattern is too large once its repetitions are written out"),
    ("invalid escape sequence", "a `\\` stands before a letter that it gives no meaning"),
    ("duplicate capture", "two groups have the same name"),
)


class PatternError(ValueError):
    """A pattern or a replacement cannot be used; the message is a sentence for a person."""


class Pattern:
    """A compiled pattern. Two are equal when their texts are; it can be pickled and shared."""

    __slots__ = ("_engine", "_is_plain", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._is_plain = bool(text) and not _SPECIAL(text)
        self._engine = _compile(text)

    def matches(self, text: str) -> bool:
        """Whether the pattern is found anywhere in the text."""
        if self._is_plain:
            return self.text in text
        return self._engine.search(text) is not None

    def full(self, text: str) -> bool:
        """Whether the pattern takes up the whole text."""
        return text == self.text if self._is_plain else self._engine.fullmatch(text) is not None

    def find(self, text: str) -> str | None:
        """Return the first match, or its first group when there is one and it took part."""
        found = self._engine.search(text)
        if found is None:
            return None
        group: str | None = found.group(1) if self._engine.groups else None
        return found.group() if group is None else group

    def replace(self, text: str, replacement: str, most: int = DEFAULT_LIMITS.text_size) -> str:
        """Replace every match; `$1` and `${name}` stand for groups, `$$` for a dollar.

        Refuses to grow a text beyond `most` characters.
        """
        parts = self.replacement_parts(replacement)
        pieces: list[str] = []
        at = length = 0
        for found in self._engine.finditer(text):
            filled = [each if isinstance(each, str) else found.group(each[0]) for each in parts]
            new = [text[at : found.start()], *(each or "" for each in filled)]
            length += sum(map(len, new))
            if length > most:
                raise Refusal(too_long, None, None, most)
            pieces += new
            at = found.end()
        return "".join([*pieces, text[at:]])

    def replacement_parts(self, replacement: str) -> list[str | tuple[int | str]]:
        """Return the texts and group references of a replacement; raise for an unknown group."""
        parts: list[str | tuple[int | str]] = []
        at = 0
        for found in _REFERENCE(replacement):
            parts.append(replacement[at : found.start()])
            parts.append(self._reference(found))
            at = found.end()
        return [*parts, replacement[at:]]

    def _reference(self, found: re.Match[str]) -> str | tuple[int | str]:
        dollar, number, name = found.groups()
        if dollar:
            return "$"
        if number and len(number) < 4 and int(number) <= self._engine.groups:
            return (int(number),)
        if name and name in self._engine.groupindex:
            return (name,)
        raise PatternError(f"the replacement has `{found[0]}`, but the pattern has no such group")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pattern) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return compile_pattern, (self.text,)

    def __repr__(self) -> str:
        return f"Pattern({self.text!r})"


@lru_cache(maxsize=1024)
def compile_pattern(text: str) -> Pattern:
    """Compile a pattern, or raise `PatternError` with a sentence about what cannot be used."""
    return Pattern(text)


def _compile(text: str) -> re2._Regexp[str]:
    if len(text) > DEFAULT_LIMITS.pattern_size:
        raise PatternError(f"a pattern may have {DEFAULT_LIMITS.pattern_size} characters")
    widened = "".join(_widened(text))
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(widened, options)
    except re2.error as mistake:
        raise PatternError(_sentence(mistake)) from None
    except UnicodeEncodeError:
        raise PatternError("the pattern holds half a character") from None


def _sentence(mistake: Exception) -> str:
    said = mistake.args[0] if mistake.args else ""
    said = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    for theirs, ours in _ENGINE_WORDS:
        if said.startswith(theirs):
            return ours
    return "the pattern cannot be read"


def _widened(text: str) -> Iterator[str]:
    """Yield the pattern in the engine's words, classes widened to Unicode."""
    in_brackets = False
    at = 0
    while found := (_IN_BRACKETS if in_brackets else _OUTSIDE)(text, at):
        piece, at = found[0], found.end()
        if piece[0] == "\\":
            yield _escape(piece, in_brackets)
        elif in_brackets:
            yield _bracketed(piece)
            in_brackets = piece != "]"
        else:
            in_brackets = piece[0] == "["
            _demand_known_group(text, found.start())
            yield piece


def _bracketed(piece: str) -> str:
    if piece.startswith("[:"):
        raise PatternError("classes such as `[:alpha:]` know English only; write `\\p{L}`")
    return "\\[" if piece == "[" else piece


def _escape(piece: str, in_brackets: bool) -> str:
    letter = piece[1:2]
    if letter in _CLASSES:
        alone, bracketed = _CLASSES[letter]
        if in_brackets and bracketed is None:
            raise PatternError(f"`{piece}` cannot stand inside `[ ]`; use `[^…]` outside of it")
        return bracketed or alone if in_brackets else alone
    if letter in _REFUSED:
        raise PatternError(_REFUSED[letter])
    if letter.isdigit() and letter != "0":
        raise PatternError("back-references are not available: patterns must end in linear time")
    return piece


def _demand_known_group(text: str, at: int) -> None:
    if not text.startswith("(?", at):
        return
    for start, sentence in _GROUPS.items():
        if text.startswith(start, at):
            raise PatternError(sentence)
    found = _ALLOWED_GROUP(text, at)
    if found is None or len(found[0]) < 3:
        raise PatternError("of the flags in `(?…)` only `i` (any case) and `s` are available")
