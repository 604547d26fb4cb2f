"""Words for mistakes in case files (M630 to M639)."""

from __future__ import annotations

from collections.abc import Iterable

from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.suggest import did_you_mean

__all__ = [
    "case_mapping_unknown", "case_outcome_unclear", "case_record_unclear", "case_sample_unreadable",
    "case_sample_without", "case_step_unclear", "case_writes_nothing_back",
]  # fmt: skip


@problem("M630", "case-mapping-unknown")
def case_mapping_unknown(name: str, way: str, names: Iterable[str]) -> Wording:
    """A case names a mapping file that the pack does not have, or not in that direction."""
    known = list(names)
    return Wording(
        message=f"the pack has no mapping `{name}`{way}",
        label="no mapping file of this name",
        hint="it has one for the other direction"
        if name in known
        else did_you_mean(name, known) or "a mapping is named after its file, without the ending",
    )


@problem("M631", "case-record-unclear")
def case_record_unclear(name: str, has_both: bool) -> Wording:
    """A case does not say which record is given, or says it twice."""
    said = "both a `file` and a `record`" if has_both else "neither a `file` nor a `record`"
    return Wording(
        message=f"`{name}` has {said}",
        hint="name a sample under `file` and its changes under `with`, or write the `record` down",
    )


@problem("M632", "case-sample-unreadable")
def case_sample_unreadable(name: str, why: str) -> Wording:
    """The sample of a case is no JSON object."""
    return Wording(f"the sample `{name}` cannot be read: {why}", label="this file")


@problem("M633", "case-sample-without")
def case_sample_without(place: str, names: Iterable[str]) -> Wording:
    """A case takes a field out of its sample, or changes one inside of it, that is not there."""
    return Wording(
        message=f"the sample has no `{place}`",
        label="not in the sample",
        hint=did_you_mean(place, names),
    )


@problem("M634", "case-outcome-unclear")
def case_outcome_unclear(names: Iterable[str]) -> Wording:
    """A case expects two outcomes at once, such as a payload and a skip."""
    said = " and ".join(f"`{each}`" for each in names)
    return Wording(
        message=f"a record has one outcome, and the case expects {said}",
        hint="write a case for each",
    )


@problem("M635", "case-step-unclear")
def case_step_unclear(said: str, beside: str) -> Wording:
    """A case mixes what is asked: a record alone, its update since `before`, or an `answer`."""
    return Wording(
        message=f"the case has {said}, but {beside}"
        if beside.startswith("no ")
        else f"the case has {said} and {beside}",
        hint="an `answer` goes with a `patch`, `before` with a `payload`, and not both in one case",
    )


@problem("M636", "case-writes-nothing-back")
def case_writes_nothing_back(name: str, answered: str | None, names: Iterable[str]) -> Wording:
    """A case has an `answer` to a mapping, or to a payload of it, that writes nothing back."""
    known = [f"`{each}`" for each in names]
    payload = f" for the payload `{answered}`" if answered else ""
    return Wording(
        message=f"`{name}` writes nothing back{payload}",
        label="an answer to this",
        hint=f"say under `answered` which payload is meant: {', '.join(known)}"
        if known
        else "its rules would stand under `write_back`, in the file of the way out",
    )
