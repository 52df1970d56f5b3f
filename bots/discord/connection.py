"""Discord's addresses, and logging in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bots.common.identity import DISCORD_REFUSES
from bots.common.patience import patiently
from bots.common.refusal import SurfaceRefused
from bots.common.settings import Settings


@dataclass(frozen=True, slots=True)
class DiscordEndpoint:
    """Addresses of Discord, and this process's shards, or None to let Discord decide."""

    api_url: str = "https://discord.com/api/v10"
    gateway_url: str = ""
    shard_count: int | None = None
    shard_ids: Sequence[int] | None = None


def endpoint_of(settings: Settings) -> DiscordEndpoint:
    """The addresses and shards that the settings name."""
    ids, count = settings.shards or (None, None)
    return DiscordEndpoint(settings.discord_api_url, settings.discord_gateway_url, count, ids)


def point_at(place: DiscordEndpoint) -> None:
    """Use these addresses in the whole process, since the library keeps them in one place."""
    Route.BASE = place.api_url
    if place.gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(place.gateway_url)


async def log_in(client: discord.Client, token: str) -> None:
    """Log in, retrying while Discord can't be reached. Raises SurfaceRefused for a wrong token."""
    unreachable = (aiohttp.ClientError, OSError, discord.HTTPException)
    try:
        await patiently(partial(client.login, token), unreachable)
    except discord.LoginFailure:
        raise SurfaceRefused(DISCORD_REFUSES) from None
