"""The real bots on the fake platforms, with a crowd's petitions, on a database in a file."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import TypeVar

from core.signatures.breakdowns import Facet
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.crowd import Crowd
from tests.databases import migrated_sqlite
from tests.scenarios.discord_stage import DiscordTheatre
from tests.scenarios.stage import TelegramTheatre
from tests.world import CountedWork, World, services_of

T = TypeVar("T", DiscordTheatre, TelegramTheatre)
COUNTED, DAYS = 1_234_567, 7
_KEY = "a key for crowds, of thirty-two characters or more"


@asynccontextmanager
async def playing(kind: type[T], crowd: Crowd) -> AsyncIterator[T]:
    """A theatre of this kind, where the crowd's petitions can be signed."""
    with tempfile.TemporaryDirectory() as name, closing(migrated_sqlite(folder := Path(name))) as database:
        vault = Vault([_KEY], folder / "keys")
        work = CountedWork(lambda: SqlUnitOfWork(database, vault))
        world = World(work=work, petitions=dict(crowd.every))
        services = services_of(world, database, vault, "https://petitions.example.org")
        async with kind(world, services).playing() as theatre:
            yield theatre


def credit(theatre: DiscordTheatre | TelegramTheatre, label: str) -> None:
    """Let many people have signed through a label every day of the last week, so that nothing about it is hidden."""
    world = theatre.world
    with world.work() as work:
        for slug in list(world.petitions)[:12]:
            work.tallies.credit(slug, label, COUNTED)
            for days in range(DAYS):
                day = world.now.date() - dt.timedelta(days=days)
                work.breakdowns.count(slug, day, {Facet.ARRIVAL: label}, COUNTED // DAYS)
        work.commit()
