"""The real application against the fake Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.engine import Database
from storage.schema import upgrade
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.scenarios.discord_stage import DiscordTheatre
from tests.world import World, services_of


@pytest.fixture
async def theatre(tmp_path: Path, vault: Vault) -> AsyncIterator[DiscordTheatre]:
    """A connected bot, on storage that is a file."""
    with closing(Database(f"sqlite:///{tmp_path / 'undersign.sqlite3'}")) as database:
        upgrade(database)
        world = World(work=lambda: SqlUnitOfWork(database, vault))
        async with DiscordTheatre(world, services_of(world, database, vault)).playing() as theatre:
            yield theatre
