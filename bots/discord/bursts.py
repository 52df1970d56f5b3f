"""Notices several messages without text in a row, such as ten stickers, so that they get one answer."""

from __future__ import annotations

import datetime as dt

import discord
from cachetools import LRUCache

from bots.discord.direct_messages import event_of
from core.conversation.typed import Media

PAUSE = dt.timedelta(seconds=10)
"""The time between two messages without text that separates one burst from the next."""
_MOST = 2000  # people; someone forgotten gets one sentence more


class Bursts:
    """The people whose last message had no text, and when they sent it."""

    def __init__(self) -> None:
        self._last: LRUCache[int, dt.datetime] = LRUCache(_MOST)

    def includes(self, message: discord.Message) -> bool:
        """True if a message without text follows another one so soon that the answer to that is enough."""
        person = message.author.id
        before = self._last.pop(person, None)
        if not isinstance(event_of(message), Media):
            return False
        self._last[person] = message.created_at
        return before is not None and message.created_at - before < PAUSE

    def end(self, person: int) -> None:
        """Answer this person's next message, whatever it is: they have tapped something since the last one."""
        self._last.pop(person, None)
