"""All pictures by their file names."""

from __future__ import annotations

from pathlib import Path

from tests.pictures.discord import discord_picture
from tests.pictures.stories import POSTAL_CODE, on_discord, on_telegram
from tests.pictures.telegram import telegram_picture
from tests.pictures.terminal import terminal_picture
from tests.world import NOW

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
PAGE = "page.png"


async def chats() -> dict[str, str]:
    """The pictures of the chats and of the terminal, as SVG."""
    clock = f"{NOW:%H:%M}"
    card, form = await on_discord()
    return {
        "telegram.svg": telegram_picture(await on_telegram(), clock),
        "discord.svg": discord_picture(card, form, {"postal_code": POSTAL_CODE}, clock),
        "terminal.svg": terminal_picture(),
    }
