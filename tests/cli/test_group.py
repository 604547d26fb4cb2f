"""The command line as a whole: verbs are found, nothing escapes, exit codes are uniform."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from mapping_engine.cli import VERBS, verbs

Run = Callable[..., tuple[int, str, str]]


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let every verb fail with `error`."""

    @click.command()
    def command() -> int:
        raise error

    monkeypatch.setattr(type(VERBS), "get_command", lambda *_: command)


def test_help_lists_every_verb_with_its_words(run: Run) -> None:
    status, out, err = run("--help")
    assert (0, "") == (status, err)
    for name in verbs():
        assert f"\n  {name} " in out


def test_an_unknown_verb_gets_the_near_one(run: Run) -> None:
    status, out, err = run("evil")
    assert (2, "") == (status, out)
    assert "there is no verb `evil`; did you mean `eval`?" in err


def test_an_unknown_option_cannot_run(run: Run) -> None:
    status, _, err = run("code", "--no-such")
    assert 2 == status
    assert "--no-such" in err


@pytest.mark.parametrize(
    "error, words",
    [
        (FileNotFoundError(errno.ENOENT, "x", "entries.json"), "`entries.json`: it does not exist"),
        (OSError(errno.ENOSPC, "No space left"), "the output: the disk is full"),
        (PermissionError(errno.EACCES, "x", "out"), "`out`: access to it is not allowed"),
        (UnicodeEncodeError("ascii", "é", 0, 1, "x"), "`ascii` cannot write"),
        (KeyError("Jane Doe"), "KeyError in mapping_engine/cli"),
        (RecursionError("maximum"), "RecursionError in mapping_engine/cli"),
    ],
)
def test_whatever_fails_becomes_one_message(
    error: Exception, words: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, error)
    status, out, err = run("code")
    assert (2, "") == (status, out)
    assert words in err
    assert "Traceback" not in err


def test_the_words_of_an_exception_are_never_shown(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They may hold a value of a record."""
    failing(monkeypatch, ValueError("Jane Doe, born 1970"))
    _, out, err = run("code")
    assert "Jane" not in out + err


def test_ctrl_c_ends_with_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, KeyboardInterrupt())
    status, _, err = run("code")
    assert (130, "interrupted") == (status, err.strip())


def test_a_reader_that_goes_away_ends_the_work_quietly() -> None:
    script = "import sys; from mapping_engine.cli import VERBS; VERBS.main(['completion', 'bash'])"
    with subprocess.Popen(
        [sys.executable, "-c", f"sys = __import__('sys'); sys.stdin.read(); {script}"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdin
        assert process.stderr
        process.stdout.close()
        process.stdin.close()
        words = process.stderr.read()
        status = process.wait()
    assert (141, b"") == (status, words)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(shell: str, run: Run) -> None:
    status, out, _ = run("completion", shell)
    assert 0 == status
    assert f"_MAPPING_ENGINE_COMPLETE={shell}_complete" in out


def completed(monkeypatch: pytest.MonkeyPatch, words: str, run: Run) -> list[str]:
    monkeypatch.setenv("_MAPPING_ENGINE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", f"mapping-engine {words}")
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) + (words[-1:] in (" ", ""))))
    return [line.partition(",")[2] for line in run()[1].splitlines()]


def test_verbs_complete_without_being_imported(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in verbs():
        monkeypatch.delitem(sys.modules, f"mapping_engine.cli.{name}", raising=False)
    assert list(verbs()) == completed(monkeypatch, "", run)
    assert [] == [name for name in verbs() if f"mapping_engine.cli.{name}" in sys.modules]


def test_codes_list_and_explain(run: Run) -> None:
    _, listed, _ = run("code")
    assert "M402  unknown-field\n" in listed
    status, out, _ = run("code", "m402")
    assert 0 == status
    assert out.startswith("M402 unknown-field\n")
    assert "did you mean" in out
    assert (status, out) == run("code", "unknown-field")[:2]


def test_an_unknown_code_gets_a_near_one(run: Run) -> None:
    status, out, err = run("code", "unknown-feild")
    assert (2, "") == (status, out)
    assert "did you mean `unknown-field`?" in err


def test_the_module_starts_the_program_too() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mapping_engine", "--version"],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("mapping-engine 0.")
