"""A tool that cannot be installed is one sentence, and nothing else stops."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.files import ROOT
from tests.tools.debian import TOOLS, Tool, install

MISSING = Tool("nothing", "no-such-package", lambda: None, ())


def failing(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
    """An apt-get that knows no package."""
    code = 100 if "install" in command else 0
    return subprocess.CompletedProcess(command, code, "", "E: Unable to locate package no-such-package\n")


def test_a_package_that_apt_cannot_install_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/apt-get")
    assert install(MISSING, failing) == (
        "nothing is missing, and apt-get could not install no-such-package: E: Unable to locate package no-such-package"
    )


def test_without_apt_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert install(MISSING, failing) == "nothing is missing, and this system has no apt-get: install it by hand."


def test_an_installed_tool_is_not_installed_again() -> None:
    assert install(Tool("there", "", lambda: Path("/there"), ()), failing) == ""


def test_every_tool_has_tests() -> None:
    assert all((ROOT / test).exists() for tool in TOOLS.values() for test in tool.tests)


def test_packages_from_npm_need_no_debian_package_where_npm_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    asked = list[list[str]]()

    def noting(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    tool = Tool("citing", "npm", lambda: Path("/there") if asked else None, (), from_npm="citing")
    assert install(tool, noting) == ""
    assert [command[0] for command in asked] == ["npm"]


def test_a_program_from_pypi_gets_an_environment_of_its_own_and_no_debian_package() -> None:
    asked = list[list[str]]()

    def noting(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    tool = Tool("replaying", "", lambda: Path("/there") if len(asked) == 2 else None, (), from_pypi="pywb other<2")
    assert install(tool, noting) == ""
    (_, _, venv, folder), (python, *_, first, second) = asked
    assert (venv, first, second) == ("venv", "pywb", "other<2")
    assert python.startswith(folder)
    assert Path(folder).name == "replaying"


def test_a_program_that_pip_cannot_install_is_one_sentence() -> None:
    def refusing(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, int("pip" in command), "", "ERROR: No matching distribution\n")

    problem = install(Tool("replaying", "", lambda: None, (), from_pypi="pywb"), refusing)
    assert problem == "replaying is missing, and pip could not install pywb: ERROR: No matching distribution"
