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
