"""Delivers organizers' files in their direct messages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import discord
from discord.http import HTTPClient, handle_message_parameters

from bots.delivery.handling import Refused
from bots.discord.answers import number_of
from core.platforms import Platform


@dataclass(frozen=True)
class DiscordFiles:
    """bots.delivery.files.FilePost for Discord: attachments of at most 10 MiB, which every bot may send."""

    http: HTTPClient
    largest: int = 10 * 1024 * 1024
    platform: ClassVar[Platform] = Platform.DISCORD

    async def say(self, user_id: str, words: str) -> tuple[int, int]:
        """Send a message; returns its channel and number."""
        with _refusals_translated():
            channel = number_of(await self.http.start_private_message(int(user_id)))
            sent = await self.http.send_message(channel, params=handle_message_parameters(words))
        return channel, number_of(sent)

    async def change(self, message: tuple[int, int], words: str) -> None:
        """Edit a message."""
        await self.http.edit_message(*message, params=handle_message_parameters(words))

    async def deliver(self, user_id: str, file: Path) -> None:
        """Send a file."""
        with _refusals_translated():
            channel = number_of(await self.http.start_private_message(int(user_id)))
            with handle_message_parameters(file=discord.File(file)) as params:
                await self.http.send_message(channel, params=params)


@contextmanager
def _refusals_translated() -> Iterator[None]:
    """Translate Discord's refusals into errors that the outbox knows."""
    try:
        yield
    except discord.Forbidden:
        raise Refused("Forbidden") from None
