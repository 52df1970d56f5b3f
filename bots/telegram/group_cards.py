"""Cards in groups: posted once, with the group's label in their links, and kept current."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from telegram.error import BadRequest, ChatMigrated, Forbidden

from bots.common.json_object import JsonObject
from bots.common.service_threads import ServiceThreads
from bots.delivery.fresh_cards import FreshCards
from bots.telegram.calls import Calls
from bots.telegram.group_chat import GroupChat
from bots.telegram.limiter import BACKGROUND
from bots.telegram.renderer import TelegramMessage, TelegramRenderer
from core.messages import Message
from core.outreach.cards import Card
from core.platforms import Platform
from core.services.cards import CardService
from core.services.milestones import MilestoneService

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class GroupCards:
    """Posts cards, and keeps the counts on all of them current."""

    calls: Calls
    threads: ServiceThreads
    cards: CardService
    renderer: TelegramRenderer
    fresh: FreshCards
    new_label: Callable[[str], str]
    milestones: MilestoneService

    async def label(self, place: GroupChat) -> str:
        """The label in the group's links."""
        chat = str(place.chat)
        return await self.threads.run(self.cards.label, Platform.TELEGRAM, chat, self.new_label(chat), place.title)

    async def refresh_forever(self) -> None:
        """Keep the counts on all cards current."""
        await self.fresh.forever(_queue_key, self._edit)

    async def refresh(self) -> None:
        """Queue the due cards, after everything that signers are waiting for."""
        await self.fresh.look(_queue_key, self._edit)

    async def post(self, place: GroupChat, slug: str) -> bool:
        """Post the card of a petition, or point to one that the group got a moment ago; False if that is refused."""
        standing = await self.threads.run(self.cards.recent, Platform.TELEGRAM, str(place.chat), slug)
        if standing:  # a second one so soon would be spam
            above = TelegramMessage(self.renderer.catalog.words(Message("telegram.above"), place.locale))
            return await self.send(place, above, reply_to=int(standing.message)) is not None
        label, now = await self.label(place), self.cards.clock()
        card = Card(Platform.TELEGRAM, str(place.chat), "", slug, label, place.locale, 0, now)
        count, message = await self._draw(card)
        sent = await self.send(place, message)
        if sent:
            new = replace(card, chat=str(sent["chat"]["id"]), message=str(sent["message_id"]), shown=count)
            await self.threads.run(self.cards.record_posted, new)
        return sent is not None

    async def send(self, place: GroupChat, message: TelegramMessage, reply_to: int | None = None) -> JsonObject | None:
        """Send to a group; None if the bot may not write there."""
        try:
            return await self.calls.send(place.chat, message, thread=place.thread, reply_to=reply_to)
        except ChatMigrated as moved:
            await self.move(str(place.chat), str(moved.new_chat_id))
            return await self.send(replace(place, chat=moved.new_chat_id), message)
        except (Forbidden, BadRequest) as refusal:
            log.info("a message to a group was not delivered: %s", refusal.message)
            return None

    async def _edit(self, card: Card) -> None:
        count, message = await self._draw(card)
        try:
            await self.calls.edit(int(card.chat), int(card.message), message, BACKGROUND)
        except ChatMigrated as moved:
            await self.move(card.chat, str(moved.new_chat_id))
            return
        except (Forbidden, BadRequest) as refusal:
            if "message is not modified" not in refusal.message.lower():
                await self.threads.run(self.cards.forget, card)
                return
        await self.threads.run(self.cards.record_refreshed, card, count)

    async def _draw(self, card: Card) -> tuple[int, TelegramMessage]:
        """The current count, and the card that shows it."""
        counted, view = await self.fresh.draw(card)
        return counted, self.renderer.card(view, card.label)

    async def unposted(self, chat: int, slug: str) -> TelegramMessage:
        """The card of a petition in its original language, which anyone may see, without posting it."""
        label = await self.threads.run(self.cards.label, Platform.TELEGRAM, str(chat), self.new_label(str(chat)))
        locale = self.renderer.petitions[slug].languages[0]
        card = Card(Platform.TELEGRAM, str(chat), "", slug, label, locale, 0, self.cards.clock())
        return (await self._draw(card))[1]

    async def move(self, old: str, new: str) -> None:
        """Move a group's label and its milestone posts to the group's new id."""
        await self.threads.run(self.cards.move, Platform.TELEGRAM, old, new)
        await self.threads.run(self.milestones.move, Platform.TELEGRAM, old, new)


def _queue_key(card: Card) -> int:
    return int(card.chat)
