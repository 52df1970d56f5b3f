"""Folders for files in the making: removed after delivery, or after a crash when the next process starts.

A folder is locked while its process is alive. The lock ends with the process, however it ends, so a leftover from a
crash can be told from a folder in use by another process.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def work_folder(root: Path) -> Iterator[Path]:
    """A new folder for the owner only, removed when the block ends."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=root, ignore_cleanup_errors=True) as name, _locked(Path(name)):
        yield Path(name)


def sweep(root: Path) -> int:
    """Remove the folders that crashed processes left behind, and return their number."""
    swept = 0
    for folder in root.iterdir() if root.is_dir() else ():
        try:
            with _locked(folder):
                shutil.rmtree(folder, ignore_errors=True)
                swept += 1
        except OSError:  # its process is alive, or has just removed it
            continue
    return swept


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Lock the folder. Raises OSError if another process has locked it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)
