"""Clones of the repositories from which files are renewed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path


def renew_from(source: str, renew: Callable[[Path], None]) -> None:
    """Call `renew` with a clone: the folder that the command line names, or a new clone of `source`."""
    if len(sys.argv) > 1:
        renew(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "--quiet", "--depth=1", source, folder], check=True)
        renew(Path(folder))


def commit_of(clone: Path) -> str:
    """The id of the commit that a clone shows."""
    command = ["git", "-C", str(clone), "rev-parse", "HEAD"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
