"""The addresses of Discord."""

from __future__ import annotations

from discord.http import INTERNAL_API_VERSION

from bots.discord.connection import DiscordEndpoint


def test_without_a_setting_the_bot_asks_discord_itself_in_the_librarys_version() -> None:
    assert DiscordEndpoint().api_url == f"https://discord.com/api/v{INTERNAL_API_VERSION}"
