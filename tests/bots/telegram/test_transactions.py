"""The cost of a signer's command on Telegram, in transactions."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from storage.engine import Database
from storage.schema import upgrade
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.scenarios.stage import TelegramTheatre
from tests.world import CountedWork, World, services_of


@pytest.mark.server
@pytest.mark.parametrize("command", ["/help", "/count", "/sources"])
async def test_a_signers_command_costs_one_transaction(tmp_path: Path, vault: Vault, command: str) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'undersign.sqlite3'}")) as database:
        upgrade(database)
        counted = CountedWork(lambda: SqlUnitOfWork(database, vault))
        world = World(work=counted)
        async with TelegramTheatre(world, services_of(world, database, vault)).playing() as theatre:
            await theatre.registered()
            person = await theatre.person("Ada")
            await person.types("/start")
            before = counted.begun
            await person.types(command)
            assert counted.begun - before == 1
