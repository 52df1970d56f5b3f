"""A web archive as RFC 7089 describes them, with the Wayback Machine's addresses: TimeGate, availability, save."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime, parsedate_to_datetime

from aiohttp import web
from aiohttp.test_utils import TestServer

STAMP = "%Y%m%d%H%M%S"


@dataclass
class MementoServer:
    """The archive's copies: for each page the moments at which it was copied, and the status it had then.

    `has_timegate` is False for an archive that answers only its availability API.
    """

    now: dt.datetime
    copies: dict[str, dict[dt.datetime, int]] = field(default_factory=dict)
    has_timegate: bool = True
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def nearest(self, link: str, at: dt.datetime) -> dt.datetime | None:
        """The moment of the nearest copy."""
        return min(self.copies.get(link, {}), key=lambda made: abs(made - at), default=None)

    async def handle(self, request: web.Request) -> web.Response:
        """Answer any request."""
        path = request.raw_path
        self.asked.append(path)
        if path.startswith("/wayback/available?"):
            return self._available(request)
        kind, _, rest = path.removeprefix("/").partition("/")
        stamp, _, link = rest.partition("/")
        if kind == "save":
            self.copies.setdefault(rest, {})[self.now] = 200
            return self._redirect(rest, self.now)
        if kind == "web" and stamp.isdigit():
            return self._memento(link, dt.datetime.strptime(stamp, STAMP).replace(tzinfo=dt.UTC))
        return self._timegate(request, rest)

    def _timegate(self, request: web.Request, link: str) -> web.Response:
        at = parsedate_to_datetime(request.headers.get("Accept-Datetime", format_datetime(self.now, usegmt=True)))
        made = self.nearest(link, at)
        if not self.has_timegate or made is None:
            return web.Response(status=404)
        return self._redirect(link, made)

    def _redirect(self, link: str, made: dt.datetime) -> web.Response:
        headers = {
            "Location": f"/web/{made:{STAMP}}/{link}", "Vary": "accept-datetime", "Link": f'<{link}>; rel="original"'
        }  # fmt: skip
        return web.Response(status=302, headers=headers)

    def _memento(self, link: str, made: dt.datetime) -> web.Response:
        status = self.copies.get(link, {}).get(made)
        if status is None:
            return web.Response(status=404)
        headers = {"Memento-Datetime": format_datetime(made, usegmt=True), "Link": f'<{link}>; rel="original"'}
        return web.Response(status=status, text="<p>A copy</p>" * 10000, content_type="text/html", headers=headers)

    def _available(self, request: web.Request) -> web.Response:
        link = request.query["url"]
        at = dt.datetime.strptime(request.query["timestamp"], STAMP).replace(tzinfo=dt.UTC)
        made = self.nearest(link, at)
        closest = {
            "available": True, "status": str(self.copies[link][made]), "timestamp": f"{made:{STAMP}}",
            "url": f"http://{request.host}/web/{made:{STAMP}}/{link}",
        } if made else None  # fmt: skip
        return web.json_response({"url": link, "archived_snapshots": {"closest": closest} if closest else {}})


@asynccontextmanager
async def archiving(server: MementoServer) -> AsyncIterator[MementoServer]:
    """Start the archive."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    async with TestServer(app, host="127.0.0.1") as started:
        server.port = started.port or 0
        yield server
