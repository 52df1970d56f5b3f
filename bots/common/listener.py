"""The web server of a process: the routes of all its components, on one port."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeAlias

from aiohttp import web

from bots.common.http_server import Runner, remove_name
from core.errors import ConfigurationError

log = logging.getLogger(__name__)

RequestHandler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

LARGEST_BODY = 256 * 1024  # bytes; an update of Telegram's is some thousand
STOP_SECONDS = 5.0  # that requests in hand may still take


class Listener:
    """Collects routes, then serves them; closing takes no new requests and finishes those in hand.

    `otherwise` answers requests without a route. `setting` is the variable of the port, for errors.
    """

    def __init__(self, host: str, port: int, setting: str = "WEB_PORT") -> None:
        self.host, self.port, self._setting = host, port, setting
        self.app = web.Application(client_max_size=LARGEST_BODY)
        self.app.on_response_prepare.append(remove_name)
        self.otherwise: RequestHandler | None = None
        self.listening = asyncio.Event()

    def add(self, routes: Iterable[web.AbstractRouteDef]) -> None:
        """Serve these as well."""
        self.app.add_routes(routes)

    @property
    def is_needed(self) -> bool:
        """Tell whether there is anything to serve."""
        return len(self.app.router.routes()) > 0

    async def run(self) -> None:
        """Serve until cancelled. Raises ConfigurationError where the port cannot be had."""
        if self.otherwise:
            self.app.router.add_route("*", "/{elsewhere:.*}", self.otherwise)
        runner = Runner(self.app, shutdown_timeout=STOP_SECONDS, handle_signals=False)
        await runner.setup()
        try:
            site = web.TCPSite(runner, self.host, self.port)
            try:
                await site.start()
            except OSError as error:
                raise ConfigurationError(
                    f"{self._setting} {self.port} cannot be listened on at {self.host}: {error.strerror}."
                ) from None
            self.port = runner.addresses[0][1]
            log.info("listening on %s, port %d", self.host, self.port)
            self.listening.set()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()
