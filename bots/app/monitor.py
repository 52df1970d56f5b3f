"""Health checks and metrics for operators: whether the process is alive, and whether the database answers."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Mapping

from aiohttp import web
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from bots.app.sealed_rows import SealedRows
from bots.common.health import Condition
from bots.common.service_threads import ServiceThreads
from bots.services import Services
from core.errors import StorageUnavailableError
from core.outbox import Backlog
from core.petition.petition import Petition
from core.signatures.breakdowns import by_day
from core.signatures.signature import Tally

log = logging.getLogger(__name__)

PROBE_SECONDS = 0.8  # seconds for the database to answer, so that every request is answered within a second
DAYS = 14  # days of signing that the metrics have, with today
ONE_LOOK = 1.0  # seconds for which the result of one query answers every request
READY, NOT_READY, NO_DATABASE = "ready", "nothing that should run works", "the database does not answer"


def _plain_text(words: str, status: int = 200) -> web.Response:
    return web.Response(text=f"{words}\n", status=status, headers={"Cache-Control": "no-store"})


async def _alive(_: web.Request) -> web.Response:
    return _plain_text("alive")


async def _opening(_: web.Request) -> web.Response:
    return _plain_text(NO_DATABASE, status=503)


ROUTES_WHILE_OPENING = (web.get("/healthz", _alive), web.get("/readyz", _opening), web.get("/metrics", _opening))
"""Routes while the database isn't open yet; a Monitor's routes replace them."""


class Monitor:
    """Health checks and metrics; requests within a second share one query of the database."""

    def __init__(self, services: Services, threads: ServiceThreads, sealed: SealedRows | None = None) -> None:
        self._services, self._threads = services, threads
        self._sealed = sealed or SealedRows(services.queries.unopened)
        self._look: asyncio.Task[bool] | None = None
        self._looked_at = 0.0

    @property
    def routes(self) -> list[web.RouteDef]:
        """Routes for a web server that only operators can reach."""
        return [web.get("/healthz", _alive), web.get("/readyz", self.readyz), web.get("/metrics", self.metrics)]

    async def readyz(self, request: web.Request) -> web.Response:
        """200 while the database answers and something that the process was started for works, otherwise 503.

        With `?surface=NAME`, 200 while that works, and 404 if the process was not started for it. The text has a line
        for each component that doesn't work, and one for rows that no key opens. The database answers if it accepts
        reads and writes.
        """
        answers = await self._is_ready()
        health, wanted = self._services.supervisor.health, request.query.get("surface", "")
        chosen = health.essentials(wanted)
        if wanted and not chosen:
            known = ", ".join(component.name for component in health.essentials())
            return _plain_text(f"this process runs {known or 'nothing'}, but not that", status=404)
        if wanted:
            works, shown = all(component.state is Condition.UP for component in chosen), chosen
        else:
            works, shown = not health.is_useless, list(health.troubles())
        head = (READY if works else NOT_READY) if answers else NO_DATABASE
        return _plain_text(
            "\n".join([head, *map(str, shown), *self._sealed.sentences]), status=200 if works and answers else 503
        )

    async def metrics(self, _: web.Request) -> web.Response:
        """The metrics; figures from the database are as old as its last answer."""
        await self._is_ready()
        body = self._services.metrics.text()
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    async def _is_ready(self) -> bool:
        now = asyncio.get_running_loop().time()
        if self._look is None or (self._look.done() and now - self._looked_at > ONE_LOOK):
            self._look, self._looked_at = asyncio.create_task(self._ask()), now
        return await asyncio.shield(self._look)

    async def _ask(self) -> bool:
        """Check that the database accepts reads and writes, and keep its figures."""
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                await self._threads.run(self._services.database.probe)
                self._services.metrics.set_stored(*await self._threads.run(self._read_figures))
                self._services.metrics.set_logs(await self._threads.run(self._read_logs))
        except Exception as error:  # noqa: BLE001  (whatever the error is, the database doesn't work)
            if not isinstance(error, StorageUnavailableError | TimeoutError):
                log.warning("cannot write to or read from the database: %s", type(error).__name__)
            self._services.metrics.set_unreachable()
            return False
        return True

    def _read_figures(self) -> tuple[dict[str, Tally], dict[str, Mapping[dt.date, Tally]], dict[str, Backlog]]:
        queries, petitions, now = self._services.queries, self._services.petitions, self._services.signing.clock()
        with queries.outbox() as outbox:
            backlog = dict(outbox.backlog(now))
        days = {slug: self._days(petition, now) for slug, petition in petitions.items()}
        return {slug: queries.tally(slug) for slug in petitions}, days, backlog

    def _days(self, petition: Petition, now: dt.datetime) -> Mapping[dt.date, Tally]:
        """The last days of signing, in the petition's time zone."""
        first = petition.midnight(petition.day(now) - dt.timedelta(days=DAYS - 1))
        return by_day(self._services.queries.hours(petition.slug, first), petition.zone)

    def _read_logs(self) -> dict[str, tuple[int, bool]]:
        with self._services.queries.stored_log() as logs:
            states = logs.states()
            records = {slug: logs.checkpoint(slug) for slug in states if slug in self._services.petitions}
        return {
            slug: (record.checkpoint.size if record else 0, not states[slug].fault) for slug, record in records.items()
        }
