"""Texts that would keep a parser busy for minutes are refused with one sentence, before anything parses them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bots.app.new_petition import new
from core.petition.loading import check_petitions
from core.text.excess import DEEPEST_BRACKETS, LONGEST_LINE, LONGEST_TEXT, excess

TREES = Path(__file__).parents[2] / "petitions" / "town-trees"
MEGABYTE = 1_000_000
HOSTILE = {
    "brackets": "[" * MEGABYTE,
    "citations": "[^1]" * (MEGABYTE // 4),
    "nested lists": "".join("  " * depth + "- a\n" for depth in range(1000)),
    "tables": "| a | b |\n" * (MEGABYTE // 10),
    "combining marks": "a" + "\u0301" * MEGABYTE,
    "notes": "[^1]: a\n" * (MEGABYTE // 8),
    "one word": "a" * LONGEST_LINE * 2,
    "a long paragraph": ("word " * 100 + "\n") * 100,
    "brackets on lines": "[a\n" * DEEPEST_BRACKETS * 2,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", ["letter.md", "background.md"])
def test_check_says_one_sentence_about_it(text: str, name: str, tmp_path: Path) -> None:
    shutil.copytree(TREES, tmp_path / "trees")
    file = tmp_path / "trees" / "en" / name
    file.write_text(file.read_text() + "\n\n" + text)
    faults = [str(fault) for fault in check_petitions(tmp_path) if fault.file == file]
    assert len(faults) == 1
    assert any(words in faults[0] for words in (" are possible: ", " inside each other here: ", "no paragraph can"))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_new_says_one_sentence_about_it(
    text: str, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(f"a{suffix}").write_text(text)
    done = CliRunner().invoke(new, ["elms", "--from", f"a{suffix}"])
    assert str(done.exception).startswith(f"a{suffix}:")
    assert str(done.exception).count("\n") == 0
    assert not Path("petitions").exists()


def test_what_people_write_is_not_too_much() -> None:
    sources = "".join(f"[^{number}]: The Courier, “Elms [*Ulmus*],” May 2, 2026.\n" for number in range(400))
    assert excess(sources) is None
    assert excess(("word " * (LONGEST_LINE // 5) + "\n\n") * (LONGEST_TEXT // (LONGEST_LINE + 2))) is None
    assert excess("[\n\n" * 1000) is None
