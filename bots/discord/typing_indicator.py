"""Shows that the bot is typing while the answer to a direct message takes long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import discord
from discord.http import HTTPClient

from bots.discord.replies import UNREACHED

AFTER = 1.0  # seconds until it appears
EVERY = 9.0  # seconds; Discord shows it for ten


@asynccontextmanager
async def typing_shown(http: HTTPClient, channel: int) -> AsyncIterator[None]:
    """Show it in a channel while the block runs, once that takes long. It may fail: the answer matters more."""
    showing = asyncio.create_task(_show(http, channel))
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.wait([showing])


async def _show(http: HTTPClient, channel: int) -> None:
    await asyncio.sleep(AFTER)
    with suppress(discord.DiscordException, *UNREACHED):
        while True:
            await http.send_typing(channel)
            await asyncio.sleep(EVERY)
