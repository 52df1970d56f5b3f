"""Words that no platform has room for are refused when a petition is loaded, in one sentence with the limit."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.petition.loading import check_petitions
from tests.crowd_names import SCRIPTS, words_of
from tests.world import TREES

OWN = Path(__file__).parents[2] / "petitions" / TREES
LIMITS = {
    ("en/letter.md", "title: Keep the elms of Elm Street", "title"): 150,
    ("en/letter.md", "  reason: One sentence is enough", "hints.reason"): 100,
    ("en/letter.md", "    owner: I own my home", "options.role.owner"): 80,
    ("petition.toml", 'organizer = "', "petition.organizer"): 100,
    ("petition.toml", 'target = "', "petition.target"): 100,
}
"""The longest words, by file, beginning of the line, and key."""


def written(folder: Path, file: str, line: str, words: str) -> None:
    """Put other words into the line that begins so."""
    path = folder / TREES / file
    lines = path.read_text(encoding="utf-8").splitlines()
    (number,) = [number for number, each in enumerate(lines) if each.startswith(line)]
    key, sign = (line.partition("=")[0] + "= ", '"') if "=" in line else (line.partition(":")[0] + ": ", "'")
    lines[number] = f"{key}{sign}{words}{sign}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("script", [script for script in SCRIPTS if script != "markup"])
@pytest.mark.parametrize(
    ("where", "longest"), LIMITS.items(), ids=lambda one: str(one[2]) if isinstance(one, tuple) else ""
)
@pytest.mark.parametrize("excess", [0, 1])
def test_words_up_to_the_limit_are_taken_and_longer_ones_are_refused(
    tmp_path: Path, script: str, where: tuple[str, str, str], longest: int, excess: int
) -> None:
    shutil.copytree(OWN, tmp_path / TREES)
    file, line, key = where
    length = longest + excess
    words = words_of(script, length).ljust(length, "x")
    written(tmp_path, file, line, words)
    faults = [str(fault) for fault in check_petitions(tmp_path)]
    expected = [f"{key}: it's {length} characters long: use at most {longest}"] if excess else []
    assert [fault.partition(": ")[2] for fault in faults] == expected
