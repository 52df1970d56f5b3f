"""Petitions for tests."""

from __future__ import annotations

from pathlib import Path

from core.petition.loading import read_petitions
from core.petition.petition import Petition


def load_petitions(folder: Path) -> dict[str, Petition]:
    """The petitions in `folder` that can be used, by slug. Raises ContentError if there are none."""
    return read_petitions(folder)[0]
