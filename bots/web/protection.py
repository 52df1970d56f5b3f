"""Wraps every answer: one sentence if something is wrong, protective headers, redirects to the right address, metrics.

Handlers are wrapped one by one, because a middleware would add about a tenth to the time aiohttp itself takes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from typing import TypeAlias

from aiohttp import hdrs, web

from bots.common.listener import RequestHandler
from bots.common.metrics import Metrics
from bots.web.addresses import right_path
from bots.web.content import REDIRECT_SECONDS, public
from bots.web.headers import PROTECTING, REDIRECTING, SNIFFING
from core.messages import Message

log = logging.getLogger(__name__)

_READING = (hdrs.METH_GET, hdrs.METH_HEAD)
Problem: TypeAlias = Callable[[web.Request, Message], str]


class Guard:
    """Wraps handlers; `page` draws a page with one sentence, `is_ready` says whether there is anything to show yet."""

    def __init__(self, page: Problem, is_ready: Callable[[], bool], metrics: Metrics) -> None:
        self._page, self._is_ready, self._metrics = page, is_ready, metrics

    def wrap(self, handler: RequestHandler, name: str) -> RequestHandler:
        """Wrap a handler with protection and with metrics under this name."""
        clock, is_ready, count_request = asyncio.get_running_loop().time, self._is_ready, self._metrics.count_request

        async def answer(request: web.Request) -> web.StreamResponse:
            begun = clock()
            try:
                response = await handler(request) if is_ready() else self.unavailable(request)
            except Exception:
                log.exception("%s was not answered", name)
                response = self._problem(request, 500, Message("notice.try_again"))
            if SNIFFING not in response.headers:
                response.headers.update(PROTECTING)
            count_request(name, response.status, clock() - begun)
            return response

        return answer

    async def not_found(self, request: web.Request, readable: Collection[str] = ()) -> web.StreamResponse:
        """Handle what no other handler does: unknown or misspelled addresses, and methods other than reading."""
        path = right_path(request.path, readable)
        if path is None:
            return self._problem(request, 404, Message("web.not_found"))
        if request.method in _READING and request.rel_url.raw_path != path:
            return redirect(request, path)
        response = self._problem(request, 405, Message("web.only_reading"))
        response.headers[hdrs.ALLOW] = ", ".join(_READING)
        return response

    def unavailable(self, request: web.Request) -> web.Response:
        """Handle requests that need the database while it doesn't answer, or before it has for the first time."""
        response = self._problem(request, 503, Message("notice.try_again"))
        response.headers[hdrs.RETRY_AFTER] = "5"
        return response

    def _problem(self, request: web.Request, status: int, message: Message) -> web.Response:
        response = web.Response(text=self._page(request, message), content_type="text/html", status=status)
        response.headers[hdrs.CACHE_CONTROL] = "no-store"
        return response


def redirect(request: web.Request, path: str) -> web.Response:
    """Lead to one of our own paths, with the same query; nothing else in the request decides where."""
    query = request.rel_url.raw_query_string
    headers = {hdrs.LOCATION: f"{path}?{query}" if query else path, hdrs.CACHE_CONTROL: public(REDIRECT_SECONDS)}
    return web.Response(status=301, headers=REDIRECTING | headers)
