"""Programs from PyPI that some tests run, each in an environment of its own in the folder build."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "build"


def found(name: str, program: str) -> Callable[[], Path | None]:
    """Find a program in the environment of this name."""
    path = FOLDER / name / "bin" / program
    return lambda: path if path.is_file() else None


def install_environment(
    name: str, requirements: str, run: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run
) -> str:
    """Install requirements into an environment. Return one sentence about what went wrong, or nothing."""
    folder = FOLDER / name
    steps = (
        [sys.executable, "-m", "venv", str(folder)],
        [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *requirements.split()],
    )
    for command in steps:
        done = run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["it did not say why"])[-1]
            return f"pip could not install {requirements}: {reason}"
    return ""
