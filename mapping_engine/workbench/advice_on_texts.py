"""
Advice about texts that look like secrets, or like the data of real people.

What looks like a secret is not shown again: the message stands over a copy of the line in
which it cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.source.text import SourceText, Span
from mapping_engine.workbench.problems_of_advice import personal_data, secret
from mapping_engine.workbench.subject import Subject

__all__ = ["people", "secrets"]

_SECRETS: Mapping[str, re.Pattern[str]] = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a cloud access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{35}\b"),
    "an access token": re.compile(
        r"\bgh[pousr]_\w{30,}|\bgithub_pat_\w{30,}|\bglpat-[\w-]{20,}|\bxox[abeprs]-[\w-]{10,}"
        r"|\bsk_(?:live|test)_\w{16,}|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"
    ),
    "a password in an address": re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@]+:([^\s/@]{3,})@"),
    "a secret": re.compile(
        r"(?i)(?:password|passwd|secret|api_?key|access_?key|auth_?token|access_?token"
        r"|refresh_?token|client_?secret|private_?key)[\"']?\s*[:=]\s*[\"']?"
        r"((?=[^\s\"'{}]*[0-9])(?=[^\s\"'{}]*[A-Za-z])[^\s\"',{}()]{8,})"
    ),
    "a key": re.compile(
        r"\b(?=[A-Za-z0-9+_-]*[0-9])(?=[A-Za-z0-9+_-]*[a-z])(?=[A-Za-z0-9+_-]*[A-Z])"
        r"[A-Za-z0-9+_-]{40,}(?![A-Za-z0-9+_-])|\b(?=[a-f0-9]*[0-9])(?=[a-f0-9]*[a-f])"
        r"[a-f0-9]{32,}\b"
    ),
}
_PEOPLE: Mapping[str, re.Pattern[str]] = {
    "the e-mail address": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "the phone number": re.compile(r"(?<![\w+])\+[1-9][0-9 ()-]{7,18}[0-9](?!\w)"),
    "the social security number": re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"),
    "the insurance number": re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2}(?: ?\d\d){3} ?[A-D]\b"),
    "the tax number": re.compile(r"(?<![\w.-])\d{2} \d{3} \d{3} \d{3}(?![\w.-])"),
    "the bank account": re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"),
    "the card number": re.compile(r"(?<![\w.-])\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}(?![\w.-])"),
}
#: Ends of addresses that belong to nobody (RFC 2606).
_NOBODY = re.compile(r"(?:^|[.@])(?:example(?:\.\w+)?|invalid|test|localhost)$", re.IGNORECASE)
#: Numbers set aside for fiction: 555-01xx, and those of the British and Australian regulators.
_FICTION = re.compile(
    r"55501\d\d$|^(?:44(?:7700900|2079460|1632960))|^61(?:[2378]5550|[2378]7010|491570)"
)
_ABN = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)


def secrets(subject: Subject) -> Iterator[Diagnostic]:
    """Yield what looks like a password, a key or a token."""
    for source in subject.texts():
        told: set[int] = set()
        for what, found in _found(_SECRETS, source):
            start, end = found.span(found.lastindex or 0)
            line = source.place(start).line
            if line not in told:
                told.add(line)
                yield secret(_hidden(source, start, end), what)


def _found(
    patterns: Mapping[str, re.Pattern[str]], source: SourceText
) -> Iterator[tuple[str, re.Match[str]]]:
    for what, pattern in patterns.items():
        for found in pattern.finditer(source.text):
            yield what, found


def _hidden(source: SourceText, start: int, end: int) -> Span:
    """Return the place in a copy of the text that does not show what stands there."""
    text = source.text
    masked = f"{text[:start]}{'•' * (end - start)}{text[end:]}"
    return Span(SourceText(source.name, masked), start, end)


def people(subject: Subject) -> Iterator[Diagnostic]:
    """Yield what looks like the data of a real person."""
    for source in subject.texts():
        for what, found in _found(_PEOPLE, source):
            if _IS_REAL[what](found.group()):
                yield personal_data(_hidden(source, *found.span()), what)


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
