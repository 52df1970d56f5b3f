"""The web front: counts per second beside a bare handler that returns a constant, and pages."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from aiohttp import web
from aiohttp.test_utils import unused_port

from tests.bench.report import Aim, Figure, show
from tests.bench.rounds import in_turn
from tests.bench.workbench import SLUG, SQLITE, Workbench

AIM = Aim("at least 80 %", least=0.8)
SECONDS, QUICK_SECONDS = 3.0, 1.0
AT_ONCE = 16
BODY = b'{"petition": "salesforce-cbp", "count": 0, "goal": 1000}'
_LENGTH = re.compile(rb"Content-Length: (\d+)")
NOTE = (
    "16 connections of one client, kept open, against a server process each. The bare handler returns a constant in "
    "aiohttp, without headers, metrics or routes of its own. Median of the rounds, which run in turn."
)


def run(bench: Workbench) -> None:
    """Measure and print."""
    folder = bench.place(SQLITE, "web").folder
    seconds = QUICK_SECONDS if bench.quick else SECONDS
    port, bare_port = unused_port(), unused_port()
    front = [sys.executable, "-m", "bots", "run", "web"]
    bare = [sys.executable, "-m", "tests.bench.web", str(bare_port)]
    environment = bench.environment(folder) | {"WEB_PORT": str(port)}
    with _serving(front, environment, port), _serving(bare, environment, bare_port):
        measures = [
            partial(_rate, port, f"/p/{SLUG}/count.json", seconds),
            partial(_rate, port, f"/p/{SLUG}", seconds),
            partial(_rate, bare_port, "/", seconds),
        ]
        count, page, constant = in_turn("Asking", 3 if bench.quick else 7, measures)
    baseline = ("bare handler, a constant", f"{constant.middle:,.0f}/s")
    figures = (
        Figure("count.json", f"{count.middle:,.0f}/s", *baseline, count.ratio_to(constant), AIM),
        Figure("the petition's page", f"{page.middle:,.0f}/s", *baseline, page.ratio_to(constant)),
    )
    show("Web", figures, NOTE)


def _rate(port: int, path: str, seconds: float) -> float:
    return asyncio.run(_ask(port, path, seconds))


async def _ask(port: int, path: str, seconds: float) -> float:
    """Requests answered per second."""
    loop, begun = asyncio.get_running_loop(), time.perf_counter()
    clients = [_Client(path) for _ in range(AT_ONCE)]
    for client in clients:
        await loop.create_connection(partial(_same, client), "127.0.0.1", port)
    await asyncio.sleep(seconds)
    rate = sum(client.answered for client in clients) / (time.perf_counter() - begun)
    for client in clients:
        client.transport.abort()
    return rate


def _same(client: _Client) -> _Client:
    return client


class _Client(asyncio.Protocol):
    """Asks again as soon as it has the answer; it does nearly nothing, so that the server is what is measured."""

    transport: asyncio.Transport

    def __init__(self, path: str) -> None:
        self._request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        self._got = b""
        self.answered = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask first."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Ask again when the answer is whole."""
        self._got += data
        head, end, body = self._got.partition(b"\r\n\r\n")
        if end and len(body) >= int(_LENGTH.findall(head)[0]):
            assert head.startswith(b"HTTP/1.1 200")
            self._got = b""
            self.answered += 1
            self.transport.write(self._request)


@contextmanager
def _serving(command: list[str], environment: dict[str, str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        asyncio.run(_until_up(port))
        yield
    finally:
        process.terminate()
        process.wait()


async def _until_up(port: int) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


def main() -> None:
    """Run as `python -m tests.bench.web PORT`: the bare server."""

    async def constant(_: web.Request) -> web.Response:
        return web.Response(body=BODY, content_type="application/json")

    application = web.Application()
    application.router.add_get("/", constant)
    web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
