"""Every story is played on every surface, on a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.databases import migrated_sqlite
from tests.scenarios.discord_stage import DiscordTheatre
from tests.scenarios.stage import TelegramTheatre, TerminalTheatre, Theatre
from tests.world import CountedWork, World, services_of


@pytest.fixture(params=["terminal", "telegram", "discord"])
async def theatre(request: pytest.FixtureRequest, tmp_path: Path, vault: Vault) -> AsyncIterator[Theatre]:
    """The surface on which a story is played, on storage that is a file."""
    with closing(migrated_sqlite(tmp_path)) as database:
        world = World(work=CountedWork(lambda: SqlUnitOfWork(database, vault)))
        services = services_of(world, database, vault, "https://petitions.example.org")
        if request.param == "terminal":
            yield TerminalTheatre(world, services, tmp_path)
        else:
            kind = TelegramTheatre if request.param == "telegram" else DiscordTheatre
            async with kind(world, services).playing() as theatre:
                yield theatre
