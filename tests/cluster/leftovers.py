"""The folder of a run, and what a run that was killed itself has left."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

_PREFIX = "cluster-"


@contextmanager
def open_folder() -> Iterator[Path]:
    """Make a temporary folder that PostgreSQL's user may enter, and remove those of runs that were killed."""
    _remove_abandoned(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def _remove_abandoned(parent: Path) -> None:
    """Kill the programs of runs that have ended, and remove their files."""
    for folder in parent.glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdecimal() and not psutil.pid_exists(int(owner)):
            for process in psutil.process_iter():
                with suppress(psutil.Error):
                    if Path(process.cwd()).is_relative_to(folder):
                        process.kill()
            shutil.rmtree(folder, ignore_errors=True)
