"""Bots over our transport."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot

from bots.telegram.transport import AiohttpRequest, Timeouts
from tests.telegram_server import TOKEN


@asynccontextmanager
async def bot_on(root: str, timeouts: Timeouts | None = None, connections: int = 10) -> AsyncIterator[Bot]:
    """A bot ready for calls; unlike `async with Bot`, it makes none of its own (getMe)."""
    calls = AiohttpRequest(timeouts=timeouts or Timeouts(), connections=connections)
    polls = AiohttpRequest(timeouts=Timeouts(), connections=1)
    bot = Bot(TOKEN, base_url=f"{root}/bot", request=calls, get_updates_request=polls)
    await calls.initialize()
    await polls.initialize()
    try:
        yield bot
    finally:
        await calls.shutdown()
        await polls.shutdown()
