"""The bot that a token belongs to: its username on Telegram, its application on Discord."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import aiohttp

from bots.common.patience import patiently
from bots.common.refusal import SurfaceRefused
from bots.common.setting_rules import discord_application_of, sentence
from core.errors import ConfigurationError

TELEGRAM_REFUSES = "Telegram refuses TELEGRAM_TOKEN: copy it from BotFather again."
DISCORD_REFUSES = "Discord refuses DISCORD_TOKEN: copy it from Discord's developer portal again."
_UNREACHED = (aiohttp.ClientError, OSError)
_TIMEOUT = aiohttp.ClientTimeout(total=10)


async def telegram_username(api_url: str, token: str, on_failure: Callable[[str], None] = lambda _: None) -> str:
    """Ask Telegram for the bot's username, retrying. Raises SurfaceRefused for a wrong token.

    `on_failure` is called for each failed attempt, with the status of the answer or "network".
    """
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:

        async def ask() -> str:
            try:
                async with session.get(f"{api_url}/bot{token}/getMe") as response:
                    if response.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
                        raise SurfaceRefused(TELEGRAM_REFUSES)
                    response.raise_for_status()
                    return str((await response.json())["result"]["username"])
            except _UNREACHED as error:
                on_failure(str(error.status) if isinstance(error, aiohttp.ClientResponseError) else "network")
                raise

        return await patiently(ask, _UNREACHED)


def discord_application(token: str) -> int:
    """The number of the application, which is the token's first part. Raises ConfigurationError."""
    number = discord_application_of(token)
    if number is None:
        raise ConfigurationError(sentence("discord_token"))
    return number
