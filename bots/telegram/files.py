"""Delivers organizers' files in their private chats."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from telegram.error import Forbidden, RetryAfter

from bots.common.json_object import JsonObject
from bots.delivery.handling import Later, Refused
from bots.telegram.calls import Calls
from bots.telegram.limiter import Sending, seconds_of
from bots.telegram.renderer import TelegramMessage
from core.platforms import Platform

MEGABYTE = 1024 * 1024
_LATER = Sending(background=True, repeat=True)  # replies to signers go first; a repeat does no harm


@dataclass(frozen=True)
class TelegramFiles:
    """bots.delivery.files.FilePost for Telegram: documents of slightly less than its limit of 50 MB."""

    calls: Calls
    largest: int = 49 * MEGABYTE
    platform: ClassVar[Platform] = Platform.TELEGRAM

    async def say(self, user_id: str, words: str) -> tuple[int, int]:
        """Send a message; returns its chat and number."""
        with _refusals_translated():
            sent: JsonObject = await self.calls.send(int(user_id), TelegramMessage(words), _LATER)
        return int(user_id), int(sent["message_id"])

    async def change(self, message: tuple[int, int], words: str) -> None:
        """Edit a message."""
        await self.calls.edit(*message, TelegramMessage(words), _LATER)

    async def deliver(self, user_id: str, file: Path) -> None:
        """Send a document."""
        with _refusals_translated():
            await self.calls.send_document(int(user_id), file, _LATER)


@contextmanager
def _refusals_translated() -> Iterator[None]:
    """Translate Telegram's refusals into errors that the outbox knows."""
    try:
        yield
    except RetryAfter as wait:
        raise Later(seconds_of(wait), "RetryAfter") from None
    except Forbidden:
        raise Refused("Forbidden") from None
