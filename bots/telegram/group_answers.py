"""Answers to commands in groups: to the person alone if possible, and never about a person to everyone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from cachetools import LRUCache
from telegram import Message as Posted
from telegram import Update
from telegram.error import BadRequest, Forbidden, TelegramError

from bots.telegram.calls import Calls
from bots.telegram.ephemeral import EphemeralError, EphemeralMessages
from bots.telegram.group_cards import GroupCards
from bots.telegram.group_chat import GroupChat
from bots.telegram.limiter import REPLY
from bots.telegram.place import ephemeral_id, member_place
from bots.telegram.renderer import TelegramMessage, TelegramRenderer
from core.messages import Message
from core.ports import Clock

MOST_LINES = 5  # that everyone in a group sees, within the next
LINES_WITHIN = dt.timedelta(minutes=1)
GROUPS_KEPT = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """A command, and the group in which it was sent; `message` is None if the bot was just added."""

    place: GroupChat
    message: Posted | None
    person: int | None = None

    @property
    def is_ephemeral(self) -> bool:
        """True if nobody else in the group saw the command."""
        return ephemeral_id(self.message) is not None


@dataclass(frozen=True)
class GroupAnswers:
    """Answers commands in groups. Nothing here names a person, but an ephemeral command gets no public answer."""

    calls: Calls
    cards: GroupCards
    ephemeral: EphemeralMessages
    renderer: TelegramRenderer
    clock: Clock
    _lines: LRUCache[int, list[dt.datetime]] = field(default_factory=lambda: LRUCache(GROUPS_KEPT))

    async def say(self, asked: Asked, message: TelegramMessage) -> None:
        """Answer with something about the group or the petitions: to everyone, if everyone saw the command."""
        if asked.is_ephemeral or not self._may_post(asked.place.chat):
            await self._tell_alone(asked, message)
        elif await self.cards.send(asked.place, message) is None:
            await self.report_closed(asked)

    async def tell(self, asked: Asked, words: Message) -> None:
        """Tell the person who sent a command something: alone if possible, or else in a public line without a name."""
        alone = TelegramMessage(self.words(words, asked.place))
        if not await self._tell_alone(asked, alone) and not asked.is_ephemeral and self._may_post(asked.place.chat):
            place = await self.cards.speaking(asked.place)
            await self.cards.send(place, TelegramMessage(self.words(words, place)))

    async def report_closed(self, asked: Asked) -> None:
        """Tell the person that the bot may not write in the group or the topic."""
        words = Message("telegram.cannot_write", {"group": asked.place.title})
        await self._tell_alone(asked, TelegramMessage(self.words(words, asked.place)))

    def words(self, message: Message, place: GroupChat) -> str:
        """A sentence in the language of the answer."""
        return self.renderer.catalog.words(message, place.locale)

    async def _tell_alone(self, asked: Asked, message: TelegramMessage) -> bool:
        """Answer ephemerally if the command came so, or else in private, or else ephemerally; False if all failed."""
        if asked.person is None:
            return False
        if asked.is_ephemeral and await self._whisper(asked, message):
            return True
        try:
            await self.calls.send(asked.person, message, REPLY)
        except (Forbidden, BadRequest):  # the person has never talked to the bot
            return not asked.is_ephemeral and self.ephemeral.support.is_proven and await self._whisper(asked, message)
        return True

    async def _whisper(self, asked: Asked, message: TelegramMessage) -> bool:
        if asked.message is None or asked.person is None:
            return False
        try:
            await self.ephemeral.send(member_place(asked.message, asked.person), message)
        except (EphemeralError, TelegramError):
            return False
        return True

    def _may_post(self, chat: int) -> bool:
        """Return True if the group can get one more line, so that repeated commands don't fill it."""
        now = self.clock()
        recent = [at for at in self._lines.get(chat, []) if at > now - LINES_WITHIN]
        permitted = len(recent) < MOST_LINES
        self._lines[chat] = [*recent, now] if permitted else recent
        return permitted


def asked_in(place: GroupChat, update: Update) -> Asked:
    """A command in a group; one that an anonymous administrator or a channel sent has no person to answer."""
    message, user = update.effective_message, update.effective_user
    return Asked(place, message, user.id if user and not (message and message.sender_chat) else None)
