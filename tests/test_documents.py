"""The documents say what the code does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from bots.app.cli import cli
from bots.common.settings import Settings
from core.version import VERSION
from tests.deploy.files import services
from tests.diagram import diagram
from tests.modules import OVERVIEW, overview

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_the_diagram_is_the_machines() -> None:
    assert diagram() in ARCHITECTURE, "run: python -m tests.diagram"


def test_every_setting_is_in_the_readme_with_its_meaning() -> None:
    for name, field in Settings.model_fields.items():
        assert f"| `{name.upper()}` | {field.description}" in README, name


def test_every_command_is_in_the_readme() -> None:
    for name in cli.commands:
        assert f"`undersign {name}" in README, name


def test_the_pages_for_operators_name_what_there_is() -> None:
    for path in (ROOT / "docs").rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"docker compose (?:exec|run)(?: --?\w+)* (?:undersign ){1,2}(?!undersign)(\w+)", text):
            assert name in cli.commands or name == "cat", f"{path.name}: undersign {name}"
        for name in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            assert (path.parent / name).exists(), f"{path.name}: {name}"
        for service in re.findall(r"--scale (\w+)=|docker compose (?:exec|logs|ps|stop)(?: -\w+)* (\w+)", text):
            assert "".join(service) in services("scale"), f"{path.name}: {service}"


def test_every_room_of_the_architecture_is_there_and_the_other_way_round() -> None:
    named = set(re.findall(r"`((?:core|storage|bots)/[\w/.]*)", ARCHITECTURE))
    for name in named:
        assert (ROOT / name).exists(), name
    for folder in ("core", "bots"):
        for package in (path.parent.name for path in (ROOT / folder).glob("*/__init__.py")):
            assert f"`{folder}/{package}/`" in ARCHITECTURE or f"`{package}/`" in ARCHITECTURE, f"{folder}/{package}"


def test_the_architecture_is_short() -> None:
    assert len(ARCHITECTURE.split()) < 1200


def test_the_overview_of_modules_is_current() -> None:
    assert overview() == OVERVIEW.read_text(encoding="utf-8"), "run: python -m tests.modules"


def test_the_last_release_in_the_changelog_is_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    releases = [re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", heading) for heading in headings[1:]]
    numbers, days = zip(*(found.groups() for found in releases if found), strict=True)
    assert len(numbers) == len(releases), "a release has a number and a day"
    assert numbers[0] == version == VERSION, "run: make .venv/.dev"
    assert list(days) == sorted(days, reverse=True)


def test_lock_files_name_no_registry() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert "index-url" not in text


def test_modules_and_functions_stay_small() -> None:
    for folder in ("core", "storage", "bots", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            longest = 300 if folder != "tests" else 400
            assert len(path.read_text().splitlines()) <= longest, path
