"""
Check the values that a firm gives to settings, and say what is known before a record is there.

`constants` is what the checker folds: settings, switches and the firm's own facts, each
with its type and, where it is known, its value. Without a firm a required setting has a
type but no value.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from mapping_engine.functions.catalogue import NOT_CONSTANT, Argument
from mapping_engine.packs import problems_of_firms as problems
from mapping_engine.packs.model import Pack, Setting
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.node import Node, ScalarNode
from mapping_engine.source.suggest import nearest
from mapping_engine.source.text import Located
from mapping_engine.values.types import BOOLEAN, DATE, NUMBER, TEXT, UNKNOWN, Text, Type
from mapping_engine.values.units import MONEY
from mapping_engine.values.value import Value

__all__ = [
    "FIRM_FACTS",
    "check_settings",
    "constants",
    "is_time_zone",
    "setting_type",
    "setting_value",
    "wanted",
]

#: What `firm.` can be asked for in every pack.
FIRM_FACTS = ("id", "name", "region", "currency", "time_zone")

_TYPES: Mapping[str, Type] = {
    "text": TEXT,
    "number": NUMBER,
    "integer": replace(NUMBER, scale=0),
    "percent": replace(NUMBER, unit="percent"),
    "currency": replace(NUMBER, unit=MONEY),
    "boolean": BOOLEAN,
    "date": DATE,
}
_WANTED = {
    "text": "a text",
    "number": "a number",
    "integer": "a whole number",
    "percent": "a percentage",
    "currency": "an amount of money",
    "boolean": "`true` or `false`",
    "date": "a date like 2026-01-31",
}
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YES = {"true": True, "on": True, "false": False, "off": False}


def setting_type(setting: Setting) -> Type:
    """Return the type that expressions see."""
    if setting.choices:
        return Text(choices=setting.choices, blank=False)
    return _TYPES.get(setting.type, UNKNOWN)


def wanted(setting: Setting) -> str:
    """Return what a person is asked for."""
    if setting.choices:
        shown = ", ".join(f"`{each}`" for each in setting.choices[:5])
        return f"one of {shown}" + (" …" if len(setting.choices) > 5 else "")
    return _WANTED.get(setting.type, "a value")


def setting_value(setting: Setting, node: Node) -> Value:
    """Return the value that a node gives to a setting, `NOT_CONSTANT` when it does not fit."""
    if not isinstance(node, ScalarNode) or (node.value is None and not node.is_quoted):
        return NOT_CONSTANT
    text = node.text
    if setting.choices:
        return text if text in setting.choices else NOT_CONSTANT
    match setting.type:
        case "text":
            return text
        case "boolean":
            return _YES.get(text, NOT_CONSTANT)
        case "date":
            return _date(text)
        case "number" | "percent" | "currency" | "integer":
            return _number(text, whole=setting.type == "integer")
        case _:
            return NOT_CONSTANT


def _number(text: str, *, whole: bool) -> Value:
    if not _NUMBER.fullmatch(text):
        return NOT_CONSTANT
    number = Decimal(text)
    if whole and number != number.to_integral_value():
        return NOT_CONSTANT
    return number if number else abs(number)


def _date(text: str) -> Value:
    if not _DATE.fullmatch(text):
        return NOT_CONSTANT
    try:
        return date.fromisoformat(text)
    except ValueError:
        return NOT_CONSTANT


def check_settings(
    pack: Pack, at: Located[str] | None, report: Report, misspelt: Collection[str] = ()
) -> None:
    """Report given values that do not fit, and required settings that a firm does not give.

    What is `misspelt` by the firm has been told, and does not count as missing too.
    """
    for name, setting in pack.settings.items():
        given = pack.given_settings.get(name)
        if setting_type(setting) is UNKNOWN:
            continue
        if given is None:
            if setting.default is None and nearest(name, misspelt) is None:
                found = problems.setting_missing(
                    at.span if at else setting.origin.span, name, wanted(setting), setting.because
                )
                report.add(found.with_label(setting.origin.span, "declared here"))
        elif setting_value(setting, given.value) is NOT_CONSTANT:
            report.add(problems.value_misfit(given.value.span, name, wanted(setting)))


def is_time_zone(name: str) -> bool:
    """Whether a time zone of this name exists."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def constants(pack: Pack) -> Mapping[str, Mapping[str, Argument]]:
    """Return what `settings`, `switches` and `firm` hold: types, and values where known."""
    settings = {name: _setting(pack, each) for name, each in pack.settings.items()}
    switches = {}
    for name, switch in pack.switches.items():
        given = pack.given_switches.get(name)
        value: Value = given.value if given else switch.default
        switches[name] = Argument(BOOLEAN, value)
    return {"settings": settings, "switches": switches, "firm": _firm(pack)}


def _setting(pack: Pack, setting: Setting) -> Argument:
    type = setting_type(setting)
    given = pack.given_settings.get(setting.name)
    if given is not None:
        return Argument(type, setting_value(setting, given.value))
    if setting.default is not None:
        return Argument(type, setting_value(setting, setting.default))
    return Argument(type)


def _firm(pack: Pack) -> Mapping[str, Argument]:
    if pack.firm is None:
        return {name: Argument(Text(blank=False)) for name in FIRM_FACTS}
    facts = {
        name: Argument(Text(blank=False), each.value) for name, each in pack.firm.values.items()
    }
    return {"id": Argument(Text(blank=False), pack.firm.id), **facts}
