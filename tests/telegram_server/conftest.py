"""A running server, and a raw Bot API client for it."""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import aiohttp
import pytest

from tests.telegram_server import TelegramServer

Call = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """A server of its own for every test."""
    async with TelegramServer() as running:
        yield running


@pytest.fixture
async def call(server: TelegramServer) -> AsyncIterator[Call]:
    """Calls a method with JSON parameters and gives the decoded answer, whatever its status."""
    async with aiohttp.ClientSession() as session:

        async def post(method: str, **params: Any) -> dict[str, Any]:
            async with session.post(f"{server.base_url}{server.token}/{method}", json=params) as response:
                body: dict[str, Any] = await response.json()
                assert body.get("error_code", 200) == response.status
                return body

        yield post
