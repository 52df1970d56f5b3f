"""A running server, a raw REST client for it, and a small real bot."""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import aiohttp
import pytest

from tests.discord_server import Channel, DiscordServer

Call = Callable[..., Coroutine[Any, Any, tuple[int, Any]]]


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """A server of its own for every test."""
    async with DiscordServer() as running:
        yield running


@pytest.fixture
def place(server: DiscordServer) -> Channel:
    """A channel that the bot may write in."""
    return server.guild("Riverside").channel()


@pytest.fixture
async def call(server: DiscordServer) -> AsyncIterator[Call]:
    """Makes a call with a JSON body and gives the status and the decoded answer."""
    headers = {"Authorization": f"Bot {server.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:

        async def make(method: str, path: str, body: Any = None) -> tuple[int, Any]:
            async with session.request(method, server.base_url + path, json=body) as response:
                return response.status, await response.json() if response.status != 204 else None

        yield make
