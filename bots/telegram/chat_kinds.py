"""Tells channels from groups by their id, so that a card in a channel has only links."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from cachetools import LRUCache
from telegram.constants import ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bots.telegram.calls import Calls
from bots.telegram.renderer import TelegramMessage, TelegramRenderer
from core.conversation.screen import View

log = logging.getLogger(__name__)

CHATS_KEPT = 10_000
_FIRST = -1_000_000_000_000  # ids of channels and supergroups are below; basic groups are above


@dataclass(frozen=True)
class ChatKinds:
    """The kinds of chats, of which none becomes a channel later.

    Telegram is asked about a chat that was not noted, and again about one that was forgotten.
    """

    calls: Calls
    _channels: LRUCache[int, bool] = field(default_factory=lambda: LRUCache(CHATS_KEPT))

    def note(self, chat: int, *, is_channel: bool) -> None:
        """Remember the kind of a chat."""
        self._channels[chat] = is_channel

    async def is_channel(self, chat: int) -> bool:
        """Return True for a channel."""
        if chat not in self._channels and chat < _FIRST:
            try:
                self.note(chat, is_channel=(await self.calls.chat(chat))["type"] == ChatType.CHANNEL)
            except (Forbidden, BadRequest, ChatMigrated) as refusal:
                log.info("the kind of a chat is unknown: %s", refusal.message)
        return self._channels.get(chat, False)

    async def card(self, renderer: TelegramRenderer, chat: int, view: View, label: str) -> TelegramMessage:
        """The card for a chat: in a channel, where no message is for one reader alone, all its buttons are links."""
        draw = renderer.card_with_links if await self.is_channel(chat) else renderer.card
        return draw(view, label)
