"""Words for advice about what a pack says (M801 to M829)."""

from __future__ import annotations

from collections.abc import Sequence

from mapping_engine.source.codes import Wording, problem

__all__ = [
    "column_never_decides", "constant_condition", "fallback_never_used", "ignore_unused",
    "ignore_without_reason", "no_cases", "path_in_quotes", "personal_data",
    "policy_never_used", "repeated_part", "secret", "shadowed_decision", "template_habit",
    "unread_fields", "unused_name", "value_lost", "value_moved",
]  # fmt: skip


def _some(names: Sequence[str], most: int = 5) -> str:
    """Return the first names, and how many more there are."""
    shown = ", ".join(f"`{each}`" for each in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


@problem("M801", "unused-name")
def unused_name(what: str, name: str, hint: str) -> Wording:
    """A table, setting, switch, role, link, reason or helper is declared, and nothing uses it.

    Either a rule has lost it, or it can go. A firm would still be asked to fill it in.
    """
    return Wording(f"nothing uses the {what} `{name}`", "not used", hint)


@problem("M802", "shadowed-decision")
def shadowed_decision(what: str, reason: str) -> Wording:
    """A skip or a reject can never hold, because an earlier skip has taken its records.

    Skips are asked in order and the first that holds decides.
    """
    return Wording(
        f"this {what} can never hold: its records are skipped before it under `{reason}`",
        "never reached",
        "move it up, or take it away",
    )


@problem("M803", "constant-condition")
def constant_condition(holds: bool) -> Wording:
    """A condition always holds, or never does, whatever the record and the firm say.

    A field that the schema demands is always present; a word that an earlier condition has
    ruled out can no longer come.
    """
    return Wording(
        f"this condition {'always holds' if holds else 'can never hold'}",
        "always so" if holds else "never so",
        "take the condition away" if holds else "take away what hangs on it, or ask something else",
    )


@problem("M804", "repeated-part")
def repeated_part(text: str) -> Wording:
    """The same computation stands in a file more than once.

    A helper under `let:` gives it a name; it is then changed in one place.
    """
    return Wording(
        f"`{text}` is computed more than once in this file",
        "here again",
        "give it a name under `let:` and use the name",
    )


@problem("M805", "unread-fields")
def unread_fields(kind: str, names: Sequence[str]) -> Wording:
    """The examples of a pack fill fields that no rule of the mapping reads.

    What nobody reads is lost on the way. If that is right, say why:
    `# ignore M805: …` on the line before.
    """
    noun = "a field" if len(names) == 1 else f"{len(names)} fields"
    return Wording(
        f"the cases fill {noun} of `{kind}` that no rule reads: {_some(names, 12)}",
        "not read here",
        "send it on" if len(names) == 1 else "send them on, or say with an ignore why not",
    )


@problem("M806", "secret")
def secret(what: str) -> Wording:
    """A text looks like a password, a key or a token.

    Packs and firm files are read by many and kept in version control. Connectors keep secrets.
    """
    return Wording(
        f"this looks like {what}",
        "looks like a secret",
        "take it out of the file, and have it replaced where it was issued",
    )


@problem("M807", "personal-data")
def personal_data(what: str) -> Wording:
    """A text looks like the data of a real person: an address, a phone, tax or bank number.

    Examples use invented people: `…@firm.example`, and numbers set aside for fiction.
    """
    return Wording(
        f"this looks like {what} of a real person",
        "a person's data",
        "write an invented one, such as `name@firm.example`",
    )


@problem("M808", "fallback-never-used")
def fallback_never_used() -> Wording:
    """What stands before `??` is never empty, so what stands behind it is never used."""
    return Wording(
        "the value before `??` is never empty, so what follows is never used",
        "never used",
        "take it away, with the `??`",
    )


@problem("M809", "policy-never-used")
def policy_never_used(name: str, policy: str) -> Wording:
    """A field says what happens when its value is empty, but the value never is."""
    return Wording(
        f"`{name}` is never empty, so `on_empty: {policy}` is never used",
        "never empty",
        "take `on_empty` away",
    )


@problem("M810", "path-in-quotes")
def path_in_quotes(text: str, what: str) -> Wording:
    """A quoted text is exactly the name of a field, or a call.

    What stands in quotes is sent as it is. Without quotes it is an expression; inside a text
    a value is filled in with `{…}`.
    """
    return Wording(
        f"`{text}` is {what}, but in quotes it is sent as these very letters",
        "a text",
        f"write `{text}` without the quotes",
    )


@problem("M811", "template-habit")
def template_habit(inside: str) -> Wording:
    """A text holds `{{ … }}`, as templates of other programs do.

    Here one brace fills in a value; two stand for the brace itself.
    """
    return Wording(
        "two braces are a brace that is sent as it is",
        "fills in nothing",
        f"write `{{{inside}}}` to fill in a value",
    )


@problem("M812", "column-never-decides")
def column_never_decides(table: str, column: str, is_any: bool) -> Wording:
    """The value of an input of a table makes no difference.

    It is `any` in every row, or the rows give the same for each of its values.
    """
    if not is_any:
        return Wording(
            f"`{column}` makes no difference in the table `{table}`",
            "all its values give the same",
            "take the column away, or correct the rows",
        )
    return Wording(
        f"no row of the table `{table}` asks for `{column}`",
        "`any` in every row",
        "take the column away, or let a row ask for it",
    )


@problem("M814", "no-cases")
def no_cases(pack: str) -> Wording:
    """A pack has no examples, so nobody can see that a change keeps what it promised."""
    return Wording(
        f"the pack `{pack}` has no cases",
        None,
        "add an example below `cases/`: a record, and the payload that must come out",
    )


@problem("M815", "value-lost")
def value_lost(name: str, value: str, again: str, *, sent: bool) -> Wording:
    """A value goes one way by a rule of a two-way mapping, and comes back as another one.

    Small values are tried when a pack is validated. One system would change what the other
    holds although nobody changed anything.
    """
    ways = ("is sent", "comes back") if sent else ("is read", "is written back")
    return Wording(
        f"{value} in `{name}` {ways[0]} and {ways[1]} as {again}",
        "does not keep it",
        "mark the rule `one_way: out` with a `because`, or say under `back:` how it is read",
    )


@problem("M816", "value-moved")
def value_moved(name: str, value: str, again: str) -> Wording:
    """A value that was sent is read back under `back:`, and would then be sent as another one.

    Small values are tried when a pack is validated. Every sync would change what the other
    system holds, although nobody changed anything.
    """
    return Wording(
        f"{value} in `{name}` is read back and would then be sent as {again}",
        "does not read it back as it is sent",
        f"let the rule of `{name}` and this one write the value the same way",
    )


@problem("M820", "ignore-without-reason")
def ignore_without_reason(code: str) -> Wording:
    """Advice is ignored without saying why."""
    return Wording(
        f"this ignores {code} and does not say why",
        "no reason",
        f"write `# ignore {code}: …` with the reason",
    )


@problem("M821", "ignore-unused")
def ignore_unused(code: str) -> Wording:
    """An ignore stands where there is no such advice (any more), or names what is no advice.

    Errors cannot be ignored.
    """
    return Wording(
        f"there is no {code} here to ignore",
        "ignores nothing",
        "take the comment away",
    )
