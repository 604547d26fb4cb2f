"""`validate` with helpers says what one process says, and an interrupt ends all of them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Mistakes in two packs, in a case and in a firm.
BROKEN = {
    "actionstep/pack.yaml": ("pack:", "pak:"),
    "soluno/time_entry.yaml": ("matter.number", "matter.numbr"),
    "soluno/cases/already_sent.yaml": ("mapping:", "maping:"),
    "examples/harbour-legal/soluno.yaml": ("settings:", "setings:"),
}
#: `validate` as it runs on a machine of so many cores, though who runs the tests ignores Ctrl-C.
PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from mapping_engine.cli import main, validate
from mapping_engine.workbench import sharing
validate._cores = lambda: {cores}
{changed}
main()
"""
COPIED, ANEW = "sharing._IS_COPY = True", "sharing._IS_COPY = False"
LOST = "sharing._help = lambda share, receiving, sending: None"
HELPING = """
def helping(self, share, begin=sharing._Helper.__init__):
    begin(self, share)
    print("helping", flush=True)
sharing._Helper.__init__ = helping
"""

only_on_linux = pytest.mark.skipif(sys.platform != "linux", reason="helpers are copies on Linux")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no helpers")


def program(cores: int, changed: str, *arguments: str) -> list[str]:
    text = PROGRAM.format(cores=cores, changed=changed)
    return [sys.executable, "-c", text, "validate", *arguments]


@pytest.fixture(params=[{}, BROKEN], ids=["right", "wrong"])
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    for folder in "actionstep", "soluno", "examples/harbour-legal":
        shutil.copytree(ROOT / "rules" / folder, tmp_path / "rules" / folder)
    (tmp_path / "rules/examples/harbour-legal/xero.yaml").unlink()  # its pack is not there
    for name, (old, new) in request.param.items():
        path = tmp_path / "rules" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return tmp_path


@only_on_linux
def test_helpers_find_what_one_process_finds(here: Path) -> None:
    told = {}
    for cores, changed in (1, ""), (3, COPIED + HELPING), (3, ANEW), (2, LOST):
        command = program(cores, changed, "--rules", "rules", "--format", "junit", "--guarded")
        done = subprocess.run(command, cwd=here, capture_output=True, text=True, timeout=120)
        assert ("helping" in done.stdout) == (HELPING in changed)
        told[changed] = done.returncode, done.stdout.replace("helping\n", ""), done.stderr
    assert told[COPIED + HELPING] == told[ANEW] == told[LOST] == told[""]
    assert "soluno" in told[""][1]


@pytest.mark.parametrize("changed", [pytest.param(COPIED, marks=only_on_linux), ANEW])
@pytest.mark.parametrize("pauses", [(0.3,), (0.1, 0.0), (0.3, 0.003), (0.2, 0.02), (0.2, 0.1)])
def test_interrupts_end_the_helpers_too(changed: str, pauses: tuple[float, ...]) -> None:
    """The terminal sends Ctrl-C to every process of the group, once or twice."""
    running = begun(changed, stderr=subprocess.PIPE)
    for pause in pauses:
        time.sleep(pause)
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGINT)
    _, told = running.communicate(timeout=20)
    assert running.returncode == 130
    # A second one may come before the first is told.
    assert told.split() == ["interrupted"] or (len(pauses) > 1 and not told.split())
    assert is_gone(running.pid)


@pytest.mark.parametrize("changed", [pytest.param(COPIED, marks=only_on_linux), ANEW])
def test_helpers_do_not_outlive_who_asked(changed: str) -> None:
    running = begun(changed, stderr=subprocess.DEVNULL)
    assert running.stdout is not None
    running.stdout.close()
    running.kill()
    running.wait(timeout=20)
    assert is_gone(running.pid)


def begun(changed: str, *, stderr: int) -> subprocess.Popen[str]:
    """Return `validate` in a group of its own, as soon as it has a helper."""
    running = subprocess.Popen(
        program(2, changed + HELPING), cwd=ROOT, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=stderr,
    )  # fmt: skip
    assert running.stdout is not None
    assert running.stdout.readline() == "helping\n"
    return running


def is_gone(group: int) -> bool:
    """Whether no process of a group is left, a little later at most."""
    for _ in range(400):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
