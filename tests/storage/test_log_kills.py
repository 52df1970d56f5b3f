"""A publisher that is killed loses nothing; `python -m tests.log_kills` does it three hundred times."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.effort import scaled
from tests.log_kills import Ground, run

pytestmark = pytest.mark.process


def test_a_killed_publisher_loses_and_doubles_nothing(tmp_path: Path) -> None:
    witness = run(scaled(10), Ground(f"sqlite:///{tmp_path / 'undersign.sqlite3'}", tmp_path))
    assert witness.faults == []
    assert witness.before
