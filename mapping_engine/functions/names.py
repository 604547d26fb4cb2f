"""
Work on the names of people.

Nothing here takes a name apart: which word is the surname is for the record to say.
"""

from __future__ import annotations

from mapping_engine.functions.arguments import known_text, mapped
from mapping_engine.functions.catalogue import Arguments, Example, Parameter
from mapping_engine.functions.registry import CATALOGUE
from mapping_engine.values.types import TEXT, Text

__all__ = ["name_case"]

#: Words inside a name that stay small, when another word follows.
_PARTICLES = frozenset(
    ("af", "av", "bin", "da", "das", "de", "den", "der", "dos", "du", "ibn", "ten", "ter", "van",
     "von", "zu", "zum", "zur")
)  # fmt: skip
#: Words that stay small only after a particle: de la Cruz, but Le Roux.
_ARTICLES = frozenset(["het", "la", "las", "los", "le", "t"])
_NUMERALS = frozenset(["II", "III", "IV", "VII", "VIII"])
_APOSTROPHES = "'’"


def _name_cased(arguments: Arguments) -> Text:
    return mapped(known_text(arguments), _name_case)


@CATALOGUE.function(
    Parameter("text", TEXT, "A person's name, or a part of one."),
    returns=_name_cased,
    examples=(
        Example('name_case("MARGARET O\'NEILL")', '"Margaret O\'Neill"'),
        Example('name_case("jan van der berg")', '"Jan van der Berg"'),
        Example('name_case("Ewan McDonald de Vries")', '"Ewan McDonald de Vries"'),
        Example("name_case(12)", error="M404"),
    ),
    reads="{text}, in the capitals of a name",
    used_for="actionstep contact: names typed in capitals",
)
def name_case(text: str) -> str:
    """
    Write a name typed in capitals, or all in small letters, the way names are written.

    A name with both capitals and small letters is left as somebody wrote it: McDonald, de
    Vries, O'Neill. Made for people; a company's name may be an abbreviation.
    """
    return _name_case(text)


def _name_case(text: str) -> str:
    if not (text.isupper() or text.islower()):
        return text
    words = text.split(" ")
    last = max((place for place, word in enumerate(words) if word), default=0)
    written: list[str] = []
    for place, word in enumerate(words):
        written.append(_word(word, place < last, written[-1] if written else ""))
    return " ".join(written)


def _word(word: str, followed: bool, before: str) -> str:
    small = word.lower()
    if followed and (small in _PARTICLES or (small in _ARTICLES and before in _PARTICLES)):
        return small if len(small) == len(word) else word
    if word.upper() in _NUMERALS:
        return word.upper()
    letters = "".join(_small(letter) for letter in word)
    return "-".join(".".join(map(_capital, part.split("."))) for part in letters.split("-"))


def _capital(part: str) -> str:
    """Return one part with a capital, and another one after Mc, O' and D'."""
    if part.startswith("mc") and len(part) > 3:
        return "Mc" + _first(part[2:])
    if len(part) > 2 and part[1] in _APOSTROPHES:
        return _first(part[:2]) + _first(part[2:])
    return _first(part)


def _first(part: str) -> str:
    capital = part[:1].title()
    return capital + part[1:] if len(capital) == 1 else part


def _small(letter: str) -> str:
    return letter.lower() if len(letter.lower()) == 1 else letter
