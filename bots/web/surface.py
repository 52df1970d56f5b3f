"""The web front: puts pages, counts, and addresses together, and keeps them fresh until it is told to stop."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial

from bots.common.identity import discord_application, telegram_username
from bots.common.listener import Listener
from bots.common.patience import Backoff
from bots.common.refusal import SurfaceRefused
from bots.common.service_threads import ServiceThreads
from bots.common.supervisor import Start
from bots.process import Process
from bots.services import Services
from bots.web.assets import Assets
from bots.web.citations import Citations
from bots.web.counts import Counts
from bots.web.live import Live
from bots.web.log_files import LogFiles
from bots.web.pages import Pages
from bots.web.pictures import PictureCache
from bots.web.protection import Guard
from bots.web.routes import Front
from bots.web.versions import KnownVersions
from core.errors import ConfigurationError

log = logging.getLogger(__name__)

TELEGRAM_NAME = "web-telegram-name"


def prepare(process: Process) -> Start:
    """This process's web front, ready to run once. Raises ConfigurationError without a port."""
    if process.listener is None:
        raise ConfigurationError("WEB_PORT is not set.")
    return WebSurface(process.services, process.threads, process.listener).run


class WebSurface:
    """Has the process's listener serve its pages, alongside whatever else that serves."""

    def __init__(self, services: Services, threads: ServiceThreads, listener: Listener) -> None:
        settings = self._settings = services.settings
        self._supervisor = services.supervisor
        base, assets = settings.public_url or f"http://{listener.host}:{listener.port}", Assets()
        self.counts = Counts(services, threads)
        self.pages = Pages(services, self.counts, base, assets)
        self.live = Live(self.counts)
        services.metrics.watch_listeners(lambda: len(self.live))
        pictures = PictureCache(self.counts, services.catalog, base)
        self.logs, versions = LogFiles(services, self.counts, threads), KnownVersions(services, threads)
        citations = Citations(services)
        front = Front(services, self.counts, assets, self.pages, pictures, self.live, self.logs, versions, citations)
        guard = Guard(front.problem, lambda: bool(self.counts.snapshots), services.metrics)
        routes = front.routes(guard)
        listener.add(routes)
        readable = {route.path for route in routes if "{" not in route.path}
        listener.otherwise = guard.wrap(partial(guard.not_found, readable=readable), "nowhere")

    async def run(self) -> None:
        """Keep the pages current until cancelled. Raises ConfigurationError for an impossible DISCORD_TOKEN."""
        self.pages.links = replace(self.pages.links, discord=self._discord())
        try:
            await self.counts.begin()
            log.info("web: the pages are up")
            self._supervisor.health.add("web").up()
            async with self._supervisor.helping({TELEGRAM_NAME: self._find_telegram}):
                await self.counts.refresh_forever()
        finally:
            self.live.stop()

    def _discord(self) -> int | None:
        token = self._settings.discord_token
        return discord_application(token.get_secret_value()) if token else None

    async def _find_telegram(self) -> None:
        """Find out the bot's name, with retries; the pages do without it until then, or if the token is refused."""
        token = self._settings.telegram_token
        if token:
            backoff = Backoff(log, "the pages don't link to Telegram yet")
            try:
                username = await telegram_username(self._settings.telegram_api_url, token.get_secret_value(), backoff)
            except SurfaceRefused as refusal:
                self._supervisor.health.add(TELEGRAM_NAME, essential=False).stop(str(refusal))
            else:
                self.pages.links = replace(self.pages.links, telegram=username)
