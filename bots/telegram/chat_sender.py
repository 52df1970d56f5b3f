"""Sends to private chats: in the topic that the person wrote in, and with an effect as long as Telegram takes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from telegram.error import BadRequest

from bots.common.json_object import JsonObject
from bots.papers.data_page import DataFile
from bots.papers.pictures import PictureFile
from bots.telegram.calls import Calls
from bots.telegram.limiter import REPLY
from bots.telegram.place import Place
from bots.telegram.renderer import TelegramMessage

CONFETTI = "5046509860389126442"
"""The effect 🎉. Every client knows it, and the Bot API has no method that lists effects."""
_NO_TOPIC = "thread not found"
T = TypeVar("T")


class ChatSender:
    """Sends replies of one bot. Raises telegram.error.TelegramError as Calls does.

    If the topic was deleted, the message goes to the chat itself. If Telegram takes a message only without its effect,
    no other gets one until the next start.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._effect = CONFETTI

    async def message(self, place: Place, message: TelegramMessage) -> int:
        """Send a message; returns its number."""
        if not (message.celebrates and self._effect):
            return await self._plain(place, message)
        try:
            return await self._plain(place, message, self._effect)
        except BadRequest:
            number = await self._plain(place, message)
            self._effect = ""
            return number

    async def photo(self, place: Place, picture: PictureFile) -> None:
        """Send a picture with its words."""
        await _in_topic(place, lambda at: self._calls.send_photo(at.chat, picture, REPLY, thread=at.thread))

    async def rich(self, place: Place, rich_message: JsonObject) -> None:
        """Send a rich message, which some apps can't show although Telegram accepts it."""
        await _in_topic(place, lambda at: self._calls.send_rich(at.chat, rich_message, REPLY, thread=at.thread))

    async def file(self, place: Place, file: DataFile) -> None:
        """Send a file with its words."""
        await _in_topic(place, lambda at: self._calls.send_data(at.chat, file, REPLY, thread=at.thread))

    async def _plain(self, place: Place, message: TelegramMessage, effect: str = "") -> int:
        sent = await _in_topic(
            place, lambda at: self._calls.send(at.chat, message, REPLY, thread=at.thread, effect=effect)
        )
        return int(sent["message_id"])


async def _in_topic(place: Place, send: Callable[[Place], Awaitable[T]]) -> T:
    try:
        return await send(place)
    except BadRequest as refusal:
        if place.thread is None or _NO_TOPIC not in refusal.message.lower():
            raise
        return await send(replace(place, thread=None))
