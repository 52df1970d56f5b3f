"""Publishing: Discord sends a post of an announcement channel on to the servers that follow the channel."""

from __future__ import annotations

import asyncio
import logging

import discord
from discord.http import HTTPClient

from bots.discord.answers import OddAnswer, fault_name
from bots.discord.replies import UNREACHED, Refusal

log = logging.getLogger(__name__)

PUBLISH_SECONDS = 10.0
"""The time for one try. The library would wait until Discord's limit of ten posts an hour allows one more."""
_PUBLISHED = discord.MessageFlags(crossposted=True).value


async def publish(http: HTTPClient, channel: int | str, message: int | str) -> bool:
    """Publish a message; False if Discord refuses, or has a limit that ends too late."""
    try:
        async with asyncio.timeout(PUBLISH_SECONDS):
            await http.publish_message(int(channel), int(message))
    except (discord.HTTPException, discord.RateLimited, OddAnswer, *UNREACHED) as error:
        if isinstance(error, discord.HTTPException) and error.code == Refusal.ALREADY_PUBLISHED:
            return True
        log.info("a post was not published: %s", fault_name(error))
        return False
    return True


def is_published(answer: object) -> bool:
    """True if a message, as Discord describes it, has been published by the bot or a moderator."""
    flags = answer.get("flags") if isinstance(answer, dict) else None
    return isinstance(flags, int) and bool(flags & _PUBLISHED)
