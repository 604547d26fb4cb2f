"""Words for a run that cannot begin (M185 to M199): its input, its output, its kind of record."""

from __future__ import annotations

from collections.abc import Iterable

from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.suggest import did_you_mean

__all__ = [
    "before_unreadable",
    "column_holds_list", "input_in_output", "input_name_missing", "input_name_twice",
    "input_without_header", "kind_not_mapped", "links_column_missing", "output_is_a_file",
    "output_of_another_run", "parameter_not_read", "unknown_input_format",
]  # fmt: skip


@problem("M185", "input-in-output")
def input_in_output(name: str, folder: str) -> Wording:
    """The input stands in the folder that the run would write into, and might be overwritten."""
    return Wording(
        f"the input `{name}` stands in the output folder `{folder}`",
        hint="write into another folder with `--out`",
    )


@problem("M186", "output-of-another-run")
def output_of_another_run(folder: str, names: Iterable[str]) -> Wording:
    """The output folder holds the files of another run, which are kept unless `--force` is said."""
    held = ", ".join(f"`{each}`" for each in names)
    return Wording(
        f"`{folder}` holds the result of another run: {held}",
        hint="write into another folder, or replace that result with `--force`",
    )


@problem("M187", "output-is-a-file")
def output_is_a_file(name: str) -> Wording:
    """A file stands where the output folder should be."""
    return Wording(
        f"the output folder `{name}` is a file",
        hint="name a folder, which is made if it is not there",
    )


@problem("M188", "input-name-missing")
def input_name_missing(name: str, position: int) -> Wording:
    """A column of a CSV input has no name in the header line, so its cells belong to no field."""
    return Wording(
        f"column {position} of `{name}` has no name in the header line",
        hint="the first line names the field of every column, such as `matter.number`",
    )


@problem("M189", "input-name-twice")
def input_name_twice(name: str, column: str) -> Wording:
    """Two columns of a CSV input fill the same field, or a field and a member of it."""
    return Wording(
        f"the header line of `{name}` fills `{column}` twice",
        hint="rename or remove one of the columns",
    )


@problem("M190", "column-holds-list")
def column_holds_list(name: str, column: str) -> Wording:
    """A column of a CSV input names a field that holds a list or an object."""
    return Wording(
        f"the column `{column}` of `{name}` cannot be read: a cell holds one value, no list",
        hint="give records with lists as NDJSON or JSON",
    )


@problem("M191", "unknown-input-format")
def unknown_input_format(name: str) -> Wording:
    """The ending of an input does not say how it is written."""
    return Wording(
        f"the name `{name}` does not say how its records are written",
        hint="say it with `--input-format`: ndjson, json or csv",
    )


@problem("M192", "kind-not-mapped")
def kind_not_mapped(pack: str, kind: str, way: str, kinds: Iterable[str]) -> Wording:
    """A pack has no mapping for the kind of record in the direction that was asked for."""
    known = sorted(set(kinds))
    few = ", ".join(f"`{each}`" for each in known[:5])
    says = f"it {way} {few}" if known else f"it {way} nothing"
    verb = {"reads": "read", "writes": "write"}[way]
    return Wording(
        f"the pack `{pack}` does not {verb} `{kind}`", hint=did_you_mean(kind, known) or says
    )


@problem("M193", "links-column-missing")
def links_column_missing(name: str, column: str) -> Wording:
    """A list of known ids lacks a column that says of which object, or which id it is."""
    return Wording(
        f"the list of links `{name}` has no column `{column}`",
        hint="its columns are `object`, `target_id`, perhaps `version`, and the keys of our "
        "records: `record_id`, `number`, `email`",
    )


@problem("M194", "input-without-header")
def input_without_header(name: str, kind: str) -> Wording:
    """No column of a CSV input is named after a field, so its first line is hardly a header."""
    return Wording(
        f"no column of `{name}` is a field of `{kind}`",
        hint="the first line names the field of every column, such as `matter.number`",
    )


@problem("M198", "before-unreadable")
def before_unreadable(option: str, file: str, line: int) -> Wording:
    """
    A line of the file that `--since` or `--there` names is no record.

    What was sent of it, or what is held of it, is not known.
    """
    hints = {
        "--since": "name the records as they were when they were last sent, as INPUT has them",
        "--there": "name the payloads of the other system, as it holds them",
    }
    return Wording(message=f"line {line} of `{file}` is no record", hint=hints[option])


@problem("M199", "parameter-not-read")
def parameter_not_read(name: str, names: Iterable[str]) -> Wording:
    """`--param` gives a parameter that no rule reads; what it should choose would be everything."""
    known = list(names)
    return Wording(
        f"no rule of this run reads `run.parameters.{name}`",
        hint=(did_you_mean(name, known) if known else None)
        or "the mapping files say which parameters a run may have",
    )
