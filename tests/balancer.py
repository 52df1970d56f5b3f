"""Load balancer for several processes: takes them in turn and skips one that accepts no connections."""

from __future__ import annotations

from collections import Counter
from itertools import count
from typing import Self

import aiohttp
from aiohttp import web


class Balancer:
    """Hands requests on; `served` counts the answers of each upstream by its port."""

    def __init__(self, ports: list[int]) -> None:
        self._ports, self._turns = ports, count()
        self.served: Counter[int] = Counter()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._hand_on)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._session = aiohttp.ClientSession()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        await self._runner.cleanup()

    async def _hand_on(self, request: web.Request) -> web.Response:
        body, turn = await request.read(), next(self._turns)
        for step in range(len(self._ports)):
            port = self._ports[(turn + step) % len(self._ports)]
            try:
                return await self._ask(port, request, body)
            except aiohttp.ClientConnectorError:
                continue  # nothing was sent: the next one may have it
            except aiohttp.ClientError:
                break  # it may have taken effect: only who asked may ask again
        return web.Response(status=502)

    async def _ask(self, port: int, request: web.Request, body: bytes) -> web.Response:
        headers = {name: value for name, value in request.headers.items() if name.lower() not in ("host", "connection")}
        address = f"http://127.0.0.1:{port}{request.path_qs}"
        async with self._session.request(request.method, address, data=body, headers=headers) as answer:
            self.served[port] += 1
            retry_after = {name: answer.headers[name] for name in ("Retry-After",) if name in answer.headers}
            return web.Response(status=answer.status, body=await answer.read(), headers=retry_after)
