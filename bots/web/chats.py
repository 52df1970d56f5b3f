"""Where a petition can be signed: the links that lead from a page into the chats, with their source label."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp
import stamina

from bots.common.deep_link import link_to
from bots.common.discord_app import account_link
from bots.common.telegram_api import FIRST_WAIT, LONGEST_WAIT, REFUSED
from core.errors import ConfigurationError

_TIMEOUT = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True, slots=True)
class Chats:
    """The bot's username on Telegram and its application on Discord, where it has them."""

    telegram: str = ""
    discord: int | None = None

    def telegram_link(self, petition: str, label: str) -> str:
        """The link that opens the petition in the chat with the bot."""
        return link_to(self.telegram, petition, label) if self.telegram else ""

    @property
    def discord_link(self) -> str:
        """The link by which somebody adds the commands to their account."""
        return account_link(self.discord) if self.discord else ""

    @staticmethod
    def discord_command(petition: str, label: str) -> str:
        """What to write on Discord, whose links carry no label: the command takes it with the petition's name."""
        return f"/petition sign petition:{petition}" + (f"--{label}" if label else "")


async def telegram_username(api_url: str, token: str) -> str:
    """The name of the bot that the token belongs to, asked for patiently. Raises ConfigurationError if it is wrong."""
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
        async for attempt in stamina.retry_context(
            on=(aiohttp.ClientError, OSError), attempts=None, timeout=None,
            wait_initial=FIRST_WAIT, wait_max=LONGEST_WAIT,
        ):  # fmt: skip
            with attempt:
                async with session.get(f"{api_url}/bot{token}/getMe") as response:
                    if response.status in (401, 404):
                        raise ConfigurationError(REFUSED)
                    response.raise_for_status()
                    return str((await response.json())["result"]["username"])
    raise AssertionError("without a limit of tries, it never gives up")
