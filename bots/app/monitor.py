"""Health checks and figures for operators: whether the process lives, whether the database answers."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from bots.app.sealed_rows import SealedRows
from bots.common.service_threads import ServiceThreads
from bots.services import Services
from core.errors import StorageUnavailableError
from core.outbox import Backlog
from core.signatures.signature import Tally

log = logging.getLogger(__name__)

PATIENCE = 3.0  # seconds for the database to answer
ONE_LOOK = 1.0  # seconds for which one look into the database answers all who ask


class Monitor:
    """Health checks and figures; requests within a second share one query of the database."""

    def __init__(self, services: Services, threads: ServiceThreads, sealed: SealedRows | None = None) -> None:
        self._services, self._threads = services, threads
        self._sealed = sealed or SealedRows(services.queries.unopened)
        self._look: asyncio.Task[bool] | None = None
        self._looked_at = 0.0

    @property
    def routes(self) -> list[web.RouteDef]:
        """Routes for a web server that only operators can reach."""
        return [web.get("/healthz", self.healthz), web.get("/readyz", self.readyz), web.get("/metrics", self.metrics)]

    async def healthz(self, _: web.Request) -> web.Response:
        """200 while the process lives."""
        return _plain_text("alive")

    async def readyz(self, _: web.Request) -> web.Response:
        """200 while the database can be written and read, else 503."""
        if not await self._is_ready():
            return _plain_text("the database does not answer", status=503)
        return _plain_text("\n".join(("ready", *self._sealed.sentences)))

    async def metrics(self, _: web.Request) -> web.Response:
        """The figures; those of the database are as old as its last answer."""
        await self._is_ready()
        body = self._services.metrics.text()
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    async def _is_ready(self) -> bool:
        now = asyncio.get_running_loop().time()
        if self._look is None or (self._look.done() and now - self._looked_at > ONE_LOOK):
            self._look, self._looked_at = asyncio.create_task(self._ask()), now
        return await asyncio.shield(self._look)

    async def _ask(self) -> bool:
        """Tell whether the database can be written and read, and keep what it says."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._threads.run(self._services.database.probe)
                self._services.metrics.set_stored(*await self._threads.run(self._read_figures))
        except Exception as error:  # noqa: BLE001  (whatever it is, the database does not work)
            if not isinstance(error, StorageUnavailableError | TimeoutError):
                log.error("the database could not be looked at: %s", type(error).__name__)  # noqa: TRY400  (no data)
            self._services.metrics.set_unreachable()
            return False
        return True

    def _read_figures(self) -> tuple[dict[str, Tally], dict[str, Backlog]]:
        queries = self._services.queries
        with queries.outbox() as outbox:
            backlog = dict(outbox.backlog(self._services.signing.clock()))
        return {slug: queries.tally(slug) for slug in self._services.petitions}, backlog


def _plain_text(words: str, status: int = 200) -> web.Response:
    return web.Response(text=f"{words}\n", status=status, headers={"Cache-Control": "no-store"})
