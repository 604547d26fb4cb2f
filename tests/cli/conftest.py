"""The command line as a function of its arguments."""

from __future__ import annotations

import pytest
from command_line import Run
from opened_packs import open_packs_once

from mapping_engine.cli import VERBS


@pytest.fixture(autouse=True)
def packs_opened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all command lines share the packs that they open."""
    open_packs_once(monkeypatch)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command line and gives its exit code, stdout and stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            VERBS.main(list(arguments))
        output = capsys.readouterr()
        return int(ended.value.code or 0), output.out, output.err

    return call
