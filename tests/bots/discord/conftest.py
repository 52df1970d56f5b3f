"""The real application against the fake Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.databases import migrated_sqlite
from tests.scenarios.discord_stage import DiscordTheatre
from tests.world import CountedWork, World, services_of


@pytest.fixture
async def theatre(tmp_path: Path, vault: Vault) -> AsyncIterator[DiscordTheatre]:
    """A connected bot, on storage that is a file."""
    with closing(migrated_sqlite(tmp_path)) as database:
        world = World(work=CountedWork(lambda: SqlUnitOfWork(database, vault)))
        async with DiscordTheatre(world, services_of(world, database, vault)).playing() as theatre:
            yield theatre
