"""
Read files of a pack, a firm or the schemas as texts, and refuse what is not theirs.

A name that stands in a pack or firm file is read inside the folder it belongs to: no
absolute name, no `..`, no link that leads out. Every failure is a diagnostic, placed at
the name where there is one. Nothing here knows what a file means.
"""

from __future__ import annotations

import os
import re
import stat
from functools import cache
from pathlib import Path

from mapping_engine.packs.problems_of_files import nul_in_text
from mapping_engine.source import problems_of_files as problems
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.limits import DEFAULT_LIMITS
from mapping_engine.source.suggest import did_you_mean
from mapping_engine.source.text import SourceText, Span

__all__ = ["locate", "missing_file", "read_bytes", "read_source", "shipped_home", "shown"]


@cache
def shipped_home() -> Path:
    """Return the folder that holds the rules and schemas of the package, or of its checkout."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "_shipped"
    return shipped if shipped.is_dir() else package.parent


def shown(path: Path) -> str:
    """Return the name of a file for people, with `/`.

    What travels with the package has the same name wherever the package lives; other files
    are named from the current folder, or as they were given when they are not below it.
    """
    full = os.path.abspath(path)
    if os.path.join(full, "").startswith(_shipped_rooms()):
        return full[len(str(shipped_home())) + 1 :].replace(os.sep, "/")
    # Symbolic links in the current folder's own name must not hide that a file is below it.
    here = os.getcwd()
    for folder in here, os.path.realpath(here):
        if _is_below(full, folder):
            return os.path.relpath(full, folder).replace(os.sep, "/")
    return path.as_posix()


@cache
def _shipped_rooms() -> tuple[str, ...]:
    """Return how the names begin of what travels with the package."""
    return tuple(os.path.join(shipped_home(), room, "") for room in ("rules", "schemas"))


def _is_below(full: str, folder: str) -> bool:
    """Whether a full name is a folder's, or that of something in it."""
    return os.path.join(full, "").startswith(os.path.join(folder, ""))


def locate(name: str, root: Path, report: Report, at: Span | None = None) -> Path | None:
    """Return the path of the file `name` inside `root`; report why it may not be read."""
    outside = (
        not name
        or re.search(r"[\x00-\x1f\\]|^/|^[A-Za-z]:", name) is not None
        or any(part in ("..", ".") for part in name.split("/"))
    )
    if outside:
        report.add(problems.path_leaves_folder(at, name))
        return None
    path = root / name
    if _has_link(root, name) and _leads_out(path, root):
        report.add(problems.path_leaves_folder(at, name))
        return None
    return path


def _has_link(root: Path, name: str) -> bool:
    """Whether a file of a folder is reached over a link; without one it cannot lead out."""
    step = str(root)
    for part in name.split("/"):
        step = os.path.join(step, part)
        if os.path.islink(step):
            return True
    return False


def _leads_out(path: Path, root: Path) -> bool:
    """Whether the links on the way to a file lead out of the folder, or to themselves."""
    try:
        resolved = os.path.realpath(path)
        return not _is_below(resolved, os.path.realpath(root)) or os.path.islink(resolved)
    except OSError:
        return True


def read_bytes(
    path: str | Path,
    report: Report,
    *,
    root: Path | None = None,
    at: Span | None = None,
    limit: int = DEFAULT_LIMITS.table_size,
) -> bytes | None:
    """Return the bytes of a file; with `root`, of the file of that name inside the folder."""
    found = locate(str(path), root, report, at) if root is not None else Path(path)
    if found is None:
        return None
    try:
        with open(found, "rb", opener=_without_waiting) as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                report.add(problems.file_cannot_be_read(at, shown(found), "it is no file of text"))
                return None
            content = file.read(limit + 1)
    except (FileNotFoundError, NotADirectoryError):
        report.add(missing_file(found, at))
        return None
    except IsADirectoryError:
        report.add(problems.file_is_a_folder(at, shown(found)))
        return None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "no such name"
        report.add(problems.file_cannot_be_read(at, shown(found), why.lower()))
        return None
    if len(content) > limit:
        size = max(about.st_size, len(content))
        report.add(problems.file_too_large(at, shown(found), size, limit))
        return None
    return content


def read_source(
    path: str | Path,
    report: Report,
    *,
    root: Path | None = None,
    at: Span | None = None,
    limit: int = DEFAULT_LIMITS.pack_size,
) -> SourceText | None:
    """Return a UTF-8 file as a source text named as people see it; None when it is reported."""
    content = read_bytes(path, report, root=root, at=at, limit=limit)
    if content is None:
        return None
    name = shown(root / path if root is not None else Path(path))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        report.add(problems.file_not_utf8(at, name, line))
        return None
    source = SourceText(name, text)
    if "\0" in text:
        place = text.index("\0")
        report.add(nul_in_text(source.span(place, place + 1), name))
        return None
    return source


def _without_waiting(path: str, flags: int) -> int:
    """Open a file without waiting for the other end of a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def missing_file(path: Path, at: Span | None = None) -> Diagnostic:
    """Return what to say of a file that is not there, with the near name beside it."""
    return problems.file_not_found(at, shown(path), did_you_mean(path.name, _neighbours(path)))


def _neighbours(path: Path) -> list[str]:
    """Return the names that stand in the folder of `path`."""
    try:
        return sorted(each.name for each in path.parent.iterdir())[:1000]
    except OSError:
        return []
