"""docs/dependencies.md says of every dependency why it is here."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
COLUMNS = 6
_ROW = re.compile(r"^\| `([\w.-]+)` \|(.*)\|$", re.MULTILINE)
_NAME = re.compile(r"[\w.-]+")
_LOCKED = re.compile(r"^([\w.-]+(?:\[[\w,.-]+\])?)==", re.MULTILINE)
LOCKS = ("requirements.lock", "requirements-dev.lock")


def named() -> list[str]:
    """The dependencies in pyproject.toml, at run time and for developers."""
    facts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [
        requirement
        for group in facts["dependency-groups"].values()
        for requirement in group
        if isinstance(requirement, str)
    ]
    return sorted(normalized(requirement) for requirement in {*facts["project"]["dependencies"], *groups})


def normalized(requirement: str) -> str:
    """A requirement's name as PyPI compares names (PEP 503)."""
    match = _NAME.match(requirement)
    assert match, requirement
    return re.sub(r"[-_.]+", "-", match[0]).lower()


def rows() -> dict[str, list[str]]:
    """The rows of the two tables of packages: the name, and the other columns."""
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").partition("## Carried in the repository")[0]
    cells_by_name = [
        (normalized(name), [cell.strip() for cell in cells.split("|")]) for name, cells in _ROW.findall(page)
    ]
    assert len(cells_by_name) == len(dict(cells_by_name)), "a row is there twice"
    return dict(cells_by_name)


def test_every_dependency_has_a_row_and_every_row_a_dependency() -> None:
    assert sorted(rows()) == named()


def test_every_row_is_whole() -> None:
    assert [name for name, cells in rows().items() if len(cells) != COLUMNS - 1 or not all(cells)] == []
    assert [name for name, cells in rows().items() if not re.fullmatch(r"20\d\d-\d\d", cells[-1])] == []


def test_dependencies_that_we_override_have_an_upper_bound() -> None:
    facts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    bounded = {
        normalized(requirement)
        for requirement in facts["project"]["dependencies"]
        if "<" in requirement.partition(";")[0]
    }
    assert {"discord-py", "python-telegram-bot"} <= bounded


@pytest.mark.parametrize("lock", LOCKS)
def test_extras_are_locked_too(lock: str) -> None:
    """Without them, pip takes the newest release of such a package, and refuses it because no hash is known."""
    locked = {
        normalized(pin): set(map(normalized, Requirement(pin).extras))
        for pin in _LOCKED.findall((ROOT / lock).read_text(encoding="utf-8"))
    }
    assert len(locked) > 50
    missing = [
        f"{name}: {text}"
        for name in locked.keys() & installed()
        for text in distribution(name).requires or ()
        if (wanted := Requirement(text)).extras and (wanted.marker is None or wanted.marker.evaluate({"extra": ""}))
        if not set(map(normalized, wanted.extras)) <= locked[normalized(wanted.name)]
    ]
    assert missing == []


def installed() -> set[str]:
    """The names of all packages in this environment."""
    return {normalized(each.name) for each in distributions()}
