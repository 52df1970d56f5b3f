"""Processor time: of this process, and of what its database's server does for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from tests.bench.workbench import Place

_BACKENDS = sa.text(
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
)


def processor_seconds(place: Place, action: Callable[[], object]) -> float:
    """The processor time of an action, here and in the server's processes for our connections."""
    before, backends = time.process_time(), _backends(place)
    action()
    return time.process_time() - before + _backends(place) - backends


def _backends(place: Place) -> float:
    """The processor time so far of the processes behind the pool's connections; zero on SQLite."""
    if place.database.is_sqlite:
        return 0.0
    with place.database.reading() as connection:
        pids = connection.execute(_BACKENDS).scalars().all()
    return sum(int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0]) for pid in pids) / 1e9
