"""
The functions that look outside the record: `link`, `linked`, `link_version`, `role`, `position`.

Their bodies get, before the arguments, what the engine hands them under the name given in
`context`; the checker knows their signatures like those of any other function.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from mapping_engine.functions.catalogue import NOT_CONSTANT, Arguments, Function, Parameter
from mapping_engine.language.problems_of_types import wrong_type
from mapping_engine.packs.model import LinkRule
from mapping_engine.runtime.linking import Reference
from mapping_engine.runtime.problems import role_not_given
from mapping_engine.runtime.problems_of_targets import link_not_declared
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import BOOLEAN, TEXT, Number, Object, Text
from mapping_engine.values.value import Value

__all__ = ["POSITION", "Linker", "link_functions", "role_function"]


#: What names a record in a reference; a connector may know one by any of them.
_NAMING = frozenset({"id", "number", "code"})
_NAMELESS = "an object without `id`, `number` and `code`"


class Linker(Protocol):
    """What the engine hands to `link`, `linked` and `link_version`."""

    def link(self, object: str, reference: Reference) -> Value:
        """Return the target's id, a stand-in that the sender fills, or refuse."""

    def linked(self, object: str, reference: Reference) -> bool:
        """Return whether the target had the record before this one was taken up."""

    def link_version(self, object: str, reference: Reference) -> Value:
        """Return the target's version of the record, or absent."""


def _position(position: Decimal) -> Value:
    return position


#: `position()`, known inside `each`.
POSITION = Function(
    name="position",
    parameters=(),
    returns=lambda _: Number(scale=0, minimum=Decimal(1)),
    body=_position,
    topic="lists",
    summary="The place of the item in its list, counted from 1.",
    context=("position",),
    reads="the place in the list",
)


def role_function() -> Function:
    """Return `role(name)`, which reads the accounts a firm gave to roles."""

    def body(roles: Mapping[str, str], name: str) -> Value:
        account = roles.get(name)
        if account is None:
            raise Refusal(role_not_given, name)
        return account

    return Function(
        name="role",
        parameters=(Parameter("name", TEXT, "The account's job, as `pack.yaml` names it."),),
        returns=lambda _: Text(blank=False, min_length=1),
        body=body,
        topic="look-ups",
        summary="The account that the firm gave to a job.",
        context=("roles",),
        reads="the account for the role {name}",
    )


def link_functions(links: Mapping[str, LinkRule]) -> tuple[Function, ...]:
    """Return `link`, `linked` and `link_version` for the links that a pack declares."""

    def check(arguments: Arguments) -> Diagnostic | None:
        name = arguments["object"].constant
        if name is not NOT_CONSTANT and name not in links:
            return link_not_declared(None, str(name), links)
        given = arguments["reference"].type
        if not isinstance(given, Object) or given.others is not None or not given.fields:
            return None
        if _NAMING.isdisjoint(given.fields):
            return wrong_type(None, "a link", "a record or a reference to one", _NAMELESS)
        return None

    def link(linker: Linker, object: str, reference: Reference) -> Value:
        return linker.link(object, reference)

    def linked(linker: Linker, object: str, reference: Reference) -> Value:
        return linker.linked(object, reference)

    def link_version(linker: Linker, object: str, reference: Reference) -> Value:
        return linker.link_version(object, reference)

    parameters = (
        Parameter("object", TEXT, "The target's object, as `links:` names it.", constant=True),
        Parameter("reference", Object(), "What names the record: a reference, or `record`.",
                  held=True),
    )  # fmt: skip
    return (
        Function("link", parameters, lambda _: Text(blank=False, min_length=1), link, "look-ups",
                 "The target's id of the record that a reference names.", check=check,
                 reads="the {object} id of {reference}", context=("linker",)),
        Function("linked", parameters, lambda _: BOOLEAN, linked, "look-ups",
                 "Whether the target has the record already; one that this record becomes is not.",
                 check=check, reads="whether {object} has {reference}", context=("linker",)),
        Function("link_version", parameters, lambda _: Text(blank=False, absent=True),
                 link_version, "look-ups",
                 "The target's version of the record that a reference names.", check=check,
                 reads="the {object} version of {reference}",
                 context=("linker",)),
    )  # fmt: skip
