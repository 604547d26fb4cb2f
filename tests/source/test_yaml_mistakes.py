"""
What a person reads when a text is not YAML, or is YAML that packs do not use.

Each `yaml_mistakes/*.yaml` is one mistake, the `.txt` beside it the whole rendered answer.
`pytest --snapshot-update` writes the answers again; read them in review.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.render import render_text
from mapping_engine.source.text import SourceText

FOLDER = Path(__file__).parent / "yaml_mistakes"
MISTAKES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
#: Files with several mistakes on purpose.
SEVERAL = {"many_at_once", "broken_later", "key_twice", "curly_quotes", "anchor_and_alias"}
PYTHON_WORDS = re.compile(r"\b(str|int|None|token|scalar|mapping values|illegal|invalid)\b")


def answer(name: str) -> str:
    text = (FOLDER / f"{name}.yaml").read_bytes().decode("utf-8")
    report = Report()
    read(SourceText(f"{name}.yaml", text), report)
    return render_text(report) + "\n"


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_answered_in_words(name: str, request: pytest.FixtureRequest) -> None:
    expected = FOLDER / f"{name}.txt"
    if request.config.getoption("update_snapshots"):
        expected.write_text(answer(name), encoding="utf-8")
    assert expected.read_text(encoding="utf-8") == answer(name)


@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_is_one_message_with_a_hint(name: str) -> None:
    messages = answer(name).count("[M1")
    assert messages == answer(name).count("= hint: ") > 0
    assert messages == 1 or name in SEVERAL


@pytest.mark.parametrize("name", MISTAKES)
def test_no_message_speaks_python_or_parser(name: str) -> None:
    words = [line for line in answer(name).splitlines() if not re.match(r"\s*(\d+ )?\|", line)]
    assert not PYTHON_WORDS.search("\n".join(words))


def test_every_answer_belongs_to_a_mistake() -> None:
    assert MISTAKES == sorted(path.stem for path in FOLDER.glob("*.txt"))
