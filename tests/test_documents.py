"""The documents say what the code does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bots.app.cli import cli
from bots.common.settings import Settings
from core.petition.loading import check_petitions, read_folder
from core.version import VERSION
from tests.deploy.files import services
from tests.diagram import diagram
from tests.modules import OVERVIEW, overview
from tests.settings_page import PAGE, settings_page
from tests.world import NOW

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_the_diagram_is_the_machines() -> None:
    assert diagram() in ARCHITECTURE, "run: make docs"


def test_the_page_of_settings_is_current_and_has_all_of_them() -> None:
    page = settings_page()
    assert page == PAGE.read_text(encoding="utf-8"), "run: make docs"
    for name, field in Settings.model_fields.items():
        assert f"| `{name.upper()}` | {field.description} |" in page, name


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) < 150


@pytest.mark.parametrize("path", ["README.md", "docs/petitions.md"])
def test_the_example_of_a_petition_has_no_fault_and_can_be_signed(path: str, tmp_path: Path) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    [facts] = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    letter, background = re.findall(r"```markdown\n(.*?)```", text, re.DOTALL)
    folder = tmp_path / "town-trees"
    (folder / "en").mkdir(parents=True)
    for name, content in (("petition.toml", facts), ("en/letter.md", letter), ("en/background.md", background)):
        (folder / name).write_text(content, encoding="utf-8")
    assert check_petitions(tmp_path) == []
    petition = read_folder(folder).petition
    assert petition
    assert petition.is_open(NOW)
    assert petition.text("en").sources


def test_every_command_is_in_the_readme() -> None:
    for name in cli.commands:
        assert f"`undersign {name}" in README, name


def test_the_pages_for_operators_name_what_there_is() -> None:
    for path in (*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")):
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
    assert overview() == OVERVIEW.read_text(encoding="utf-8"), "run: make docs"


def test_the_last_release_in_the_changelog_is_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    releases = [re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", heading) for heading in headings[1:]]
    numbers, days = zip(*(release.groups() for release in releases if release), strict=True)
    assert len(numbers) == len(releases), "a release has a number and a day"
    assert numbers[0] == version == VERSION, "run: make .venv/.dev"
    assert list(days) == sorted(days, reverse=True)


def test_lock_files_name_no_registry() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert "index-url" not in text
