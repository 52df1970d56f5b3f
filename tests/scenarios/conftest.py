"""Every story is played on every surface, on a real database."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.engine import Database
from storage.schema import upgrade
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.scenarios.stage import TerminalTheatre, Theatre
from tests.world import World


@pytest.fixture
def world(tmp_path: Path, vault: Vault) -> World:
    """A world whose storage is a file."""
    database = Database(f"sqlite:///{tmp_path / 'undersign.sqlite3'}")
    upgrade(database)
    return World(work=lambda: SqlUnitOfWork(database, vault))


@pytest.fixture(params=["terminal"])
async def theatre(request: pytest.FixtureRequest, world: World) -> Theatre:
    """The surface on which a story is played."""
    return {"terminal": TerminalTheatre}[request.param](world)
