"""Packages from npm that some tests need, in the folder build/npm."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "build" / "npm"


def found(*packages: str) -> Callable[[], Path | None]:
    """Find the folder of these packages, if all are installed."""
    folder = FOLDER / "node_modules"
    return lambda: folder if all((folder / package).is_dir() for package in packages) else None


def install_packages(packages: str, run: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run) -> str:
    """Install packages. Return one sentence about what went wrong, or nothing."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(FOLDER), *packages.split()]
    done = run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    reason = (done.stderr.strip().splitlines() or ["it did not say why"])[-1]
    return f"npm could not install {packages}: {reason}" if done.returncode else ""
