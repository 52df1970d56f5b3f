"""The live count, pushed to open pages: server-sent events, for a limited number of listeners."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response

from bots.web.counts import Counts
from bots.web.headers import ANYWHERE, OURS

MOST_LISTENERS = 1000
LONGEST = 600.0  # seconds after which a listener must reconnect, so that nobody holds a place for good
_CONNECT_AGAIN = 5000  # milliseconds
_HEADERS = OURS | ANYWHERE


class Live:
    """The listeners of all petitions; when all places are taken, browsers are told to poll the count."""

    def __init__(self, counts: Counts, most: int = MOST_LISTENERS) -> None:
        self._counts, self._most = counts, most
        self._listeners: set[asyncio.Timeout] = set()

    def __len__(self) -> int:
        return len(self._listeners)

    async def listen(self, request: web.Request, slug: str) -> web.StreamResponse:
        """Send the snapshot now and after every change; 503 if no place is free."""
        if len(self) >= self._most:
            return web.Response(status=503, headers=_HEADERS | {"Retry-After": "60"})
        async with sse_response(request, headers=_HEADERS) as stream:
            with suppress(TimeoutError, ConnectionError):
                async with asyncio.timeout(LONGEST) as place:
                    await self._send_snapshots(request, stream, slug, place)
        return stream

    def stop(self) -> None:
        """Let all listeners go."""
        for place in self._listeners:
            place.reschedule(asyncio.get_running_loop().time())

    async def _send_snapshots(
        self, request: web.Request, stream: EventSourceResponse, slug: str, place: asyncio.Timeout
    ) -> None:
        self._listeners.add(place)
        try:
            version = 0
            while snapshot := await self._counts.after(slug, version, lambda: request.transport is None):
                await stream.send(snapshot.for_programs.body.decode(), retry=_CONNECT_AGAIN)
                version = snapshot.version
        finally:
            self._listeners.discard(place)
