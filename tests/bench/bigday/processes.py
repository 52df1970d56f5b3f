"""Several processes of the product on one PostgreSQL, posted to by a server in ours."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http import HTTPStatus
from pathlib import Path

import aiohttp
import psutil  # type: ignore[import-untyped]

from tests.bench.bigday.posting import TelegramPostingServer
from tests.bench.telegram import bots
from tests.bench.workbench import Place, Workbench
from tests.ports import unused_port

START_SECONDS = STOP_SECONDS = 20.0
_HERE = Path(__file__).parents[3]


@contextmanager
def posted_to(
    bench: Workbench, place: Place, number: int, runner: asyncio.Runner
) -> Iterator[tuple[TelegramPostingServer, list[psutil.Process]]]:
    """So many processes of the bot on one database, and the server that posts to them."""
    ports = [unused_port() for _ in range(number)]
    server = TelegramPostingServer(ports)
    runner.run(server.start())
    with ExitStack() as stack:
        stack.callback(lambda: runner.run(server.stop()))
        command = ["-m", bots.__name__, bots.POSTED_TO, server.root]
        processes = [stack.enter_context(_process(bench, place, port, command, runner)) for port in ports]
        runner.run(server.idle())
        yield server, processes


@contextmanager
def read_from(bench: Workbench, place: Place, runner: asyncio.Runner) -> Iterator[int]:
    """A process of the web front on the same database; its port."""
    port = unused_port()
    with _process(bench, place, port, ["-m", "bots", "run", "web"], runner):
        runner.run(until_up(port))
        yield port


async def until_up(port: int) -> None:
    """Wait until the server there has started, and no longer tells people to come back in a minute."""
    async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        while True:
            with suppress(aiohttp.ClientConnectionError):
                async with session.get("/", allow_redirects=False) as answer:
                    if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                        return
            await asyncio.sleep(0.05)


@contextmanager
def _process(
    bench: Workbench, place: Place, port: int, command: list[str], runner: asyncio.Runner
) -> Iterator[psutil.Process]:
    log = bench.folder / f"process-{port}.log"
    environment = bench.environment(place.folder) | _settings(place, port)
    command = [sys.executable, *command]
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=_HERE, env=environment, stdout=output, stderr=output)
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        runner.run(asyncio.to_thread(process.wait, STOP_SECONDS))


def _settings(place: Place, port: int) -> dict[str, str]:
    address = place.database.engine.url
    return {
        "DATABASE_URL": address.set(drivername="postgresql").render_as_string(hide_password=False),
        "SECRET_KEY": (place.folder / "secret.key").read_text("ascii").strip(),
        "PETITION_KEYS_DIR": str(place.folder / "petition-keys"),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "WEB_PORT": str(port),
    }


def cpu_seconds(processes: list[psutil.Process]) -> float:
    """Total CPU time of the processes so far, in seconds."""
    return sum(float(process.cpu_times().user + process.cpu_times().system) for process in processes)
