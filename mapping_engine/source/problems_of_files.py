"""
The words for what can be wrong with a file (M150 to M179).

The floors that open files (the finder, `batch`, `workbench`, `cli`) detect; nothing
on this floor touches the file system.
"""

from __future__ import annotations

from mapping_engine.source.codes import Wording, problem

__all__ = [
    "file_cannot_be_read",
    "file_is_a_folder",
    "file_not_found",
    "file_not_utf8",
    "file_too_large",
    "path_leaves_folder",
]


@problem("M150", "file-not-found")
def file_not_found(path: str, hint: str | None = None) -> Wording:
    """
    A file that was named does not exist.
    """
    return Wording(
        f"there is no file `{path}`", "no such file", hint or "check the name and the folder"
    )


@problem("M151", "file-cannot-be-read")
def file_cannot_be_read(path: str, why: str) -> Wording:
    """
    A file exists but the system does not let us read it.
    """
    return Wording(f"`{path}` cannot be read: {why}", None, "check who may read the file")


@problem("M152", "file-not-utf8")
def file_not_utf8(path: str, line: int) -> Wording:
    """
    A file is not UTF-8 text. Spreadsheets often save another encoding.
    """
    return Wording(f"`{path}` is not UTF-8 text (line {line})", None, "save the file as UTF-8")


@problem("M153", "file-is-a-folder")
def file_is_a_folder(path: str) -> Wording:
    """
    A folder stands where a file is needed.
    """
    return Wording(f"`{path}` is a folder, not a file", None, "name a file in it")


@problem("M154", "file-too-large")
def file_too_large(path: str, size: int, limit: int) -> Wording:
    """
    A file, or all files of a pack together, are larger than allowed.
    """
    return Wording(
        f"`{path}` has {size} bytes, {limit} are allowed", None, "keep only what the pack needs"
    )


@problem("M155", "path-leaves-folder")
def path_leaves_folder(path: str) -> Wording:
    """
    A path leads out of the folder of the pack or of the firm. Packs read only their own files.
    """
    return Wording(
        f"`{path}` leads out of its folder",
        "outside the folder",
        "copy the file into the folder and name it there",
    )
