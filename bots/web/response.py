"""An answer with headers that were put together once, for requests of the usual kind."""

from __future__ import annotations

from aiohttp import HttpVersion11, hdrs, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.helpers import rfc822_formatted_time
from multidict import CIMultiDict


class Head:
    """The headers of an answer, except for those of the moment."""

    def __init__(self, headers: CIMultiDict[str]) -> None:
        self.headers = headers
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._begin = f"HTTP/1.1 200 OK\r\n{lines}{hdrs.CONTENT_LENGTH}: "

    def replace(self, name: str, value: str) -> Head:
        """The same with another value of one header."""
        headers = self.headers.copy()
        headers[name] = value
        return Head(headers)

    def line_up(self, length: int) -> bytes:
        """The status line and all headers now, for a body of a length in bytes."""
        return f"{self._begin}{length}\r\n{hdrs.DATE}: {rfc822_formatted_time()}\r\n\r\n".encode()


class ReadyResponse(web.Response):
    """A body with a ready head; aiohttp puts the headers together only for HEAD, HTTP/1.0, or a last request."""

    def __init__(self, body: bytes, head: Head) -> None:
        super().__init__(body=body, headers=head.headers)
        self._ready, self._ready_body = head, body

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Begin to answer."""
        is_usual = request.method == hdrs.METH_GET and request.version == HttpVersion11 and request.keep_alive
        if not is_usual or self.prepared:
            return await super().prepare(request)
        self._req, self._keep_alive, self._must_be_empty_body = request, True, False
        writer = self._payload_writer = request._payload_writer  # noqa: SLF001  (as aiohttp's own `_start` does)
        writer._headers_buf = self._ready.line_up(len(self._ready_body))  # type: ignore[attr-defined]  # noqa: SLF001
        return writer
