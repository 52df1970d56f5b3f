"""The web front: counts per second beside a bare handler that returns a constant, and pages."""

from __future__ import annotations

import asyncio
import math
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from aiohttp import web
from uvloop import new_event_loop

from tests.bench.bigday.processes import cpu_seconds, until_up
from tests.bench.report import Aim, Figure, show
from tests.bench.rounds import Series, in_turn
from tests.bench.workbench import SLUG, SQLITE, Workbench
from tests.ports import unused_port

AIM = Aim("at least 0.95", least=0.95)
HALF = Aim("at least 0.5", least=0.5)
SECONDS, QUICK_SECONDS = 3.0, 1.0
AT_ONCE = 16
BARE = "bare handler, a constant"
BODY = b'{"petition": "salesforce-cbp", "count": 0, "goal": 1000}'
NEW = "a new label each time"
COMPARED = (
    ("count.json", BARE, AIM),
    ("the petition's page", BARE, None),
    (f"the page, {NEW}", "the petition's page", HALF),
    (f"qr.svg, {NEW}", "qr.svg", HALF),
)
"""The pairs that are compared."""
_LENGTH = re.compile(rb"Content-Length: (\d+)")
NOTE = (
    "16 connections of one client, kept open, against a server process each. The bare handler returns a constant in "
    "aiohttp, on uvloop too, without headers, metrics or routes of its own. A new label is one that nobody asked for "
    "before, so that no answer to it is kept. Median of the rounds, which run in turn."
)


def run(bench: Workbench) -> None:
    """Measure and print."""
    folder = bench.place(SQLITE, "web").folder
    seconds = QUICK_SECONDS if bench.quick else SECONDS
    port, bare_port = unused_port(), unused_port()
    front = [sys.executable, "-m", "bots", "run", "web"]
    bare = [sys.executable, "-m", "tests.bench.web", str(bare_port)]
    environment = bench.environment(folder) | {"WEB_PORT": str(port)}
    with serving(front, environment, port) as product, serving(bare, environment, bare_port) as other:
        ask = partial(WebPath, product, port, seconds)
        paths = {
            "count.json": ask(lambda: f"/p/{SLUG}/count.json"),
            "the petition's page": ask(lambda: f"/p/{SLUG}"),
            f"the page, {NEW}": ask(_new(f"/p/{SLUG}")),
            "qr.svg": ask(lambda: f"/p/{SLUG}/qr.svg"),
            f"qr.svg, {NEW}": ask(_new(f"/p/{SLUG}/qr.svg")),
            BARE: WebPath(other, bare_port, seconds, lambda: "/"),
        }
        series = in_turn("Asking", 3 if bench.quick else 7, [path.rate for path in paths.values()])
    rates, costs = dict(zip(paths, series, strict=True)), {name: path.cost for name, path in paths.items()}
    show("Web", [*_rates(rates), *_costs(costs)], NOTE)


def _new(path: str) -> Callable[[], str]:
    """Addresses with one label after another, all as long as each other."""
    numbers = count()
    return lambda: f"{path}?source=new-{next(numbers):08x}"


def _rates(rates: Mapping[str, Series]) -> Iterator[Figure]:
    for name, other, aim in COMPARED:
        ours, baseline = rates[name], rates[other]
        yield Figure(name, f"{ours.middle:,.0f}/s", other, f"{baseline.middle:,.0f}/s", ours.ratio_to(baseline), aim)


def _costs(costs: Mapping[str, float]) -> Iterator[Figure]:
    """The same by the server's own processor time, which does not depend on how fast the client is beside it."""
    for name, other, _ in COMPARED:
        cost, baseline = costs[name], costs[other]
        title = f"{name}: processor time"
        yield Figure(title, f"{cost * 1e6:.1f} µs", other, f"{baseline * 1e6:.1f} µs", baseline / cost)


class WebPath:
    """Paths of a server process, asked for one after another; `cost` is the least processor time a request took."""

    def __init__(self, server: psutil.Process, port: int, seconds: float, path: Callable[[], str]) -> None:
        self._server, self._port, self._seconds, self._path = server, port, seconds, path
        self.cost = math.inf

    def rate(self) -> float:
        """Requests answered per second."""
        before = cpu_seconds([self._server])
        rate = asyncio.run(_ask(self._port, self._path, self._seconds))
        self.cost = min(self.cost, (cpu_seconds([self._server]) - before) / (rate * self._seconds))
        return rate


async def _ask(port: int, path: Callable[[], str], seconds: float) -> float:
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

    def __init__(self, path: Callable[[], str]) -> None:
        self._path = path
        self._got = b""
        self._whole = 0  # how long the last answer was
        self.answered = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask first."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._request()

    def data_received(self, data: bytes) -> None:
        """Ask again when the answer is whole: as long as the one before it, or as it says itself."""
        self._got += data
        if len(self._got) != self._whole:
            head, end, body = self._got.partition(b"\r\n\r\n")
            if not end or len(body) < int(_LENGTH.findall(head)[0]):
                return
            self._whole = len(self._got)
        assert self._got.startswith(b"HTTP/1.1 200")
        self._got = b""
        self.answered += 1
        self._request()

    def _request(self) -> None:
        self.transport.write(f"GET {self._path()} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())


@contextmanager
def serving(command: list[str], environment: dict[str, str], port: int) -> Iterator[psutil.Process]:
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        asyncio.run(until_up(port))
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Run as `python -m tests.bench.web PORT [FILE]`: the bare server of a constant, or of what a file has."""
    body, kind = BODY, "application/json"
    if len(sys.argv) > 2:
        body, kind = Path(sys.argv[2]).read_bytes(), "application/octet-stream"

    async def constant(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type=kind)

    application = web.Application()
    application.router.add_get("/", constant)
    web.run_app(
        application, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None, loop=new_event_loop()
    )


if __name__ == "__main__":
    main()
