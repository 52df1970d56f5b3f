"""A web front that serves real HTTP, and whoever looks at it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import sqlalchemy as sa
import stamina
from aiohttp.test_utils import unused_port
from pydantic import SecretStr

from bots.app.bootstrap import Services
from bots.app.monitor import Monitor
from bots.common.listener import Listener
from bots.common.service_threads import ServiceThreads
from bots.common.settings import Settings
from bots.web.surface import WebSurface
from core.petition.petition import Decision, Petition
from core.signatures.signature import SignatureStatus
from storage.engine import Database
from storage.schema import upgrade
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.telegram_server import TOKEN, TelegramServer
from tests.world import SALESFORCE, World, petitions, services_of

PUBLIC = "https://petitions.example.org"
DISCORD_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.x.y"
APPLICATION = "123456789012345678"


@dataclass
class Site:
    """A running front and its world."""

    surface: WebSurface
    listener: Listener
    services: Services
    world: World
    database: Database
    root: str
    watch: str
    session: aiohttp.ClientSession

    async def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, str, aiohttp.ClientResponse]:
        """Status, text and the rest of what one request brings; nothing is followed."""
        url = path if path.startswith("http") else self.root + path
        async with self.session.request(method, url, headers=headers, allow_redirects=False) as response:
            return response.status, await response.text(errors="replace"), response

    async def page(self, path: str, **headers: str) -> str:
        """A page that is there."""
        status, text, _ = await self.get(path, **headers)
        assert status == 200, text
        return text

    async def counts(self, change: int, petition: str = SALESFORCE) -> None:
        """So many more have signed, and the front has noticed."""
        with self.world.work() as work:
            work.tallies.add(petition, SignatureStatus.COUNTED, change)
            work.commit()
        await self.surface.counts.refresh()

    async def decides(self, decision: Decision, petition: str = SALESFORCE) -> None:
        """Organizers decide, and the front has noticed."""
        with self.world.work() as work:
            work.decisions.save(petition, decision)
            work.commit()
        await self.surface.counts.refresh()

    @contextmanager
    def database_away(self) -> Iterator[None]:
        """For a while a table is missing, which is a real error of the real engine; nobody is patient meanwhile."""
        self._rename("tallies", "elsewhere")
        with stamina.set_testing(testing=True):
            yield
        self._rename("elsewhere", "tallies")

    def _rename(self, old: str, new: str) -> None:
        with self.database.engine.begin() as connection:
            connection.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))


@asynccontextmanager
async def served(folder: Path, vault: Vault, *own: Petition) -> AsyncIterator[Site]:
    """A front on a database of its own, with the tests' petitions or others; it knows both chats' bots."""
    database = Database(f"sqlite:///{folder / 'undersign.sqlite3'}")
    upgrade(database)
    chosen = {one.slug: one for one in own} or dict(petitions())
    world = World(work=lambda: SqlUnitOfWork(database, vault), petitions=chosen)
    async with TelegramServer() as telegram:
        services = _configured(services_of(world, database, vault), telegram.root)
        threads, host = ServiceThreads(database.writers), "127.0.0.1"
        listener, watching = Listener(host, unused_port()), Listener(host, unused_port())
        watching.add(Monitor(services, threads).routes)
        surface = WebSurface(services, threads, listener)
        running = [asyncio.create_task(one.run()) for one in (listener, watching, surface)]
        async with asyncio.timeout(5):
            while not surface.pages.chats.telegram:  # noqa: ASYNC110  (nothing to await)
                await asyncio.sleep(0.005)
        async with aiohttp.ClientSession() as session:
            yield Site(surface, listener, services, world, database, _root(listener), _root(watching), session)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        threads.close()
    database.close()


def _root(listener: Listener) -> str:
    return f"http://{listener.host}:{listener.port}"


def _configured(services: Services, telegram: str) -> Services:
    settings = Settings(
        _env_file=None, public_url=PUBLIC, telegram_token=SecretStr(TOKEN), telegram_api_url=telegram,
        discord_token=SecretStr(DISCORD_TOKEN),
    )  # fmt: skip
    return replace(services, settings=settings)
