"""The web server of a process: the routes of all its components, on one port."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import TypeAlias, cast

from aiohttp import web

from bots.common.http_server import Runner, remove_name
from core.errors import ConfigurationError

log = logging.getLogger(__name__)

RequestHandler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

LARGEST_BODY = 256 * 1024  # bytes; an update from Telegram has a few thousand
WAITING = 128  # connections that may wait to be accepted
STOP_SECONDS = 5.0  # seconds that requests in progress may still take


class Listener:
    """Collects routes, then serves them; closing refuses new requests and finishes those in progress.

    A component that restarts adds its routes again, and the new handlers replace the old ones.
    `otherwise` answers requests without a route. `setting` is the variable of the port, for errors.
    """

    def __init__(self, host: str, port: int, setting: str = "WEB_PORT") -> None:
        self.host, self.port, self._setting = host, port, setting
        self.routes: dict[tuple[str, str], web.RouteDef] = {}
        self.otherwise: RequestHandler | None = None
        self.listening = asyncio.Event()
        self._socket: socket.socket | None = None

    def add(self, routes: Iterable[web.RouteDef]) -> None:
        """Serve these as well; they replace those with the same method and path."""
        self.routes |= {(route.method, route.path): route for route in routes}

    @property
    def is_needed(self) -> bool:
        """True if there is anything to serve."""
        return bool(self.routes)

    def bind(self) -> None:
        """Open the port, so that a failure shows before anything else starts. Raises ConfigurationError."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        try:
            self._socket = socket.create_server((self.host, self.port), family=family, backlog=WAITING)
        except OSError as error:
            raise ConfigurationError(
                f"{self._setting}: cannot listen on port {self.port} at {self.host}: {_reason(error)}."
            ) from None
        self.port = self._socket.getsockname()[1]

    def close(self) -> None:
        """Free the port, if it is open."""
        if self._socket:
            self._socket.close()
            self._socket = None

    async def run(self) -> None:
        """Serve until cancelled. Raises ConfigurationError if the port cannot be opened."""
        runner = Runner(self._app(), shutdown_timeout=STOP_SECONDS, handle_signals=False)
        await runner.setup()
        try:
            if self._socket is None:
                self.bind()
            await web.SockSite(runner, cast("socket.socket", self._socket), backlog=WAITING).start()
            log.info("listening on %s, port %d", self.host, self.port)
            self.listening.set()
            await asyncio.Event().wait()
        finally:
            self.listening.clear()
            await runner.cleanup()
            self.close()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_BODY)
        app.on_response_prepare.append(remove_name)
        app.add_routes(
            web.RouteDef(route.method, route.path, partial(self._answer, key), route.kwargs)
            for key, route in self.routes.items()
        )
        if self.otherwise:
            app.router.add_route("*", "/{elsewhere:.*}", self._answer_otherwise)
        return app

    async def _answer(self, key: tuple[str, str], request: web.Request) -> web.StreamResponse:
        handler = cast("RequestHandler", self.routes[key].handler)
        return await handler(request)

    async def _answer_otherwise(self, request: web.Request) -> web.StreamResponse:
        return await cast("RequestHandler", self.otherwise)(request)


def _reason(error: OSError) -> str:
    """The system's words for the error, without its number."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error.strerror or "no such address")
