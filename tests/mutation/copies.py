"""Copies of the tree, in which tests run while the checkout stays as it is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.mutation.sampling import PACKAGES

ROOT = Path(__file__).parents[2]


def copy_tree(to: Path) -> Path:
    """A new copy of everything that belongs to the tree, committed or not, and of what Python has compiled of it.

    Tests in the copy compile nothing but the broken module, and write no compiled one, which might outlive the break.
    """
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    for package in (*PACKAGES, "tests"):
        for folder in (ROOT / package).rglob("__pycache__"):
            shutil.copytree(folder, to / folder.relative_to(ROOT), dirs_exist_ok=True)
    return to


def pytest_command(*arguments: str) -> list[str]:
    """The command that runs tests, without a plugin that leaves files behind."""
    return [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]


def environment(copy: Path) -> dict[str, str]:
    """An environment in which `core`, `bots` and `storage` are those of the copy, in processes that tests start too.

    Random tests make as many tries as in `make test`, unless EFFORT says otherwise.
    """
    return {"EFFORT": "0.1", **os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
