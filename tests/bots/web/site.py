"""Web front that serves real HTTP, and a client for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import aiohttp
import sqlalchemy as sa
from pydantic import SecretStr

from bots.app.monitor import Monitor
from bots.common.listener import Listener
from bots.common.service_threads import ServiceThreads, Timer
from bots.common.settings import Settings
from bots.services import Services
from bots.web.surface import WebSurface
from core.petition.collection import collect
from core.petition.petition import Decision, Petition
from core.petition.trial import preview_name
from core.signatures.signature import SignatureStatus
from core.sources.checks import SourceCheck
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.databases import migrated_sqlite
from tests.patience import until
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

    async def checks(self, *checks: SourceCheck, petition: str = SALESFORCE) -> None:
        """The checker has looked at sources, and the front has noticed."""
        known = self.world.checks.get(petition, {})
        self.world.checks[petition] = {**known, **{check.key: check for check in checks}}
        await self.surface.counts.refresh()

    @contextmanager
    def database_away(self, table: str = "tallies") -> Iterator[None]:
        """For a while a table is missing, which is a real error of the real engine; nobody is patient meanwhile."""
        self._rename(table, "elsewhere")
        try:
            yield
        finally:
            self._rename("elsewhere", table)

    def _rename(self, old: str, new: str) -> None:
        with self.database.engine.begin() as connection:
            connection.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))


@asynccontextmanager
async def served(folder: Path, vault: Vault, *own: Petition) -> AsyncIterator[Site]:
    """A front on a database of its own, with the tests' petitions or others; it knows both chats' bots."""
    chosen = {petition.slug: petition for petition in own} or dict(petitions())
    preview = partial(preview_name, fingerprint=vault.fingerprint)
    collection = collect(chosen, preview, stored=lambda one: (*one.formerly, one.slug)[0])
    async with AsyncExitStack() as stack:
        database = stack.enter_context(closing(migrated_sqlite(folder)))
        world = World(work=lambda: SqlUnitOfWork(database, vault), petitions=chosen)
        telegram = await stack.enter_async_context(TelegramServer())
        world.signing = replace(world.signing, petitions=collection)
        known = replace(services_of(world, database, vault), petitions=collection)
        services = _configured(known, telegram.root)
        threads = stack.enter_context(closing(ServiceThreads(database.writers, timer=Timer(wait=bool))))
        host = "127.0.0.1"
        listener, watching = Listener(host, 0), Listener(host, 0)
        services.metrics.watch_health(services.supervisor.health)
        watching.add(Monitor(services, threads).routes)
        surface = WebSurface(services, threads, listener)
        await stack.enter_async_context(_running(listener.run(), watching.run(), surface.run()))
        await until(lambda: bool(surface.pages.links.telegram), "the front knows the bot")
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield Site(surface, listener, services, world, database, _root(listener), _root(watching), session)


@asynccontextmanager
async def _running(*services: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """Run them until the block ends."""
    tasks = [asyncio.create_task(service) for service in services]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _root(listener: Listener) -> str:
    return f"http://{listener.host}:{listener.port}"


def _configured(services: Services, telegram: str) -> Services:
    settings = Settings(
        public_url=PUBLIC, telegram_token=SecretStr(TOKEN), telegram_api_url=telegram,
        discord_token=SecretStr(DISCORD_TOKEN),
    )  # fmt: skip
    return replace(services, settings=settings)
