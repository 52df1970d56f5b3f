"""The web server of a process: components that start again, and ports that cannot be had."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest
from aiohttp import web

from bots.common.listener import Listener
from core.errors import ConfigurationError
from tests.patience import patience

pytestmark = pytest.mark.server


@asynccontextmanager
async def serving(listener: Listener) -> AsyncIterator[aiohttp.ClientSession]:
    task = asyncio.create_task(listener.run())
    try:
        async with patience():
            await listener.listening.wait()
        async with aiohttp.ClientSession(f"http://127.0.0.1:{listener.port}") as session:
            yield session
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def got(session: aiohttp.ClientSession, path: str) -> str:
    async with session.get(path) as response:
        return await response.text()


def says(words: str) -> web.RouteDef:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=words)

    return web.get("/", answer)


async def test_a_component_that_starts_again_answers_with_its_new_handlers() -> None:
    listener = Listener("127.0.0.1", 0)
    listener.add([says("first")])
    async with serving(listener) as session:
        assert await got(session, "/") == "first"
        listener.add([says("second")])
        assert await got(session, "/") == "second"


async def test_it_serves_again_after_it_was_stopped() -> None:
    listener = Listener("127.0.0.1", 0)
    listener.add([says("here")])
    for _ in range(2):
        async with serving(listener) as session:
            assert await got(session, "/") == "here"


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("127.0.0.1", "Address already in use"),
        ("192.0.2.1", "Cannot assign requested address"),
        ("no-such-host.invalid", ""),
    ],
)
def test_a_port_that_cannot_be_had_is_a_sentence(host: str, reason: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigurationError) as refused:
            Listener(host, port, "METRICS_PORT").bind()
    words = str(refused.value)
    assert words.startswith(f"METRICS_PORT {port} cannot be listened on at {host}: {reason}")
    assert words.endswith(".")
    assert "Errno" not in words
