"""The bot that a token belongs to: its username on Telegram, its application on Discord."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import aiohttp

from bots.common.bot_api import BotApiRefusal, BotApiResult, parse, read_body
from bots.common.patience import Backoff
from bots.common.refusal import SurfaceRefused
from bots.common.setting_rules import discord_application_of, sentence
from core.errors import ConfigurationError

TELEGRAM_REFUSES = "Telegram refuses TELEGRAM_TOKEN: copy it from BotFather again."
DISCORD_REFUSES = "Discord refuses DISCORD_TOKEN: copy it from Discord's developer portal again."
_TIMEOUT = aiohttp.ClientTimeout(total=10)


async def telegram_username(
    api_url: str, token: str, backoff: Backoff, on_failure: Callable[[str], None] = lambda _: None
) -> str:
    """Ask Telegram for the bot's username, retrying. Raises SurfaceRefused for a wrong token.

    `on_failure` is called for each failed attempt, with the status of the answer, "odd" or "network".
    """
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
        while True:
            try:
                # Redirects are not followed: they would carry the token to a host that nobody chose.
                async with session.get(f"{api_url}/bot{token}/getMe", allow_redirects=False) as response:
                    status, answer = response.status, parse(response.status, await read_body(response))
            except (aiohttp.ClientError, OSError) as error:
                on_failure("network")
                await backoff.pause("network", f"it cannot be reached ({type(error).__name__})")
                continue
            match answer:
                case BotApiResult({"username": str(username)}):
                    return username
                case BotApiRefusal(concerns_token=True):
                    raise SurfaceRefused(TELEGRAM_REFUSES)
                case BotApiRefusal(pause=seconds) if seconds:
                    on_failure(str(status))
                    await backoff.pause("limit", f"it asks us to wait {seconds} s", seconds)
                case _:
                    on_failure(str(status) if status >= HTTPStatus.BAD_REQUEST else "odd")
                    await backoff.pause("odd", f"its answer makes no sense (status {status})")


def discord_application(token: str) -> int:
    """The number of the application, which is the token's first part. Raises ConfigurationError."""
    number = discord_application_of(token)
    if number is None:
        raise ConfigurationError(sentence("discord_token"))
    return number
