"""Folder for temporary files: in memory, if there is room, since many tests spend half of their time on a disk.

A killed process loses nothing there, as on a disk. Only losing power would show a difference, which no test does.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3
"""Free bytes that are enough for all workers."""


def prefer_memory(memory: Path = MEMORY) -> None:
    """Let `tempfile`, pytest and every process that tests start use `memory`, unless TMPDIR says otherwise."""
    if "TMPDIR" not in os.environ and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= ROOM:
        os.environ["TMPDIR"] = str(memory)
        tempfile.tempdir = None  # pytest has asked for it already, and it isn't read twice
