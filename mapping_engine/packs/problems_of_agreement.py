"""Words for what the parts of a pack must agree on (M601 to M619), and for its preflight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.suggest import did_you_mean, nearest

__all__ = [
    "answer_never_decides", "default_misfit", "kind_taken_twice", "preflight_stops",
    "preflight_warns", "taken_and_unsupported", "unknown_owner", "unknown_reason", "unknown_switch",
]  # fmt: skip


@problem("M601", "unknown-switch")
def unknown_switch(name: str, switches: Sequence[str]) -> Wording:
    """
    A mapping hangs on a switch that `pack.yaml` does not declare.
    """
    hint = did_you_mean(name, switches) or "declare it under `switches:` in pack.yaml"
    return Wording(f"there is no switch `{name}`", "not in pack.yaml", hint)


@problem("M602", "unknown-reason")
def unknown_reason(name: str, reasons: Iterable[str]) -> Wording:
    """
    A skip, a refusal or a warning has a reason that nobody has explained.

    Every reason has a sentence and says what to do, so that a report can be worked through.
    The engine's own reasons have them; a pack declares its own under `reasons:`.
    """
    near = nearest(name, reasons)
    hint = f"declare it in pack.yaml: `reasons: {{{name}: {{because: …, do: …}}}}`"
    if near:
        hint = f"did you mean `{near}`?"
    return Wording(f"the reason `{name}` is not declared", "unknown reason", hint)


@problem("M603", "unknown-owner")
def unknown_owner(name: str, pack: str) -> Wording:
    """
    An owner is neither the record nor the pack.
    """
    return Wording(
        f"`{name}` owns nothing here",
        None,
        f"write `record` when our side decides, `{pack}` when the other system does",
    )


@problem("M604", "taken-and-unsupported")
def taken_and_unsupported(kind: str) -> Wording:
    """
    A record kind is listed as unsupported although a mapping file sends it.
    """
    return Wording(
        f"`{kind}` is sent, but also listed as unsupported",
        "never asked",
        "drop one of the two",
    )


@problem("M605", "kind-taken-twice")
def kind_taken_twice(kind: str, direction: str) -> Wording:
    """
    Two mapping files take the same record kind the same way, so neither could be chosen.
    """
    return Wording(
        f"two mapping files take `{kind}` {direction}",
        "the second",
        "join them in one file under `payloads:`",
    )


@problem("M606", "default-misfit")
def default_misfit(name: str, needed: str) -> Wording:
    """
    The default of a setting is not of the setting's type.
    """
    return Wording(f"the default of `{name}` does not fit its type", f"needs {needed}")


@problem("M607", "answer-never-decides")
def answer_never_decides(reason: str) -> Wording:
    """
    An answer never decides what a refusal of the target stands for: an earlier one always does.

    Answers are asked from the top, and the first that fits decides. Those with a code and words
    come before those with one of the two.
    """
    return Wording(
        f"no refusal is ever counted under `{reason}` by this answer",
        "never decides",
        "move it up, or give it a code or words of its own",
    )


@problem("M640", "preflight-stops")
def preflight_stops(name: str, because: str, advice: str | None) -> Wording:
    """
    What a firm has set must not be so: a check of the pack's `preflight:` stops everything.

    Nothing is sent until it is put right: the books would be wrong from the first record on.
    """
    return Wording(because, name, advice)


@problem("M840", "preflight-warns")
def preflight_warns(name: str, because: str, advice: str | None) -> Wording:
    """
    A check of the pack's `preflight:` holds: nothing is wrong, but somebody should know it.

    A firm that wants it so says why: `# ignore M840: the partners decided it`.
    """
    return Wording(because, name, advice)
