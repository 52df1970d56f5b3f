"""An HTTP server for strangers: it limits connections and time, logs no broken requests, and doesn't name its software.

aiohttp's own server logs the address and a traceback for each malformed request, quotes it in the answer, names itself
and its version, waits for headers as long as a connection may idle, and accepts any number of connections.
"""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import Any, cast

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

log = logging.getLogger(__name__)

HEADER_SECONDS = (
    15.0  # for a request's headers, from their first byte; for the first request, from the start of the connection
)
MOST_CONNECTIONS = 4000  # of one listener; a thousand of them may follow the live count
OPTIONS: dict[str, Any] = {
    "access_log": None,  # it would contain people's addresses
    "keepalive_timeout": 150.0,  # a little longer than proxies keep connections, so that they close them first
    "lingering_time": 5.0,  # for a body that nobody reads
    "auto_decompress": False,  # no honest client compresses what it sends here
}
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_FAULTS_OF_CLIENTS = (HttpProcessingError, web.RequestPayloadError, ConnectionError)


class Runner(web.AppRunner):
    """Serves an application over connections that enforce the limits in this module."""

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Server(made.request_handler, request_factory=made.request_factory)


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=asyncio.get_running_loop(), **OPTIONS)


class _Connection(web.RequestHandler):
    """One client's connection."""

    __slots__ = ("_deadline", "_server")

    def __init__(self, server: _Server, **options: Any) -> None:
        super().__init__(server, **options)
        self._server = server
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Admit the client, or turn it away if there are too many."""
        if len(self._server.connections) >= MOST_CONNECTIONS:
            client = cast("asyncio.Transport", transport)
            client.write(_FULL)
            client.close()
            return
        super().connection_made(transport)
        self._expect_headers()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forget the client."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes. The first of a request start the time limit for its headers; the last of the headers end it."""
        before = self._request_count
        super().data_received(data)
        if self._request_count > before:
            self._stop_waiting()
        elif self._is_between_requests():
            self._expect_headers()

    def log_exception(self, *_: Any, **kw: Any) -> None:
        """Log a fault of our own, without naming the client; a client's fault isn't worth a line."""
        error = kw.get("exc_info")
        if not isinstance(error, _FAULTS_OF_CLIENTS):
            log.error("a request was not answered", exc_info=error)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002  (it quotes the request)
    ) -> web.StreamResponse:
        """Answer a malformed request, or one on which a handler failed."""
        self.log_exception(exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("Part of the answer has already been sent")
        if isinstance(exc, _FAULTS_OF_CLIENTS):
            status = HTTPStatus.BAD_REQUEST
        response = _Nameless(status=status, text=f"{HTTPStatus(status).phrase}\n")
        response.force_close()
        return response

    def _is_between_requests(self) -> bool:
        return self._waiter is not None and not self._waiter.done()

    def _expect_headers(self) -> None:
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().call_later(HEADER_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self._is_between_requests():
            self.force_close()


class _Nameless(web.Response):
    """A response outside of any application, which therefore has no `remove_name`."""

    async def _prepare_headers(self) -> None:
        await super()._prepare_headers()
        self.headers.popall(hdrs.SERVER, None)


async def remove_name(_: web.Request, response: web.StreamResponse) -> None:
    """Remove the software's name and version from the headers; a signal handler of applications."""
    response.headers.popall(hdrs.SERVER, None)
