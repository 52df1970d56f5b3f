"""Actions of people in communities about a crowd's petitions, on both platforms."""

from __future__ import annotations

from tests.crowd import Crowd
from tests.crowd_on_discord import play_on_discord
from tests.crowd_on_telegram import play_on_telegram
from tests.crowd_stage import playing
from tests.scenarios.discord_stage import DiscordTheatre
from tests.scenarios.stage import TelegramTheatre


async def play(crowd: Crowd) -> None:
    """Play it on both; raises AssertionError if a platform refuses anything."""
    async with playing(DiscordTheatre, crowd) as discord:
        await play_on_discord(discord, crowd)
    async with playing(TelegramTheatre, crowd) as telegram:
        await play_on_telegram(telegram, crowd)
