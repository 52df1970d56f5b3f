"""Petitions as people paste them: each gets the findings in its expected.toml, and has none after the fixes."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from core.petition.loading import check_petitions, petition_warnings
from tests.loading import load_petitions

PASTED = Path(__file__).parents[2] / "petitions" / "pasted"
FOREIGN = ("Value error", "Input should", "mapping values", "scanning", "Traceback", "(at line")
"""Words of the libraries that read the files, which nobody should have to understand."""


@pytest.fixture
def folder(tmp_path: Path, slug: str) -> Path:
    """A folder with a copy of one petition."""
    shutil.copytree(PASTED / slug, tmp_path / slug)
    return tmp_path


def findings(folder: Path) -> list[str]:
    """The faults and the warnings about the only petition in a folder, with short names of files."""
    (petition,) = folder.iterdir()
    faults = [str(fault) for fault in check_petitions(folder)]
    faults += [f"Warning: {warning}" for warning in petition_warnings(folder)]
    return [fault.replace(f"{petition}/", "") for fault in faults]


def expected(slug: str) -> dict[str, Any]:
    return tomllib.loads((PASTED / slug / "expected.toml").read_text(encoding="utf-8"))


def apply(folder: Path, change: dict[str, str]) -> None:
    path = folder / change["file"]
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read()
    assert change["old"] in text, change
    path.write_text(text.replace(change["old"], change["new"]), encoding="utf-8", newline="")


SLUGS = sorted(path.name for path in PASTED.iterdir())


@pytest.mark.parametrize("slug", SLUGS)
def test_everything_is_found_at_once_and_the_fixes_are_right(folder: Path, slug: str) -> None:
    wanted = expected(slug)
    found = findings(folder)
    assert found == wanted["findings"]
    assert [(line, word) for line in found for word in FOREIGN if word in line] == []
    for change in wanted.get("fix", []):
        apply(folder / slug, change)
    assert findings(folder) == []
    petition = load_petitions(folder)[slug]
    assert petition.text("").sources, "it cites its sources"


def test_every_petition_has_something_to_find_or_is_accepted_as_it_is() -> None:
    assert [slug for slug in SLUGS if not expected(slug)["findings"]] == ["arabic", "bom", "crlf"]
