"""Discord's addresses, logging in, and finding the gateway, with retries."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TypeVar

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bots.common.health import ComponentHealth
from bots.common.identity import DISCORD_REFUSES
from bots.common.patience import Backoff
from bots.common.refusal import SurfaceRefused
from bots.common.settings import Settings
from bots.discord.answers import UNREADABLE, OddAnswer, fault_name

log = logging.getLogger(__name__)

T = TypeVar("T")
MOST_SHARDS = 16_384  # far more than any bot has; a larger number is a mistake
_UNANSWERED = (aiohttp.ClientError, OSError, discord.HTTPException, discord.RateLimited)


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
    """Use these addresses in the whole process, since the library keeps them in globals."""
    Route.BASE = place.api_url
    if place.gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(place.gateway_url)


async def log_in(client: discord.Client, token: str, health: ComponentHealth) -> None:
    """Log in, retrying while Discord can't be reached. Raises SurfaceRefused for a wrong token."""
    try:
        await _until_answered(partial(_log_in_once, client, token), "cannot log in", health)
    except discord.LoginFailure:
        raise SurfaceRefused(DISCORD_REFUSES) from None


async def find_gateway(client: discord.Client, health: ComponentHealth) -> tuple[int, yarl.URL]:
    """The number of shards that Discord recommends, and the address of its gateway, with retries.

    Raises SurfaceRefused if Discord refuses the token.
    """
    return await _until_answered(partial(_find_gateway_once, client), "cannot find the gateway", health)


async def _log_in_once(client: discord.Client, token: str) -> None:
    await client.http.close()  # left by an earlier attempt
    client.http.connector = discord.utils.MISSING
    try:
        await client.login(token)
    except UNREADABLE as error:
        raise OddAnswer(type(error).__name__) from None


async def _find_gateway_once(client: discord.Client) -> tuple[int, yarl.URL]:
    try:
        found = await client.http.request(Route("GET", "/gateway/bot"))
        shards, address = found["shards"], yarl.URL(found["url"])
    except discord.HTTPException as refusal:
        if refusal.status == HTTPStatus.UNAUTHORIZED:
            raise SurfaceRefused(DISCORD_REFUSES) from None
        raise
    except UNREADABLE as error:
        raise OddAnswer(type(error).__name__) from None
    if type(shards) is not int or not 0 < shards <= MOST_SHARDS or address.scheme not in ("ws", "wss"):
        raise OddAnswer("no gateway")
    return shards, address


async def _until_answered(call: Callable[[], Awaitable[T]], trouble: str, health: ComponentHealth) -> T:
    """Repeat a call until Discord itself answers; returns the result. Meanwhile, the component is down."""
    backoff = Backoff(log, "Discord", health)
    while True:
        try:
            return await call()
        except _UNANSWERED as error:
            await backoff.pause(trouble, f"{trouble}: {fault_name(error)}")
