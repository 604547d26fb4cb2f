"""
Advice about texts that look like secrets, or like the data of real people.

What looks like a secret is not shown again: the message stands over a copy of the line in
which it cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from string import ascii_letters, ascii_uppercase, digits

from msgspec.structs import replace

from mapping_engine.source.diagnostic import Diagnostic, Label, Report
from mapping_engine.source.text import SourceText, Span
from mapping_engine.workbench.problems_of_advice import personal_data, secret
from mapping_engine.workbench.subject import Subject

__all__ = ["hiding_secrets", "people", "secrets"]

#: Every repetition has a bound or begins where a word begins, so that no text takes long. What
#: may not stand before a first character is asked behind it: a search for a seldom one is quick.
_SECRETS: Mapping[str, re.Pattern[str]] = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"),
    "a cloud access key": re.compile(r"A(?<!\wA)(?:(?:KIA|SIA)[0-9A-Z]{16}|Iza[\w-]{35})\b"),
    "an access token": re.compile(
        r"(?<![\w-])(?:gh[pousr]_\w{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}"
        r"|xox[abeprs]-[\w-]{10,}|sk_(?:live|test)_\w{16,}"
        r"|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,})"
    ),
    "a password in an address": re.compile(
        r"://(?<=[a-z0-9+.-]://)[^\s/:@]{0,100}:([^\s/@]{3,100})@"
    ),
    "a secret": re.compile(
        r"(?i)(?:password|passwd|secret|api_?key|access_?key|auth_?token|access_?token"
        r"|refresh_?token|client_?secret|private_?key)[\"']?[ \t]{0,20}[:=][ \t]{0,20}[\"']?"
        r"((?=[^\s\"'{}]{0,200}[0-9])(?=[^\s\"'{}]{0,200}[A-Za-z])[^\s\"',{}()]{8,200})"
    ),
    "a key": re.compile(
        r"(?<![A-Za-z0-9+_-])(?:(?=[A-Za-z0-9+_-]*[0-9])(?=[A-Za-z0-9+_-]*[a-z])"
        r"(?=[A-Za-z0-9+_-]*[A-Z])[A-Za-z0-9+_-]{40,}"
        r"|(?=[a-f0-9]*[0-9])(?=[a-f0-9]*[a-f])[a-f0-9]{32,})(?![A-Za-z0-9+_-])"
    ),
}
_PEOPLE: Mapping[str, re.Pattern[str]] = {
    "the e-mail address": re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "the phone number": re.compile(r"\+(?<![\w+]\+)[1-9][0-9 ()-]{7,18}[0-9](?!\w)"),
    "the social security number": re.compile(r"\d(?<![\w-]\d)\d\d-\d{2}-\d{4}(?![\w-])"),
    "the insurance number": re.compile(
        r"[A-CEGHJ-PR-TW-Z](?<!\w[A-Z])[A-CEGHJ-PR-TW-Z](?: ?\d\d){3} ?[A-D]\b"
    ),
    "the tax number": re.compile(r"\d(?<![\w.-]\d)\d \d{3} \d{3} \d{3}(?![\w.-])"),
    "the bank account": re.compile(
        r"[A-Z](?<!\w[A-Z])[A-Z]\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"
    ),
    "the card number": re.compile(r"\d(?<![\w.-]\d)\d{3}(?: ?\d{4}){3}(?![\w.-])"),
}
#: Ends of addresses that belong to nobody (RFC 2606).
_NOBODY = re.compile(r"(?:^|[.@])(?:example(?:\.\w+)?|invalid|test|localhost)$", re.IGNORECASE)
#: Numbers set aside for fiction: 555-01xx, and those of the British and Australian regulators.
_FICTION = re.compile(
    r"55501\d\d$|^(?:44(?:7700900|2079460|1632960))|^61(?:[2378]5550|[2378]7010|491570)"
)
#: After so many the file is full of them, and nobody reads on.
_MOST_FOUND = 20
_ABN = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)


class _Shape(dict[int, str]):
    """Every capital becomes an A and every digit, of whatever script, a 0."""

    def __missing__(self, character: int) -> str:
        written = chr(character)
        self[character] = "0" if written.isdecimal() else written
        return self[character]


_SHAPE = _Shape(str.maketrans(dict.fromkeys(ascii_uppercase, "A")))
_KEY = str.maketrans(dict.fromkeys(f"{ascii_letters}{digits}+_-", "k"))
_HEX = str.maketrans(dict.fromkeys(f"{digits}abcdef", "x"))
#: How a text is looked at: in small letters, by its shape, and by what keys are made of.
_VIEWS: Mapping[str, Callable[[str], str]] = {
    "small": str.lower,
    "shape": lambda text: text.translate(_SHAPE),
    "keys": lambda text: text.translate(_KEY) + text.translate(_HEX),
}
#: What is seen, and how, of every text in which such a thing can be found: to ask for these first
#: is far quicker than to try a pattern at every letter.
_MARKS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "an access token": ("small", (
        "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "sk_", "eyj",
    )),
    "a secret": ("small", (
        "passw", "secret", "apikey", "api_key", "accesskey", "access_key", "privatekey",
        "private_key", "token",
    )),
    "a key": ("keys", ("k" * 40, "x" * 32)),
    "the e-mail address": ("small", ("@",)),
    "the phone number": ("small", ("+",)),
    "the social security number": ("shape", ("000-00-0000",)),
    "the insurance number": ("shape", ("AA00", "AA 00")),
    "the tax number": ("shape", ("00 000 000 000",)),
    "the bank account": ("shape", ("AA00",)),
    "the card number": ("shape", ("00000000", "0000 0000")),
}  # fmt: skip


def secrets(subject: Subject) -> Iterator[Diagnostic]:
    """Yield what looks like a password, a key or a token."""
    for source in subject.texts():
        told: set[int] = set()
        for what, start, end in _found(_SECRETS, source.text, lambda *_: True):
            line = source.place(start).line
            if line not in told:
                told.add(line)
                yield secret(_hidden(source, start, end), what)


def hiding_secrets(report: Report) -> Report:
    """Return the report in which neither words nor excerpts show what looks like a secret."""
    hidden: dict[SourceText, SourceText] = {}

    def masked(span: Span) -> Span:
        source = span.source
        if source not in hidden:
            text = _masked(source.text)
            hidden[source] = source if text == source.text else SourceText(source.name, text)
        return Span(hidden[source], span.start, span.end)

    return Report(
        replace(
            each,
            span=masked(each.span) if each.span is not None else None,
            message=_masked(each.message),
            label=each.label and _masked(each.label),
            hint=each.hint and _masked(each.hint),
            labels=tuple(Label(masked(label.span), _masked(label.text)) for label in each.labels),
        )
        for each in report
    )


def _masked(text: str) -> str:
    """Return a copy of a text in which no secret can be read."""
    for _, start, end in _found(_SECRETS, text, lambda *_: True):
        text = f"{text[:start]}{'•' * (end - start)}{text[end:]}"
    return text


def people(subject: Subject) -> Iterator[Diagnostic]:
    """Yield what looks like the data of a real person."""
    for source in subject.texts():
        found = _found(_PEOPLE, source.text, lambda what, text: _IS_REAL[what](text))
        for what, start, end in found:
            yield personal_data(_hidden(source, start, end), what)


def _found(
    patterns: Mapping[str, re.Pattern[str]],
    text: str,
    counts: Callable[[str, str], bool],
) -> Iterator[tuple[str, int, int]]:
    """Yield what was found where, the first of each pattern."""
    views: dict[str, str] = {}
    for what, pattern in patterns.items():
        if what in _MARKS:
            how, marks = _MARKS[what]
            view = views[how] = views.get(how) or _VIEWS[how](text)
            if not any(mark in view for mark in marks):
                continue
        found = (each for each in pattern.finditer(text) if counts(what, each.group()))
        for each in islice(found, _MOST_FOUND):
            yield what, *each.span(each.lastindex or 0)


def _hidden(source: SourceText, start: int, end: int) -> Span:
    """Return the place in a copy of the text that does not show what stands there."""
    text = source.text
    masked = f"{text[:start]}{'•' * (end - start)}{text[end:]}"
    return Span(SourceText(source.name, masked), start, end)


def _is_somebody(address: str) -> bool:
    return _NOBODY.search(address.rpartition("@")[2]) is None


def _is_in_use(phone: str) -> bool:
    return _FICTION.search(_digits(phone)) is None


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _has_abn(text: str) -> bool:
    """Whether the check digits of an Australian business number are right."""
    digits = [int(each) for each in _digits(text)]
    digits[0] -= 1
    return sum(one * weight for one, weight in zip(digits, _ABN, strict=True)) % 89 == 0


def _has_iban(text: str) -> bool:
    """Whether the check digits of a bank account are right."""
    plain = text.replace(" ", "")
    turned = "".join(str(int(each, 36)) for each in plain[4:] + plain[:4])
    return int(turned) % 97 == 1


def _has_luhn(text: str) -> bool:
    """Whether the check digit of a card number is right."""
    total = 0
    for place, digit in enumerate(reversed(_digits(text))):
        double = int(digit) * (1 + place % 2)
        total += double - 9 if double > 9 else double
    return total % 10 == 0


_IS_REAL: Mapping[str, Callable[[str], bool]] = {
    "the e-mail address": _is_somebody,
    "the phone number": _is_in_use,
    "the social security number": lambda _: True,
    "the insurance number": lambda _: True,
    "the tax number": _has_abn,
    "the bank account": _has_iban,
    "the card number": _has_luhn,
}
