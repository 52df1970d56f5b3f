"""A small disk of its own, which can really be full. Only root may mount one."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SIZE = "1g"
_BALLAST = "ballast"


@contextmanager
def mounted(folder: Path) -> Iterator[Path | None]:
    """Mount a file system in memory on a new folder; None where that is not allowed."""
    folder.mkdir()
    if not (os.geteuid() == 0 and _mount(folder)):
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=False)


def _mount(folder: Path) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Fill the disk to the last byte until the block ends."""
    ballast = disk / _BALLAST
    try:
        with ballast.open("wb") as file, suppress(OSError):
            while free := shutil.disk_usage(disk).free:
                os.posix_fallocate(file.fileno(), ballast.stat().st_size, free)
        yield
    finally:
        ballast.unlink(missing_ok=True)
