"""
The house rules that a machine can judge: floors, sizes, docstrings, the wheel, the front door.

The answer to a failing size test is a split with a name, never an exemption.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mapping_engine.cli import verbs

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "mapping_engine"
MODULES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
VERBS = list(verbs())
HEAVY = (
    "lark", "jinja2", "jsonschema", "jsonschema_rs", "rich", "msgspec", "yaml", "re2",
    "python_calamine",
)  # fmt: skip


def name_of(path: object) -> str:
    return path.relative_to(ROOT).as_posix() if isinstance(path, Path) else str(path)


def lines_of_code(function: ast.AST, lines: list[str]) -> int:
    """Count the lines of a function without its docstring, blank lines and comments."""
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    words = function.body[0] if ast.get_docstring(function) is not None else None
    skipped = range(words.lineno, (words.end_lineno or 0) + 1) if words else range(0)
    return sum(
        1
        for number in range(function.lineno, (function.end_lineno or 0) + 1)
        if number not in skipped and not re.match(r"\s*(#|$)", lines[number - 1])
    )


def depth(node: ast.AST, level: int = 0) -> int:
    """Return how deep statements are nested below `node`; an `elif` is no deeper than its `if`."""
    deepest = level
    for child in ast.iter_child_nodes(node):
        inside = isinstance(child, ast.For | ast.While | ast.If | ast.With | ast.Try | ast.Match)
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and child in node.orelse
        deepest = max(deepest, depth(child, level + (inside and not is_elif)))
    return deepest


def functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef, int]]:
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = lines_of_code(node, text.splitlines())
            yield f"{name_of(path)}:{node.lineno} {node.name}", node, size


def test_no_module_imports_upwards() -> None:
    from importlinter.cli import lint_imports

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_a_test_file_stays_below_500_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_functions_are_short_and_flat(path: Path) -> None:
    found = list(functions(path))
    too_long = [f"{where}: {size} lines" for where, _, size in found if size > 40]
    too_many = [
        where
        for where, node, _ in found
        if len([a for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in SELF]) > 4
    ]
    too_deep = [where for where, node, _ in found if depth(node) > 3]
    assert (too_long, too_many, too_deep) == ([], [], [])


SELF = ("self", "cls")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_opens_with_words_and_says_what_it_offers(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    words = ast.get_docstring(tree)
    assert words, "no docstring"
    assert len(words.splitlines()) <= 12
    assigned = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    assert "__all__" in assigned or len(tree.body) == 1


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_public_functions_and_classes_have_docstrings(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bare = [
        f"{node.name} (line {node.lineno})"
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert bare == []


@pytest.mark.parametrize("verb", VERBS)
def test_a_file_holds_one_verb(verb: str) -> None:
    text = (PACKAGE / "cli" / f"{verb}.py").read_text(encoding="utf-8")
    assert len(re.findall(r"^@click\.command", text, re.MULTILINE)) == 1


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("words", [[], *([verb] for verb in VERBS)], ids=lambda w: " ".join(w))
def test_help_has_examples_and_imports_nothing_heavy(words: list[str]) -> None:
    """`--help` must appear at once, so it may not load a parser, a schema library or a terminal."""
    script = f"""
import sys
from mapping_engine.cli import VERBS
try:
    VERBS.main([*{words}, "--help"])
finally:
    print([each for each in {HEAVY} if each in sys.modules], file=sys.stderr)
"""
    done = run("-c", script)
    assert (done.returncode, done.stderr) == (0, "[]\n")
    assert "Example" in done.stdout
    assert "mapping-engine " + " ".join(words) in done.stdout.partition("Example")[2]


def test_the_readme_names_commands_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"mapping-engine (\w+)", readme))
    targets = set(re.findall(r"\bmake (\w[\w-]*)    ", readme))
    assert {"demo", "test"} <= targets
    assert [] == sorted(named - set(VERBS))
    assert [each for each in sorted(targets) if f"\n{each}:" not in makefile] == []
    links = re.findall(r"\]\((?!http)([^)]+)\)", readme)
    assert [each for each in links if not (ROOT / each).exists()] == []


def tracked_texts() -> Iterator[Path]:
    yield from (path for path in ROOT.iterdir() if path.is_file() and path.name != ".git")
    for folder in ("mapping_engine", "rules", "schemas", "tests", ".ci"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix not in (".pyc", ".xlsx"):
                yield path


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    homes = [rf"/{each}/\w" for each in ("home", "Users", "root", "work")]
    pattern = re.compile(rf"(?<![\w.}}])({'|'.join(homes)}|{re.escape(str(ROOT.parent))}/)")
    found = [
        f"{name_of(path)}: {match.group()}"
        for path in tracked_texts()
        if (match := pattern.search(path.read_text(encoding="utf-8", errors="replace")))
    ]
    assert found == []


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel without the network and unpack it."""
    from hatchling.builders.wheel import WheelBuilder

    folder = tmp_path_factory.mktemp("wheel")
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"]))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def files_below(folder: Path, start: Path) -> set[Path]:
    """Return the files of a data folder, without what caches and editors leave there."""
    found = (path.relative_to(start) for path in folder.rglob("*") if path.is_file())
    return {path for path in found if not any(part[0] in "._" for part in path.parts)}


def test_the_wheel_carries_rules_and_schemas(installed: Path) -> None:
    shipped = installed / "mapping_engine" / "_shipped"
    for folder in ("rules", "schemas"):
        expected = files_below(ROOT / folder, ROOT)
        assert expected
        assert expected == files_below(shipped / folder, shipped)


def test_an_installed_package_finds_its_data(installed: Path, tmp_path: Path) -> None:
    script = "from mapping_engine.cli import VERBS; VERBS.main(['code', 'M402'])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env={"PYTHONPATH": str(installed)},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.startswith("M402 unknown-field")
